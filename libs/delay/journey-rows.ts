import { JOURNEY_COLUMNS, type Hop, type Journey, type JourneyEvent } from './journey';
import { isoFromStore } from './store-time';

/** A journey as the store answers it: times without zone, and the columns that pages are cut by. */
export type JourneyRow = Journey & { journey_id: string; first_event_at: string; sort_key?: number };

/** A hop as the store answers it. */
export type HopRow = Omit<Hop, 'parts_ms'> & {
  journey_id: string;
  position: number;
  before_queue_ms: number | null;
  in_queue_ms: number | null;
  connect_ms: number | null;
  transmit_ms: number | null;
};

const COLUMNS = JOURNEY_COLUMNS.map((name) => ({ name, isTime: name.endsWith('_at') }));

/** The columns of the contract in their order, times as ISO 8601. */
export function journeyFromRow(row: JourneyRow): Journey {
  const journey: Record<string, string | number | null> = {};
  for (const { name, isTime } of COLUMNS) journey[name] = isTime ? isoFromStore(row[name] as string | null) : row[name];
  return journey as unknown as Journey;
}

/** A hop with its parts gathered, times as ISO 8601. */
export function hopFromRow(row: HopRow): Hop {
  const parts = {
    before_queue: row.before_queue_ms,
    in_queue: row.in_queue_ms,
    connect: row.connect_ms,
    transmit: row.transmit_ms,
  };
  return {
    segment: row.segment,
    mta: row.mta,
    product: row.product,
    queue_id: row.queue_id,
    received_at: isoFromStore(row.received_at),
    relayed_at: isoFromStore(row.relayed_at),
    dwell_ms: row.dwell_ms,
    transfer_ms: row.transfer_ms,
    deferrals: row.deferrals,
    outcome: row.outcome,
    next_mta: row.next_mta,
    next_queue_id: row.next_queue_id,
    reported_delay_ms: row.reported_delay_ms,
    parts_ms: Object.values(parts).every((part) => part === null) ? null : parts,
    smtp_reply: row.smtp_reply,
  };
}

/** An event with its time as ISO 8601. */
export function eventFromRow(row: JourneyEvent): JourneyEvent {
  return { ...row, event_time: isoFromStore(row.event_time) as string };
}
