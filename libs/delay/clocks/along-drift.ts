import { medianOf } from './offset-estimate';
import { type PairSegment } from './pair-segments';

/** So many neighbours on each side tell how fast a clock runs. */
const AROUND = 6;
/** Fewer steps between neighbours tell nothing of a drift. */
const LEAST_STEPS = 5;
/** A clock that runs goes on in one direction: of the steps around at least this share; of a steady one about half do. */
const ONE_WAY = 0.8;
/** Within a stretch the estimate is at most so much beside the line. */
const BESIDE_MS = 250;
const MOST_PIECES = 200;

/**
 * The stretches of a pair with those in pieces in which a clock runs away noticeably: the estimate of a stretch is that of the middle of its transfers, and
 * before and after it the clock was and will be elsewhere. How fast it runs is the median of the steps between the neighbours, so that a jump among them
 * counts as one step only.
 */
export function alongDrift(segments: readonly PairSegment[]): PairSegment[] {
  return segments.flatMap((segment, i) => {
    const slope = slopeOf(segments.slice(Math.max(0, i - AROUND), i + AROUND + 1));
    const length = segment.to_ms - segment.from_ms;
    const pieces = Math.min(MOST_PIECES, Math.ceil((Math.abs(slope) * length) / (2 * BESIDE_MS)));
    if (pieces <= 1) return [segment];
    const { transfers } = segment;
    return Array.from({ length: pieces }, (_, k) => {
      const border = (n: number): number => segment.from_ms + Math.round((length * n) / pieces);
      const [from_ms, to_ms] = [border(k), border(k + 1)];
      const shift = Math.round(slope * ((from_ms + to_ms) / 2 - centreOf(segment)));
      return {
        from_ms,
        to_ms,
        // the sum stays
        transfers: Math.round((transfers * (k + 1)) / pieces) - Math.round((transfers * k) / pieces),
        estimate_ms: segment.estimate_ms + shift,
        lower_ms: segment.lower_ms + shift,
        upper_ms: segment.upper_ms + shift,
      };
    });
  });
}

/** ms that the offset changes in a ms; 0 where the steps do not go one way. */
function slopeOf(segments: readonly PairSegment[]): number {
  const steps = segments.slice(1).flatMap((segment, i) => {
    const time = centreOf(segment) - centreOf(segments[i]);
    return time > 0 ? [(segment.estimate_ms - segments[i].estimate_ms) / time] : [];
  });
  if (steps.length < LEAST_STEPS) return 0;
  const up = steps.filter((step) => step > 0).length;
  const down = steps.filter((step) => step < 0).length;
  return Math.max(up, down) >= ONE_WAY * steps.length ? medianOf(steps) : 0;
}

const centreOf = ({ centre_ms, from_ms, to_ms }: PairSegment): number => centre_ms ?? (from_ms + to_ms) / 2;
