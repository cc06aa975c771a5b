import { Controller, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { inspect } from '../diagnose/inspect';
import { API_SETTINGS, type ApiSettings } from './api-settings';
import type { Inspections } from './api-types';
import { bodyOf, bytesOf } from './body';
import { Documented } from './documented';
import { ProblemError } from './problem-error';
import { QueryPipe } from './query.pipe';
import { Inspections as InspectionsSchema } from './schemas/inspection';
import { InspectQuery } from './schemas/requests';

const MOST_BYTES = 32 * 2 ** 20;
const MOST_MAILS = 1000;

/** One mail, without the store. Nothing of it is kept. */
@ApiTags('inspect')
@Controller('api/v1/inspect')
export class InspectController {
  constructor(@Inject(API_SETTINGS) private readonly settings: ApiSettings) {}

  @Post()
  @HttpCode(200)
  @Documented({
    summary:
      'Did this mail pass HES, how long was it held, which hop was slow? EML, Outlook MSG, mbox or pasted header text',
    query: InspectQuery,
    body: [
      'message/rfc822',
      'text/plain',
      'application/mbox',
      'application/vnd.ms-outlook',
      'application/octet-stream',
    ],
    answer: InspectionsSchema,
    problems: [413, 415, 422],
  })
  async inspect(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(InspectQuery)) { timezone: timeZone }: z.output<typeof InspectQuery>,
  ): Promise<Inspections> {
    const bytes = await bytesOf(bodyOf(request), MOST_BYTES);
    if (bytes.length === 0) throw new ProblemError(400, 'The body is empty: send a mail or its header.');
    const thresholdMs = this.settings.verdictThresholdMs;
    const inspections = inspect(bytes, { timeZone, fileTime: Date.now(), thresholdMs });
    if (inspections.length > MOST_MAILS) {
      throw new ProblemError(422, `The file holds more than ${MOST_MAILS} mails: ingest it instead.`);
    }
    return { inspections };
  }
}
