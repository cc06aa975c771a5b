import { alongDrift } from './along-drift';
import { byOwnStamps } from './own-stamps';
import { type PairSegment } from './pair-segments';
import { inReferenceTime, type ReferencePoint, type Stretch } from './reference-time';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a bad clock gains: 1000 parts per million, 3.6 s an hour, and at least a second. */
const WORST_DRIFT = 0.001;
const LEAST_GAIN_MS = 1000;
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
  /** there were transfers at that time on all the way from the reference */
  readonly seen: boolean;
  /** near a jump: the lead on its other side, where the stamp may belong as well; else null */
  readonly other_ms: number | null;
}

export interface ClockLeads {
  /** the MTA whose clock counts as right; null: no two clocks were compared */
  readonly reference: string | null;
  /** the points of each MTA, in order; those of the reference are one, 0 */
  readonly hosts: ReadonlyMap<string, readonly LeadPoint[]>;
}

/**
 * By how much each clock is ahead of the reference (HES, else the MTA with most transfers), over time: along the pairs whose bounds add up to the least.
 * A stretch without transfers takes the nearest one of its pair, up to a day away. Clocks that are minutes apart say different times of one moment, so pairs
 * are put together in the time of the reference, those near to it first, and only then told by each clock's own stamps.
 */
export function clockLeads(pairs: readonly ClockPair[]): ClockLeads {
  const reference = referenceOf(pairs);
  if (reference === null) return { reference, hosts: new Map() };
  const away = distances(reference, pairs);
  const edges: Edge[] = [];
  for (let distance = 0; ; distance++) {
    const own = pairs.filter(({ from_mta, to_mta }) => nearer(away, from_mta, to_mta) === distance);
    if (own.length === 0) break;
    const known = leadsOver(reference, edges);
    for (const { from_mta: a, to_mta: b, segments } of own) {
      const isOfSender = away.get(a) === distance;
      const leads = known.get(isOfSender ? a : b) ?? [];
      edges.push({ a, b, segments: inReferenceTime(bridged(alongDrift(segments)), leads, isOfSender), next: 0 });
    }
  }
  const hosts = [...leadsOver(reference, edges)].map(([name, points]): [string, LeadPoint[]] => [
    name,
    name === reference ? points.map((point) => ({ ...point, other_ms: null })) : byOwnStamps(points),
  ]);
  return { reference, hosts: new Map(hosts) };
}

/** How many pairs lead from the reference to each MTA that it is connected with. */
function distances(reference: string, pairs: readonly ClockPair[]): Map<string, number> {
  const away = new Map([[reference, 0]]);
  for (let distance = 1, more = true; more; distance++) {
    more = false;
    for (const { from_mta, to_mta } of pairs) {
      for (const [near, far] of [
        [from_mta, to_mta],
        [to_mta, from_mta],
      ]) {
        if (away.get(near) !== distance - 1 || away.has(far)) continue;
        away.set(far, distance);
        more = true;
      }
    }
  }
  return away;
}

const nearer = (away: ReadonlyMap<string, number>, a: string, b: string): number =>
  Math.min(away.get(a) ?? Infinity, away.get(b) ?? Infinity);

/** The leads of all clocks that the edges reach, in the time of the reference. */
function leadsOver(reference: string, edges: readonly Edge[]): Map<string, ReferencePoint[]> {
  const origin = { at_ms: 0, lead_ms: 0, lower_ms: 0, upper_ms: 0, seen: true };
  const hosts = new Map<string, ReferencePoint[]>([[reference, [origin]]]);
  const moments = edges.flatMap(({ segments }) => segments.flatMap(({ from_ms, to_ms }) => [from_ms, to_ms]));
  const names = [...new Set(edges.flatMap(({ a, b }) => [a, b]))].filter((name) => name !== reference);
  for (const edge of edges) edge.next = 0;
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
        seen: lead?.allSeen ?? false,
      };
      const last = points[points.length - 1];
      const same =
        last?.lead_ms === point.lead_ms &&
        last.lower_ms === point.lower_ms &&
        last.upper_ms === point.upper_ms &&
        last.seen === point.seen;
      if (!same) points.push(point);
      hosts.set(name, points);
    }
  }
  return hosts;
}

/** What is known last of a clock before a time, and of which hour it is: the last one with transfers; of none where all that is known was bridged. */
export interface LastLead extends Pick<LeadPoint, 'lead_ms' | 'lower_ms' | 'upper_ms'> {
  /** epoch ms of the first moment of the hour; null of the reference, and where nothing was seen */
  readonly hour_ms: number | null;
}

/** The lead of a clock in the last hour before `to_ms` that has transfers, so that bounds are not those of a time in which nobody looked. */
export function lastLead(points: readonly LeadPoint[], to_ms: number): LastLead {
  const seen = points.findLastIndex((point) => point.seen && point.at_ms < to_ms);
  const point = points[seen] ?? points.findLast(({ at_ms, lead_ms }) => at_ms < to_ms && lead_ms !== null);
  if (!point) return { hour_ms: null, lead_ms: null, lower_ms: null, upper_ms: null };
  const { lead_ms, lower_ms, upper_ms } = point;
  const end = Math.min(to_ms, points[seen + 1]?.at_ms ?? to_ms);
  const isReference = points.length === 1 && point.at_ms === 0;
  const hour_ms = seen < 0 || isReference ? null : Math.floor((end - 1) / HOUR_MS) * HOUR_MS;
  return { hour_ms, lead_ms, lower_ms, upper_ms };
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

/**
 * The stretches, and between them and a day on at both ends what the nearest one says. Nobody has looked there: the bounds are wider by what a bad clock
 * may gain in that time, so that a way along pairs with fresh transfers is taken where there is one.
 */
function bridged(segments: readonly PairSegment[]): Stretch[] {
  return segments.flatMap((segment, i) => {
    const [before, after] = [segments[i - 1], segments[i + 1]];
    const gapBefore = before ? segment.from_ms - before.to_ms : 2 * DAY_MS;
    const gapAfter = after ? after.from_ms - segment.to_ms : 2 * DAY_MS;
    const from_ms = segment.from_ms - Math.min(DAY_MS, Math.ceil(gapBefore / 2));
    const to_ms = segment.to_ms + Math.min(DAY_MS, Math.floor(gapAfter / 2));
    return [
      ...(from_ms < segment.from_ms ? [unseen(segment, from_ms, segment.from_ms)] : []),
      { ...segment, seen: true },
      ...(segment.to_ms < to_ms ? [unseen(segment, segment.to_ms, to_ms)] : []),
    ];
  });
}

function unseen(segment: PairSegment, from_ms: number, to_ms: number): Stretch {
  const gained = LEAST_GAIN_MS + Math.ceil((to_ms - from_ms) * WORST_DRIFT);
  return {
    ...segment,
    seen: false,
    from_ms,
    to_ms,
    lower_ms: segment.lower_ms - gained,
    upper_ms: segment.upper_ms + gained,
  };
}

interface Edge {
  readonly a: string;
  readonly b: string;
  readonly segments: readonly Stretch[];
  next: number;
}

interface Lead {
  readonly lead: number;
  readonly lower: number;
  readonly upper: number;
  /** the last step to it is one that was seen */
  readonly seen: boolean;
  /** all steps to it are */
  readonly allSeen: boolean;
}

/**
 * Dijkstra's shortest paths over the width of the bounds at one moment; but a step that nobody has seen is taken only where no other leads on. So clocks that
 * exchange mail stay right to each other, even where their distance to the reference is old.
 */
function nearest(reference: string, edges: readonly Edge[], at: number): Map<string, Lead> {
  const neighbours = new Map<string, (Omit<Lead, 'allSeen'> & { to: string })[]>();
  const add = (from: string, to: string, lead: number, lower: number, upper: number, seen: boolean): void => {
    const list = neighbours.get(from);
    if (list) list.push({ to, lead, lower, upper, seen });
    else neighbours.set(from, [{ to, lead, lower, upper, seen }]);
  };
  for (const edge of edges) {
    while (edge.next < edge.segments.length && edge.segments[edge.next].to_ms <= at) edge.next++;
    const segment = edge.segments[edge.next];
    if (!segment || segment.from_ms > at) continue;
    const { estimate_ms, lower_ms, upper_ms, seen } = segment;
    add(edge.a, edge.b, estimate_ms, lower_ms, upper_ms, seen);
    add(edge.b, edge.a, -estimate_ms, -upper_ms, -lower_ms, seen);
  }
  const found = new Map<string, Lead>();
  const open = new Map<string, Lead>([[reference, { lead: 0, lower: 0, upper: 0, seen: true, allSeen: true }]]);
  while (open.size > 0) {
    const [name, lead] = [...open].reduce((best, each) => (isNearer(each[1], best[1]) ? each : best));
    open.delete(name);
    found.set(name, lead);
    for (const step of neighbours.get(name) ?? []) {
      if (found.has(step.to)) continue;
      const there = {
        lead: lead.lead + step.lead,
        lower: lead.lower + step.lower,
        upper: lead.upper + step.upper,
        seen: step.seen,
        allSeen: lead.allSeen && step.seen,
      };
      const known = open.get(step.to);
      if (!known || isNearer(there, known)) open.set(step.to, there);
    }
  }
  return found;
}

const isNearer = (a: Lead, b: Lead): boolean => (a.seen !== b.seen ? a.seen : a.upper - a.lower < b.upper - b.lower);
