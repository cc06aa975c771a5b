import { Command, Option } from 'nest-commander';
import { writeFile } from 'node:fs/promises';
import { packageVersion } from '../../../libs/config/package-root';
import type { Report } from '../../../libs/delay/report';
import { reportCsv } from '../../../libs/delay/report-csv';
import { reportText } from '../../../libs/delay/report-text';
import { ReportService } from '../../../libs/delay/report.service';
import { asDiskFull } from '../../../libs/store/disk-full';
import { choice } from '../command';
import { FilteredCommand, type FilterOptions } from '../filtered.command';
import { givenOptions } from '../given-options';
import { print } from '../output';

const FORMATS = ['text', 'json', 'csv'] as const;

interface ReportOptions extends FilterOptions {
  format?: string;
  json?: boolean;
  output?: string;
}

@Command({ name: 'report', description: 'How long did HES hold the mail, and how long did the hops after it take?' })
export class ReportCommand extends FilteredCommand {
  protected readonly examples = `
    hoptime report
    hoptime report --from 2026-03-01 --to 2026-04-01 --tz Europe/Berlin
    hoptime report --recipient-domain corp.example --state complete --state relayed
    hoptime report --format csv -o march.csv`;

  async run(_arguments: string[], options: ReportOptions): Promise<void> {
    const filter = this.filterOf(options);
    const report = await this.withJourneys(options, (store) =>
      new ReportService(store).report({
        filter,
        timeZone: options.tz ?? 'UTC',
        version: packageVersion(),
        now: Date.now(),
      }),
    );
    const text = rendered(report, options.json ? 'json' : (options.format ?? 'text'), givenOptions(options));
    if (options.output === undefined) await print(text);
    else await written(options.output, text);
  }

  @Option({ flags: '--format <format>', description: FORMATS.join(', '), defaultValue: 'text' })
  parseFormat(text: string): string {
    return choice('--format', text, FORMATS);
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

async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

function rendered(report: Report, format: string, options: readonly string[]): string {
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  if (format === 'csv') return reportCsv(report);
  return reportText(report, { program: 'npx hoptime', options });
}
