import { type PairSegment } from './pair-segments';

const DAY_MS = 86_400_000;
/** Trend Micro HES: the clock that all others are held against, where it is known. */
const HES = 'hes';

/** All stretches of one pair, in order. */
export interface ClockPair {
  readonly from_mta: string;
  readonly to_mta: string;
  readonly segments: readonly PairSegment[];
}

/** From `at_ms` on the clock is so much ahead of the reference; null: nothing is known. */
export interface LeadPoint {
  readonly at_ms: number;
  readonly lead_ms: number | null;
  readonly lower_ms: number | null;
  readonly upper_ms: number | null;
}

export interface ClockLeads {
  /** the MTA whose clock counts as right; null: no two clocks were compared */
  readonly reference: string | null;
  /** the points of each MTA, in order; those of the reference are one, 0 */
  readonly hosts: ReadonlyMap<string, readonly LeadPoint[]>;
}

interface Edge {
  readonly a: string;
  readonly b: string;
  readonly segments: readonly PairSegment[];
  next: number;
}

/**
 * By how much each clock is ahead of the reference (HES, else the MTA with most transfers), over time: along the pairs whose bounds add up to the least.
 * A stretch without transfers takes the nearest one of its pair, up to a day away.
 */
export function clockLeads(pairs: readonly ClockPair[]): ClockLeads {
  const reference = referenceOf(pairs);
  const hosts = new Map<string, LeadPoint[]>();
  if (reference === null) return { reference, hosts };
  hosts.set(reference, [{ at_ms: 0, lead_ms: 0, lower_ms: 0, upper_ms: 0 }]);
  const edges = pairs.map(({ from_mta: a, to_mta: b, segments }): Edge => ({
    a,
    b,
    segments: bridged(segments),
    next: 0,
  }));
  const moments = edges.flatMap(({ segments }) => segments.flatMap(({ from_ms, to_ms }) => [from_ms, to_ms]));
  const names = [...new Set(pairs.flatMap(({ from_mta, to_mta }) => [from_mta, to_mta]))].filter(
    (name) => name !== reference,
  );
  for (const at_ms of [...new Set(moments)].sort((x, y) => x - y)) {
    const known = nearest(reference, edges, at_ms);
    for (const name of names) {
      const points = hosts.get(name) ?? [];
      const lead = known.get(name);
      const point = {
        at_ms,
        lead_ms: lead?.lead ?? null,
        lower_ms: lead?.lower ?? null,
        upper_ms: lead?.upper ?? null,
      };
      const last = points[points.length - 1];
      const same =
        last && last.lead_ms === point.lead_ms && last.lower_ms === point.lower_ms && last.upper_ms === point.upper_ms;
      if (!same) points.push(point);
      hosts.set(name, points);
    }
  }
  return { reference, hosts };
}

function referenceOf(pairs: readonly ClockPair[]): string | null {
  const sums = new Map<string, number>();
  for (const { from_mta, to_mta, segments } of pairs) {
    const transfers = segments.reduce((sum, segment) => sum + segment.transfers, 0);
    if (transfers === 0) continue;
    for (const name of [from_mta, to_mta]) sums.set(name, (sums.get(name) ?? 0) + transfers);
  }
  if (sums.has(HES)) return HES;
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** The stretches with the gaps between them shared out, and a day on at both ends. */
function bridged(segments: readonly PairSegment[]): PairSegment[] {
  return segments.map((segment, i) => {
    const [before, after] = [segments[i - 1], segments[i + 1]];
    const gapBefore = before ? segment.from_ms - before.to_ms : 2 * DAY_MS;
    const gapAfter = after ? after.from_ms - segment.to_ms : 2 * DAY_MS;
    return {
      ...segment,
      from_ms: segment.from_ms - Math.min(DAY_MS, Math.ceil(gapBefore / 2)),
      to_ms: segment.to_ms + Math.min(DAY_MS, Math.floor(gapAfter / 2)),
    };
  });
}

interface Lead {
  readonly lead: number;
  readonly lower: number;
  readonly upper: number;
}

/** Dijkstra's shortest paths over the width of the bounds at one moment. */
function nearest(reference: string, edges: readonly Edge[], at: number): Map<string, Lead> {
  const neighbours = new Map<string, { to: string; lead: number; lower: number; upper: number }[]>();
  const add = (from: string, to: string, lead: number, lower: number, upper: number): void => {
    const list = neighbours.get(from);
    if (list) list.push({ to, lead, lower, upper });
    else neighbours.set(from, [{ to, lead, lower, upper }]);
  };
  for (const edge of edges) {
    while (edge.next < edge.segments.length && edge.segments[edge.next].to_ms <= at) edge.next++;
    const segment = edge.segments[edge.next];
    if (!segment || segment.from_ms > at) continue;
    const { estimate_ms, lower_ms, upper_ms } = segment;
    add(edge.a, edge.b, estimate_ms, lower_ms, upper_ms);
    add(edge.b, edge.a, -estimate_ms, -upper_ms, -lower_ms);
  }
  const found = new Map<string, Lead>();
  const open = new Map<string, Lead>([[reference, { lead: 0, lower: 0, upper: 0 }]]);
  while (open.size > 0) {
    const [name, lead] = [...open].reduce((best, each) => (width(each[1]) < width(best[1]) ? each : best));
    open.delete(name);
    found.set(name, lead);
    for (const step of neighbours.get(name) ?? []) {
      if (found.has(step.to)) continue;
      const there = { lead: lead.lead + step.lead, lower: lead.lower + step.lower, upper: lead.upper + step.upper };
      const known = open.get(step.to);
      if (!known || width(there) < width(known)) open.set(step.to, there);
    }
  }
  return found;
}

const width = ({ lower, upper }: Lead): number => upper - lower;
