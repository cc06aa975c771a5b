/** Why a mail has no part in a figure (delay model §6). */
export type LeftOut =
  | 'not_via_hes'
  | 'origin_unknown'
  | 'other_direction'
  | 'domain'
  | 'maintenance'
  | 'size'
  | 'not_delivered'
  | 'in_flight'
  | 'not_matched';

/** One clause over one period, as reports show it. Values are ms for mean and percentile, a share 0 … 1 for share_under; null = cannot be said. */
export interface SlaResult {
  clause: string;
  title: string;
  source: string;
  segment: string;
  measure: 'mean' | 'percentile' | 'share_under';
  level: number | null;
  under_ms: number | null;
  fastest: number;
  /** `2026-03`, or `range` */
  period: string;
  from: string;
  to: string;
  tz: string;
  /** the range that was asked for holds all of the period */
  whole_period: boolean;
  value: number | null;
  /** the value if all mail in flight or not matched had taken no time, and if it had been the slowest; null = no bound */
  best: number | null;
  worst: number | null;
  met: boolean | null;
  /** the hardest step that the value reaches; null where it reaches none */
  tier: { over_ms: number | null; below_share: number | null; credit: number | null } | null;
  /** values of the sample, and how many of them, the fastest, were measured */
  counted: number;
  measured: number;
  left_out: Partial<Record<LeftOut, number>>;
}
