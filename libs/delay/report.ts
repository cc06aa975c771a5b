import type { Clock, ClockCorrection } from './clocks/clock.service';
import type { Estimates } from './in-flight/estimate.service';
import type { SlaResult } from './sla/sla';
import type { Pareto } from './pareto';

/** The segments of a report, in the order in which they are shown (delay model §2 and §3). */
export const SEGMENTS = ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] as const;
export type Segment = (typeof SEGMENTS)[number];

/** The column that holds the duration of a segment. */
export const durationColumn = (segment: Segment): string => `${segment}_ms`;

/** Limits of `share_under`, in milliseconds: the 1, 5 and 10 minutes of Trend's SLA clause (delay model §6). */
export const SHARE_LIMITS_MS = [60_000, 300_000, 600_000] as const;

/** One distribution. Durations are whole milliseconds, exact, quantiles by nearest rank; null without any value. */
export interface Distribution {
  count: number;
  mean_ms: number | null;
  p50_ms: number | null;
  p75_ms: number | null;
  p90_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  p999_ms: number | null;
  max_ms: number | null;
  /** limit in ms → share of values strictly under it */
  share_under: Record<string, number | null>;
}

export interface Coverage {
  journeys: number;
  via_hes: number;
  not_via_hes: number;
  unknown: number;
  /** journeys via HES that were found again in the log of an MTA after it */
  matched_downstream: number;
  complete: number;
  relayed: number;
  in_flight: number;
  bounced: number;
  rejected: number;
  expired: number;
  quarantined: number;
  deleted: number;
  /** records of all inputs that should have been understood and were not; they have no time, so the range does not limit them */
  rejected_records: number;
}

export interface HopFigures {
  mta: string;
  product: string | null;
  count: number;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  deferrals: number;
  /** share of the time that mail spent inside all MTAs after HES */
  share_of_downstream: number | null;
}

export interface SlowJourney {
  message_id: string | null;
  recipient: string | null;
  total_ms: number;
  verdict: string | null;
}

export interface TimelinePoint {
  /** first moment of the day or hour, ISO 8601 UTC */
  at: string;
  segment: Segment;
  count: number;
  p50_ms: number;
  p95_ms: number;
  max_ms: number;
}

/** The report of interfaces.md §3: the same figures in every format. */
export interface Report {
  /** the range as given, else the first event and one millisecond past the last; null when there is nothing */
  from: string | null;
  to: string | null;
  tz: string;
  clock: Clock;
  /** with corrected clocks: how large the correction is */
  clock_correction: ClockCorrection | null;
  /** with corrected clocks: the segments as the logs say them */
  raw_segments: Record<Segment, Distribution> | null;
  generated_at: string;
  version: string;
  /** how the quantiles were computed (delay model §6) */
  quantiles: 'exact';
  /** the filters that were given */
  filters: Record<string, readonly string[]>;
  coverage: Coverage;
  in_flight: { count: number; oldest_at: string | null };
  segments: Record<Segment, Distribution>;
  /** the same with mail in flight counted in, and bounds of the shares */
  estimates: Estimates;
  hops: HopFigures[];
  verdicts: Record<string, number>;
  pareto: Pareto;
  slowest: SlowJourney[];
  interval: 'hour' | 'day';
  timeline: TimelinePoint[];
  /** clauses of a service level agreement over their periods; none unless asked for */
  sla: SlaResult[];
}
