import { z } from 'zod';
import { Count, Text, Time } from './figures';

export const Audit = z
  .object({
    entries: z.array(
      z.object({
        at: Time,
        key_id: Text.meta({ description: 'null: no key was given, or none that is known' }),
        key_name: Text,
        role: Text,
        address: z.string(),
        method: z.string(),
        route: z.string(),
        target: z.string().meta({ description: 'what was asked: path and query, or the SQL' }),
        status: Count.nullable().meta({ description: 'of the answer; null for SQL that was let in' }),
      }),
    ),
  })
  .meta({ id: 'Audit' });
