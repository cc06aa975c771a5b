import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ClockService } from '../delay/clocks/clock.service';
import { FleetService } from '../delay/fleet.service';
import { InputService } from '../delay/input.service';
import { PropertyBreakdownService } from '../delay/property-breakdown.service';
import { QueryPool } from '../store/query-pool';
import { API_SETTINGS, type ApiSettings } from './api-settings';
import type { CoverageAnswer, Hops, Inputs, Range } from './api-types';
import { Documented } from './documented';
import { QueryPipe } from './query.pipe';
import { rangeQuestion, type RangeQuestion } from './range-question';
import * as answers from './schemas/delays';
import { Inputs as InputsSchema } from './schemas/inputs';
import { InputsQuery, RangeOnlyQuery } from './schemas/requests';

const MOST_TEXT = 2000;

/** The fleet as a whole: its MTAs, how much of its mail is known, what was read. */
@ApiTags('fleet')
@Controller('api/v1')
export class FleetController {
  private readonly fleet: FleetService;
  private readonly rolled: PropertyBreakdownService;
  private readonly read: InputService;

  constructor(
    @Inject(QueryPool) pool: QueryPool,
    @Inject(ClockService) private readonly clocks: ClockService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {
    this.fleet = new FleetService(pool);
    this.rolled = new PropertyBreakdownService(pool);
    this.read = new InputService(pool);
  }

  @Get('range')
  @Documented({
    summary: 'From when to when there are journeys, and whether anything has changed',
    answer: answers.Range,
  })
  async range(): Promise<Range> {
    const { version, verdictThresholdMs } = this.settings;
    const range = await this.fleet.range();
    return { ...range, now: new Date().toISOString(), version, verdict_threshold_ms: verdictThresholdMs };
  }

  @Get('hops')
  @Documented({
    summary: 'Per MTA: count, dwell, deferrals, share of all delay; and which MTA hands mail to which',
    query: RangeOnlyQuery,
    answer: answers.Hops,
  })
  async hops(@Query(new QueryPipe(RangeOnlyQuery)) query: z.output<typeof RangeOnlyQuery>): Promise<Hops> {
    const question = rangeQuestion(query);
    const rolled = question.clock === 'corrected' ? undefined : await this.rolled.hops(question.filter);
    const { hes, hops, links } = rolled ?? (await (await this.fleetOf(question)).hops(question.filter));
    return {
      ...question.head(!rolled),
      hes,
      hops: hops.map(({ mta, product, count, p50_ms, p95_ms, p99_ms, deferrals, sum_ms, ...shares }) => ({
        mta,
        product,
        count,
        p50_ms,
        p95_ms,
        p99_ms,
        deferrals,
        sum_ms,
        share_of_downstream: shares.share_of_downstream,
        share_of_total: shares.share_of_total,
      })),
      links,
    };
  }

  @Get('coverage')
  @Documented({
    summary: 'Of how much mail anything is known: seen by HES, matched after it, complete; unmatched and rejected',
    query: RangeOnlyQuery,
    answer: answers.CoverageAnswer,
  })
  async coverage(
    @Query(new QueryPipe(RangeOnlyQuery)) query: z.output<typeof RangeOnlyQuery>,
  ): Promise<CoverageAnswer> {
    const question = rangeQuestion(query);
    const { coverage, in_flight, matched_complete, unmatched, rejected } = await (
      await this.fleetOf(question)
    ).coverage(question.filter);
    return {
      ...question.head(true),
      coverage,
      in_flight,
      funnel: [
        { step: 'journeys', journeys: coverage.journeys },
        { step: 'via_hes', journeys: coverage.via_hes },
        { step: 'matched_downstream', journeys: coverage.matched_downstream },
        { step: 'complete', journeys: matched_complete },
      ],
      unmatched,
      rejected,
    };
  }

  @Get('inputs')
  @Documented({
    summary: 'What was read and what of it was not understood, by file and reason',
    query: InputsQuery,
    answer: InputsSchema,
  })
  async inputs(@Query(new QueryPipe(InputsQuery)) { file, limit }: z.output<typeof InputsQuery>): Promise<Inputs> {
    const { rejected, ...answer } = await this.read.inputs(file, limit);
    const cut = rejected.map((reason) => ({ ...reason, first_text: reason.first_text.slice(0, MOST_TEXT) }));
    return { ...answer, rejected: cut };
  }

  private async fleetOf({ clock, filter }: RangeQuestion): Promise<FleetService> {
    return clock === 'raw' ? this.fleet : new FleetService(await this.clocks.corrected(filter));
  }
}
