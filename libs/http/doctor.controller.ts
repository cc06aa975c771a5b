import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { basename } from 'node:path';
import type { z } from 'zod';
import type { AllowListFile } from '../diagnose/allow-list/allow-list';
import { allowListOf } from '../diagnose/allow-list/read-allow-list';
import { diagnose } from '../diagnose/doctor/doctor';
import { mailDomain } from '../diagnose/doctor/mx-records';
import { encodingOf } from '../sources/readers/text-encoding';
import { QueryPool } from '../store/query-pool';
import { API_SETTINGS, type ApiSettings } from './api-settings';
import type { Diagnosis } from './api-types';
import { bodyOf, bytesOf } from './body';
import { Documented } from './documented';
import { ProblemError } from './problem-error';
import { badRequest, QueryPipe } from './query.pipe';
import { Diagnosis as DiagnosisSchema } from './schemas/diagnosis';
import { AllowListQuery, DoctorQuery } from './schemas/requests';

const MOST_BYTES = 2 ** 20;
const DOMAIN = {
  name: 'domain',
  description: 'mail domain, the part of an address behind the @',
  example: 'corp.example',
};

/** The KB's steps 1 and 2: DNS, an allow-list that is sent along, and what the logs say. */
@ApiTags('doctor')
@Controller('api/v1/doctor')
export class DoctorController {
  constructor(
    @Inject(QueryPool) private readonly pool: QueryPool,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get(':domain')
  @ApiParam(DOMAIN)
  @Documented({
    summary: 'Do the MX records send the mail through HES, and was HES turned away?',
    query: DoctorQuery,
    answer: DiagnosisSchema,
    problems: [400, 503],
  })
  doctor(
    @Param('domain') name: string,
    @Query(new QueryPipe(DoctorQuery)) range: z.output<typeof DoctorQuery>,
  ): Promise<Diagnosis> {
    return this.diagnosis(name, [], range);
  }

  /** Nothing of the list is kept, and no file that it names is read. */
  @Post(':domain')
  @HttpCode(200)
  @ApiParam(DOMAIN)
  @Documented({
    summary:
      'The same, and does this allow-list let HES in? CIDR list, Postfix main.cf or cidr table, Exchange connectors as JSON or CSV',
    query: AllowListQuery,
    body: ['text/plain', 'text/csv', 'application/json', 'application/octet-stream'],
    answer: DiagnosisSchema,
    problems: [400, 413, 415, 503],
  })
  async check(
    @Req() request: FastifyRequest,
    @Param('domain') name: string,
    @Query(new QueryPipe(AllowListQuery)) { name: file = 'allow-list', ...range }: z.output<typeof AllowListQuery>,
  ): Promise<Diagnosis> {
    const bytes = await bytesOf(bodyOf(request), MOST_BYTES);
    if (bytes.length === 0) throw new ProblemError(400, 'The body is empty: send an allow-list.');
    const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
    return this.diagnosis(name, [allowListOf(basename(file), text, true)], range);
  }

  private diagnosis(
    name: string,
    allowLists: AllowListFile[],
    range: z.output<typeof DoctorQuery>,
  ): Promise<Diagnosis> {
    const domain = mailDomain(name);
    if (domain === undefined) {
      const detail = `domain: ${JSON.stringify(name)} is no mail domain: write the part behind the @, as in corp.example`;
      throw badRequest([{ parameter: 'domain', detail }]);
    }
    const { resolver, hesNetworks: networks } = this.settings;
    return diagnose({ domain, resolver, networks, allowLists, range, store: this.pool, now: Date.now() });
  }
}
