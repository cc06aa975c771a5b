import { z } from 'zod';
import { isIanaZone } from '../local-time';
import { readYaml } from '../yaml-data';

const Share = z.number().gt(0).lte(1);
const Milliseconds = z.number().int().min(0);
const Zone = z.string().refine(isIanaZone, 'is no IANA zone, such as Europe/Berlin');
const Moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const Window = z
  .strictObject({ from: Moment, to: Moment })
  .refine(({ from, to }) => from < to, 'a window ends after it begins');

const Exclude = z.strictObject({
  /** time in quarantine is taken off the value (delay model §3) */
  quarantine: z.boolean().default(true),
  /** so is the time that HES waited for the next MTA, which had refused or deferred the mail */
  waiting: z.boolean().default(false),
  recipient_domains: z.array(z.string().toLowerCase()).default([]),
  sender_domains: z.array(z.string().toLowerCase()).default([]),
  larger_than_bytes: Milliseconds.optional(),
  /** maintenance: mail whose first event lies in one is left out */
  windows: z.array(Window).default([]),
});

/** A step of what is due: for a duration the limit that must not be exceeded, for a share the one that must be reached. */
const Tier = z
  .strictObject({ over_ms: Milliseconds.optional(), below_share: Share.optional(), credit: Share.optional() })
  .refine((tier) => (tier.over_ms === undefined) !== (tier.below_share === undefined), 'needs over_ms or below_share');

const Clause = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens'),
    title: z.string().min(1),
    source: z.string().min(1),
    segment: z.enum(['hes', 'hes_processing', 'downstream', 'total']),
    measure: z.enum(['mean', 'percentile', 'share_under']),
    /** of `percentile`: the level, such as 0.95 */
    level: Share.optional(),
    /** of `share_under`: the limit */
    under_ms: Milliseconds.optional(),
    /** only the fastest share of the sample is measured */
    fastest: Share.default(1),
    period: z.enum(['month', 'range']).default('month'),
    zone: Zone.optional(),
    direction: z.enum(['in', 'out']).optional(),
    exclude: Exclude.prefault({}),
    tiers: z.array(Tier).min(1),
  })
  .superRefine(({ measure, level, under_ms, tiers }, context) => {
    const wants = (path: string, right: boolean, message: string): void => {
      if (!right) context.addIssue({ code: 'custom', path: [path], message });
    };
    wants(
      'level',
      (measure === 'percentile') === (level !== undefined),
      'belongs to the measure percentile, which needs it',
    );
    wants(
      'under_ms',
      (measure === 'share_under') === (under_ms !== undefined),
      'belongs to the measure share_under, which needs it',
    );
    const shares = tiers.every(({ below_share }) => below_share !== undefined);
    const limits = tiers.every(({ over_ms }) => over_ms !== undefined);
    wants(
      'tiers',
      measure === 'share_under' ? shares : limits,
      measure === 'share_under' ? 'need below_share' : 'need over_ms',
    );
  });

const File = z.strictObject({ clauses: z.array(Clause).min(1).max(50) });

/** One clause of a service level agreement, as data. Durations in ms, shares 0 … 1. */
export type Clause = z.output<typeof Clause>;
export type Tier = z.output<typeof Tier>;

/** Every problem of a clause file, one sentence each, with its line where there is one. */
export class ClauseError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ClauseError';
  }
}

/** The clauses of a YAML text. `file` is what problems are told under. @throws ClauseError */
export function parseClauses(text: string, file: string): Clause[] {
  const read = readYaml(text, file, File);
  if ('problems' in read) throw new ClauseError(read.problems);
  return read.data.clauses;
}
