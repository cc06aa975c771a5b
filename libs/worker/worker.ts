import { pause, type Bus } from '../bus/bus';
import type { Config } from '../config/config';
import type { CorrelatorOptions } from '../ingest/correlator';
import type { IngestOptions } from '../ingest/ingest-report';
import { IngestService } from '../ingest/ingest.service';
import { StoreCorrelator } from '../ingest/store-correlator';
import { StoreWriter } from '../ingest/store-writer';
import { RetentionService } from '../privacy/retention.service';
import { DEFAULT_QUERY_POOL, QueryPool } from '../store/query-pool';
import type { Store } from '../store/store';
import { WriteTurn } from '../store/write-turn';
import { Pseudonyms } from '../trace/pseudonyms';
import { CollectorWorker } from './collector.worker';
import { OperationServer, type PartHealth } from './operation-server';
import type { Duties } from './role';
import { WorkerMetrics } from './worker-metrics';

const COLLECTOR_STOP_MS = 10_000;
/** Whoever asks for health gives up after 10 s, or sooner. */
const HEALTH_MS = 4000;

/** What the collector of a worker reads. */
export interface Sources {
  /** files, folders and globs that are read once */
  readonly paths: readonly string[];
  readonly watch: readonly string[];
  readonly syslogHost?: string;
  readonly syslogPort?: number;
  readonly options: IngestOptions;
}

export interface WorkerParts {
  readonly config: Config;
  readonly duties: Duties;
  readonly sources: Sources;
  readonly correlation: CorrelatorOptions;
  readonly bus: Bus;
  /** undefined for a role without store */
  readonly store: Store | undefined;
  /** takes one sentence for whoever runs the worker; no mail data */
  readonly note: (sentence: string) => void;
}

/** One process of the distributed set-up, or all of it in one: starts what its role does, and ends it without leaving anything half done. */
export class Worker {
  private readonly turn = new WriteTurn();
  private readonly closing: (() => Promise<unknown>)[] = [];
  private collector: CollectorWorker | undefined;

  private readonly probes: QueryPool | undefined;

  constructor(private readonly parts: WorkerParts) {
    this.probes = parts.store && new QueryPool(parts.store, { ...DEFAULT_QUERY_POOL, running: 1, waiting: 16 });
  }

  /** Starts everything. */
  async start(): Promise<void> {
    const { config, duties, bus, store, note } = this.parts;
    const turn = <T>(work: () => Promise<T>): Promise<T> => this.turn.run(work);
    const writer = store && duties.writes ? new StoreWriter(store, bus, { turn, announce: true }) : undefined;
    const correlator =
      store && duties.correlates ? new StoreCorrelator(store, bus, this.parts.correlation, turn) : undefined;
    if (duties.collects) this.collector = this.collectorWorker();
    const { collector } = this;
    const metrics = new WorkerMetrics({
      bus,
      written: writer?.counts,
      correlations: correlator && (() => correlator.status),
      collectorLag: collector && (() => collector.lag()),
      storeAwaySince: store && (() => store.outage?.since ?? null),
    });
    const operation = new OperationServer({ parts: () => this.health(), metrics: () => metrics.text() });
    const address = await operation.start(config.workerHost, config.workerPort);
    note(`${config.workerRole} tells health and metrics at http://${address}`);
    this.closing.push(() => operation.stop());
    // What takes from the bus first, so that nothing waits for it.
    await writer?.start();
    await correlator?.start();
    if (store && duties.correlates) this.retain(store);
    if (store && duties.answers) await this.serve(store);
    await collector?.start();
  }

  /** Resolves when what is read once has been read, where the worker has nothing else to do; else never. */
  done(): Promise<void> {
    const { writes, correlates, answers } = this.parts.duties;
    const forEver = new Promise<void>(() => undefined);
    return this.collector && !this.collector.follows && !writes && !correlates && !answers
      ? this.collector.readAll
      : forEver;
  }

  /** Takes nothing more, finishes the batches in hand, acknowledges them, leaves the groups, closes bus and store. */
  async stop(): Promise<void> {
    const { bus, store } = this.parts;
    const waited = new AbortController();
    // A bus that is away takes nothing: what was not acknowledged is read again at the next start.
    await Promise.race([this.collector?.stop(), pause(COLLECTOR_STOP_MS, waited.signal)]);
    waited.abort();
    await bus.close();
    await this.collector?.stop();
    for (const close of this.closing.reverse()) await close().catch(() => undefined);
    await this.turn.run(() => Promise.resolve());
    await store?.close();
  }

  /** What answers is loaded by those who do: of the modules that a process loads it is two fifths. */
  private async serve(store: Store): Promise<void> {
    const { Answering } = await import('./answering.js');
    const answering = new Answering(this.parts, store, this.turn, () => this.collector?.status() ?? null);
    this.closing.push(() => answering.stop());
    await answering.start();
  }

  private retain(store: Store): void {
    const { config, correlation, note } = this.parts;
    const retention = new RetentionService({
      store,
      ingest: new IngestService(store, correlation),
      inTurn: (work) => this.turn.run(() => store.inTurn(work)),
      options: { days: config.retentionDays },
      onNote: note,
    });
    retention.start();
    this.closing.push(() => retention.stop());
  }

  private collectorWorker(): CollectorWorker {
    const { config, bus, store, sources, note } = this.parts;
    // Where it has no store, writers refuse to write for one that has another key.
    const pseudonyms = store?.pseudonyms ?? (config.pseudonymKey ? new Pseudonyms(config.pseudonymKey) : undefined);
    return new CollectorWorker(config.collectorFolder, bus, sources, note, pseudonyms, config.tmes);
  }

  private async health(): Promise<PartHealth[]> {
    const { bus, store, duties } = this.parts;
    const status = await bus.status();
    const refused = status.subscriptions.find(({ failure }) => failure !== null);
    const parts: PartHealth[] = [{ part: 'bus', failure: status.failure }];
    if (store && this.probes) parts.push({ part: 'store', failure: await storeFailure(store, this.probes) });
    if (duties.writes || duties.correlates)
      parts.push({
        part: 'subscriptions',
        failure: refused ? `${refused.group} of ${refused.topic}: ${refused.failure}` : null,
      });
    if (this.collector) parts.push({ part: 'collector', failure: this.collector.status()?.lastError ?? null });
    return parts;
  }
}

/**
 * Whether the store answers, told in time: beside what this process asks it at length, and without its patience. It is asked also while it is known
 * to be away, else a process that nobody asks anything would never learn that it is back.
 */
async function storeFailure(store: Store, pool: QueryPool): Promise<string | null> {
  const failure = 'the store does not answer';
  const waited = new AbortController();
  try {
    const answer = pool.rows({ sql: 'SELECT 1 AS one' }).then(() => null);
    const failed = await Promise.race([answer, pause(HEALTH_MS, waited.signal).then(() => failure)]);
    // It answers questions and takes no rows: a full disk.
    return failed ?? (store.outage ? `${failure}: ${store.outage.reason}` : null);
  } catch {
    return store.outage ? `${failure}: ${store.outage.reason}` : failure;
  } finally {
    waited.abort();
  }
}
