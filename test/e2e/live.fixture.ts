import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Correlator } from '../../libs/ingest/correlator';
import type { IngestOptions } from '../../libs/ingest/ingest-report';
import { LiveService } from '../../libs/live/live.service';
import { StoreTarget } from '../../libs/live/live-target';
import type { LiveTiming } from '../../libs/live/live-options';
import type { WatchedFileStatus } from '../../libs/live/live-status';
import { Store } from '../../libs/store/store';
import { WriteTurn } from '../../libs/store/write-turn';
import { answerOf, type Answer } from '../support/answer';
import { withOwnStore } from '../support/own-store';
import { until } from '../support/until';

/** As in production, in less time. */
export const FAST: LiveTiming = { pollMs: 100, batchMs: 50, settleMs: 300, rowTailMs: 400, lineTailMs: 60_000 };

/** The log of `count` mails on host `mta`, five lines each, one mail per second from `first` on. Stamps carry year and zone. */
export function mails(count: number, first = 0, mta = 'mx1.corp.example'): string[] {
  return Array.from({ length: count }, (_, index) => mail(first + index, mta)).flat();
}

function mail(number: number, mta: string): string[] {
  const at = (ms: number): string => new Date(Date.UTC(2026, 2, 2, 10) + number * 1000 + ms).toISOString();
  const id = (0xa000000000 + number * 0x101).toString(16).toUpperCase();
  const line = (ms: number, program: string, text: string): string =>
    `${at(ms)} ${mta} postfix/${program}[700]: ${id}: ${text}\n`;
  return [
    line(100, 'smtpd', 'client=inpost02.tmes.trendmicro.eu[18.185.115.12]'),
    line(200, 'cleanup', `message-id=<${number}.live@partner.example>`),
    line(300, 'qmgr', 'from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)'),
    line(
      900 + (number % 7) * 10,
      'lmtp',
      `to=<user${number % 50}@corp.example>, relay=store1.corp.example[private/dovecot-lmtp], delay=0.8, delays=0.2/0/0.1/0.5, dsn=2.0.0, status=sent (250 2.0.0 Saved)`,
    ),
    line(990, 'qmgr', 'removed'),
  ];
}

/** What a plain `ingest` of files with these contents answers. Not while another store is open in this process. */
export async function plainAnswer(contents: readonly string[], options: IngestOptions = {}): Promise<Answer> {
  return withOwnStore(async ({ store, ingest }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hoptime-plain-'));
    try {
      const paths = contents.map((content, index) => {
        const path = join(folder, `${index}.log`);
        writeFileSync(path, content);
        return path;
      });
      await ingest.ingest(paths, options);
      return await answerOf(store);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** A folder with a store and files to watch, and live input on it in this process. */
export class LivePlace {
  readonly folder = mkdtempSync(join(tmpdir(), 'hoptime-live-'));
  readonly logs = join(this.folder, 'logs');
  readonly notes: string[] = [];
  store!: Store;
  live!: LiveService;
  readonly turn = new WriteTurn();
  private runs = false;

  constructor() {
    mkdirSync(this.logs, { recursive: true });
  }

  path(name: string): string {
    const path = join(this.logs, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  async start(
    more: { watch?: string[]; syslogPort?: number; ingest?: IngestOptions; timing?: Partial<LiveTiming> } = {},
  ): Promise<void> {
    this.store = await Store.open(`chdb:${join(this.folder, 'store')}`);
    this.runs = true;
    this.live = new LiveService(new StoreTarget(this.store, new Correlator(this.store)), this.turn, {
      ...FAST,
      ...more.timing,
    });
    const { watch = [this.logs], syslogPort, ingest } = more;
    await this.live.start({ watch, syslogPort, ingest, onNote: (note) => this.notes.push(note) });
  }

  async stop(): Promise<void> {
    if (!this.runs) return;
    this.runs = false;
    await this.live.stop();
    await this.store.close();
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
  }

  file(name: string): WatchedFileStatus | undefined {
    return this.live.status().files.find(({ path }) => path === join(this.logs, name));
  }

  /** Until the condition holds; else fails with the status. */
  until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const told = (): string => `${JSON.stringify(this.live.status(), null, 1)}\n${this.notes.join('\n')}`;
    return until(condition, { told });
  }

  /** Until so many records are in the books of all inputs together, the journeys show them, and nothing waits to be read but `lag` bytes. */
  async untilRecords(records: number, lag = 0): Promise<void> {
    await this.until(async () => {
      const status = this.live.status();
      // The store is asked when it may be so, since its answer costs more than a look at the status.
      if (status.lag !== lag || status.correlations.running) return false;
      const books = await this.books();
      return books.records === records && books.uncorrelated === 0;
    });
  }

  /** The books of all inputs, as the store has them. */
  async books(): Promise<{ records: number; parsed: number; skipped: number; rejected: number; uncorrelated: number }> {
    const [row] = await this.turn.run(() =>
      this.store.rows<Record<'records' | 'parsed' | 'skipped' | 'rejected' | 'uncorrelated', string>>({
        sql: `SELECT toString(sum(records)) AS records, toString(sum(parsed)) AS parsed, toString(sum(skipped)) AS skipped,
          toString(sum(rejected)) AS rejected, toString(countIf(correlated = 0)) AS uncorrelated
          FROM hoptime_store.inputs FINAL WHERE state != 'forgotten'`,
      }),
    );
    return {
      records: Number(row.records),
      parsed: Number(row.parsed),
      skipped: Number(row.skipped),
      rejected: Number(row.rejected),
      uncorrelated: Number(row.uncorrelated),
    };
  }

  answer(): Promise<Answer> {
    return this.turn.run(() => answerOf(this.store));
  }

  /** `file:line` of every event, to see that each is traceable. */
  async evidence(): Promise<string[]> {
    const rows = await this.turn.run(() =>
      this.store.rows<{ at: string }>({
        sql: `SELECT DISTINCT concat(splitByChar('/', i.path)[-1], ':', toString(e.line)) AS at FROM hoptime_store.trace_events AS e
          INNER JOIN (SELECT input_id, path FROM hoptime_store.inputs FINAL) AS i USING (input_id) ORDER BY at`,
      }),
    );
    return rows.map(({ at }) => at);
  }
}
