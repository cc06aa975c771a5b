import type { Admin, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import {
  BATCH_BYTES,
  batchesOf,
  pause,
  REFUSED_PAUSE_MS,
  type DeliveredRecord,
  type OnBatch,
  type SubscriptionStatus,
  type Topic,
} from './bus';
import { kafkaErrorType } from './kafka-client';
import { lagByPartition, sumOf } from './kafka-lag';

/** Times of a member of a group, ms. */
export interface MemberTiming {
  /** a member that is not heard of for so long loses its partitions to others */
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  /** so long members may finish their batches when the group changes */
  readonly rebalanceMs: number;
}

export const MEMBER_TIMING: MemberTiming = { sessionMs: 12_000, heartbeatMs: 2000, rebalanceMs: 60_000 };

/** A fetch is answered when so much is there, or after so many ms. */
const GATHER_BYTES = 8 * 1024 * 1024;
const GATHER_MS: Readonly<Record<Topic, number>> = {
  // Figures wait for these.
  'trace-events': 100,
  'rejected-records': 1000,
  'store-changes': 1000,
};
/**
 * One that brings so much of a partition is of a bulk load: then the next one is made so many ms after it at the earliest, and brings more. A writer that takes
 * what is there at each moment inserts a tenth as much at a time, and small parts cost twice: when they are written, and at every reading or merge.
 */
const BULK_BYTES = 512 * 1024;
const BULK_GATHER_MS = 600;

/** At the end so long is waited for the batch in hand and for the group to let go. */
const CLOSE_MS = 30_000;
/** Between attempts to reach brokers that were there when the bus was opened. */
const CONNECT_PAUSE_MS = 1000;
const FENCED = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID']);

/** The part of kafkajs's payload that a delivery works with. */
type Payload = Pick<EachBatchPayload, 'batch' | 'heartbeat' | 'resolveOffset' | 'isRunning' | 'isStale'>;

/**
 * One member of a consumer group on one topic. An offset is committed when the subscriber has acknowledged what is before it, never sooner.
 * While the subscriber works, or refuses, heartbeats go on and nothing more is fetched, so memory stays bounded and the topic keeps what waits.
 */
export class KafkaSubscription {
  private readonly consumer: Consumer;
  private readonly counts = { records: 0, bytes: 0, refused: 0 };
  private failure: string | null = null;
  private crash: string | null = null;
  private stopping = new AbortController();
  /** per partition, when the youngest acknowledged record was published, and the oldest one in hand */
  private readonly handledAt = new Map<number, number>();
  private readonly inHandAt = new Map<number, number>();
  private readonly since = Date.now();
  /** ms of `performance.now()` at which the records in hand were fetched; undefined when the next fetch need not wait for them */
  private fetchedAt: number | undefined;

  constructor(
    kafka: Kafka,
    private readonly topic: Topic,
    private readonly name: string,
    private readonly group: string,
    private readonly groupId: string,
    private readonly onBatch: OnBatch,
    private readonly timing: MemberTiming,
  ) {
    this.consumer = kafka.consumer({
      groupId,
      sessionTimeout: timing.sessionMs,
      heartbeatInterval: timing.heartbeatMs,
      rebalanceTimeout: timing.rebalanceMs,
      allowAutoTopicCreation: false,
      maxBytesPerPartition: BATCH_BYTES,
      maxBytes: 2 * BATCH_BYTES,
      // Many small inserts cost more than few large ones: a broker gathers for a moment. What only wakes somebody does not wait.
      minBytes: topic === 'store-changes' ? 1 : GATHER_BYTES,
      maxWaitTimeInMs: GATHER_MS[topic],
      retry: { retries: 5, initialRetryTime: 200, maxRetryTime: 2000, restartOnFailure: () => Promise.resolve(true) },
    });
    this.consumer.on(this.consumer.events.CRASH, ({ payload }) => (this.crash = payload.error.message));
    this.consumer.on(this.consumer.events.FETCH, () => (this.fetchedAt = performance.now()));
    this.consumer.on(this.consumer.events.GROUP_JOIN, () => {
      this.crash = null;
      this.inHandAt.clear();
    });
  }

  /** Joins the group; brokers that went away since the bus was opened are waited for. @throws where this user may not read the topic */
  async start(): Promise<void> {
    while (!(await this.connected())) {
      await pause(CONNECT_PAUSE_MS, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
    }
    // Closed meanwhile: what has just been connected is let go again.
    if (this.stopping.signal.aborted) return this.consumer.disconnect();
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.take(payload),
    });
  }

  private async connected(): Promise<boolean> {
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics: [this.name], fromBeginning: true });
      this.crash = null;
      return true;
    } catch (error) {
      if (kafkaErrorType(error)?.endsWith('AUTHORIZATION_FAILED')) throw error;
      this.crash = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    const waited = new AbortController();
    await Promise.race([this.consumer.disconnect().catch(() => undefined), pause(CLOSE_MS, waited.signal)]);
    waited.abort();
  }

  async status(admin: Admin): Promise<SubscriptionStatus> {
    const { topic, group, failure, crash } = this;
    return { topic, group, ...this.counts, ...(await this.lag(admin)), failure: failure ?? crash };
  }

  private async take(payload: Payload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload;
    const lost = new AbortController();
    const beat = setInterval(() => {
      heartbeat().catch((error: unknown) => {
        if (FENCED.has(kafkaErrorType(error) ?? '')) lost.abort(error);
      });
    }, this.timing.heartbeatMs);
    try {
      const { partition } = batch;
      for (const records of batchesOf(batch.messages.map((message) => this.delivered(message, partition)))) {
        if (!isRunning() || isStale()) return;
        this.inHandAt.set(partition, records[0].publishedAt);
        if (!(await this.deliver(records, lost.signal, isRunning))) return;
        const { offset } = records[records.length - 1];
        // Refused where another member has the partition by now: then it does the same again, which changes nothing.
        await this.consumer.commitOffsets([{ topic: batch.topic, partition, offset: String(BigInt(offset) + 1n) }]);
        resolveOffset(offset);
        this.handledAt.set(partition, records[records.length - 1].publishedAt);
        this.inHandAt.delete(partition);
        // Says when the group changes; kafkajs then joins anew.
        await heartbeat();
      }
      await this.gather(batch.messages);
    } finally {
      clearInterval(beat);
    }
  }

  /** Lets a bulk load become more before it is fetched again; once per fetch, which may be of several partitions. */
  private async gather(messages: readonly KafkaMessage[]): Promise<void> {
    const bytes = messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    if (this.fetchedAt === undefined || bytes < BULK_BYTES || bytes >= GATHER_BYTES) return;
    const since = performance.now() - this.fetchedAt;
    this.fetchedAt = undefined;
    await pause(BULK_GATHER_MS - since, this.stopping.signal);
  }

  /** Delivers until the records are taken. Answers false when the program ends before. @throws the fencing when they are another member's now */
  private async deliver(
    records: readonly DeliveredRecord[],
    lost: AbortSignal,
    isRunning: () => boolean,
  ): Promise<boolean> {
    const ended = AbortSignal.any([lost, this.stopping.signal]);
    for (let wait = REFUSED_PAUSE_MS.first; ; wait = Math.min(2 * wait, REFUSED_PAUSE_MS.longest)) {
      try {
        await this.onBatch({ records, lost });
        this.counts.records += records.length;
        this.counts.bytes += records.reduce((sum, { value }) => sum + value.length, 0);
        this.failure = null;
        return true;
      } catch (error) {
        lost.throwIfAborted();
        this.counts.refused++;
        this.failure = error instanceof Error ? error.message : String(error);
        await pause(wait, ended);
        lost.throwIfAborted();
        if (!isRunning() || this.stopping.signal.aborted) return false;
      }
    }
  }

  private delivered(
    { key, value, headers, offset, timestamp }: KafkaMessage,
    partition: number,
  ): DeliveredRecord & { offset: string } {
    const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text ?? '')]);
    return {
      key: key?.toString() ?? '',
      value: value ?? Buffer.alloc(0),
      headers: Object.fromEntries(texts) as Record<string, string>,
      place: `${this.name}/${partition}@${offset}`,
      publishedAt: Number(timestamp),
      offset,
    };
  }

  private async lag(admin: Admin): Promise<Pick<SubscriptionStatus, 'lag' | 'oldestUnreadAt'>> {
    const lags = await lagByPartition(admin, this.name, this.groupId);
    const behind = [...(lags ?? [])].filter(([, lag]) => lag > 0).map(([partition]) => this.oldestOf(partition));
    return { lag: sumOf(lags), oldestUnreadAt: behind.length > 0 ? Math.min(...behind) : null };
  }

  private oldestOf(partition: number): number {
    return this.inHandAt.get(partition) ?? this.handledAt.get(partition) ?? this.since;
  }
}
