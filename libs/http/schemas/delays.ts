import { z } from 'zod';
import { BREAKDOWN_BY } from '../../delay/breakdown';
import { DIMENSIONS } from '../../delay/comparison';
import {
  ClockCorrection,
  Count,
  Coverage,
  InFlight,
  Ms,
  RangeHead,
  SegmentEstimate,
  SegmentFigures,
  SegmentName,
  Share,
  Text,
  Time,
} from './figures';

export const Summary = z
  .object({
    ...RangeHead,
    coverage: Coverage,
    in_flight: InFlight,
    segments: z.partialRecord(SegmentName, SegmentFigures),
    verdicts: z.record(z.string(), Count).meta({ description: 'journeys by verdict; undecided ones are left out' }),
    estimates: z.partialRecord(SegmentName, SegmentEstimate).nullable().meta({ description: 'with estimate=true' }),
    clock_correction: ClockCorrection.nullable().meta({ description: 'with clock=corrected: how large it is' }),
    raw_segments: z
      .partialRecord(SegmentName, SegmentFigures)
      .nullable()
      .meta({ description: 'with clock=corrected: the same figures as the logs say them' }),
  })
  .meta({ id: 'Summary' });

/** Half-open [lower_ms, upper_ms); null = no border. The first two buckets hold negative values (clock skew) and 0. */
const BucketBorders = z.tuple([Ms, Ms]);

export const Distribution = z
  .object({
    ...RangeHead,
    per_octave: z.number().int(),
    segments: z
      .partialRecord(
        SegmentName,
        z.object({
          count: Count,
          cumulated: z
            .array(z.tuple([z.number().int(), z.number(), z.number(), z.number()]))
            .nullable()
            .meta({
              description:
                'with estimate=true: [upper_ms, share under it, lower, upper] at the upper border of each bucket, with mail in flight counted in (Kaplan–Meier, 99 % band); null for hes_processing and hes_waiting',
            }),
          buckets: z
            .array(z.tuple([Ms, Ms, Count]))
            .meta({ description: '[lower_ms, upper_ms, count], the same borders for every segment, empty ones too' }),
        }),
      )
      .meta({ description: 'one histogram per segment asked' }),
  })
  .meta({ id: 'Distribution' });

export const TimelinePoint = z
  .object({
    at: Time.meta({ description: 'first moment of the interval' }),
    segment: SegmentName,
    count: Count,
    mean_ms: z.number().int(),
    p50_ms: z.number().int(),
    p95_ms: z.number().int(),
    p99_ms: z.number().int(),
    max_ms: z.number().int(),
  })
  .meta({ id: 'TimelinePoint' });

const Interval = z.enum(['hour', 'day', 'month']);

export const Timeline = z
  .object({
    ...RangeHead,
    interval: Interval,
    points: z
      .array(TimelinePoint)
      .meta({ description: 'by time, then segment; intervals without a value are left out' }),
  })
  .meta({ id: 'Timeline' });

export const Heatmap = z
  .object({
    ...RangeHead,
    interval: Interval,
    per_octave: z.number().int(),
    times: z.array(Time).meta({ description: 'first moments of the intervals that hold anything' }),
    buckets: z
      .array(BucketBorders)
      .meta({ description: 'the buckets of /delays/distribution with the same per_octave' }),
    segments: z.partialRecord(
      SegmentName,
      z
        .array(z.tuple([Count, Count, Count]))
        .meta({ description: '[index in times, index in buckets, count]; cells without a journey are left out' }),
    ),
  })
  .meta({ id: 'Heatmap' });

export const BreakdownValue = z
  .object({
    value: Text.meta({ description: 'null where it is not known' }),
    journeys: Count.meta({ description: 'all of them; of `mta`: its hops' }),
    count: Count.meta({ description: 'those whose duration is known' }),
    sum_ms: Count,
    mean_ms: Ms,
    p50_ms: Ms,
    p95_ms: Ms,
    p99_ms: Ms,
    max_ms: Ms,
    share_of_delay: Share.meta({ description: 'share of the sum of all durations' }),
  })
  .meta({ id: 'BreakdownValue' });

export const Breakdown = z
  .object({
    ...RangeHead,
    by: z.enum(BREAKDOWN_BY),
    segment: SegmentName,
    values: z.array(BreakdownValue).meta({ description: 'the largest share first' }),
    rest: z
      .object({ values: Count, journeys: Count, count: Count, sum_ms: Count, share_of_delay: Share })
      .meta({ description: 'all values beyond `limit` together' }),
  })
  .meta({ id: 'Breakdown' });

const ParetoFigures = {
  journeys: Count.meta({ description: 'all whose total is known, late or not' }),
  delay_ms: z.number().int().meta({ description: 'total_ms of these journeys together' }),
  causes: z
    .array(
      z.object({
        verdict: z.string(),
        journeys: Count,
        delay_ms: z.number().int(),
        share_of_delay: Share.meta({ description: 'of the delay of all mail, late or not' }),
        cumulated_share: Share.meta({ description: 'of this cause and all before it' }),
      }),
    )
    .meta({ description: 'verdicts of late mail, the largest share first' }),
};

export const Pareto = z
  .object({
    ...RangeHead,
    ...ParetoFigures,
    months: z.array(z.object({ at: Time, ...ParetoFigures })),
    domains: z
      .array(z.object({ recipient_domain: z.string(), ...ParetoFigures }))
      .meta({ description: 'the 20 recipient domains with the largest delay' }),
  })
  .meta({ id: 'Pareto' });

const ComparedValue = z
  .object({
    value: Text,
    slow: Count.meta({ description: 'slow journeys with this value' }),
    rest: Count.meta({ description: 'other journeys with this value' }),
    share_of_slow: z.number(),
    share_of_rest: z.number(),
    difference: z.number().meta({ description: 'share_of_slow − share_of_rest' }),
    surely: z.number().meta({
      description:
        'what remains of the difference, nearer to 0, at the end of its 95 % interval (0: may be chance). Values are ranked by it',
    }),
  })
  .meta({ id: 'ComparedValue' });

export const Compare = z
  .object({
    ...RangeHead,
    segment: SegmentName,
    min_ms: Ms.meta({ description: 'slow is what took at least this long; null: there is nothing to compare' }),
    max_ms: Ms,
    slow: Count.meta({ description: 'number of slow journeys' }),
    rest: Count.meta({ description: 'number of journeys they are compared with' }),
    baseline: z
      .object({ from: Time, to: Time })
      .nullable()
      .meta({ description: 'range of the others; null: the rest of the same range' }),
    dimensions: z
      .array(
        z.object({
          dimension: z.enum(DIMENSIONS),
          score: z.number().min(0).max(1).meta({ description: 'the largest `surely` of its values' }),
          known: z
            .object({ slow: Count, rest: Count })
            .meta({ description: 'journeys whose value is known: shares are of these' }),
          values: z.array(ComparedValue),
        }),
      )
      .meta({ description: 'what differs most first' }),
    not_known: z.array(z.enum(DIMENSIONS)).meta({ description: 'dimensions of which the inputs say nothing' }),
  })
  .meta({ id: 'Compare' });

export const HopFigures = z
  .object({
    mta: z.string(),
    product: Text,
    count: Count,
    p50_ms: Ms,
    p95_ms: Ms,
    p99_ms: Ms,
    deferrals: Count,
    sum_ms: Ms.meta({ description: 'dwell of all its hops together' }),
    share_of_downstream: Share.meta({ description: 'of the time that mail spent inside all MTAs after HES' }),
    share_of_total: Share.meta({ description: 'of that and the time that HES held it' }),
  })
  .meta({ id: 'HopFigures' });

export const Hops = z
  .object({
    ...RangeHead,
    hes: z
      .object({ count: Count, p50_ms: Ms, p95_ms: Ms, p99_ms: Ms, sum_ms: Ms, share_of_total: Share })
      .meta({ description: 'the segment `hes`, beside the MTAs after it' }),
    hops: z.array(HopFigures).meta({ description: 'MTAs after HES, the largest sum first' }),
    links: z
      .array(
        z.object({
          mta: z.string().meta({ description: '`hes` or an MTA after it' }),
          next_mta: Text.meta({ description: 'null: the journey ends here' }),
          journeys: Count,
          transfer_p50_ms: Ms,
          transfer_p95_ms: Ms,
        }),
      )
      .meta({ description: 'which MTA hands mail to which: the path picture' }),
  })
  .meta({ id: 'Hops' });

export const CoverageAnswer = z
  .object({
    ...RangeHead,
    coverage: Coverage,
    in_flight: InFlight,
    funnel: z
      .array(z.object({ step: z.enum(['journeys', 'via_hes', 'matched_downstream', 'complete']), journeys: Count }))
      .meta({ description: 'each step is a part of the one before; `complete` counts `relayed` too' }),
    unmatched: z
      .array(
        z.object({
          source: z.string().meta({ description: 'product whose records tell of these journeys first' }),
          reason: z.enum(['no_hop_after_hes', 'no_hes_record', 'origin_unknown']),
          journeys: Count,
        }),
      )
      .meta({ description: 'journeys that lack an end' }),
    rejected: z
      .array(z.object({ source: Text, reason: z.string(), records: Count, files: Count }))
      .meta({ description: 'records of all inputs that were not understood; they have no time' }),
  })
  .meta({ id: 'CoverageAnswer' });

export const Range = z
  .object({
    from: Time.nullable().meta({ description: 'first event of the first journey; null: the store is empty' }),
    to: Time.nullable().meta({ description: 'one millisecond past the first event of the last journey' }),
    journeys: Count,
    inputs: Count,
    changed_at: Time.nullable().meta({
      description: 'when an input was read last',
    }),
    revision: z
      .string()
      .meta({ description: 'changes whenever the journeys or inputs may have changed: ask anew then' }),
    now: Time,
    version: z.string().meta({ description: 'version of Hoptime' }),
    verdict_threshold_ms: Count,
  })
  .meta({ id: 'Range' });
