import { Controller, Headers, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { IngestReport } from '../ingest/ingest-report';
import { SOURCES } from '../sources/registry';
import type { IngestAnswer } from './api-types';
import { bodyOf } from './body';
import { Documented } from './documented';
import { badRequest, QueryPipe } from './query.pipe';
import { IngestAnswer as IngestAnswerSchema } from './schemas/inputs';
import { IngestQuery } from './schemas/requests';
import { Uploads } from './uploads';

/** Logs and exports that come over HTTP. */
@ApiTags('input')
@Controller('api/v1/ingest')
export class IngestController {
  constructor(@Inject(Uploads) private readonly uploads: Uploads) {}

  @Post()
  @HttpCode(200)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'the same key and body again get the same answer',
  })
  @Documented({
    summary: 'Reads the body, a log or an export, plain or gzip; answers the books and the number of journeys',
    query: IngestQuery,
    body: ['application/octet-stream', 'text/plain', 'application/gzip'],
    answer: IngestAnswerSchema,
    problems: [409, 413, 415, 422, 429, 507],
  })
  async receive(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(IngestQuery)) query: z.output<typeof IngestQuery>,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<IngestAnswer> {
    const { name = 'upload', format, timezone: timeZone, year, mta } = query;
    if (format !== undefined && !SOURCES.some((source) => source.name === format)) {
      const names = SOURCES.map((source) => source.name).join(', ');
      throw badRequest([{ parameter: 'format', detail: `format must be one of ${names}` }]);
    }
    const options = Object.fromEntries(
      Object.entries({ format, timeZone, year, mta }).filter(([, value]) => value !== undefined),
    );
    const body: Readable = bodyOf(request, ['gzip', 'x-gzip']);
    return answerOf(await this.uploads.receive(body, name, options, key));
  }
}

function answerOf({ files, totals, journeys }: IngestReport): IngestAnswer {
  return {
    files: files.map(({ inputId, rejectedReasons, problem, path, format, warnings, ...books }) => ({
      path,
      format,
      input_id: inputId,
      records: books.records,
      parsed: books.parsed,
      skipped: books.skipped,
      rejected: books.rejected,
      events: books.events,
      rejected_reasons: rejectedReasons.map(({ reason, count, firstLine }) => ({
        reason,
        count,
        first_line: firstLine,
      })),
      warnings,
      problem: problem ?? null,
    })),
    totals,
    journeys,
  };
}
