import { z } from 'zod';
import { type ClockChange } from '../../delay/clocks/clock-changes';
import { Count, Ms, Text, Time } from './figures';

const Hour = z.object({
  at: Time.meta({ description: 'first moment of the hour, by the clock of to_mta' }),
  transfers: Count,
  offset_ms: z.number().int().meta({ description: 'median of the transfers' }),
  estimate_ms: z.number().int().meta({ description: 'by how much the clock of to_mta is ahead' }),
  lower_ms: z.number().int(),
  upper_ms: z.number().int(),
});

export const ClockChangeAnswer = z
  .object({
    kind: z.enum(['jump', 'drift']),
    from_mta: z.string(),
    to_mta: z.string(),
    from: Time,
    to: Time,
    change_ms: z.number().int().meta({ description: 'by how much the clock of to_mta went ahead in that time' }),
    per_day_ms: Ms.meta({ description: 'of a drift' }),
    sentence: z.string(),
  } satisfies Record<Exclude<keyof ClockChange, 'from_ms' | 'to_ms'>, z.ZodType> & Record<string, z.ZodType>)
  .meta({ id: 'ClockChange' });

export const Clocks = z
  .object({
    from: Time,
    to: Time,
    reference: Text.meta({ description: 'MTA whose clock counts as right; null: no two clocks were compared' }),
    pairs: z
      .array(
        z.object({
          from_mta: z.string().meta({ description: 'who handed the mail over' }),
          to_mta: z.string().meta({ description: 'who took it' }),
          transfers: Count,
          from_resolution_ms: z.number().int().meta({ description: 'of the stamps, as last seen' }),
          to_resolution_ms: z.number().int(),
          hours: z.array(Hour).meta({ description: 'hours in which mail passed from one to the other' }),
        }),
      )
      .meta({ description: 'the pair with most transfers first' }),
    hosts: z
      .array(
        z.object({
          mta: z.string(),
          at: Time.nullable().meta({
            description:
              'first moment of the last hour of the range with transfers; null of the reference, and where there are none on the way to it',
          }),
          lead_ms: Ms.meta({
            description: 'by how much its clock is ahead of that of the reference in that hour; null: not known',
          }),
          lower_ms: Ms,
          upper_ms: Ms,
        }),
      )
      .meta({ description: 'what corrected figures rest on' }),
    changes: z.array(ClockChangeAnswer).meta({ description: 'jumps and drifts that the offsets show, by time' }),
  })
  .meta({ id: 'Clocks' });
