import { type Store } from '../store/store';
import { bucketIndexes, delayBuckets, type Bucket, type PerOctave } from './delay-buckets';
import { distributionOf, type SegmentFigures } from './distribution';
import { filterParameters, isFiltered, type JourneyFilter } from './journey-filter';
import {
  SEGMENTS,
  SHARE_LIMITS_MS,
  type Coverage,
  type Distribution,
  type HopFigures,
  type Segment,
  type TimelinePoint,
} from './report';
import { isoFromStore } from './store-time';

export const INTERVALS = ['hour', 'day', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

const HOURLY_UP_TO_MS = 2 * 24 * 3_600_000;

/** Hours for a range of up to two days, else days. */
export const usualInterval = (fromMs: number, toMs: number): Interval =>
  toMs - fromMs <= HOURLY_UP_TO_MS ? 'hour' : 'day';

/** Counts that stand beside every figure. */
export interface CoverageFigures {
  coverage: Coverage;
  in_flight: { count: number; oldest_at: string | null };
  /** via HES, found again after it, and complete or relayed: the end of the funnel */
  matched_complete: number;
  /** first and last first event of the journeys, ISO 8601 UTC */
  first_at: string | null;
  last_at: string | null;
}

/** An MTA after HES: what the report says of it, and the dwell of all its hops together. */
export type HopSums = HopFigures & {
  mean_ms: number | null;
  max_ms: number | null;
  sum_ms: number | null;
  known: number;
};

/** A histogram per interval and segment, without empty cells. */
export interface HistogramCell {
  at_ms: number;
  segment: Segment;
  /** index in `buckets` */
  bucket: number;
  count: number;
}

interface CoverageRow extends Omit<Coverage, 'via_hes'> {
  via_hes_yes: number;
  matched_complete: number;
  first_at: string | null;
  last_at: string | null;
  oldest_in_flight_at: string | null;
}
interface SegmentRow extends SegmentFigures {
  segment: Segment;
}
interface TimelineRow {
  at_ms: number;
  segment: Segment;
  count: number;
  mean_ms: number;
  quantiles_ms: number[];
  max_ms: number;
}
interface HopRow {
  mta: string;
  product: string | null;
  count: number;
  dwell_count: number;
  mean_ms: number | null;
  max_ms: number | null;
  quantiles_ms: number[];
  deferrals: number;
  dwell_sum_ms: number | null;
}

export type TimelineFigures = TimelinePoint & { mean_ms: number; p99_ms: number };

/** Where figures of a range come from: the journeys themselves, or the rollups. */
export interface FigureSource {
  /** whether quantiles are the nearest rank itself */
  readonly exact: boolean;
  coverage(filter: JourneyFilter): Promise<CoverageFigures>;
  verdicts(filter: JourneyFilter): Promise<Record<string, number>>;
  figures<S extends Segment = Segment>(
    filter: JourneyFilter,
    segments?: readonly S[],
    limitsMs?: readonly number[],
  ): Promise<Record<S, Distribution>>;
  timeline(
    filter: JourneyFilter,
    interval: Interval,
    timeZone: string,
    segments?: readonly Segment[],
  ): Promise<TimelineFigures[]>;
  histogram(
    filter: JourneyFilter,
    segments: readonly Segment[],
    perOctave: PerOctave,
    over?: { interval: Interval; timeZone: string },
  ): Promise<{ buckets: Bucket[]; cells: HistogramCell[] }>;
}

/** The numbers of the fleet (delay model §6), each computed from the journeys themselves. Report, API and dashboard ask here. */
export class DelayService implements FigureSource {
  readonly exact = true;

  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** How many journeys there are, of which origin and state. */
  async coverage(filter: JourneyFilter): Promise<CoverageFigures> {
    const [row] = await this.store.rows<CoverageRow>('queries/report_coverage', filterParameters(filter));
    const { via_hes_yes, matched_complete, first_at, last_at, oldest_in_flight_at, journeys, ...rest } = row;
    return {
      coverage: { journeys, via_hes: via_hes_yes, ...rest },
      in_flight: { count: row.in_flight, oldest_at: isoFromStore(oldest_in_flight_at) },
      matched_complete,
      first_at: isoFromStore(first_at),
      last_at: isoFromStore(last_at),
    };
  }

  /** The distribution of each segment asked, with the shares strictly under the limits (ms). A segment without any value has a count of 0. */
  async figures<S extends Segment = Segment>(
    filter: JourneyFilter,
    segments: readonly S[] = SEGMENTS as readonly Segment[] as readonly S[],
    limitsMs: readonly number[] = SHARE_LIMITS_MS,
  ): Promise<Record<S, Distribution>> {
    const rows = await this.store.rows<SegmentRow>('queries/report_segments', {
      ...filterParameters(filter),
      segments,
      limits_ms: limitsMs,
    });
    const bySegment = new Map<Segment, SegmentRow>(rows.map((row) => [row.segment, row]));
    const entries = segments.map((name) => [name, distributionOf(bySegment.get(name), limitsMs)]);
    return Object.fromEntries(entries) as Record<S, Distribution>;
  }

  /** Journeys by verdict, the commonest first; those without a verdict are left out. */
  async verdicts(filter: JourneyFilter): Promise<Record<string, number>> {
    const parameters = filterParameters(filter);
    const rows = await this.store.rows<{ verdict: string; count: number }>('queries/report_verdicts', parameters);
    return Object.fromEntries(rows.map(({ verdict, count }) => [verdict, count]));
  }

  /** The segments over time, in hours, days or months of an IANA zone. Intervals without a value are left out. */
  async timeline(
    filter: JourneyFilter,
    interval: Interval,
    timeZone: string,
    segments: readonly Segment[] = SEGMENTS,
  ): Promise<TimelineFigures[]> {
    const parameters = { ...filterParameters(filter), interval, tz: timeZone, segments };
    const rows = await this.store.rows<TimelineRow>('queries/report_timeline', parameters);
    return rows.map(({ at_ms, segment, count, mean_ms, quantiles_ms: [p50_ms, p95_ms, p99_ms], max_ms }) => ({
      at: new Date(at_ms).toISOString(),
      segment,
      count,
      mean_ms,
      p50_ms,
      p95_ms,
      p99_ms,
      max_ms,
    }));
  }

  /** Counts per bucket of delay, and per interval where one is given (else `at_ms` is 0), by time, segment and bucket. */
  async histogram(
    filter: JourneyFilter,
    segments: readonly Segment[],
    perOctave: PerOctave,
    over?: { interval: Interval; timeZone: string },
  ): Promise<{ buckets: Bucket[]; cells: HistogramCell[] }> {
    const buckets = delayBuckets(perOctave);
    const rows = await this.store.rows<{ at_ms: number; segment: Segment; lower_ms: number; count: number }>(
      'queries/delay_histogram',
      {
        ...filterParameters(filter),
        segments,
        per_octave: perOctave,
        interval: over?.interval ?? '',
        tz: over?.timeZone ?? 'UTC',
      },
    );
    return { buckets, cells: cellsOf(rows, buckets) };
  }

  /** The MTAs after HES, the one where mail spent most time first. A hop that several journeys share counts once. */
  async hops(filter: JourneyFilter): Promise<HopSums[]> {
    const rows = await this.store.rows<HopRow>('queries/report_hops', {
      ...filterParameters(filter),
      filtered: isFiltered(filter) ? 1 : 0,
    });
    const total = rows.reduce((sum, row) => sum + (row.dwell_sum_ms ?? 0), 0);
    return rows.map((row) => {
      const [p50_ms, p95_ms, p99_ms] = row.dwell_count === 0 ? [null, null, null] : row.quantiles_ms;
      return {
        mta: row.mta,
        product: row.product,
        count: row.count,
        p50_ms,
        p95_ms,
        p99_ms,
        deferrals: row.deferrals,
        share_of_downstream: total > 0 && row.dwell_sum_ms !== null ? row.dwell_sum_ms / total : null,
        mean_ms: row.mean_ms,
        max_ms: row.max_ms,
        sum_ms: row.dwell_sum_ms,
        known: row.dwell_count,
      };
    });
  }
}

/** Rows of a histogram, by time, segment and lower border, as cells. Values beyond the last border have several lower borders and one bucket. */
export function cellsOf(
  rows: readonly { at_ms: number; segment: Segment; lower_ms: number; count: number }[],
  buckets: readonly Bucket[],
): HistogramCell[] {
  const indexOf = bucketIndexes(buckets);
  const cells: HistogramCell[] = [];
  for (const { at_ms, segment, lower_ms, count } of rows) {
    const bucket = indexOf(lower_ms);
    const last = cells[cells.length - 1];
    if (last && last.at_ms === at_ms && last.segment === segment && last.bucket === bucket) last.count += count;
    else cells.push({ at_ms, segment, bucket, count });
  }
  return cells;
}
