import { Command, Option } from 'nest-commander';
import { readConfig } from '../../../libs/config/config';
import { localText } from '../../../libs/delay/local-time';
import { countText } from '../../../libs/delay/duration-text';
import { textTable } from '../../../libs/delay/text-table';
import { shownHead } from '../../../libs/report/issued/shown-head';
import { IssuedReportRepository, type IssuedHead } from '../../../libs/report/issued/issued-report.repository';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../../libs/report/issued/manifest';
import { signingKeyOf } from '../../../libs/report/issued/signing-key';
import { choice } from '../command';
import { UsageError } from '../failure';
import { writeIssued } from '../issuing';
import { note, print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface ReportsOptions extends StoreOptions {
  format?: string;
  output?: string;
  json?: boolean;
}

const ACTIONS = ['list', 'get', 'key'] as const;

@Command({
  name: 'reports',
  arguments: '[action] [report-id]',
  argsDescription: { action: 'list (default), get or key', 'report-id': 'which to get, as list shows it' },
  description: 'The reports that were issued, and the public key that they are signed for',
})
export class ReportsCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime reports
    hoptime reports get 4f2a91c0b3de-1 --format html -o march.html
    hoptime reports key > report-key.pub.pem
    openssl pkeyutl -verify -pubin -inkey report-key.pub.pem -rawin -in march.html.manifest.json -sigfile march.html.manifest.json.sig`;

  async run([action = 'list', id]: string[], options: ReportsOptions): Promise<void> {
    const what = choice('action', action, ACTIONS);
    if (what === 'key') return this.key(options);
    if (what === 'list') return this.list(options);
    if (id === undefined) throw new UsageError('reports get: name the report by its id; hoptime reports lists them');
    const { output, format = 'html' } = options;
    if (output === undefined) throw new UsageError('reports get: say where to, with -o FILE');
    await this.withStore(options, async (store) => {
      const head = await new IssuedReportRepository(store).find(id);
      if (!head) throw new Error(`there is no report ${id}: hoptime reports lists them`);
      await note(`hoptime: written: ${(await writeIssued(store, head, format as DocumentFormat, output)).join(', ')}`);
    });
  }

  private async key({ json, storeUrl }: ReportsOptions): Promise<void> {
    const key = signingKeyOf(readConfig({ flags: { STORE_URL: storeUrl } }).reportSigningKey);
    if (!key) throw new UsageError('reports key: REPORT_SIGNING_KEY is not set, so reports are not signed');
    const { pem, fingerprint } = key.publicKey;
    if (json) await printJson({ algorithm: 'Ed25519', fingerprint, public_key: pem });
    else await print(pem);
  }

  private async list(options: ReportsOptions): Promise<void> {
    const heads = await this.withStore(options, (store) => new IssuedReportRepository(store).list());
    if (options.json) return printJson({ reports: heads.map(shownHead) });
    if (heads.length === 0)
      return print('No report was issued yet: hoptime report --month 2026-03 --format html -o march.html --issue\n');
    const columns = ['id', 'period', 'revision', 'issued (UTC)', 'signed', 'passed HES', 'clauses'];
    return print(
      textTable(
        columns.map((title) => ({ title })),
        heads.map(cells),
      ),
    );
  }

  @Option({ flags: '--format <format>', description: DOCUMENT_FORMATS.join(', '), defaultValue: 'html' })
  parseFormat(text: string): string {
    return choice('--format', text, DOCUMENT_FORMATS);
  }

  @Option({ flags: '-o, --output <file>', description: 'get: write to this file, the manifest beside it' })
  parseOutput(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}

function cells({ id, from, to, tz, revision, issuedAt, signed, summary }: IssuedHead): string[] {
  const time = (ms: number): string => localText(new Date(ms).toISOString(), tz);
  const { via_hes, journeys } = summary.coverage;
  const period = `${time(from)} to ${time(to)} ${tz}`;
  const issued = localText(new Date(issuedAt).toISOString(), 'UTC');
  const passed = `${countText(via_hes)} of ${countText(journeys)}`;
  return [id, period, String(revision), issued, signed ? 'yes' : 'no', passed, summary.clauses.join(', ')];
}
