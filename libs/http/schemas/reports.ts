import { z } from 'zod';
import { CLOCKS } from '../../delay/clocks/clock.service';
import type { ShownHead } from '../../report/issued/shown-head';
import { DOCUMENT_FORMATS } from '../../report/issued/manifest';
import { Count, Coverage, Text, Time } from './figures';

export const IssuedReport = z
  .object({
    id: z.string().meta({ description: 'SERIES-REVISION' }),
    sequence: Count.meta({ description: 'place in the chain of all reports of the store, from 1' }),
    series: z.string().meta({ description: 'stands for period, zone, clock, filters and clauses' }),
    revision: Count,
    issued_at: Time,
    from: Time,
    to: Time,
    tz: z.string(),
    clock: z.enum(CLOCKS).meta({ description: 'raw figures, or corrected for the clocks' }),
    filters: z.record(z.string(), z.array(z.string())),
    clauses: z.array(z.string()),
    signed: z.boolean(),
    manifest_sha256: z.string(),
    previous: Text.meta({ description: 'the report issued before this one, of whatever period' }),
    formats: z.array(z.enum(DOCUMENT_FORMATS)).meta({ description: 'documents whose hash is in the manifest' }),
    inputs: Count,
    coverage: Coverage,
    changed: z
      .object({ figures: Count, inputs: Count })
      .nullable()
      .meta({ description: 'how much differs from the revision before; null of the first' }),
  } satisfies Record<keyof ShownHead, z.ZodType>)
  .meta({ id: 'IssuedReport' });

export const IssuedReports = z.object({ reports: z.array(IssuedReport) }).meta({ id: 'IssuedReports' });

export const IssueAnswer = z
  .object({
    report: IssuedReport,
    issued: z.boolean().meta({ description: 'false: nothing differs from the last revision, which is answered' }),
  })
  .meta({ id: 'IssueAnswer' });
