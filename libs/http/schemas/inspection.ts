import { z } from 'zod';
import { type Inspection as InspectionFields } from '../../diagnose/inspection';
import { Ms, OptionalTime, Text } from './figures';

const Whole = z.number().int();

export const Inspection = z
  .object({
    part: z.enum(['message', 'quoted_original']),
    message_id: Text,
    recipient: Text,
    original_recipient: Text,
    passed_hes: z.enum(['yes', 'no', 'unknown']),
    evidence: z.array(z.string()),
    other_trend_product: Text,
    transaction_id: Text,
    hes_passes: Whole,
    hes_accepted_by: Text,
    hes_received_at: OptionalTime,
    hes_accept_stamp_at: OptionalTime,
    hes_last_stamp_by: Text,
    hes_last_stamp_at: OptionalTime,
    hes_stamps: Whole,
    retry_pool: Text,
    hes_first_attempt_at: OptionalTime,
    next_hop: Text,
    hes_released_at: OptionalTime,
    released_by: z.literal('trace_header').nullable(),
    hes_ms: Ms,
    hes_processing_ms: Ms,
    hes_waiting_ms: Ms,
    hes_internal_ms: Ms,
    upstream_ms: Ms,
    downstream_ms: Ms,
    total_ms: Ms,
    chain_ms: Ms,
    hops: z.array(
      z.object({
        host: Text,
        software: Text,
        at: OptionalTime,
        segment: z.enum(['upstream', 'hes', 'downstream']).nullable(),
        delay_ms: Ms,
        negative: z.boolean(),
        corrected_delay_ms: Ms,
        share: z.number().nullable(),
      }),
    ),
    slowest_hop: Text,
    slowest_hop_ms: Ms,
    clock_skew: z.array(
      z.object({
        host: Text,
        next_host: Text,
        at_least_ms: Whole,
        suspects: z.array(z.string()),
        direction: z.enum(['ahead', 'behind']).nullable(),
        offset_ms: Ms,
      }),
    ),
    greylist_hints: z.array(
      z.object({ host: Text, text: z.string(), claimed_ms: Ms, observed_wait_ms: Ms, explains_at_most_ms: Ms }),
    ),
    verdict: Text,
    advice: z.string(),
    problems: z.array(z.string()),
  } satisfies Record<keyof InspectionFields, z.ZodType>)
  .meta({ id: 'Inspection', description: 'what the header of one mail says, as `hoptime inspect --json`' });

export const Inspections = z
  .object({ inspections: z.array(Inspection).meta({ description: 'one per mail of the file' }) })
  .meta({ id: 'Inspections' });
