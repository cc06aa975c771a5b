/** What is known of the stamps of a pair of hosts beside the transfers themselves. */
export interface StampLimits {
  /** stamps are cut to this, ms */
  readonly from_resolution_ms: number;
  readonly to_resolution_ms: number;
  /** how long a transmission takes: the MTA before says "relayed" at most so much later than the other took the mail */
  readonly transmission_ms: number;
}

/** By how many ms the clock of B is ahead of that of A, and between what. */
export interface OffsetEstimate {
  readonly estimate_ms: number;
  readonly lower_ms: number;
  readonly upper_ms: number;
}

/** An MTA may log its reception so much later than its reply, ms. */
const LATE_LOG_MS = 100;
/** Half of the 99.9 % quantile (two-sided) of the normal distribution. */
const HALF_Z = 1.64525;

/**
 * The offset that some transfers (ms) show: as the view `clock_hours` computes it. The estimate is the mean of the middle half and half of what the
 * coarser stamps cut off; the bounds are the median's 99.9 % interval by order statistics, widened by what one transfer cannot tell.
 */
export function estimateOf(transfers: readonly number[], limits: StampLimits): OffsetEstimate {
  const sorted = [...transfers].sort((a, b) => a - b);
  const n = sorted.length;
  const place = Math.max(1, Math.floor(n / 2 - HALF_Z * Math.sqrt(n)));
  const { from_resolution_ms, to_resolution_ms, transmission_ms } = limits;
  const lower_ms = sorted[place - 1] - from_resolution_ms - LATE_LOG_MS;
  const upper_ms = sorted[n - place] + to_resolution_ms + transmission_ms;
  const quarter = Math.floor(n / 4);
  const middle = sorted.slice(quarter, n - quarter);
  const mean = middle.reduce((sum, ms) => sum + ms, 0) / middle.length;
  const estimate = Math.floor(mean + (to_resolution_ms - from_resolution_ms) / 2 + 0.5);
  return { estimate_ms: Math.min(upper_ms, Math.max(lower_ms, estimate)), lower_ms, upper_ms };
}

/** The smallest value with at least half of all at or below it. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}
