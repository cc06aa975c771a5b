import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ClockService } from '../delay/clocks/clock.service';
import { readClauses, shippedNames } from '../delay/sla/shipped';
import { SlaService } from '../delay/sla/sla.service';
import type { Sla } from './api-types';
import { Documented } from './documented';
import { badRequest, QueryPipe } from './query.pipe';
import { rangeQuestion } from './range-question';
import { SlaQuery } from './schemas/requests';
import { Sla as SlaSchema } from './schemas/sla';

/** Names of clause files that come with the program: a path from outside is none. @throws ProblemError 400 */
export function shippedClauses(names: readonly string[]): readonly string[] {
  const known = shippedNames();
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return names;
  throw badRequest([{ parameter: 'clauses', detail: `${JSON.stringify(wrong)} is none of ${known.join(', ')}` }]);
}

/** Clauses of service level agreements. Clauses of one's own are files, and so for the command line. */
@ApiTags('delays')
@Controller('api/v1')
export class SlaController {
  constructor(@Inject(ClockService) private readonly clocks: ClockService) {}

  @Get('sla')
  @Documented({
    summary: 'Clauses that come with the program, held against the mail of each month of the range',
    query: SlaQuery,
    answer: SlaSchema,
  })
  async sla(@Query(new QueryPipe(SlaQuery)) query: z.output<typeof SlaQuery>): Promise<Sla> {
    const { clauses: names, ...range } = query;
    const { filter, timeZone, clock, head } = rangeQuestion(range);
    const service = new SlaService(await this.clocks.storeFor(clock, filter));
    const { from, to, tz } = head(true);
    return {
      from,
      to,
      tz,
      clock,
      clauses: await service.evaluate(shippedClauses(names).flatMap(readClauses), filter, timeZone, filter),
    };
  }
}
