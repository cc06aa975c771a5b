import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { lastLead } from '../delay/clocks/clock-leads';
import { ClockService } from '../delay/clocks/clock.service';
import type { Clocks } from './api-types';
import { Documented } from './documented';
import { badRequest, QueryPipe } from './query.pipe';
import { Clocks as ClocksSchema } from './schemas/clocks';
import { ClocksQuery } from './schemas/requests';

const iso = (ms: number): string => new Date(ms).toISOString();

/** What the transfers say of the clocks of the MTAs. */
@ApiTags('fleet')
@Controller('api/v1')
export class ClocksController {
  constructor(@Inject(ClockService) private readonly clocks: ClockService) {}

  @Get('clocks')
  @Documented({
    summary: 'Offset between the clocks of each pair of MTAs, hour by hour with bounds; jumps and drifts',
    query: ClocksQuery,
    answer: ClocksSchema,
  })
  async answer(@Query(new QueryPipe(ClocksQuery)) query: z.output<typeof ClocksQuery>): Promise<Clocks> {
    const { from, to, mta = [] } = query;
    if (from >= to) throw badRequest([{ parameter: 'to', detail: 'to must lie after from' }]);
    const { pairs, leads } = await this.clocks.clocks({ from, to });
    const names = mta.map((name) => name.toLowerCase());
    const wanted = pairs.filter(
      (pair) => names.length === 0 || names.some((name) => name === pair.from_mta || name === pair.to_mta),
    );
    return {
      from: iso(from),
      to: iso(to),
      reference: leads.reference,
      pairs: wanted.map(({ from_mta, to_mta, transfers, hours }) => ({
        from_mta,
        to_mta,
        transfers,
        from_resolution_ms: hours[hours.length - 1].from_resolution_ms,
        to_resolution_ms: hours[hours.length - 1].to_resolution_ms,
        hours: hours.map(({ at_ms, transfers: n, offset_ms, estimate_ms, lower_ms, upper_ms }) => ({
          at: iso(at_ms),
          transfers: n,
          offset_ms,
          estimate_ms,
          lower_ms,
          upper_ms,
        })),
      })),
      hosts: [...leads.hosts].map(([name, points]) => {
        const { hour_ms, ...lead } = lastLead(points, to);
        return { mta: name, at: hour_ms === null ? null : iso(hour_ms), ...lead };
      }),
      changes: wanted
        .flatMap(({ changes }) => changes)
        .sort((a, b) => a.from_ms - b.from_ms)
        .map(({ from_ms, to_ms, ...change }) => ({ ...change, from: iso(from_ms), to: iso(to_ms) })),
    };
  }
}
