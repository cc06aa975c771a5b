import type { ClockHour } from './pair-segments';

/** So many transfers make an hour's estimate one to go by (docs/clocks.md). */
const ENOUGH = 16;
/** So much of the height is left free above and below. */
const ROOM = 0.1;
const LEAST_ROOM_MS = 100;

type Drawn = Pick<ClockHour, 'transfers' | 'estimate_ms' | 'lower_ms' | 'upper_ms'>;

/** What a picture of a pair's offsets shows, in ms. */
export interface DrawnRange<H extends Drawn> {
  readonly from_ms: number;
  readonly to_ms: number;
  /** hours whose estimate lies outside */
  readonly beyond: readonly H[];
}

/**
 * The range in which the offsets of a pair are drawn: that of the bounds of all hours with 16 transfers or more, so that a jump of the clock is always seen, and a
 * single late transfer in an hour of its own does not flatten all others. Where no hour has so many, that of the middle nine tenths of the estimates.
 */
export function drawnRange<H extends Drawn>(hours: readonly H[]): DrawnRange<H> {
  const told = hours.filter(({ transfers }) => transfers >= ENOUGH);
  const estimates = hours.map(({ estimate_ms }) => estimate_ms).sort((a, b) => a - b);
  const cut = Math.floor(estimates.length / 20);
  const shown =
    told.length > 0
      ? told.flatMap(({ lower_ms, upper_ms }) => [lower_ms, upper_ms])
      : estimates.slice(cut, estimates.length - cut);
  if (shown.length === 0) return { from_ms: -LEAST_ROOM_MS, to_ms: LEAST_ROOM_MS, beyond: [] };
  const least = shown.reduce((a, b) => Math.min(a, b));
  const most = shown.reduce((a, b) => Math.max(a, b));
  const room = Math.max(LEAST_ROOM_MS, Math.round((most - least) * ROOM));
  const [from_ms, to_ms] = [least - room, most + room];
  return { from_ms, to_ms, beyond: hours.filter(({ estimate_ms }) => estimate_ms < from_ms || estimate_ms > to_ms) };
}
