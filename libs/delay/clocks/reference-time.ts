import { type LeadPoint } from './clock-leads';
import { type PairSegment } from './pair-segments';

const HOUR_MS = 3_600_000;

/** A lead from a moment of the reference clock on. */
export type ReferencePoint = Omit<LeadPoint, 'other_ms'>;

/** `seen`: there were transfers in it. */
export type Stretch = PairSegment & { readonly seen: boolean };

/**
 * The stretches of a pair, which are told by the stamps of `to_mta`, in the time of the reference. A moment is a stamp minus the lead of its clock: of
 * `to_mta` where that is nearer to the reference, else of `from_mta`, whose stamp is the offset less. Where a clock jumped back a stamp is of two moments:
 * that counts which is not before the end of the stretch before.
 * @param leads those of the clock that is nearer to the reference
 */
export function inReferenceTime(
  segments: readonly Stretch[],
  leads: readonly ReferencePoint[],
  isOfSender: boolean,
): Stretch[] {
  const leadAt = leadFinder(leads);
  let latest = -Infinity;
  const ends = segments.map(({ from_ms, to_ms, estimate_ms }) => {
    const offset = isOfSender ? estimate_ms : 0;
    const [from, to] = [from_ms, to_ms].map((stamp) => {
      const lead = leadAt(stamp - offset, latest);
      latest = Math.max(latest, stamp - offset - lead);
      return offset + lead;
    });
    return { from, to };
  });
  // where two stretches meet, in the middle between what their leads say
  const border = (i: number): number => Math.round(segments[i].from_ms - (ends[i - 1].to + ends[i].from) / 2);
  const meets = (i: number): boolean => i > 0 && i < segments.length && segments[i].from_ms === segments[i - 1].to_ms;
  const moved: Stretch[] = [];
  for (const [i, segment] of segments.entries()) {
    const begin = meets(i) ? border(i) : Math.round(segment.from_ms - ends[i].from);
    const from_ms = Math.max(begin, moved[moved.length - 1]?.to_ms ?? -Infinity);
    const to_ms = meets(i + 1) ? border(i + 1) : Math.round(segment.to_ms - ends[i].to);
    if (to_ms > from_ms) moved.push({ ...segment, from_ms, to_ms });
  }
  return moved;
}

/** Finds the lead of a clock by one of its stamps: of the leads at whose time it lies best, and that put it at or after `latest`. */
function leadFinder(points: readonly ReferencePoint[]): (stamp: number, latest: number) => number {
  const known = points.flatMap(({ at_ms, lead_ms }, i) => {
    const until = points[i + 1]?.at_ms ?? Infinity;
    return lead_ms === null ? [] : [{ from: i === 0 ? -Infinity : at_ms, until, lead: lead_ms }];
  });
  const most = known.reduce((max, { lead }) => Math.max(max, lead), -Infinity);
  const least = known.reduce((min, { lead }) => Math.min(min, lead), Infinity);
  return (stamp, latest) => {
    let low = 0;
    for (let high = known.length; low < high;) {
      const middle = (low + high) >> 1;
      if (known[middle].until < stamp - most - HOUR_MS) low = middle + 1;
      else high = middle;
    }
    let best = { lead: known[Math.min(low, known.length - 1)]?.lead ?? 0, cost: Infinity };
    for (let i = low; i < known.length && known[i].from <= stamp - least + HOUR_MS; i++) {
      const { from, until, lead } = known[i];
      const moment = stamp - lead;
      const cost = Math.max(0, from - moment, moment - until) + Math.max(0, latest - moment);
      if (cost < best.cost) best = { lead, cost };
    }
    return best.lead;
  };
}
