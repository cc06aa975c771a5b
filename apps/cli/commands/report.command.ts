import { Command, Option } from 'nest-commander';
import { searchPath } from '../../../libs/config/config';
import { packageVersion } from '../../../libs/config/package-root';
import type { JourneyFilter } from '../../../libs/delay/journey-filter';
import type { Report } from '../../../libs/delay/report';
import { reportCsv } from '../../../libs/delay/report-csv';
import { reportText } from '../../../libs/delay/report-text';
import { ReportService } from '../../../libs/delay/report.service';
import { ClauseError, type Clause } from '../../../libs/delay/sla/clause';
import { MONTH_FORM, monthBounds } from '../../../libs/delay/sla/periods';
import { readClauses, shippedNames } from '../../../libs/delay/sla/shipped';
import { issuedSentence } from '../../../libs/report/issued/changes-text';
import type { ReportQuestion } from '../../../libs/report/issued/computed-report';
import type { DocumentFormat } from '../../../libs/report/issued/manifest';
import { pdfOf } from '../../../libs/report/pdf';
import { choice, repeated } from '../command';
import { UsageError } from '../failure';
import { FilteredCommand, type FilterOptions } from '../filtered.command';
import { givenOptions } from '../given-options';
import { issueReport, writeIssued } from '../issuing';
import { note, print, writeOutput } from '../output';

const FORMATS = ['text', 'json', 'csv', 'html', 'pdf'] as const;

interface ReportOptions extends FilterOptions {
  format?: string;
  json?: boolean;
  output?: string;
  month?: string;
  sla?: string[];
  issue?: boolean;
}

@Command({ name: 'report', description: 'How long did HES hold the mail, and how long did the hops after it take?' })
export class ReportCommand extends FilteredCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime report
    hoptime report --from 2026-03-01 --to 2026-04-01 --tz Europe/Berlin
    hoptime report --recipient-domain corp.example --state complete --state relayed
    hoptime report --format csv -o march.csv
    hoptime report --clock corrected
    hoptime report --month 2026-03 --tz Europe/Berlin --sla trend-hes-2019 --format pdf -o march.pdf
    hoptime report --month 2026-03 --tz Europe/Berlin --format html -o march.html --issue`;

  async run(_arguments: string[], options: ReportOptions): Promise<void> {
    const timeZone = options.tz ?? 'UTC';
    const filter = { ...this.filterOf(options), ...monthOf(options, timeZone) };
    const clauses = (options.sla ?? []).flatMap(clausesOf);
    const asked = { filter, timeZone, version: packageVersion(), now: Date.now(), clauses, clock: options.clock };
    const format = options.json ? 'json' : (options.format ?? 'text');
    if (format === 'pdf' && options.output === undefined)
      throw new UsageError('--format pdf: say where to, with -o FILE');
    if (options.issue) return this.issue(options, format, { filter, timeZone, clauses, clock: options.clock });
    const answer = await this.withJourneys(options, async (store, { verdictThresholdMs }) => {
      if (format === 'html' || format === 'pdf') {
        const { ReportDocumentService } = await import('../../../libs/report/report-document.js');
        const { reportHtml } = await import('../../../libs/report/report-html.js');
        return reportHtml(await new ReportDocumentService(store).document(asked, verdictThresholdMs));
      }
      return rendered(await new ReportService(store).report(asked), format, givenOptions(options));
    });
    const content = format === 'pdf' ? await pdfOf(answer, searchPath(), process.getuid?.() === 0) : answer;
    if (options.output === undefined) await print(answer);
    else await writeOutput(options.output, content);
  }

  /** Keeps the report in the store, with a manifest by which `hoptime verify` computes it again. */
  private async issue(
    options: ReportOptions,
    format: string,
    { filter, ...question }: Pick<ReportQuestion, 'timeZone' | 'clauses' | 'clock'> & { filter: JourneyFilter },
  ): Promise<void> {
    const { output } = options;
    const { from, to } = filter;
    if (output === undefined) throw new UsageError('--issue: say where to, with -o FILE; the manifest goes beside it');
    if (from === undefined || to === undefined)
      throw new UsageError('--issue: a report is issued for a period: --month, or --from and --to');
    if (format === 'text') throw new UsageError('--issue: a report is issued with --format json, html, csv or pdf');
    await this.withJourneys(options, async (store, config) => {
      const asked = { ...question, filter: { ...filter, from, to } };
      const result = await issueReport(store, config, asked, format === 'pdf');
      const files = await writeIssued(store, result.head, format as DocumentFormat, output);
      await note(`hoptime: ${issuedSentence(result)}\nhoptime: written: ${files.join(', ')}`);
    });
  }

  @Option({ flags: '--month <month>', description: 'the calendar month 2026-03, in the zone of --tz' })
  parseMonth(text: string): string {
    if (!MONTH_FORM.test(text)) throw new UsageError(`--month: ${JSON.stringify(text)} is no month such as 2026-03`);
    return text;
  }

  @Option({
    flags: '--sla <file>',
    description: `clauses to hold the mail against: a YAML file, or one that comes along: ${shippedNames().join(', ')} (may be repeated)`,
  })
  parseSla(text: string, before?: string[]): string[] {
    return repeated(text, before);
  }

  @Option({ flags: '--format <format>', description: FORMATS.join(', '), defaultValue: 'text' })
  parseFormat(text: string): string {
    return choice('--format', text, FORMATS);
  }

  @Option({
    flags: '--issue',
    description:
      'keep the report in the store and write a manifest beside FILE, by which hoptime verify computes it again',
  })
  parseIssue(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: 'the same as --format json' })
  parseJson(): boolean {
    return true;
  }

  @Option({ flags: '-o, --output <file>', description: 'write to this file instead of standard output' })
  parseOutput(text: string): string {
    return text;
  }
}

function rendered(report: Report, format: string, options: readonly string[]): string {
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  if (format === 'csv') return reportCsv(report);
  return reportText(report, { program: 'npx hoptime', options });
}

/** The bounds of --month; nothing where it was not given. */
function monthOf({ month, from, to }: ReportOptions, timeZone: string): Pick<JourneyFilter, 'from' | 'to'> {
  if (month === undefined) return {};
  if (from !== undefined || to !== undefined)
    throw new UsageError('--month says both bounds: leave out --from and --to');
  return monthBounds(month, timeZone);
}

function clausesOf(file: string): Clause[] {
  try {
    return readClauses(file);
  } catch (error) {
    if (error instanceof ClauseError) throw new UsageError(`--sla: ${error.message}`);
    throw error;
  }
}
