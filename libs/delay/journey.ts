/** The columns of a journey in the order of interfaces.md §3: a contract with the programs that read the CSV. */
export const JOURNEY_COLUMNS = [
  'message_id',
  'recipient',
  'original_recipient',
  'sender',
  'direction',
  'state',
  'via_hes',
  'verdict',
  'hes_received_at',
  'hes_first_attempt_at',
  'hes_released_at',
  'released_by',
  'delivered_at',
  'hes_ms',
  'hes_processing_ms',
  'hes_waiting_ms',
  'hes_quarantine_ms',
  'downstream_ms',
  'total_ms',
  'upstream_ms',
  'hop_count',
  'slowest_hop_mta',
  'slowest_hop_ms',
  'deferrals',
  'clock_correction_ms',
  'matched_by',
] as const;

type Text = string | null;
/** whole number, durations in milliseconds */
type Whole = number | null;

/** One journey: the hops of one message to one final recipient. Times are ISO 8601 UTC, what is not known is null (delay model §3). */
export interface Journey {
  message_id: Text;
  recipient: Text;
  original_recipient: Text;
  sender: Text;
  direction: Text;
  state: Text;
  via_hes: Text;
  verdict: Text;
  hes_received_at: Text;
  hes_first_attempt_at: Text;
  hes_released_at: Text;
  released_by: Text;
  delivered_at: Text;
  hes_ms: Whole;
  hes_processing_ms: Whole;
  hes_waiting_ms: Whole;
  hes_quarantine_ms: Whole;
  downstream_ms: Whole;
  total_ms: Whole;
  upstream_ms: Whole;
  hop_count: Whole;
  slowest_hop_mta: Text;
  slowest_hop_ms: Whole;
  deferrals: Whole;
  clock_correction_ms: Whole;
  matched_by: Text;
}

/** Custody of one message by one MTA, as `journeys --format json` shows it. */
export interface Hop {
  segment: Text;
  mta: Text;
  product: Text;
  queue_id: Text;
  received_at: Text;
  relayed_at: Text;
  dwell_ms: Whole;
  transfer_ms: Whole;
  deferrals: Whole;
  outcome: Text;
  next_mta: Text;
  next_queue_id: Text;
  reported_delay_ms: Whole;
  /** what the MTA itself says about its dwell (Postfix `delays=a/b/c/d`), null when it says nothing */
  parts_ms: { before_queue: Whole; in_queue: Whole; connect: Whole; transmit: Whole } | null;
  smtp_reply: Text;
}

/** One statement of one MTA about the message, with the file and line that holds it. */
export interface JourneyEvent {
  event_time: string;
  kind: string;
  statement: Text;
  mta: Text;
  product: Text;
  queue_id: Text;
  recipient: Text;
  next_mta: Text;
  next_queue_id: Text;
  smtp_reply: Text;
  delay_ms: Whole;
  file: string;
  line: number;
}

export type JourneyWithHops = Journey & { hops: Hop[] };
