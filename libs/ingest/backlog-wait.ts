/** While more blocks than these wait to be written, correlating would be done again in a moment. */
const FEW_BLOCKS = 8;
const SHORT_WAIT_MS = 1000;
/** However much waits: so long the figures may stay as they are, or twice as long as a correlation takes. */
const LONGEST_WAIT_MS = 60_000;
/** Where the backlog shrinks so fast that it will be gone by then, it is waited for. */
const BACKLOG_MS = 10 * 60_000;

/**
 * How long a correlation waits for writers that are behind. One in the middle of a backlog takes the machine from them, correlates everything, and
 * is done again when the rest has come.
 */
export class BacklogWait {
  private first: { readonly at: number; readonly blocks: number } | undefined;

  /** @param lastMs what the correlation before took */
  constructor(private readonly lastMs: number) {}

  /**
   * Whether to wait on.
   * @param waited ms since the wait began
   * @param blocks blocks of events on the bus that are not written; null = nobody says
   */
  goesOn(waited: number, blocks: number | null): boolean {
    // A stream that never pauses has a few on their way at any moment.
    if (blocks === 0 || (blocks !== null && blocks <= FEW_BLOCKS && waited >= SHORT_WAIT_MS)) return false;
    if (blocks !== null) this.first ??= { at: waited, blocks };
    return waited < Math.max(LONGEST_WAIT_MS, 2 * this.lastMs) || waited + this.leftMs(waited, blocks) < BACKLOG_MS;
  }

  /** When the backlog will be gone, at the speed at which it has shrunk since it was first seen; Infinity where it does not. */
  private leftMs(waited: number, blocks: number | null): number {
    if (blocks === null || !this.first || blocks >= this.first.blocks) return Infinity;
    return (blocks * (waited - this.first.at)) / (this.first.blocks - blocks);
  }
}
