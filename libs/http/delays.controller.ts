import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Breakdown as Answer, type BreakdownBy } from '../delay/breakdown';
import { BreakdownService } from '../delay/breakdown.service';
import { ClockService } from '../delay/clocks/clock.service';
import { type Rows } from '../delay/clocks/corrected-store';
import { CompareService } from '../delay/compare.service';
import { type JourneyFilter } from '../delay/journey-filter';
import { type Bucket, type PerOctave } from '../delay/delay-buckets';
import { DelayService, type FigureSource } from '../delay/delay.service';
import { ESTIMATED, EstimateService, type Estimated } from '../delay/in-flight/estimate.service';
import { type KaplanMeier } from '../delay/in-flight/kaplan-meier';
import { type Segment } from '../delay/report';
import { ParetoService } from '../delay/pareto.service';
import { PropertyBreakdownService } from '../delay/property-breakdown.service';
import { PropertyRollupService } from '../delay/property-rollup.service';
import { type RollupNeeds } from '../delay/rollup-coverage';
import { RollupService } from '../delay/rollup.service';
import { QueryPool } from '../store/query-pool';
import type { Breakdown, Compare, Distribution, Heatmap, Pareto, Summary, Timeline } from './api-types';
import { Documented } from './documented';
import { ProblemError } from './problem-error';
import { badRequest, QueryPipe } from './query.pipe';
import { intervalOf, rangeQuestion, type RangeQuestion } from './range-question';
import * as answers from './schemas/delays';
import * as requests from './schemas/requests';

/** How long mail took, in figures. */
@ApiTags('delays')
@Controller('api/v1/delays')
export class DelaysController {
  private readonly delays: DelayService;
  private readonly properties: PropertyRollupService;
  private readonly breakdowns: PropertyBreakdownService;
  private readonly rollups: RollupService;

  constructor(
    @Inject(QueryPool) pool: QueryPool,
    @Inject(ClockService) private readonly clocks: ClockService,
  ) {
    this.delays = new DelayService(pool);
    this.properties = new PropertyRollupService(pool);
    this.breakdowns = new PropertyBreakdownService(pool);
    this.rollups = new RollupService(pool);
  }

  @Get('summary')
  @Documented({
    summary: 'Quantiles and shares of each segment, with coverage and mail in flight',
    query: requests.SummaryQuery,
    answer: answers.Summary,
  })
  async summary(
    @Query(new QueryPipe(requests.SummaryQuery)) query: z.output<typeof requests.SummaryQuery>,
  ): Promise<Summary> {
    const question = rangeQuestion(query);
    const limitsMs = unique(query.under);
    const { source, filter } = await this.source(question, { limitsMs });
    const isCorrected = question.clock === 'corrected';
    const [{ coverage, in_flight }, segments, verdicts, clock_correction, raw_segments] = await Promise.all([
      source.coverage(filter),
      source.figures(filter, unique(query.segment), limitsMs),
      source.verdicts(filter),
      isCorrected ? this.clocks.correction(filter) : null,
      isCorrected ? this.delays.figures(filter, unique(query.segment), limitsMs) : null,
    ]);
    const estimates = query.estimate
      ? await new EstimateService(await this.rows(question)).estimates(question.filter, segments, limitsMs)
      : null;
    const clocks = { clock_correction, raw_segments };
    return { ...question.head(source.exact), coverage, in_flight, segments, verdicts, estimates, ...clocks };
  }

  @Get('distribution')
  @Documented({
    summary: 'How many journeys took how long: log-spaced buckets from 1 ms to 30 days',
    query: requests.DistributionQuery,
    answer: answers.Distribution,
  })
  async distribution(
    @Query(new QueryPipe(requests.DistributionQuery)) query: z.output<typeof requests.DistributionQuery>,
  ): Promise<Distribution> {
    const question = rangeQuestion(query);
    const segments = unique(query.segment);
    const { source, filter } = await this.source(question);
    const { buckets, cells } = await source.histogram(filter, segments, query.per_octave as PerOctave);
    const curves = query.estimate
      ? await new EstimateService(await this.rows(question)).curves(
          question.filter,
          ESTIMATED.filter((segment) => segments.includes(segment)),
        )
      : null;
    const histogram = (segment: Segment): Distribution['segments'][Segment] => {
      const counts = buckets.map(() => 0);
      for (const cell of cells) if (cell.segment === segment) counts[cell.bucket] = cell.count;
      return {
        count: counts.reduce((sum, count) => sum + count, 0),
        cumulated: cumulated(curves?.get(segment as Estimated), buckets),
        buckets: buckets.map(([lower, upper], i) => [lower, upper, counts[i]]),
      };
    };
    return {
      ...question.head(true),
      per_octave: query.per_octave,
      segments: Object.fromEntries(segments.map((segment) => [segment, histogram(segment)])),
    };
  }

  @Get('timeline')
  @Documented({
    summary: 'Quantiles and count per interval and segment',
    query: requests.TimelineQuery,
    answer: answers.Timeline,
  })
  async timeline(
    @Query(new QueryPipe(requests.TimelineQuery)) query: z.output<typeof requests.TimelineQuery>,
  ): Promise<Timeline> {
    const question = rangeQuestion(query);
    const interval = intervalOf(query.interval, question);
    const { timeZone } = question;
    const { source, filter } = await this.source(question, { timeZone, interval });
    const points = await source.timeline(filter, interval, timeZone, unique(query.segment));
    return { ...question.head(source.exact), interval, points };
  }

  @Get('heatmap')
  @Documented({
    summary: 'Number of journeys per interval and bucket of delay',
    query: requests.HeatmapQuery,
    answer: answers.Heatmap,
  })
  async heatmap(
    @Query(new QueryPipe(requests.HeatmapQuery)) query: z.output<typeof requests.HeatmapQuery>,
  ): Promise<Heatmap> {
    const question = rangeQuestion(query);
    const interval = intervalOf(query.interval, question);
    const segments = unique(query.segment);
    const { timeZone } = question;
    const { source, filter } = await this.source(question, { timeZone, interval });
    const over = { interval, timeZone };
    const { buckets, cells } = await source.histogram(filter, segments, query.per_octave as PerOctave, over);
    const moments = unique(cells.map(({ at_ms }) => at_ms)).sort((a, b) => a - b);
    const indexes = new Map(moments.map((at, i) => [at, i]));
    const cellsOf = (segment: Segment): [number, number, number][] =>
      cells
        .filter((cell) => cell.segment === segment)
        .map(({ at_ms, bucket, count }) => [indexes.get(at_ms) as number, bucket, count]);
    return {
      ...question.head(true),
      interval,
      per_octave: query.per_octave,
      times: moments.map((at) => new Date(at).toISOString()),
      buckets: buckets.map(([lower, upper]) => [lower, upper]),
      segments: Object.fromEntries(segments.map((segment) => [segment, cellsOf(segment)])),
    };
  }

  @Get('breakdown')
  @Documented({
    summary: 'Figures per value of one property, those with the largest share of all delay first',
    query: requests.BreakdownQuery,
    answer: answers.Breakdown,
  })
  async breakdown(
    @Query(new QueryPipe(requests.BreakdownQuery)) query: z.output<typeof requests.BreakdownQuery>,
  ): Promise<Breakdown> {
    const question = rangeQuestion(query);
    const { by, limit } = query;
    const segment = by === 'mta' ? 'downstream' : query.segment;
    const rolled =
      question.clock === 'corrected' ? undefined : await this.rolledBreakdown(question.filter, by, segment, limit);
    const answer =
      rolled ?? (await new BreakdownService(await this.rows(question)).breakdown(question.filter, by, segment, limit));
    return { ...question.head(!rolled), by, segment, ...answer };
  }

  @Get('pareto')
  @Documented({
    summary: 'What made mail late, by share of all delay: of everything, per month, per recipient domain',
    query: requests.RangeOnlyQuery,
    answer: answers.Pareto,
  })
  async pareto(
    @Query(new QueryPipe(requests.RangeOnlyQuery)) query: z.output<typeof requests.RangeOnlyQuery>,
  ): Promise<Pareto> {
    const question = rangeQuestion(query);
    const paretos = new ParetoService(await this.rows(question));
    return { ...question.head(true), ...(await paretos.pareto(question.filter, question.timeZone)) };
  }

  @Get('compare')
  @Documented({
    summary: 'What the slow ones have that the others have not, by dimension, what differs most first',
    query: requests.CompareQuery,
    answer: answers.Compare,
  })
  async compare(
    @Query(new QueryPipe(requests.CompareQuery)) query: z.output<typeof requests.CompareQuery>,
  ): Promise<Compare> {
    const question = rangeQuestion(query);
    const { segment, min_ms: minMs, max_ms: maxMs, limit } = query;
    if (minMs !== undefined && maxMs !== undefined && minMs >= maxMs)
      throw badRequest([{ parameter: 'max_ms', detail: 'max_ms must be greater than min_ms' }]);
    const baseline = baselineOf(query);
    const { filter, timeZone } = question;
    const { min_ms, max_ms, slow, rest, dimensions, not_known } = await new CompareService(
      await this.rows(question),
    ).compare({
      filter,
      segment,
      minMs,
      maxMs,
      baseline,
      timeZone,
      limit,
    });
    return {
      ...question.head(true),
      segment,
      min_ms,
      max_ms,
      slow,
      rest,
      baseline: baseline
        ? { from: new Date(baseline.from).toISOString(), to: new Date(baseline.to).toISOString() }
        : null,
      dimensions,
      not_known,
    };
  }

  private rows({ filter, clock }: RangeQuestion): Promise<Rows> {
    return this.clocks.storeFor(clock, filter);
  }

  /** The rollups where they can answer, else the journeys themselves; and the filter as that source takes it. */
  private async rolledBreakdown(
    filter: JourneyFilter,
    by: BreakdownBy,
    segment: Segment,
    limit: number,
  ): Promise<Answer | undefined> {
    if (by !== 'state' && by !== 'verdict') return this.breakdowns.breakdown(filter, by, segment, limit);
    const served = await this.rollups.serves(filter);
    return served && this.rollups.breakdown(served, by, segment, limit);
  }

  private async source(
    { filter, clock }: RangeQuestion,
    needs: RollupNeeds = {},
  ): Promise<{ source: FigureSource; filter: JourneyFilter }> {
    if (clock === 'corrected') return { source: new DelayService(await this.clocks.corrected(filter)), filter };
    const byProperty = await this.properties.serves(filter, needs);
    if (byProperty) return { source: this.properties, filter: byProperty };
    const rolled = await this.rollups.serves(filter, needs);
    return rolled ? { source: this.rollups, filter: rolled } : { source: this.delays, filter };
  }
}

/** The share that took less than the upper border of each bucket. */
function cumulated(
  curve: KaplanMeier | undefined,
  buckets: readonly Bucket[],
): [number, number, number, number][] | null {
  if (!curve) return null;
  return buckets.flatMap(([, border]) => {
    if (border === null) return [];
    const { value, lower, upper } = curve.shareUnder(border);
    return value === null || lower === null || upper === null ? [] : [[border, value, lower, upper]];
  });
}

function baselineOf(query: z.output<typeof requests.CompareQuery>): { from: number; to: number } | undefined {
  const { baseline_from: from, baseline_to: to } = query;
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) {
    const missing = from === undefined ? 'baseline_from' : 'baseline_to';
    throw new ProblemError(400, `${missing} is missing: a baseline has two ends`, { parameter: missing });
  }
  if (from >= to) throw badRequest([{ parameter: 'baseline_to', detail: 'baseline_to must lie after baseline_from' }]);
  return { from, to };
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
