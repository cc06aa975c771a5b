import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { storeTime } from '../delay/store-time';
import { QueryPool } from '../store/query-pool';
import type { Audit } from './api-types';
import { Documented } from './documented';
import { QueryPipe } from './query.pipe';
import { Audit as AuditSchema } from './schemas/audit';
import { AuditQuery } from './schemas/requests';

type Entry = Audit['entries'][number];

/** Who read personal data or changed something. Empty at a loopback address, where nobody has a name. */
@ApiTags('operation')
@Controller('api/v1')
export class AuditController {
  constructor(@Inject(QueryPool) private readonly pool: QueryPool) {}

  @Get('audit')
  @Documented({
    summary:
      'Who read personal data or changed something, the newest first; for auditors. Noted where API keys are demanded, not at a loopback address',
    query: AuditQuery,
    answer: AuditSchema,
    problems: [401, 403],
  })
  async audit(@Query(new QueryPipe(AuditQuery)) { from, to, limit }: z.output<typeof AuditQuery>): Promise<Audit> {
    const rows = await this.pool.rows<Entry>('queries/audit_log', { from: storeTime(from), to: storeTime(to), limit });
    return { entries: rows };
  }
}
