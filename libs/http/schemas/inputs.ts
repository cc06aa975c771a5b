import { z } from 'zod';
import { Count, OptionalTime, Text, Time } from './figures';

const books = { records: Count, parsed: Count, skipped: Count, rejected: Count, events: Count };

export const Inputs = z
  .object({
    inputs: z.array(
      z.object({
        input_id: z.string(),
        path: z.string(),
        format: z.string(),
        state: z.enum(['reading', 'read']),
        correlated: z.boolean().meta({ description: 'the journeys show its events' }),
        ...books,
        problem: Text.meta({ description: 'why it was not read to its end, and what to do' }),
        ingested_at: Time,
      }),
    ),
    totals: z
      .object({ inputs: Count, ...books })
      .meta({ description: 'of all inputs that match, also beyond `limit`' }),
    rejected: z
      .array(
        z.object({
          file: z.string(),
          source: Text,
          reason: z.string(),
          count: Count,
          first_line: Count,
          first_text: z
            .string()
            .meta({ description: 'the first of them as it stands in the file, cut at 2,000 characters' }),
        }),
      )
      .meta({ description: 'what was not understood, by file and reason, the commonest first' }),
    changed_at: OptionalTime,
    removed: z
      .array(z.object({ cause: z.enum(['retention', 'erase']), what: z.string(), removed: Count, last_at: Time }))
      .meta({ description: 'what `RETENTION_DAYS` and `hoptime erase` took out of which table' }),
  })
  .meta({ id: 'Inputs' });

export const IngestAnswer = z
  .object({
    files: z.array(
      z.object({
        path: z.string(),
        format: Text,
        input_id: Text,
        ...books,
        rejected_reasons: z.array(z.object({ reason: z.string(), count: Count, first_line: Count })),
        warnings: z.array(z.string()),
        problem: Text,
      }),
    ),
    totals: z.object({ files: Count, ...books }),
    journeys: z.record(z.string(), Count).meta({ description: '`total`, and the number in each state' }),
  })
  .meta({ id: 'IngestAnswer' });
