import { SHARE_LIMITS_MS, type Distribution } from './report';

/** What the store answers of the durations of one segment, ms. */
export interface SegmentFigures {
  readonly count: number;
  readonly mean_ms: number;
  /** 50, 75, 90, 95, 99 and 99.9 % */
  readonly quantiles_ms: readonly number[];
  readonly max_ms: number;
  /** how many are under each of the limits that were asked for */
  readonly counts_under: readonly number[];
}

/** The figures of a segment as they are reported; undefined: no journey has a duration of it. */
export function distributionOf(figures: SegmentFigures | undefined, limitsMs: readonly number[]): Distribution {
  const [p50_ms, p75_ms, p90_ms, p95_ms, p99_ms, p999_ms] = figures?.quantiles_ms ?? Array<null>(6).fill(null);
  return {
    count: figures?.count ?? 0,
    mean_ms: figures?.mean_ms ?? null,
    p50_ms,
    p75_ms,
    p90_ms,
    p95_ms,
    p99_ms,
    p999_ms,
    max_ms: figures?.max_ms ?? null,
    share_under: Object.fromEntries(
      limitsMs.map((limit, i) => [limit, figures ? figures.counts_under[i] / figures.count : null]),
    ),
  };
}

/** Of what rollups count under {@link SHARE_LIMITS_MS}, that of the limits asked for: they serve no others. */
export const atLimits = (counts: readonly number[], limitsMs: readonly number[]): number[] =>
  limitsMs.map((limit) => counts[SHARE_LIMITS_MS.findIndex((known) => known === limit)]);
