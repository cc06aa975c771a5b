import type { Leg } from './leg';

/** A row of correlate/linkable_legs.sql. */
export interface LegRow {
  root: string;
  id: string;
  custody: string;
  message_key: string;
  is_hes: number;
  mta: string;
  product: string;
  queue_id: string;
  begun_ms: number;
  received_ms: number | null;
  ended_ms: number | null;
  client: string;
  peer: string;
  original_queue_id: string;
  next_mta: string;
  next_address: string;
  next_queue_id: string;
  recipient: string;
  original_recipient: string;
}

/** The legs of one message. */
export function toLegs(rows: readonly LegRow[]): Leg[] {
  const keys = new Set(rows.map((row) => row.message_key).filter(Boolean));
  const only = keys.size === 1 ? [...keys][0] : '';
  return rows.map((row) => toLeg(row, row.message_key || only));
}

function toLeg(row: LegRow, knownKey: string): Leg {
  return {
    id: row.id,
    custody: row.custody,
    messageKey: row.message_key,
    knownKey,
    isHes: row.is_hes === 1,
    mta: row.mta,
    product: row.product,
    queueId: row.queue_id,
    begunAt: row.begun_ms,
    receivedAt: row.received_ms,
    endedAt: row.ended_ms,
    client: row.client,
    peer: row.peer,
    originalQueueId: row.original_queue_id,
    nextMta: row.next_mta,
    nextAddress: row.next_address,
    nextQueueId: row.next_queue_id,
    recipient: row.recipient,
    originalRecipient: row.original_recipient,
  };
}
