import { pause, type Bus, type BusBatch } from '../bus/bus';
import { BacklogWait, FEW_BLOCKS, type LastCorrelation } from './backlog-wait';
import { InputRepository } from '../store/input.repository';
import { setMerges } from '../store/merges';
import type { Store } from '../store/store';
import { Correlator, type CorrelationScope, type CorrelationStep, type CorrelatorOptions } from './correlator';
import { changedSince, WRITER_GROUP } from './store-writer';

const CORRELATOR_GROUP = 'correlator';
const LOOK_MS = 200;
/** In a stream the next correlation begins sooner. */
const KEEPS_TURN_MS = 1500;

/** What became of the journeys. Times are epoch ms. */
export interface StoreCorrelatorStatus {
  /** correlations, by what they were of */
  readonly counts: Readonly<Record<CorrelationScope, number>>;
  readonly lastMs: number | null;
  /** how long each step of the last one of touched messages took, ms */
  readonly stepMs: ReadonlyMap<CorrelationStep, number>;
  readonly lastAt: number | null;
  /** when the last one began: what was in the store then is in the journeys */
  readonly shownTo: number | null;
  /** when the oldest of what is at hand and not in the journeys yet came onto the bus; null = nothing is at hand */
  readonly behindSince: number | null;
  /** so many records of `store-changes` wait to be acknowledged until rollups have followed: their mail is in the journeys already */
  readonly shownRecords: number;
}

/**
 * Keeps the journeys of a store up to date with what writers put in. It is woken by `store-changes`, which has one partition: of any number of
 * correlators one is at work, and when it dies, another one does again what was not acknowledged.
 */
export class StoreCorrelator {
  status: StoreCorrelatorStatus = {
    counts: { touched: 0, everything: 0 },
    lastMs: null,
    stepMs: new Map(),
    lastAt: null,
    shownTo: null,
    behindSince: null,
    shownRecords: 0,
  };
  private last: LastCorrelation | undefined;
  /** what this process has asked of the engine; on a server, those who made the schema have */
  private merges: 'small' | 'all' | undefined;
  private readonly correlator: Correlator;
  private readonly inputs: InputRepository;

  /** @param turn runs what changes the store, one at a time in this process */
  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    options: CorrelatorOptions,
    private readonly turn: <T>(work: () => Promise<T>) => Promise<T>,
  ) {
    this.correlator = new Correlator(store, options);
    this.inputs = new InputRepository(store);
  }

  async start(): Promise<void> {
    await this.bus.subscribe('store-changes', CORRELATOR_GROUP, (batch) => this.bringUpToDate(batch));
    // What was left by those before is looked at once, whether or not anything new comes.
    void this.bus.publish('store-changes', [{ key: '', headers: {}, value: Buffer.alloc(0) }]).catch(() => undefined);
  }

  private async bringUpToDate({ records, lost }: BusBatch): Promise<void> {
    const { shownTo } = this.status;
    // A correlation takes in all that is there: some of what it is told of afterwards it has seen.
    const news = records.filter(({ publishedAt }) => publishedAt >= (shownTo ?? 0)).map(changedSince);
    this.status = { ...this.status, behindSince: news.length > 0 ? Math.min(...news) : null };
    await this.untilWritten(lost);
    // On a server, nobody else correlates or forgets meanwhile; writers go on.
    const [until, told] = await Promise.all([this.unseen(), this.bus.lag('store-changes', CORRELATOR_GROUP)]);
    if (until !== undefined) {
      const work = (): Promise<void> => this.correlate(lost, until, told ?? 0);
      await this.turn(() => this.store.inTurn(work, KEEPS_TURN_MS)).finally(() => {
        this.status = { ...this.status, shownRecords: 0 };
      });
    }
    await this.letMerge('all');
  }

  /** Merging what is written and read once more in a moment is a quarter of the cost of a bulk load; it is made up for when there is time. */
  private async letMerge(which: 'small' | 'all'): Promise<void> {
    if (this.store.server || this.merges === which) return;
    await this.turn(() => setMerges(this.store, which));
    this.merges = which;
  }

  /**
   * The newest version of what is there to be shown; undefined where the last correlation has seen to all of it, since there are more tellings than
   * correlations.
   */
  private async unseen(): Promise<string | undefined> {
    const { anyUncorrelated, version } = await this.inputs.newest();
    const isSeenTo = this.last !== undefined && !anyUncorrelated && (await this.correlator.isUpToDate());
    if (!isSeenTo) return version;
    this.status = { ...this.status, behindSince: null };
    return undefined;
  }

  /**
   * @param until writers go on meanwhile: what they put in after this version is for the next time
   * @param told records that had told of what was there, before it begins
   */
  private async correlate(lost: AbortSignal, until: string, told: number): Promise<void> {
    const [begun, begunAt] = [performance.now(), Date.now()];
    // Another member is at work on the same tables by now.
    const goOn = (): void => lost.throwIfAborted();
    goOn();
    // What fails when the journeys are shown already, as rollups may, is done again: until it has ended, nothing is seen to.
    this.last = undefined;
    const scope = await this.correlator.bringUpToDate(goOn, async () => {
      goOn();
      await this.inputs.markCorrelated(until);
      // Who asks before rollups have followed is answered from the journeys.
      this.status = { ...this.status, shownTo: begunAt, behindSince: null, shownRecords: told };
    });
    const { counts } = this.status;
    this.last = { scope, ms: performance.now() - begun, begun };
    this.status = {
      ...this.status,
      counts: { ...counts, [scope]: counts[scope] + 1 },
      lastMs: Math.round(performance.now() - begun),
      stepMs: this.correlator.stepMs,
      lastAt: Date.now(),
    };
  }

  private async untilWritten(lost: AbortSignal): Promise<void> {
    const backlog = new BacklogWait(this.last, performance.now());
    while (!lost.aborted) {
      const blocks = await this.bus.lag('trace-events', WRITER_GROUP);
      if (blocks !== null && blocks > FEW_BLOCKS) await this.letMerge('small');
      const now = performance.now();
      if (!backlog.goesOn(now, blocks)) return;
      await pause(Math.min(LOOK_MS, backlog.restMs(now) || LOOK_MS), lost);
    }
  }
}
