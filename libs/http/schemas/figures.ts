import { z } from 'zod';
import { CLOCKS, type ClockCorrection as Correction } from '../../delay/clocks/clock.service';
import { SEGMENTS, type Coverage as CoverageFigures } from '../../delay/report';

/** Pieces that several answers share. Times are ISO 8601 UTC with milliseconds, durations whole milliseconds, unknown is null. */

export const SegmentName = z.enum(SEGMENTS);
export const Ms = z.number().int().nullable();
export const Count = z.number().int();
export const Share = z.number().min(0).max(1).nullable();
export const Text = z.string().nullable();
export const Time = z.iso.datetime({ precision: 3 });
export const OptionalTime = Time.nullable();

/** What was asked, and how it was computed: stands at the head of every answer about a range. */
export const RangeHead = {
  from: Time.meta({ description: 'first moment of the range' }),
  to: Time.meta({ description: 'first moment after it' }),
  tz: z.string().meta({ description: 'IANA zone of the borders of hours, days and months' }),
  clock: z.enum(CLOCKS),
  exact: z.boolean().meta({
    description:
      'true: every figure is computed from the journeys themselves. false: quantiles come from a histogram and are within 0.8 %',
  }),
  filters: z.record(z.string(), z.array(z.string())).meta({ description: 'the filters that were given' }),
};

export const Coverage = z
  .object({
    journeys: Count,
    via_hes: Count,
    not_via_hes: Count,
    unknown: Count,
    matched_downstream: Count,
    complete: Count,
    relayed: Count,
    in_flight: Count,
    bounced: Count,
    rejected: Count,
    expired: Count,
    quarantined: Count,
    deleted: Count,
    rejected_records: Count,
  } satisfies Record<keyof CoverageFigures, z.ZodType>)
  .meta({ id: 'Coverage' });

export const InFlight = z
  .object({ count: Count, oldest_at: OptionalTime })
  .meta({ id: 'InFlight', description: 'mail last seen in a queue, which no distribution contains' });

export const SegmentFigures = z
  .object({
    count: Count,
    mean_ms: Ms,
    p50_ms: Ms,
    p75_ms: Ms,
    p90_ms: Ms,
    p95_ms: Ms,
    p99_ms: Ms,
    p999_ms: Ms,
    max_ms: Ms,
    share_under: z.record(z.string(), Share).meta({ description: 'limit in ms → share of values strictly under it' }),
  })
  .meta({ id: 'SegmentFigures' });

export const ClockCorrection = z
  .object({
    reference: Text.meta({
      description:
        'MTA whose clock counts as right: hes, else the one with most transfers; null: no two clocks were compared',
    }),
    corrected: Count.meta({
      description: 'journeys whose figures are differences between two clocks, and were corrected',
    }),
    one_clock: Count.meta({ description: 'journeys whose figures are differences on one clock, or that have none' }),
    not_correctable: Count.meta({
      description: 'journeys whose figures stay raw: the offset between their clocks is not known',
    }),
    p50_ms: Ms.meta({ description: 'size of the corrections of the corrected journeys, without sign' }),
    p95_ms: Ms,
    max_ms: Ms,
    negative: Count.meta({ description: 'journeys with a negative corrected figure: nothing is cut off' }),
  } satisfies Record<keyof Correction, z.ZodType>)
  .meta({ id: 'ClockCorrection' });

export const Band = z
  .object({ value: z.number().nullable(), lower: z.number().nullable(), upper: z.number().nullable() })
  .meta({ id: 'Band', description: 'an estimate and its 99 % confidence band; null: beyond all that was observed' });

export const SegmentEstimate = z
  .object({
    unknown: Count.meta({
      description: 'journeys via HES without this figure that might have any: in flight, or not found again',
    }),
    share_bounds: z
      .record(z.string(), z.object({ worst: Share, best: Share }))
      .meta({ description: 'limit in ms → the share under it if all of these were slower, and if all were faster' }),
    kaplan_meier: z
      .object({
        ended: Count,
        in_flight: Count.meta({ description: 'counted with the time they have taken so far' }),
        confidence: z.number(),
        quantiles: z.object({ p50_ms: Band, p75_ms: Band, p90_ms: Band, p95_ms: Band, p99_ms: Band }),
        share_under: z.record(z.string(), Band),
      })
      .nullable()
      .meta({
        description:
          'the distribution with mail in flight counted in; lengths are cut to four digits. Null for hes_processing and hes_waiting',
      }),
  })
  .meta({ id: 'SegmentEstimate' });
