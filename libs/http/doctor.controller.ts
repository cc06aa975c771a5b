import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { diagnose } from '../diagnose/doctor/doctor';
import { mailDomain } from '../diagnose/doctor/mx-records';
import { QueryPool } from '../store/query-pool';
import { API_SETTINGS, type ApiSettings } from './api-settings';
import type { Diagnosis } from './api-types';
import { Documented } from './documented';
import { badRequest } from './query.pipe';
import { Diagnosis as DiagnosisSchema } from './schemas/diagnosis';

/** The KB's steps 1 and 2: DNS and what the logs say; allow-lists are files, and so for the command line. */
@ApiTags('doctor')
@Controller('api/v1/doctor')
export class DoctorController {
  constructor(
    @Inject(QueryPool) private readonly pool: QueryPool,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get(':domain')
  @ApiParam({
    name: 'domain',
    description: 'mail domain, the part of an address behind the @',
    example: 'corp.example',
  })
  @Documented({
    summary: 'Do the MX records send the mail through HES, and was HES turned away?',
    answer: DiagnosisSchema,
    problems: [400, 503],
  })
  async doctor(@Param('domain') name: string): Promise<Diagnosis> {
    const domain = mailDomain(name);
    if (domain === undefined) {
      const detail = `domain: ${JSON.stringify(name)} is no mail domain: write the part behind the @, as in corp.example`;
      throw badRequest([{ parameter: 'domain', detail }]);
    }
    const { resolver, hesNetworks: networks } = this.settings;
    return diagnose({ domain, resolver, networks, allowLists: [], store: this.pool, now: Date.now() });
  }
}
