/** What travels between collectors, writers and correlators. A topic's records of one key stay in order. */
export const TOPICS = ['trace-events', 'rejected-records', 'store-changes'] as const;
export type Topic = (typeof TOPICS)[number];

/** A record on the bus. Its value is a block of many rows, not one event: per-record costs of a broker are far above those of a row. */
export interface BusRecord {
  /** records of one key are delivered in the order in which they were published */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** must not be changed until `publish` has resolved */
  readonly value: Buffer;
}

export interface DeliveredRecord extends BusRecord {
  /** names the record for people: topic/partition@offset */
  readonly place: string;
  /** epoch ms at which it was published */
  readonly publishedAt: number;
}

/** What one call of a subscriber is given. Acknowledged as a whole, when the call resolves. */
export interface BusBatch {
  readonly records: readonly DeliveredRecord[];
  /** aborted when these records belong to another member of the group now: what is done for them from here on is done twice */
  readonly lost: AbortSignal;
}

export type OnBatch = (batch: BusBatch) => Promise<void>;

/** How a subscription stands. Times are epoch ms. */
export interface SubscriptionStatus {
  readonly topic: Topic;
  readonly group: string;
  /** records published and not acknowledged by the group; null = the broker does not say */
  readonly lag: number | null;
  /** when the oldest of these was published, at the earliest; null = there is none */
  readonly oldestUnreadAt: number | null;
  readonly records: number;
  readonly bytes: number;
  /** deliveries that the subscriber refused: each was repeated */
  readonly refused: number;
  /** why the subscriber takes nothing now; null = it does */
  readonly failure: string | null;
}

/** How a bus stands, for health and metrics. */
export interface BusStatus {
  /** why nothing can be published or read now; null = all is well */
  readonly failure: string | null;
  readonly publishedRecords: number;
  readonly publishedBytes: number;
  /** bytes that `publish` was given and that are not durable yet */
  readonly waitingBytes: number;
  readonly subscriptions: readonly SubscriptionStatus[];
}

/**
 * Hands records from publishers to subscribers, at least once. That every figure is as if exactly once rests on the data: an event's id comes
 * from its content, and every merge of events is idempotent (storage.md A1).
 */
export interface Bus {
  /** what one record may hold, bytes */
  readonly recordBytes: number;
  /** published records outlive the process, and may come from another one */
  readonly isDurable: boolean;
  /**
   * Resolves when the records are durable: acknowledged by all replicas, or where the bus keeps nothing, by the subscriber. Waits while the
   * bus is full.
   * @throws BusClosedError, and what makes it certain that the records can never be taken
   */
  publish(topic: Topic, records: readonly BusRecord[]): Promise<void>;
  /**
   * Delivers a topic's records to the group of this name: each to one of its members, from where the group was. `onBatch` resolves =
   * acknowledged; rejects = delivered again after a pause, and nothing behind it before.
   */
  subscribe(topic: Topic, group: string, onBatch: OnBatch): Promise<void>;
  /** records of a topic that a group has not acknowledged; null = nobody says */
  lag(topic: Topic, group: string): Promise<number | null>;
  status(): Promise<BusStatus>;
  /** Takes nothing more, lets the batch in hand be finished and acknowledged, and returns. Safe to call twice. */
  close(): Promise<void>;
}

/** The bus takes nothing any more. */
export class BusClosedError extends Error {
  constructor() {
    super('the bus is closed');
    this.name = 'BusClosedError';
  }
}

/** So many bytes are given to a subscriber at a time, unless one record alone is larger. */
export const BATCH_BYTES = 16 * 1024 * 1024;

/** Cuts records into batches of at most `bytes`, in order. */
export function batchesOf<T extends { readonly value: Buffer }>(records: readonly T[], bytes = BATCH_BYTES): T[][] {
  const batches: T[][] = [];
  let size = Infinity;
  for (const record of records) {
    if (size + record.value.length > bytes) {
      batches.push([]);
      size = 0;
    }
    batches[batches.length - 1].push(record);
    size += record.value.length;
  }
  return batches;
}

/** Waits; ends early when `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Pauses between deliveries of what a subscriber refuses, ms: the first, and the longest. */
export const REFUSED_PAUSE_MS = { first: 200, longest: 10_000 };
