import type { CorrelationScope } from './correlator';

/** While more blocks than these wait to be written, correlating would be done again in a moment. */
export const FEW_BLOCKS = 8;
const SHORT_WAIT_MS = 1000;
/** However much waits: so long the figures may stay as they are, or twice as long as a correlation takes. */
const LONGEST_WAIT_MS = 60_000;
/** Where the backlog shrinks so fast that it will be gone by then, it is waited for. */
const BACKLOG_MS = 10 * 60_000;
/** From the beginning of one correlation of everything to that of the next, at least; or so many times as long as it takes. */
const EVERYTHING_MS = 10_000;
const EVERYTHING_SHARE = 5;
/** Mail that came just after a correlation began is in the figures within about so long, where that can be. */
const VISIBLE_MS = 4700;

/** The correlation before. */
export interface LastCorrelation {
  readonly scope: CorrelationScope;
  readonly ms: number;
  /** ms of `performance.now()` */
  readonly begun: number;
}

/** How often to correlate what new mail touches. */
interface Pace {
  /** mail that came just after one began is in the figures within so long, where that can be */
  readonly visibleMs: number;
  /** from the beginning of one to that of the next at least so many times as long as it takes */
  readonly rest: number;
}
/** In a process that also answers. */
const BESIDE_READERS: Pace = { visibleMs: VISIBLE_MS, rest: 2 };
/** In a process of its own; before mail is in the store, a collector, the bus and a writer take up to a second, and whoever asks takes half of one. */
const OVER_BUS: Pace = { visibleMs: VISIBLE_MS - 2000, rest: 1.1 };
/** At least so many times, while mail is seen soon enough: a fifth of the time is spent on it. */
const UNHURRIED = 5;
/** However long one took: the first one of a large store may also build the rollups, for minutes, and what comes after it is little. */
const MOST_REST_MS = 10_000;

/**
 * From the beginning of one correlation of touched messages to that of the next, where one takes so long: a fifth of the time is spent on it, or, where
 * mail would then be seen too late, up to half; in a process of its own up to nine tenths. Between two are 10 s at most.
 */
export function restfulMs(correlatingMs: number, { visibleMs, rest }: Pace = BESIDE_READERS): number {
  const every = Math.min(UNHURRIED * correlatingMs, Math.max(rest * correlatingMs, visibleMs - correlatingMs));
  return Math.min(every, correlatingMs + MOST_REST_MS);
}

/**
 * How long a correlation waits for writers that are behind. One in the middle of a backlog takes the machine from them, correlates everything, and
 * is done again when the rest has come.
 */
export class BacklogWait {
  private first: { readonly at: number; readonly blocks: number } | undefined;
  private emptySince: number | undefined;
  private readonly longestMs: number;

  /** @param begun ms of `performance.now()` */
  constructor(
    private readonly last: LastCorrelation | undefined,
    private readonly begun: number,
  ) {
    this.longestMs = Math.max(LONGEST_WAIT_MS, 2 * (last?.ms ?? 0));
  }

  /**
   * Whether to wait on.
   * @param now ms of `performance.now()`
   * @param blocks blocks of events on the bus that are not written; null = nobody says
   */
  goesOn(now: number, blocks: number | null): boolean {
    const waited = now - this.begun;
    if (blocks === 0) this.emptySince ??= now;
    else this.emptySince = undefined;
    const isRested = now >= this.restedAt;
    // Nothing comes any more, or little is on its way, as always in a stream that never pauses.
    if (blocks === 0 && (isRested || now - (this.emptySince ?? now) >= SHORT_WAIT_MS)) return false;
    // After a correlation of what was touched, resting was waiting enough.
    const isStream = waited >= SHORT_WAIT_MS || this.last?.scope === 'touched';
    if (blocks !== null && blocks <= FEW_BLOCKS && isStream && isRested) return false;
    if (blocks !== null) this.first ??= { at: now, blocks };
    return waited < this.longestMs || waited + this.leftMs(now, blocks) < BACKLOG_MS;
  }

  /** ms until it is rested; 0 = it is */
  restMs(now: number): number {
    return Math.max(0, this.restedAt - now);
  }

  /** A file that is read from its beginning looks like a stream; each correlation of everything in between is for nothing. */
  private get restedAt(): number {
    if (!this.last) return 0;
    const { scope, ms, begun } = this.last;
    return begun + (scope === 'touched' ? restfulMs(ms, OVER_BUS) : Math.max(EVERYTHING_MS, EVERYTHING_SHARE * ms));
  }

  /** When the backlog will be gone, at the speed at which it has shrunk since it was first seen; Infinity where it does not. */
  private leftMs(now: number, blocks: number | null): number {
    if (blocks === null || !this.first || blocks >= this.first.blocks) return Infinity;
    return (blocks * (now - this.first.at)) / (this.first.blocks - blocks);
  }
}
