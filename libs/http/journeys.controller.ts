import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ClockService } from '../delay/clocks/clock.service';
import { accountsOf, type ClockedAccount } from '../delay/clocks/journey-accounts';
import { JourneyService } from '../delay/journey.service';
import { evidenceRecords } from '../ingest/evidence-records';
import { QueryPool } from '../store/query-pool';
import { displayMessageId } from '../trace/message-id';
import { API_SETTINGS, type ApiSettings } from './api-settings';
import type { Journeys, MessageEvidence, MessageJourneys } from './api-types';
import { cursorOf, placeOf } from './cursor';
import { Documented } from './documented';
import { ProblemError } from './problem-error';
import { badRequest, QueryPipe } from './query.pipe';
import { rangeQuestion } from './range-question';
import * as answers from './schemas/journeys';
import { JourneyQuery, JourneysQuery } from './schemas/requests';
import { supportBundle } from './support-bundle';

const MESSAGE_ID = { name: 'message_id', description: 'with or without angle brackets, encoded for a path' };

/** Single journeys. */
@ApiTags('journeys')
@Controller('api/v1/journeys')
export class JourneysController {
  constructor(
    @Inject(QueryPool) private readonly pool: QueryPool,
    @Inject(ClockService) private readonly clocks: ClockService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Documented({
    summary: 'The journeys that match, a page at a time',
    query: JourneysQuery,
    answer: answers.Journeys,
  })
  async list(@Query(new QueryPipe(JourneysQuery)) query: z.output<typeof JourneysQuery>): Promise<Journeys> {
    const question = rangeQuestion(query);
    const { sort, limit, cursor, search, segment, min_ms: minMs, max_ms: maxMs } = query;
    if (minMs !== undefined && maxMs !== undefined && minMs >= maxMs)
      throw badRequest([{ parameter: 'max_ms', detail: 'max_ms must be greater than min_ms' }]);
    const { journeys, next } = await new JourneyService(
      await this.clocks.storeFor(question.clock, question.filter),
    ).page({
      filter: question.filter,
      sort,
      limit,
      withHops: true,
      search,
      segment,
      minMs,
      maxMs,
      after: cursor === undefined ? undefined : placeOf(cursor, sort),
    });
    return { ...question.head(true), journeys, next_cursor: next && cursorOf(sort, next) };
  }

  @Get(':message_id')
  @ApiParam(MESSAGE_ID)
  @Documented({
    summary: 'One message: every journey hop by hop, the verdict in words, every event with file and line',
    query: JourneyQuery,
    answer: answers.MessageJourneys,
    problems: [404],
  })
  async one(
    @Param('message_id') given: string,
    @Query(new QueryPipe(JourneyQuery)) query: z.output<typeof JourneyQuery>,
  ): Promise<MessageJourneys> {
    const { messageId, journeys, more } = await this.found(given, query);
    return { message_id: journeys[0].message_id ?? messageId, journeys, more };
  }

  @Get(':message_id/evidence')
  @ApiParam(MESSAGE_ID)
  @Documented({
    summary: 'The records of the inputs that the events of a message come from, as they stand in the files',
    query: JourneyQuery,
    answer: answers.MessageEvidence,
    problems: [404],
  })
  async evidence(
    @Param('message_id') given: string,
    @Query(new QueryPipe(JourneyQuery)) query: z.output<typeof JourneyQuery>,
  ): Promise<MessageEvidence> {
    const { messageId, journeys } = await this.found(given, query);
    const events = journeys.flatMap((journey) => journey.events);
    const [{ message_id = messageId }] = journeys;
    return { message_id, records: await evidenceRecords(events, message_id, this.pool.pseudonyms) };
  }

  @Get(':message_id/support-bundle')
  @ApiParam(MESSAGE_ID)
  @Documented({
    summary: 'ZIP for a vendor case: verdict, hops, events, and the lines of the logs that prove them',
    query: JourneyQuery,
    media: 'application/zip',
    problems: [404],
  })
  async bundle(
    @Param('message_id') given: string,
    @Query(new QueryPipe(JourneyQuery)) query: z.output<typeof JourneyQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NodeJS.ReadableStream> {
    const { journeys } = await this.found(given, query);
    const bundle = await supportBundle(journeys, {
      version: this.settings.version,
      now: Date.now(),
      pseudonyms: this.pool.pseudonyms,
    });
    void reply.header('content-type', 'application/zip');
    void reply.header('content-disposition', 'attachment; filename="hoptime-support-bundle.zip"');
    return bundle;
  }

  /** @throws ProblemError 404 where there is none */
  private async found(
    given: string,
    { recipient, limit, clock }: z.output<typeof JourneyQuery>,
  ): Promise<{ messageId: string; journeys: ClockedAccount[]; more: number }> {
    const messageId = displayMessageId(given);
    const asked = { messageId, recipient: recipient ?? '', limit, clock };
    const { journeys, more } = await accountsOf(this.pool, this.clocks, asked);
    if (journeys.length === 0) throw unknown(recipient);
    return { messageId, journeys, more };
  }
}

function unknown(recipient: string | undefined): ProblemError {
  const which = recipient === undefined ? 'this Message-ID' : 'this Message-ID and recipient';
  return new ProblemError(404, `No journey has ${which}: check the spelling, or search the list of journeys.`, {
    parameter: recipient === undefined ? 'message_id' : 'recipient',
  });
}
