import { medianOf } from './offset-estimate';
import { type ClockPair } from './clock-leads';
import { type PairSegment } from './pair-segments';
import { durationText } from '../duration-text';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A slope needs so many stretches over so long a time. */
const LEAST_STRETCHES = 6;
const LEAST_DRIFT_MS = 6 * HOUR_MS;
/** Of more stretches every k-th is compared. */
const MOST_STRETCHES = 400;
/** A jump is so many times what neighbouring stretches differ by otherwise. */
const BEYOND_USUAL = 4;

/** A change of the offset between two clocks. Times are epoch ms by the clock of `to_mta`. */
export interface ClockChange {
  readonly kind: 'jump' | 'drift';
  readonly from_mta: string;
  readonly to_mta: string;
  readonly from_ms: number;
  readonly to_ms: number;
  /** by how much the clock of `to_mta` went ahead of that of `from_mta` in that time (negative: behind) */
  readonly change_ms: number;
  /** drift: ms per day */
  readonly per_day_ms: number | null;
  readonly sentence: string;
}

/**
 * Jumps and drifts of the clocks of a pair. A jump: two neighbouring stretches whose bounds do not meet, and whose estimates differ by more than four
 * times what neighbours usually differ by. A drift: between jumps, over six hours or more, the median of all slopes between two stretches (Theil and Sen)
 * adds up to more than the bounds are wide, and the first and the last stretch have bounds that do not meet.
 */
export function clockChanges({ from_mta, to_mta, segments }: ClockPair): ClockChange[] {
  const differences = segments.slice(1).map((segment, i) => Math.abs(segment.estimate_ms - segments[i].estimate_ms));
  const usual = differences.length ? medianOf(differences) : 0;
  const jumps = segments.flatMap((segment, i) => {
    const before = segments[i - 1];
    return before && apart(before, segment) && differences[i - 1] > BEYOND_USUAL * usual ? [i] : [];
  });
  const changes = jumps.map((i): ClockChange => {
    const [before, after] = [segments[i - 1], segments[i]];
    const change_ms = after.estimate_ms - before.estimate_ms;
    const { from_ms, to_ms } = momentOf(before, after);
    const when = from_ms === to_ms ? `about ${minute(from_ms)}` : `between ${minute(from_ms)} and ${minute(to_ms)}`;
    const sentence = `The clock of ${to_mta} jumped ${aheadText(change_ms)} against that of ${from_mta} ${when} UTC.`;
    return { kind: 'jump', from_mta, to_mta, from_ms, to_ms, change_ms, per_day_ms: null, sentence };
  });
  for (const [k, begin] of [0, ...jumps].entries()) {
    const drift = driftOf(segments.slice(begin, jumps[k] ?? segments.length));
    if (!drift) continue;
    const { from_ms, to_ms, change_ms, per_day_ms } = drift;
    const sentence = `The clock of ${to_mta} ran ${aheadText(change_ms)} against that of ${from_mta} from ${minute(from_ms)} to ${minute(to_ms)} UTC: ${durationText(Math.abs(per_day_ms))} a day.`;
    changes.push({ kind: 'drift', from_mta, to_mta, ...drift, sentence });
  }
  return changes.sort((a, b) => a.from_ms - b.from_ms);
}

/** When a jump was: between two transfers where they show it, else, where it lies between whole hours, somewhere in the last of one and the other. */
function momentOf(before: PairSegment, after: PairSegment): { from_ms: number; to_ms: number } {
  if (before.to_ms % HOUR_MS !== 0) return { from_ms: before.to_ms, to_ms: after.from_ms };
  return { from_ms: Math.max(before.from_ms, before.to_ms - HOUR_MS), to_ms: after.to_ms };
}

function driftOf(
  stretches: readonly PairSegment[],
): (Pick<ClockChange, 'from_ms' | 'to_ms' | 'change_ms'> & { per_day_ms: number }) | undefined {
  const every = Math.ceil(stretches.length / MOST_STRETCHES);
  const some = stretches.filter((_, i) => i % every === 0);
  const [first, last] = [stretches[0], stretches[stretches.length - 1]];
  if (some.length < LEAST_STRETCHES || last.to_ms - first.from_ms < LEAST_DRIFT_MS || !apart(first, last))
    return undefined;
  const middle = ({ from_ms, to_ms }: PairSegment): number => (from_ms + to_ms) / 2;
  const slopes = some.flatMap((a, i) =>
    some.slice(i + 1).map((b) => (b.estimate_ms - a.estimate_ms) / (middle(b) - middle(a))),
  );
  const slope = medianOf(slopes);
  const change_ms = Math.round(slope * (middle(last) - middle(first)));
  if (Math.abs(change_ms) <= medianOf(some.map(({ lower_ms, upper_ms }) => upper_ms - lower_ms))) return undefined;
  return { from_ms: first.from_ms, to_ms: last.to_ms, change_ms, per_day_ms: Math.round(slope * DAY_MS) };
}

const apart = (a: PairSegment, b: PairSegment): boolean => a.upper_ms < b.lower_ms || b.upper_ms < a.lower_ms;

const aheadText = (ms: number): string => `${durationText(Math.abs(ms))} ${ms < 0 ? 'back' : 'ahead'}`;

const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
