export const BREAKDOWN_BY = ['recipient_domain', 'sender_domain', 'mta', 'verdict', 'state', 'reply'] as const;
export type BreakdownBy = (typeof BREAKDOWN_BY)[number];

/** The delay of the journeys that share one value. */
export interface BreakdownValue {
  value: string | null;
  journeys: number;
  /** those whose duration is known: the figures are theirs */
  count: number;
  sum_ms: number;
  mean_ms: number | null;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  max_ms: number | null;
  /** of the sum of all durations; null when that is not positive */
  share_of_delay: number | null;
}

export interface Breakdown {
  values: BreakdownValue[];
  /** all values that are not listed, together */
  rest: { values: number; journeys: number; count: number; sum_ms: number; share_of_delay: number | null };
}
