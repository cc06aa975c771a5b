import { type Store } from '../store/store';
import { filterParameters, FILTER_NAMES, isFiltered, type JourneyFilter } from './journey-filter';
import {
  SEGMENTS,
  SHARE_LIMITS_MS,
  type Coverage,
  type Distribution,
  type HopFigures,
  type Report,
  type Segment,
  type SlowJourney,
  type TimelinePoint,
} from './report';
import { isoFromStore } from './store-time';

const HOURLY_UP_TO_MS = 2 * 24 * 3_600_000;

export interface ReportOptions {
  filter: JourneyFilter;
  /** IANA zone of the borders of days and hours */
  timeZone: string;
  version: string;
  /** epoch ms, what `generated_at` says */
  now: number;
}

interface CoverageRow extends Omit<Coverage, 'via_hes'> {
  via_hes_yes: number;
  first_at: string | null;
  last_at: string | null;
  oldest_in_flight_at: string | null;
}
interface SegmentRow {
  segment: Segment;
  count: number;
  mean_ms: number;
  quantiles_ms: number[];
  max_ms: number;
  counts_under: number[];
}
interface TimelineRow {
  at_ms: number;
  segment: Segment;
  count: number;
  quantiles_ms: number[];
  max_ms: number;
}
interface HopRow {
  mta: string;
  product: string | null;
  count: number;
  dwell_count: number;
  quantiles_ms: number[];
  deferrals: number;
  dwell_sum_ms: number | null;
}

/** Computes the figures of the fleet (delay model §6) in the store. */
export class ReportService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** The report over the journeys of the filter. Exact: every figure is computed from the journeys themselves. */
  async report({ filter, timeZone, version, now }: ReportOptions): Promise<Report> {
    const parameters = filterParameters(filter);
    const [counts] = await this.store.rows<CoverageRow>('queries/report_coverage', parameters);
    const { via_hes_yes, first_at, last_at, oldest_in_flight_at, ...others } = counts;
    const from = filter.from ?? (first_at === null ? null : Date.parse(isoFromStore(first_at) as string));
    const to = filter.to ?? (last_at === null ? null : Date.parse(isoFromStore(last_at) as string) + 1);
    const interval = from !== null && to !== null && to - from <= HOURLY_UP_TO_MS ? 'hour' : 'day';
    return {
      from: from === null ? null : new Date(from).toISOString(),
      to: to === null ? null : new Date(to).toISOString(),
      tz: timeZone,
      clock: 'raw',
      generated_at: new Date(now).toISOString(),
      version,
      quantiles: 'exact',
      filters: Object.fromEntries(FILTER_NAMES.flatMap((name) => (filter[name]?.length ? [[name, filter[name]]] : []))),
      coverage: coverageOf(others, via_hes_yes),
      in_flight: { count: counts.in_flight, oldest_at: isoFromStore(oldest_in_flight_at) },
      segments: await this.segments(parameters),
      hops: await this.hops({ ...parameters, filtered: isFiltered(filter) ? 1 : 0 }),
      verdicts: await this.verdicts(parameters),
      slowest: await this.store.rows<SlowJourney>('queries/report_slowest', parameters),
      interval,
      timeline: await this.timeline({ ...parameters, interval, tz: timeZone }),
      sla: [],
    };
  }

  private async segments(parameters: Record<string, unknown>): Promise<Record<Segment, Distribution>> {
    const rows = await this.store.rows<SegmentRow>('queries/report_segments', parameters);
    const bySegment = new Map(rows.map((row) => [row.segment, row]));
    return Object.fromEntries(SEGMENTS.map((name) => [name, distribution(bySegment.get(name))])) as Record<
      Segment,
      Distribution
    >;
  }

  private async hops(parameters: Record<string, unknown>): Promise<HopFigures[]> {
    const rows = await this.store.rows<HopRow>('queries/report_hops', parameters);
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
      };
    });
  }

  private async verdicts(parameters: Record<string, unknown>): Promise<Record<string, number>> {
    const rows = await this.store.rows<{ verdict: string; count: number }>('queries/report_verdicts', parameters);
    return Object.fromEntries(rows.map(({ verdict, count }) => [verdict, count]));
  }

  private async timeline(parameters: Record<string, unknown>): Promise<TimelinePoint[]> {
    const rows = await this.store.rows<TimelineRow>('queries/report_timeline', parameters);
    return rows.map(({ at_ms, segment, count, quantiles_ms, max_ms }) => ({
      at: new Date(at_ms).toISOString(),
      segment,
      count,
      p50_ms: quantiles_ms[0],
      p95_ms: quantiles_ms[1],
      max_ms,
    }));
  }
}

function coverageOf(others: Omit<Coverage, 'via_hes'>, via_hes: number): Coverage {
  const { journeys, ...rest } = others;
  return { journeys, via_hes, ...rest };
}

function distribution(row: SegmentRow | undefined): Distribution {
  const [p50_ms, p75_ms, p90_ms, p95_ms, p99_ms, p999_ms] = row?.quantiles_ms ?? Array<null>(6).fill(null);
  return {
    count: row?.count ?? 0,
    mean_ms: row?.mean_ms ?? null,
    p50_ms,
    p75_ms,
    p90_ms,
    p95_ms,
    p99_ms,
    p999_ms,
    max_ms: row?.max_ms ?? null,
    share_under: Object.fromEntries(
      SHARE_LIMITS_MS.map((limit, i) => [limit, row ? row.counts_under[i] / row.count : null]),
    ),
  };
}
