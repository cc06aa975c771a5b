import { type Store } from '../store/store';

/** A journey as it lies in the store; what is left out is unknown. Times are `2026-03-02 10:00:00.000`, hops are in order. */
export interface StoredJourney {
  id: number;
  first_event_at: string;
  state?: string;
  via_hes?: string;
  verdict?: string;
  message_id?: string;
  recipient?: string;
  original_recipient?: string;
  sender?: string;
  direction?: string;
  hes_received_at?: string;
  /** what told of HES's release */
  released_by?: string;
  hes_quarantine_ms?: number;
  hes_ms?: number;
  hes_processing_ms?: number;
  hes_waiting_ms?: number;
  downstream_ms?: number;
  total_ms?: number;
  /** default: none */
  replies?: string[];
  hops?: StoredHop[];
}

export interface StoredHop {
  mta: string;
  queue_id: string;
  received_ms: number;
  dwell_ms: number;
  /** default 0 */
  transfer_ms?: number;
  segment?: string;
  deferrals?: number;
}

/** Puts journeys into the store as correlation would, without it: what the statements of this lib answer is computed by hand from these. */
export async function storeJourneys(store: Store, journeys: readonly StoredJourney[]): Promise<void> {
  const values = journeys.map(({ id, hops = [], ...journey }) => ({
    journey_id: id,
    state: 'complete',
    via_hes: 'yes',
    replies: [],
    ...journey,
    message_key: (journey.message_id ?? '').toLowerCase(),
    recipient_domain: (journey.recipient ?? '').split('@')[1] ?? '',
    sender_domain: (journey.sender ?? '').split('@')[1] ?? '',
    hop_count: hops.filter((hop) => (hop.segment ?? 'downstream') === 'downstream').length,
    ...columnsOf(hops),
  }));
  await store.client.insert({ table: 'hoptime_store.journeys', values, format: 'JSONEachRow' });
}

function columnsOf(hops: readonly StoredHop[]): Record<string, unknown[]> {
  const column = <T>(name: string, value: (hop: StoredHop) => T): [string, T[]] => [`hops.${name}`, hops.map(value)];
  const unknownNumbers = ['reported_delay_ms', 'before_queue_ms', 'in_queue_ms', 'connect_ms', 'transmit_ms'];
  return Object.fromEntries([
    column('segment', (hop) => hop.segment ?? 'downstream'),
    column('mta', (hop) => hop.mta),
    column('product', () => 'postfix'),
    column('queue_id', (hop) => hop.queue_id),
    column('begun_ms', (hop) => hop.received_ms),
    column('received_ms', (hop) => hop.received_ms),
    column('relayed_ms', (hop) => hop.received_ms + hop.dwell_ms),
    column('dwell_ms', (hop) => hop.dwell_ms),
    column('transfer_ms', (hop) => hop.transfer_ms ?? 0),
    column('deferrals', (hop) => hop.deferrals ?? 0),
    column('outcome', () => 'relayed'),
    column('last_ms', (hop) => hop.received_ms + hop.dwell_ms),
    ...['next_mta', 'next_queue_id', 'smtp_reply'].map((name) => column(name, () => '')),
    // a hop is the custody of one recipient: here its MTA, queue id and time tell it
    column('leg_id', (hop) =>
      [...`${hop.mta} ${hop.queue_id} ${hop.received_ms}`].reduce(
        (sum, c) => (sum * 31 + c.charCodeAt(0)) % 2 ** 31,
        7,
      ),
    ),
    column('group_hash', () => 0),
    ...unknownNumbers.map((name) => column(name, () => -1)),
  ]);
}
