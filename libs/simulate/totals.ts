import type { TrueJourney } from './truth';

/** Sums over all journeys of truth.ndjson; durations in ms, `count` of a segment = journeys that have a number. */
export interface TruthTotals {
  /** messages made by the model; notifications that hosts wrote are extra */
  messages: number;
  notifications: number;
  journeys: number;
  states: Record<string, number>;
  via_hes: Record<string, number>;
  origins: Record<string, number>;
  verdicts: Record<string, number>;
  segments: Record<(typeof SEGMENTS)[number], { count: number; sum_ms: number; max_ms: number }>;
  deferrals: number;
  hops: Record<string, { count: number; dwell_sum_ms: number; deferrals: number }>;
  /** refusals of HES clients by the gateways, one per recipient and attempt */
  refused_hes: number;
  /** clients refused by block list */
  blocked: number;
}

const SEGMENTS = ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] as const;

export function emptyTotals(): TruthTotals {
  const segment = (): { count: number; sum_ms: number; max_ms: number } => ({ count: 0, sum_ms: 0, max_ms: 0 });
  return {
    messages: 0,
    notifications: 0,
    journeys: 0,
    states: {},
    via_hes: {},
    origins: {},
    verdicts: {},
    segments: {
      hes: segment(),
      hes_processing: segment(),
      hes_waiting: segment(),
      downstream: segment(),
      total: segment(),
    },
    deferrals: 0,
    hops: {},
    refused_hes: 0,
    blocked: 0,
  };
}

export function addJourney(totals: TruthTotals, journey: TrueJourney): void {
  totals.journeys++;
  if (journey.origin === 'notification') totals.notifications++;
  count(totals.states, journey.state);
  count(totals.via_hes, journey.via_hes);
  count(totals.origins, journey.origin);
  if (journey.verdict) count(totals.verdicts, journey.verdict);
  for (const name of SEGMENTS) {
    const value = journey[`${name}_ms`];
    if (value === null) continue;
    const segment = totals.segments[name];
    segment.count++;
    segment.sum_ms += value;
    segment.max_ms = Math.max(segment.max_ms, value);
  }
  totals.deferrals += journey.deferrals;
  for (const hop of journey.hops) {
    const sum = (totals.hops[hop.mta] ??= { count: 0, dwell_sum_ms: 0, deferrals: 0 });
    sum.count++;
    sum.dwell_sum_ms += hop.dwell_ms ?? 0;
    sum.deferrals += hop.deferrals;
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
