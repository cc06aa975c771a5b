import { type LeadPoint } from './clock-leads';
import { type ReferencePoint } from './reference-time';

/** Leads that differ by less are near enough to each other, ms. */
const JUMP_MS = 1500;
/** A jump is found between two transfers, or where an hour shows none between two hours; so long before and after it a stamp may belong to either side. */
const AROUND_MS = 3_600_000;

/** Stretches of two pairs on the way to a clock end at nearly the same time: what lies between is left out, ms. */
const SHORT_MS = 120_000;

interface Border {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Leads over the time of the reference as leads over the stamps of the clock itself. A clock that jumped ahead never showed the times between, one that jumped
 * back showed them twice: the first half of them counts as before, the second as after. Near a jump the lead of its other side is told as well (`other_ms`), so that
 * a stamp whose transfer fits that one better is taken for one of the other side.
 */
export function byOwnStamps(points: readonly ReferencePoint[]): LeadPoint[] {
  const own: LeadPoint[] = [];
  const jumps: Border[] = [];
  for (const [i, point] of points.entries()) {
    if (own.length === 0 && point.lead_ms === null) continue;
    const before = points[i - 1]?.lead_ms ?? point.lead_ms ?? 0;
    const after = point.lead_ms ?? before;
    const at = Math.max(Math.round(point.at_ms + (before + after) / 2), own[own.length - 1]?.at_ms ?? -Infinity);
    if (Math.abs(after - before) > JUMP_MS) jumps.push({ at, before, after });
    const last = own[own.length - 1];
    const isShort =
      last !== undefined &&
      last.lead_ms !== null &&
      at - last.at_ms < SHORT_MS &&
      Math.abs(after - last.lead_ms) <= JUMP_MS;
    // a stretch that no stamp is of, or hardly one
    if (isShort || last?.at_ms === at) own.pop();
    own.push({ ...point, at_ms: isShort ? last.at_ms : at, other_ms: null });
  }
  return jumps.reduce(withDoubt, own);
}

/** Marks what lies around a jump, up to half-way to the next ones. */
function withDoubt(
  points: LeadPoint[],
  { at, before, after }: Border,
  i: number,
  jumps: readonly Border[],
): LeadPoint[] {
  const reach = Math.abs(after - before) / 2 + AROUND_MS;
  const from = Math.round(Math.max(at - reach, i > 0 ? (jumps[i - 1].at + at) / 2 : -Infinity));
  const to = Math.round(Math.min(at + reach, i + 1 < jumps.length ? (jumps[i + 1].at + at) / 2 : Infinity));
  const borders = [from, to].filter((border) => points[0].at_ms < border);
  const cut = borders.reduce((all, border) => {
    const k = all.findLastIndex(({ at_ms }) => at_ms <= border);
    return all[k].at_ms === border ? all : all.toSpliced(k + 1, 0, { ...all[k], at_ms: border });
  }, points);
  return cut.map((point) =>
    point.at_ms < from || point.at_ms >= to || point.lead_ms === null
      ? point
      : { ...point, other_ms: point.at_ms < at ? after : before },
  );
}
