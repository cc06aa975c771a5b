import { z } from 'zod';
import { CLOCKS } from '../../delay/clocks/clock.service';
import { BREAKDOWN_BY } from '../../delay/breakdown';
import { FILTER_CHOICES, VERDICT_FORM } from '../../delay/journey-filter';
import { isIanaZone } from '../../delay/local-time';
import { SEGMENTS, SHARE_LIMITS_MS } from '../../delay/report';
import { MONTH_FORM } from '../../delay/sla/periods';
import { parseBound } from '../../delay/time-range';

/**
 * Parameters of the requests of interfaces.md §5. A parameter whose schema is an array may be repeated (`state=complete&state=relayed`);
 * those with `commas` may be given as one list with commas as well. Every other parameter is given once. What no schema names is refused.
 */

/** ISO 8601 (a day, or a time; without offset it is UTC) → epoch milliseconds. */
const time = (description: string) =>
  z
    .string()
    .transform((text, context) => {
      const parsed = parseBound(text, 'UTC');
      if (typeof parsed === 'number') return parsed;
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    })
    .meta({ description, format: 'date-time', example: '2026-03-02T00:00:00.000Z' });

/** Text of digits → number within bounds. */
const whole = (least: number, most: number, description: string) =>
  z
    .string()
    .refine((text) => /^-?\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number)
    .meta({ description, type: 'integer', minimum: least, maximum: most });

/** The same, which may be left out. */
const wholeOr = (initial: number, least: number, most: number, description: string) =>
  whole(least, most, description).default(initial).meta({ default: initial });

const domain = z.string().min(1).max(253);
const list = <T extends z.ZodType>(item: T, description: string) => z.array(item).min(1).max(100).meta({ description });
const choices = (name: 'direction' | 'state' | 'via_hes') => z.enum(FILTER_CHOICES[name] as [string, ...string[]]);

export const TIME_ZONE = z
  .string()
  .refine(isIanaZone, { error: 'must be an IANA time zone such as Europe/Berlin' })
  .meta({ description: 'IANA zone of the borders of hours, days and months', example: 'Europe/Berlin' });

const filters = {
  recipient_domain: list(domain, 'only journeys to these domains; `unknown` finds those without').optional(),
  sender_domain: list(domain, 'only journeys from these domains; `unknown` finds those without').optional(),
  mta: list(z.string().min(1).max(255), 'only journeys with a hop at one of these MTAs').optional(),
  direction: list(choices('direction'), 'only these directions').optional(),
  state: list(choices('state'), 'only these states (delay model §3)').optional(),
  verdict: list(
    z.string().max(300).regex(VERDICT_FORM, {
      error:
        'must be none, hes_processing, hes_waiting_on_downstream, downstream, downstream:MTA, upstream, not_via_hes or unknown',
    }),
    'only these verdicts; `downstream` alone means any MTA',
  ).optional(),
  via_hes: list(choices('via_hes'), 'only journeys that passed HES, did not, or whose origin is unknown').optional(),
};

const range = {
  from: time('first moment of the range: a journey lies in the range that contains its first event'),
  to: time('first moment after the range'),
  tz: TIME_ZONE.default('UTC'),
  clock: z.enum(CLOCKS).default('raw').meta({
    description:
      '`raw` as the logs say it; `corrected`: every stamp minus the lead of its clock over that of HES (docs/clocks.md). Corrected figures are computed from the journeys themselves',
  }),
};

/** Range, zone, clock and filters: the parameters of every question about many journeys. */
export const RANGE_QUERY = { ...range, ...filters };

const SEGMENT = z.enum(SEGMENTS);
const segments = list(SEGMENT, 'segments, as a list with commas or repeated; all of them when left out')
  .default([...SEGMENTS])
  .meta({ commas: true });
const oneSegment = SEGMENT.default('total').meta({ description: 'the segment whose durations are compared' });
const INTERVAL = z.enum(['hour', 'day', 'month']);

export const RangeOnlyQuery = z.strictObject(RANGE_QUERY);

export const ClocksQuery = z.strictObject({
  from: range.from,
  to: range.to,
  mta: list(z.string().min(1).max(255), 'only pairs with one of these MTAs').optional(),
});

const estimate = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true')
  .meta({
    description: 'true: with the estimates that count mail in flight in (Kaplan–Meier) and bounds of the shares',
  });

export const SummaryQuery = z.strictObject({
  ...RANGE_QUERY,
  segment: segments,
  under: list(
    whole(1, 2_592_000_000, 'ms'),
    'limits of `share_under` in ms, as a list with commas or repeated; 60000, 300000 and 600000 when left out',
  )
    .max(10)
    .default([...SHARE_LIMITS_MS])
    .meta({ commas: true }),
  estimate,
});

const perOctave = z
  .enum(['1', '2', '4'])
  .default('4')
  .transform(Number)
  .meta({ description: 'buckets per doubling of the delay' });

export const DistributionQuery = z.strictObject({ ...RANGE_QUERY, segment: segments, per_octave: perOctave, estimate });

const interval = INTERVAL.optional().meta({
  description: 'hour, day or month in `tz`; without: hours for a range up to two days, else days',
});

export const TimelineQuery = z.strictObject({ ...RANGE_QUERY, segment: segments, interval });

export const HeatmapQuery = z.strictObject({ ...RANGE_QUERY, segment: segments, interval, per_octave: perOctave });

export const BreakdownQuery = z.strictObject({
  ...RANGE_QUERY,
  by: z.enum(BREAKDOWN_BY).meta({
    description: 'what to group by. `mta` groups the hops after HES and sums their dwell; `reply` groups SMTP replies',
  }),
  segment: oneSegment,
  limit: wholeOr(20, 1, 500, 'so many values, those with the largest share of the total delay first'),
});

export const CompareQuery = z.strictObject({
  ...RANGE_QUERY,
  segment: oneSegment,
  min_ms: whole(
    -86_400_000,
    2_592_000_000,
    'slow is what took at least this long; without: the slowest 5 %',
  ).optional(),
  max_ms: whole(-86_400_000, 2_592_000_000, 'and less than this').optional(),
  baseline_from: time('compare with this range instead of the rest of the same one').optional(),
  baseline_to: time('first moment after the baseline').optional(),
  limit: wholeOr(10, 1, 50, 'so many values per dimension'),
});

export const JourneysQuery = z.strictObject({
  ...RANGE_QUERY,
  sort: z.enum(['time', 'slowest']).default('time').meta({ description: '`slowest`: by total_ms, the longest first' }),
  search: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'a whole Message-ID, or a whole address of sender or recipient' }),
  segment: oneSegment,
  min_ms: whole(-86_400_000, 2_592_000_000, 'only where the segment took at least this long').optional(),
  max_ms: whole(-86_400_000, 2_592_000_000, 'and less than this').optional(),
  limit: wholeOr(50, 1, 1000, 'journeys per page'),
  cursor: z.string().max(200).optional().meta({ description: '`next_cursor` of the page before' }),
});

export const JourneyQuery = z.strictObject({
  clock: range.clock,
  recipient: z.string().min(1).max(320).optional().meta({ description: 'only the journey to this address' }),
  limit: wholeOr(20, 1, 200, 'so many of its journeys (one per recipient), the slowest first'),
});

export const InputsQuery = z.strictObject({
  file: z.string().min(1).max(4096).optional().meta({ description: 'only this file: its path, or the end of it' }),
  limit: wholeOr(500, 1, 5000, 'so many inputs, the newest first, and so many reasons'),
});

export const IngestQuery = z.strictObject({
  name: z.string().min(1).max(200).optional().meta({ description: 'name under which the upload is shown' }),
  format: z.string().min(1).max(100).optional().meta({ description: 'input format; detected when left out' }),
  timezone: TIME_ZONE.optional().meta({ description: 'IANA zone of stamps without offset' }),
  year: whole(1970, 2200, 'year of stamps without one').optional(),
  mta: z.string().min(1).max(255).optional().meta({ description: 'name of the MTA, when the log does not say it' }),
});

export const InspectQuery = z.strictObject({
  timezone: TIME_ZONE.optional().meta({ description: 'IANA zone of stamps without offset' }),
});

export const AuditQuery = z.strictObject({
  from: time('first moment'),
  to: time('first moment after the range'),
  limit: wholeOr(100, 1, 1000, 'most entries, the newest first'),
});

const clauses = list(
  z.string().min(1).max(64),
  'names of clause files that come with the program, as a list with commas or repeated',
).max(10);

export const SlaQuery = z.strictObject({
  ...RANGE_QUERY,
  clauses: clauses.default(['trend-hes-2019']).meta({ commas: true }),
});

export const IssueQuery = z.strictObject({
  ...RANGE_QUERY,
  from: range.from.optional(),
  to: range.to.optional(),
  month: z
    .string()
    .regex(MONTH_FORM, { error: 'must be a month such as 2026-03' })
    .optional()
    .meta({ description: 'the calendar month in `tz`, instead of from and to', example: '2026-03' }),
  clauses: clauses.default([]).meta({ commas: true }),
  pdf: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      description:
        'true: as a PDF too, which the manifest then has the hash of; printed by an installed Chromium (501 without)',
    }),
});

export const ReportsQuery = z.strictObject({
  limit: wholeOr(200, 1, 1000, 'so many reports, the newest first'),
});

export const DocumentQuery = z.strictObject({
  format: z.enum(['html', 'pdf', 'csv', 'json', 'manifest', 'signature']).default('html').meta({
    description: 'a PDF that was not issued is printed from the HTML, and no manifest has its hash',
  }),
});

export const DoctorQuery = z
  .object({
    from: time('of the logs only what happened at or after this time').optional(),
    to: time('and before this time').optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    error: 'must lie after from',
    path: ['to'],
  });

/** `name` only tells what the text is (`main.cf`); no file of that name is looked for. */
export const AllowListQuery = DoctorQuery.safeExtend({
  name: z
    .string()
    .min(1)
    .max(255)
    .meta({ description: 'name of the list in the answer', example: 'main.cf' })
    .optional(),
});
