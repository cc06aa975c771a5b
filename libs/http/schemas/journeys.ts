import { z } from 'zod';
import {
  type Hop as HopColumns,
  type Journey as JourneyColumns,
  type JourneyEvent as EventColumns,
} from '../../delay/journey';
import { type RawFigures } from '../../delay/clocks/journey-accounts';
import { Ms, OptionalTime, RangeHead, Text } from './figures';

const Whole = z.number().int().nullable();

const journeyColumns = {
  message_id: Text,
  recipient: Text,
  original_recipient: Text,
  sender: Text,
  direction: Text,
  state: Text,
  via_hes: Text,
  verdict: Text,
  hes_received_at: OptionalTime,
  hes_first_attempt_at: OptionalTime,
  hes_released_at: OptionalTime,
  released_by: Text,
  delivered_at: OptionalTime,
  hes_ms: Ms,
  hes_processing_ms: Ms,
  hes_waiting_ms: Ms,
  hes_quarantine_ms: Ms,
  downstream_ms: Ms,
  total_ms: Ms,
  upstream_ms: Ms,
  hop_count: Whole,
  slowest_hop_mta: Text,
  slowest_hop_ms: Ms,
  deferrals: Whole,
  clock_correction_ms: Ms,
  matched_by: Text,
} satisfies Record<keyof JourneyColumns, z.ZodType>;

export const Hop = z
  .object({
    segment: Text,
    mta: Text,
    product: Text,
    queue_id: Text,
    received_at: OptionalTime,
    relayed_at: OptionalTime,
    dwell_ms: Ms,
    transfer_ms: Ms,
    deferrals: Whole,
    outcome: Text,
    next_mta: Text,
    next_queue_id: Text,
    reported_delay_ms: Ms,
    parts_ms: z.object({ before_queue: Ms, in_queue: Ms, connect: Ms, transmit: Ms }).nullable(),
    smtp_reply: Text,
  } satisfies Record<keyof HopColumns, z.ZodType>)
  .meta({ id: 'Hop', description: 'custody of one message by one MTA' });

export const JourneyWithHops = z
  .object({ ...journeyColumns, hops: z.array(Hop) })
  .meta({ id: 'JourneyWithHops', description: 'the hops after HES of one message to one recipient' });

export const Journeys = z
  .object({
    ...RangeHead,
    journeys: z.array(JourneyWithHops),
    next_cursor: z.string().nullable().meta({ description: '`cursor` of the next page; null: this is the last one' }),
  })
  .meta({ id: 'Journeys' });

export const JourneyEvent = z
  .object({
    event_time: z.iso.datetime({ precision: 3 }),
    kind: z.string(),
    statement: Text,
    mta: Text,
    product: Text,
    queue_id: Text,
    message_id: Text.optional(),
    peer: Text.optional(),
    recipient: Text,
    next_mta: Text,
    next_queue_id: Text,
    smtp_reply: Text,
    delay_ms: Ms,
    file: z.string(),
    line: z.number().int(),
  } satisfies Record<keyof EventColumns, z.ZodType> & Record<string, z.ZodType>)
  .meta({ id: 'JourneyEvent', description: 'one statement of one MTA, with the file and line that holds it' });

export const JourneyAccount = z
  .object({
    ...journeyColumns,
    journey_id: z.string().meta({ description: 'name of the journey, as in the views of the SQL endpoint' }),
    raw: z
      .object({
        hes_ms: Ms,
        hes_processing_ms: Ms,
        hes_waiting_ms: Ms,
        downstream_ms: Ms,
        total_ms: Ms,
        verdict: Text,
      } satisfies Record<keyof RawFigures, z.ZodType>)
      .nullable()
      .meta({ description: 'with clock=corrected: what the logs themselves say' }),
    hops: z.array(Hop).meta({ description: 'after HES' }),
    upstream_hops: z.array(Hop).meta({ description: 'before HES, where trace headers tell of them' }),
    explanation: z.object({
      kb_step: z.number().int().nullable().meta({ description: "step of Trend's KB article that answers" }),
      finding: z.string().meta({ description: 'the verdict in one sentence' }),
      advice: Text.meta({ description: 'what to do next; null: nothing' }),
    }),
    events: z.array(JourneyEvent),
  })
  .meta({ id: 'JourneyAccount' });

export const MessageJourneys = z
  .object({
    message_id: z.string(),
    journeys: z.array(JourneyAccount).meta({ description: 'one per recipient, the slowest first' }),
    more: z.number().int().meta({ description: 'further journeys of this message beyond `limit`' }),
  })
  .meta({ id: 'MessageJourneys' });

export const MessageEvidence = z
  .object({
    message_id: Text,
    records: z.array(
      z.object({
        file: z.string(),
        line: z.number().int().describe('line on which the record begins'),
        text: Text.describe(
          'the record as it stands in the file, without the subject, at most 4,000 characters; null where it cannot be shown',
        ),
        problem: Text.describe('why not'),
      }),
    ),
  })
  .meta({ id: 'MessageEvidence', description: 'the records of the inputs that the events of a message come from' });
