import { z } from 'zod';
import { CLOCKS } from '../../delay/clocks/clock.service';
import { Count, Time } from './figures';

const Value = z.number().nullable();

export const Sla = z
  .object({
    from: Time,
    to: Time,
    tz: z.string(),
    clock: z.enum(CLOCKS),
    clauses: z.array(
      z.object({
        clause: z.string(),
        title: z.string(),
        source: z.string(),
        segment: z.string(),
        measure: z.enum(['mean', 'percentile', 'share_under']),
        level: Value,
        under_ms: Value,
        fastest: z.number(),
        period: z.string().meta({ description: 'a month, 2026-03, or range' }),
        from: Time,
        to: Time,
        tz: z.string(),
        whole_period: z.boolean().meta({ description: 'the range that was asked for holds all of the period' }),
        value: Value.meta({ description: 'ms for mean and percentile, a share for share_under' }),
        best: Value.meta({ description: 'the value if all mail in flight or not matched had taken no time' }),
        worst: Value.meta({ description: 'and if it had been the slowest; null = no bound' }),
        met: z.boolean().nullable(),
        tier: z.object({ over_ms: Value, below_share: Value, credit: Value }).nullable(),
        counted: Count,
        measured: Count,
        left_out: z.record(z.string(), Count),
      }),
    ),
  })
  .meta({ id: 'Sla' });
