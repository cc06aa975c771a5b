import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { QueryPool } from '../store/query-pool';
import type { Health } from './api-types';
import { Documented } from './documented';
import { Metrics } from './metrics';
import { Health as HealthSchema } from './schemas/problem';

/** Probes and measurements, for those who run the server. */
@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(
    @Inject(QueryPool) private readonly pool: QueryPool,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get(['health/live', 'api/v1/health/live'])
  @Documented({ summary: 'The process answers', answer: HealthSchema })
  live(): Health {
    return { status: 'ok' };
  }

  @Get(['health/ready', 'api/v1/health/ready'])
  @Documented({ summary: 'The store answers, so questions will be answered', answer: HealthSchema })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    try {
      await this.pool.rows({ sql: 'SELECT 1 AS one' });
      return { status: 'ok' };
    } catch {
      void reply.status(503);
      const { outage } = this.pool;
      return { status: 'unavailable', detail: `the store does not answer${outage ? `: ${outage.reason}` : ''}` };
    }
  }

  @Get(['metrics', 'api/v1/metrics'])
  @Documented({ summary: 'Measurements of this process in the text format of Prometheus', media: 'text/plain' })
  async measurements(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
