import { readFileSync } from 'node:fs';
import { Cron } from 'croner';
import { z } from 'zod';
import { ConfigError } from '../../config/config';
import { CLOCKS, type Clock } from '../../delay/clocks/clock.service';
import { FILTER_NAMES, type FilterName } from '../../delay/journey-filter';
import { isIanaZone } from '../../delay/local-time';
import { ClauseError, type Clause } from '../../delay/sla/clause';
import { readClauses } from '../../delay/sla/shipped';
import { readYaml } from '../../delay/yaml-data';
import { errorCode } from '../../sources/readers/input-problem';

/** A report that is issued by itself. */
export interface Schedule {
  readonly name: string;
  /** cron expression of five fields, or of six with seconds before, in `zone` */
  readonly cron: string;
  /** the last whole one before the run is reported */
  readonly period: 'month' | 'week';
  /** IANA zone of the cron expression and of the borders of the period */
  readonly zone: string;
  readonly clauses: readonly Clause[];
  readonly clock: Clock;
  /** issued as a PDF too, by an installed Chromium */
  readonly pdf: boolean;
  readonly filters: Readonly<Partial<Record<FilterName, readonly string[]>>>;
}

/** Every problem of a file of schedules, one sentence each. */
export class ScheduleError extends ConfigError {}

const Filters = z.partialRecord(z.enum(FILTER_NAMES), z.array(z.string().min(1)).min(1));
const File = z.strictObject({
  schedules: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens'),
        cron: z.string().refine(isCron, 'is no cron expression such as "0 6 2 * *"'),
        period: z.enum(['month', 'week']),
        zone: z.string().refine(isIanaZone, 'is no IANA zone, such as Europe/Berlin').default('UTC'),
        /** clause files, or names of those that come along */
        sla: z.array(z.string()).default([]),
        clock: z.enum(CLOCKS).default('raw'),
        pdf: z.boolean().default(false),
        filters: Filters.default({}),
      }),
    )
    .min(1)
    .max(100)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two schedules have one name'),
});

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** The schedules of a YAML file. @throws ScheduleError */
export function readSchedules(path: string): Schedule[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ScheduleError([`REPORT_SCHEDULES: ${path} cannot be read (${errorCode(error)})`]);
  }
  const read = readYaml(text, path, File);
  if ('problems' in read) throw new ScheduleError(read.problems);
  return read.data.schedules.map(({ sla, ...schedule }) => ({
    ...schedule,
    clauses: sla.flatMap((file) => clausesOf(schedule.name, file)),
  }));
}

function clausesOf(name: string, file: string): Clause[] {
  try {
    return readClauses(file);
  } catch (error) {
    if (error instanceof ClauseError) throw new ScheduleError([`schedule ${name}: ${error.message}`]);
    throw error;
  }
}
