import { pause, type Bus, type BusBatch } from '../bus/bus';
import { InputRepository } from '../store/input.repository';
import type { Store } from '../store/store';
import { Correlator, type CorrelatorOptions } from './correlator';
import { WRITER_GROUP } from './store-writer';

const CORRELATOR_GROUP = 'correlator';
/** While more blocks than these wait to be written, correlating would be done again in a moment. */
const FEW_BLOCKS = 8;
const SHORT_WAIT_MS = 1000;
const LOOK_MS = 200;
/** However much waits: so long the figures may stay as they are, or twice as long as a correlation takes. */
const LONGEST_WAIT_MS = 60_000;

/** What became of the journeys. Times are epoch ms. */
export interface StoreCorrelatorStatus {
  readonly count: number;
  readonly lastMs: number | null;
  readonly lastAt: number | null;
}

/**
 * Keeps the journeys of a store up to date with what writers put in. It is woken by `store-changes`, which has one partition: of any number of
 * correlators one is at work, and when it dies, another one does again what was not acknowledged.
 */
export class StoreCorrelator {
  status: StoreCorrelatorStatus = { count: 0, lastMs: null, lastAt: null };
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
    await this.bus.subscribe('store-changes', CORRELATOR_GROUP, ({ lost }: BusBatch) => this.bringUpToDate(lost));
    // What was left by those before is looked at once, whether or not anything new comes.
    void this.bus.publish('store-changes', [{ key: '', headers: {}, value: Buffer.alloc(0) }]).catch(() => undefined);
  }

  private async bringUpToDate(lost: AbortSignal): Promise<void> {
    await this.untilWritten(lost);
    // On a server, nobody else correlates or forgets meanwhile; writers go on.
    await this.turn(() => this.store.inTurn(() => this.correlate(lost)));
  }

  private async correlate(lost: AbortSignal): Promise<void> {
    const begun = performance.now();
    // Another member is at work on the same tables by now.
    const goOn = (): void => lost.throwIfAborted();
    goOn();
    // Writers go on meanwhile: what they put in after this is for the next time.
    const until = await this.inputs.latestVersion();
    await this.correlator.bringUpToDate(goOn);
    goOn();
    await this.inputs.markCorrelated(until);
    const { count } = this.status;
    this.status = { count: count + 1, lastMs: Math.round(performance.now() - begun), lastAt: Date.now() };
  }

  private async untilWritten(lost: AbortSignal): Promise<void> {
    const begun = performance.now();
    const longest = Math.max(LONGEST_WAIT_MS, 2 * (this.status.lastMs ?? 0));
    for (let waited = 0; !lost.aborted && waited < longest; waited = performance.now() - begun) {
      const blocks = (await this.bus.lag('trace-events', WRITER_GROUP)) ?? Infinity;
      // A stream that never pauses has a few on their way at any moment.
      if (blocks === 0 || (blocks <= FEW_BLOCKS && waited >= SHORT_WAIT_MS)) return;
      await pause(LOOK_MS, lost);
    }
  }
}
