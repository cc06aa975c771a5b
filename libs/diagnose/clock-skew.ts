import type { ChainHop } from '../sources/formats/trace-headers/trace-chain';
import type { ClockSkew } from './inspection';

/** A clock error and the two steps between neighbouring dated stamps (by index) that it distorts. */
export interface SkewFinding {
  readonly skew: ClockSkew;
  /** index, among the dated hops, of the step back and of the step of opposite sign that belongs to it (−1: none) */
  readonly back: number;
  readonly forth: number;
}

/**
 * Finds steps back in time beyond the stamps' resolution (delay model §5: never clamped, always said). When a step forth of at
 * least half that size exists, the hosts between both steps share a wrong clock: behind when it comes after, ahead when before
 * (formats §0.5). Of several such steps the nearest counts; the error is at most the smaller of both steps.
 *
 * @param dated hops that have a stamp, oldest first
 */
export function findSkew(dated: readonly ChainHop[]): SkewFinding[] {
  const steps = dated.slice(1).map((hop, at) => (hop.stamp?.time ?? 0) - (dated[at].stamp?.time ?? 0));
  return steps.flatMap((step, back) => {
    const resolution = Math.max(dated[back].stamp?.resolutionMs ?? 0, dated[back + 1].stamp?.resolutionMs ?? 0);
    if (-step <= resolution) return [];
    const forth = nearest(steps, back);
    const between = forth < 0 ? [] : forth > back ? dated.slice(back + 1, forth + 1) : dated.slice(forth + 1, back + 1);
    const skew: ClockSkew = {
      host: dated[back].host || null,
      next_host: dated[back + 1].host || null,
      at_least_ms: -step,
      suspects: [...new Set(between.map((hop) => hop.host).filter(Boolean))],
      direction: forth < 0 ? null : forth > back ? 'behind' : 'ahead',
      offset_ms: forth < 0 ? null : Math.min(-step, steps[forth]),
    };
    return [{ skew, back, forth }];
  });
}

/** Fewest hosts under suspicion first, then the likelier size. */
function nearest(steps: readonly number[], back: number): number {
  const size = -steps[back];
  let best = -1;
  steps.forEach((step, at) => {
    if (step < size / 2) return;
    const nearer = Math.abs(at - back) - Math.abs(best - back);
    if (best < 0 || nearer < 0 || (nearer === 0 && Math.abs(step - size) < Math.abs(steps[best] - size))) best = at;
  });
  return best;
}
