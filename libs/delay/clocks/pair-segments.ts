import { estimateOf, medianOf, type OffsetEstimate, type StampLimits } from './offset-estimate';

const HOUR_MS = 3_600_000;
/** So few transfers of an hour are judged together with those of the hours beside it. */
const FEW = 16;
const APART_MS = 6 * HOUR_MS;
const LONGEST_MS = 24 * HOUR_MS;
/** Fewer transfers tell nothing. */
const LEAST = 3;
/** A part on either side of a change has at least so many transfers. */
const LEAST_PART = 4;

/** One hour of one pair of MTAs, as `queries/clock_hours.sql` answers it. Times are epoch ms by the clock of `to_mta`. */
export interface ClockHour extends StampLimits, OffsetEstimate {
  readonly at_ms: number;
  readonly from_mta: string;
  readonly to_mta: string;
  readonly transfers: number;
  readonly offset_ms: number;
  /** (time, transfer) of up to 120 transfers in order, where the hour has few or they differ; else empty */
  readonly single: readonly (readonly [number, number])[];
}

/** A stretch of time in which the offset of a pair is taken as one. */
export interface PairSegment extends OffsetEstimate {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly transfers: number;
  /** the middle of its transfers, where that is known; else that of the stretch */
  readonly centre_ms?: number;
}

/**
 * The stretches of one pair from its hours, in order: an hour is one, unless its transfers show that a clock jumped or ran within it, then it is cut
 * where they change; hours with few transfers are put together. Hours with fewer than three in reach tell nothing.
 */
export function pairSegments(hours: readonly ClockHour[]): PairSegment[] {
  const segments: PairSegment[] = [];
  let few: ClockHour[] = [];
  const flush = (): void => {
    if (few.length) segments.push(...cut(few, few[0].at_ms, few[few.length - 1].at_ms + HOUR_MS));
    few = [];
  };
  for (const hour of hours) {
    const last = few[few.length - 1];
    const count = few.reduce((sum, { transfers }) => sum + transfers, 0);
    if (last && (count >= FEW || hour.at_ms - last.at_ms > APART_MS || hour.at_ms - few[0].at_ms > LONGEST_MS)) flush();
    if (hour.transfers < FEW) {
      few.push(hour);
      continue;
    }
    flush();
    const { at_ms, transfers, estimate_ms, lower_ms, upper_ms } = hour;
    if (hour.single.length) segments.push(...cut([hour], at_ms, at_ms + HOUR_MS));
    else segments.push({ from_ms: at_ms, to_ms: at_ms + HOUR_MS, transfers, estimate_ms, lower_ms, upper_ms });
  }
  flush();
  return segments;
}

type Transfer = readonly [number, number];

function cut(hours: readonly ClockHour[], from_ms: number, to_ms: number): PairSegment[] {
  const transfers = hours.flatMap(({ single }) => single);
  if (transfers.length < LEAST) return [];
  const most = (field: keyof StampLimits): number => Math.max(...hours.map((hour) => hour[field]));
  const limits = {
    from_resolution_ms: most('from_resolution_ms'),
    to_resolution_ms: most('to_resolution_ms'),
    transmission_ms: most('transmission_ms'),
  };
  const tolerance = (limits.from_resolution_ms + limits.to_resolution_ms) / 2 + 500;
  const parts = inOneOrder(transfers, tolerance);
  const counted = hours.reduce((sum, hour) => sum + hour.transfers, 0) / transfers.length;
  const borders = parts.slice(1).map((part, i) => borderOf(parts[i], part, from_ms, to_ms));
  return parts.map((part, i) => ({
    from_ms: i === 0 ? from_ms : borders[i - 1],
    to_ms: i === parts.length - 1 ? to_ms : borders[i],
    transfers: Math.round(part.length * counted),
    centre_ms: medianOf(part.map(([at]) => at)),
    ...estimateOf(
      part.map(([, ms]) => ms),
      limits,
    ),
  }));
}

/**
 * Transfers cut where their level changes. A clock that jumps back shows the same times twice, so that by its stamps transfers of before and after are
 * mixed; by those of the other clock they are not. So both orders are tried, and that counts whose parts differ less in themselves.
 */
function inOneOrder(transfers: readonly Transfer[], tolerance: number): (readonly Transfer[])[] {
  const byReceiver = alike(transfers, tolerance);
  const bySender = alike(
    [...transfers].sort(([a, x], [b, y]) => a - x - (b - y) || a - b),
    tolerance,
  );
  return unevenness(bySender) < unevenness(byReceiver) ? bySender : byReceiver;
}

/** The sum of the distances of all transfers from the median of their part, ms. */
function unevenness(parts: readonly (readonly Transfer[])[]): number {
  return parts.reduce((sum, part) => {
    const median = medianOf(part.map(([, ms]) => ms));
    return part.reduce((own, [, ms]) => own + Math.abs(ms - median), sum);
  }, 0);
}

/** Between the last stamp before a change and the first after it. Where a clock jumped back they overlap: in the middle of what it showed twice. */
function borderOf(before: readonly Transfer[], after: readonly Transfer[], from_ms: number, to_ms: number): number {
  const last = Math.max(...before.map(([at]) => at));
  const first = Math.min(...after.map(([at]) => at));
  return Math.min(to_ms, Math.max(from_ms, Math.ceil((last + first) / 2)));
}

/** Cuts transfers in their order where their level changes by more than `tolerance` ms, as long as the two sides are clearly apart. */
function alike(transfers: readonly Transfer[], tolerance: number): (readonly Transfer[])[] {
  const at = bestCut(transfers);
  if (at === undefined) return [transfers];
  const [left, right] = [transfers.slice(0, at), transfers.slice(at)];
  const [a, b] = [left, right].map((side) => medianOf(side.map(([, ms]) => ms)));
  const middle = (a + b) / 2;
  const share = (side: readonly Transfer[], level: number): number =>
    side.filter(([, ms]) => ms > middle === level > middle).length / side.length;
  if (Math.abs(a - b) <= tolerance || share(left, a) < 0.9 || share(right, b) < 0.9) return [transfers];
  return [...alike(left, tolerance), ...alike(right, tolerance)];
}

/** Where the means of the two sides differ most for their sizes; the outermost values count as the 2 % and 98 % quantile. */
function bestCut(transfers: readonly Transfer[]): number | undefined {
  const n = transfers.length;
  if (n < 2 * LEAST_PART) return undefined;
  const sorted = transfers.map(([, ms]) => ms).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor(n * 0.02)], sorted[Math.ceil(n * 0.98) - 1]];
  const values = transfers.map(([, ms]) => Math.min(high, Math.max(low, ms)) - low);
  const total = values.reduce((sum, value) => sum + value, 0);
  let best: number | undefined;
  let most = 0;
  for (let i = 1, left = values[0]; i <= n - LEAST_PART; left += values[i++]) {
    if (i < LEAST_PART) continue;
    const gain = (left / i - (total - left) / (n - i)) ** 2 * i * (n - i);
    if (gain > most) [most, best] = [gain, i];
  }
  return best;
}
