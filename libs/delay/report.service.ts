import { type Store } from '../store/store';
import { ClockService, type Clock } from './clocks/clock.service';
import { DelayService, usualInterval } from './delay.service';
import { ParetoService } from './pareto.service';
import { EstimateService } from './in-flight/estimate.service';
import { isoFromStore } from './store-time';
import { filterParameters, FILTER_NAMES, type JourneyFilter } from './journey-filter';
import type { Clause } from './sla/clause';
import { SlaService } from './sla/sla.service';
import { type HopFigures, type Report, type SlowJourney, type TimelinePoint } from './report';

export interface ReportOptions {
  filter: JourneyFilter;
  /** IANA zone of the borders of days and hours */
  timeZone: string;
  version: string;
  /** epoch ms, what `generated_at` says */
  now: number;
  /** clauses of a service level agreement to hold the mail against */
  clauses?: readonly Clause[];
  /** raw when left out */
  clock?: Clock;
}

/** Computes the report of interfaces.md §3. */
export class ReportService {
  constructor(
    private readonly store: Pick<Store, 'rows'>,
    private readonly clocks = new ClockService(store),
  ) {}

  /** The report over the journeys of the filter. Exact: every figure is computed from the journeys themselves. */
  async report(options: ReportOptions): Promise<Report> {
    return (await this.withPlaces(options)).report;
  }

  /** The report, and when each of its slowest journeys begins (epoch ms), by which they are found again. */
  async withPlaces({
    filter,
    timeZone,
    version,
    now,
    clauses = [],
    clock = 'raw',
  }: ReportOptions): Promise<{ report: Report; slowestAt: number[] }> {
    const store = await this.clocks.storeFor(clock, filter);
    const delays = new DelayService(store);
    const isCorrected = clock === 'corrected';
    const { coverage, in_flight, first_at, last_at } = await delays.coverage(filter);
    const segments = await delays.figures(filter);
    const from = filter.from ?? (first_at === null ? null : Date.parse(first_at));
    const to = filter.to ?? (last_at === null ? null : Date.parse(last_at) + 1);
    const interval = from !== null && to !== null && usualInterval(from, to) === 'hour' ? 'hour' : 'day';
    const slowest = await store.rows<SlowJourney & { first_event_at: string }>(
      'queries/report_slowest',
      filterParameters(filter),
    );
    const report: Report = {
      from: from === null ? null : new Date(from).toISOString(),
      to: to === null ? null : new Date(to).toISOString(),
      tz: timeZone,
      clock,
      clock_correction: isCorrected ? await this.clocks.correction(filter) : null,
      raw_segments: isCorrected ? await new DelayService(this.store).figures(filter) : null,
      generated_at: new Date(now).toISOString(),
      version,
      quantiles: 'exact',
      filters: givenFilters(filter),
      coverage,
      in_flight,
      segments,
      estimates: await new EstimateService(store).estimates(filter, segments),
      hops: (await delays.hops(filter)).map(hopOfReport),
      verdicts: await delays.verdicts(filter),
      pareto: await new ParetoService(store).pareto(filter, timeZone),
      slowest: slowest.map(({ message_id, recipient, total_ms, verdict }) => ({
        message_id,
        recipient,
        total_ms,
        verdict,
      })),
      interval,
      timeline: (await delays.timeline(filter, interval, timeZone)).map(pointOfReport),
      sla:
        from === null || to === null
          ? []
          : await new SlaService(store).evaluate(clauses, { from, to }, timeZone, filter),
    };
    return {
      report,
      slowestAt: slowest.map(({ first_event_at }) => Date.parse(isoFromStore(first_event_at) as string)),
    };
  }
}

/** The filters that were given, for the answer. */
export function givenFilters(filter: JourneyFilter): Record<string, string[]> {
  return Object.fromEntries(FILTER_NAMES.flatMap((name) => (filter[name]?.length ? [[name, [...filter[name]]]] : [])));
}

const hopOfReport = ({ mta, product, count, p50_ms, p95_ms, p99_ms, deferrals, ...hop }: HopFigures): HopFigures => ({
  mta,
  product,
  count,
  p50_ms,
  p95_ms,
  p99_ms,
  deferrals,
  share_of_downstream: hop.share_of_downstream,
});

const pointOfReport = ({ at, segment, count, p50_ms, p95_ms, max_ms }: TimelinePoint): TimelinePoint => ({
  at,
  segment,
  count,
  p50_ms,
  p95_ms,
  max_ms,
});
