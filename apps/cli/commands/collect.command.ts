import { Command, Option } from 'nest-commander';
import { ConfigError, type Config } from '../../../libs/config/config';
import type { CollectedLog } from '../../../libs/collect/collector';
import { parseBound } from '../../../libs/delay/time-range';
import type { IngestReport } from '../../../libs/ingest/ingest-report';
import type { Store } from '../../../libs/store/store';
import { choice } from '../command';
import { ExitCode, UsageError } from '../failure';
import { ingestDocument, ingestText } from '../ingest-text';
import { note, print, printJson } from '../output';
import { progressDisplay } from '../progress';
import { ingestInto, StoreCommand, type StoreOptions } from '../store.command';

interface CollectOptions extends StoreOptions {
  from?: number;
  json?: boolean;
}

interface Collected {
  readonly logs: CollectedLog[];
  readonly requests: number;
  readonly report: IngestReport;
}

@Command({
  name: 'collect',
  arguments: '<source>',
  argsDescription: { source: 'tmes: the mail tracking of Trend Micro Email Security, from its REST API' },
  description: "Fetch new records from Trend's API and bring the journeys up to date",
})
export class CollectCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    TMES_API_URL=https://api.tmes.trendmicro.eu TMES_USER=… TMES_API_KEY=… hoptime collect tmes
    hoptime collect tmes                               # credentials in .env; goes on where the last run ended
    hoptime collect tmes --from 2026-03-01T00:00:00Z   # again from there, at most 72 hours back
    hoptime serve                                      # does the same every five minutes`;

  async run([source]: string[], options: CollectOptions): Promise<void> {
    choice('source', source, ['tmes']);
    const { logs, requests, report } = await this.withStore(options, (store, config) =>
      this.collected(store, config, options.from),
    );
    const { lostText, collectedText } = await import('../../../libs/collect/collected-text.js');
    for (const log of logs) {
      const lost = lostText(log);
      if (lost !== undefined) await note(`hoptime: ${lost}`);
    }
    for (const problem of new Set(logs.flatMap((log) => log.problem ?? []))) await note(`hoptime: ${problem}`);
    if (options.json)
      await printJson({ source, requests, logs: logs.map(logDocument), ...(ingestDocument(report) as object) });
    else await print([...logs.map(collectedText), ingestText(report)].join('\n'));
    if (logs.some(({ problem }) => problem !== undefined) || report.files.some(({ problem }) => problem)) {
      throw new ExitCode(1);
    }
    if (report.totals.rejected > 0) throw new ExitCode(3);
  }

  @Option({
    flags: '--from <time>',
    description: 'collect from this time (UTC) instead of where the last run ended; the API reaches back 72 hours',
  })
  parseFrom(text: string): number {
    const time = parseBound(text, 'UTC');
    if (typeof time === 'number') return time;
    throw new UsageError(`--from: ${time.problem}`);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }

  private async collected(store: Store, config: Config, from: number | undefined): Promise<Collected> {
    if (!config.tmes) {
      throw new ConfigError([
        'TMES_API_URL, TMES_USER and TMES_API_KEY are not set: the console of Trend Micro Email Security makes the key; put them into the environment or .env',
      ]);
    }
    const { Collector } = await import('../../../libs/collect/collector.js');
    const { CollectCheckpoints } = await import('../../../libs/collect/collect-checkpoints.js');
    const display = await progressDisplay();
    const collector = await Collector.open(new CollectCheckpoints(store), store.path, {
      ...config.tmes,
      pseudonyms: store.pseudonyms,
      signal: new AbortController().signal,
      onNote: (sentence) => void note(`hoptime: ${sentence}`),
      onWindow: (type, bytesRead, bytesTotal, records) =>
        display.onProgress({ file: type, bytesRead, bytesTotal, records, phase: 'reading' }),
      now: Date.now,
      inTurn: (work) => store.inTurn(work),
    });
    try {
      const logs = await collector.collect(from);
      const ingest = await ingestInto(store, config);
      const report = await store.inTurn(async () =>
        ingest.ingest(await collector.unread(), { format: 'trend-email-security' }, display.onProgress),
      );
      return { logs, requests: collector.requests, report };
    } finally {
      display.end();
      await collector.close();
    }
  }
}

const logDocument = ({ type, from, to, pages, records, newRecords, lostMs, problem }: CollectedLog): object => ({
  type,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  pages,
  records,
  new_records: newRecords,
  lost_ms: lostMs,
  problem: problem ?? null,
});
