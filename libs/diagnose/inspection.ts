/** A Received field as a row of the table, oldest first. Times are ISO 8601 UTC with milliseconds, durations ms; null = unknown. */
export interface InspectedHop {
  /** the MTA that wrote the stamp; null where the field does not tell */
  host: string | null;
  software: string | null;
  at: string | null;
  segment: 'upstream' | 'hes' | 'downstream' | null;
  /** time this host kept the mail, transfer included: the next dated stamp minus this one; null at the last */
  delay_ms: number | null;
  /** the next stamp lies before this one: a clock is wrong */
  negative: boolean;
  /** `delay_ms` without the clock error that a step back in time gives away; null where none does */
  corrected_delay_ms: number | null;
  /** delay as a share of all positive delays, 0 … 1 */
  share: number | null;
}

/** The next MTA's stamp lies before this one's: one of the two clocks is off by at least so much. */
export interface ClockSkew {
  host: string | null;
  next_host: string | null;
  at_least_ms: number;
  /** hosts whose clock is probably wrong: a step of the opposite sign stands at their other side; empty where none does */
  suspects: string[];
  direction: 'ahead' | 'behind' | null;
  /** estimated error of their clock */
  offset_ms: number | null;
}

/** A greylisting field. Its delay counts from the first attempt of that client, sender and recipient, perhaps of an earlier mail. */
export interface GreylistHint {
  /** the MTA that greylisted */
  host: string | null;
  text: string;
  claimed_ms: number | null;
  /** what the hop before really waited, as the stamps say */
  observed_wait_ms: number | null;
  /** the smaller of both: at most so much of this message's wait is explained */
  explains_at_most_ms: number | null;
}

/** What `hoptime inspect` says about one mail (interfaces §3); numbers and words of delay model §3. */
export interface Inspection {
  /** the mail of the file, or the original that a delivery status notification quotes */
  part: 'message' | 'quoted_original';
  message_id: string | null;
  recipient: string | null;
  original_recipient: string | null;
  passed_hes: 'yes' | 'no' | 'unknown';
  /** why, strongest first (formats §3.1) */
  evidence: string[];
  /** another Trend Micro product that left its mark */
  other_trend_product: string | null;
  transaction_id: string | null;
  /** passages through HES/TMES; the figures are those of the last one */
  hes_passes: number;
  hes_accepted_by: string | null;
  hes_received_at: string | null;
  /** Trend's Received stamp of the acceptance (hes_received_at is X-TM-MAIL-RECEIVED-TIME where the mail has it) */
  hes_accept_stamp_at: string | null;
  hes_last_stamp_by: string | null;
  hes_last_stamp_at: string | null;
  hes_stamps: number;
  /** host of Trend's retry pool on the way: the first attempt had been refused (inferred) */
  retry_pool: string | null;
  hes_first_attempt_at: string | null;
  next_hop: string | null;
  hes_released_at: string | null;
  released_by: 'trace_header' | null;
  hes_ms: number | null;
  hes_processing_ms: number | null;
  hes_waiting_ms: number | null;
  /** Trend's first to last Received stamp */
  hes_internal_ms: number | null;
  upstream_ms: number | null;
  downstream_ms: number | null;
  /** hes_ms + downstream_ms */
  total_ms: number | null;
  /** oldest to newest stamp of the whole chain */
  chain_ms: number | null;
  hops: InspectedHop[];
  /** where the mail stayed longest; HES counts as one MTA, `hes`, neighbouring stamps of one host as one; clock errors taken off */
  slowest_hop: string | null;
  slowest_hop_ms: number | null;
  clock_skew: ClockSkew[];
  greylist_hints: GreylistHint[];
  /** `none`, `not_via_hes`, `hes_processing`, `hes_waiting_on_downstream`, `downstream:<mta>`, `upstream`; null = not to be decided */
  verdict: string | null;
  advice: string;
  /** what of the header could not be read */
  problems: string[];
}

export interface InspectOptions {
  /** IANA zone of stamps without offset */
  timeZone?: string;
  /** epoch ms of the file's last change */
  fileTime?: number;
  /** a segment slower than this gets the verdict, ms */
  thresholdMs?: number;
}
