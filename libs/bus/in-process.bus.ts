import {
  BATCH_BYTES,
  BusClosedError,
  pause,
  REFUSED_PAUSE_MS,
  type Bus,
  type BusRecord,
  type BusStatus,
  type DeliveredRecord,
  type OnBatch,
  type SubscriptionStatus,
  type Topic,
} from './bus';

export interface InProcessOptions {
  /** records that are waiting may hold so many bytes; `publish` waits for room */
  readonly limitBytes: number;
  /** the largest block that shall be one record */
  readonly recordBytes: number;
  /** a batch that was refused so often makes its `publish` reject with the subscriber's error; Infinity = delivered until it is taken */
  readonly attempts: number;
}

export const IN_PROCESS: InProcessOptions = {
  limitBytes: 2 * BATCH_BYTES,
  recordBytes: BATCH_BYTES,
  attempts: Infinity,
};

interface Waiting {
  readonly record: DeliveredRecord;
  readonly done: (error?: unknown) => void;
}

interface Subscription {
  readonly topic: Topic;
  readonly group: string;
  readonly onBatch: OnBatch;
  readonly queue: Waiting[];
  readonly status: { records: number; bytes: number; refused: number; failure: string | null };
  /** the delivery that runs, and all that it will go on with */
  running: Promise<void> | undefined;
}

/**
 * Publishers and subscribers in one process: records are handed over as they are, without a copy. It keeps nothing, so a record is durable
 * when the topic's subscribers have acknowledged it. One batch of a subscription is out at a time.
 */
export class InProcessBus implements Bus {
  readonly recordBytes: number;
  readonly isDurable = false;
  private readonly subscriptions: Subscription[] = [];
  private readonly early = new Map<Topic, Waiting[]>();
  private admission: Promise<unknown> = Promise.resolve();
  private room: () => void = () => undefined;
  private readonly stop = new AbortController();
  private readonly never = new AbortController().signal;
  private waitingBytes = 0;
  private published = 0;
  private publishedBytes = 0;

  constructor(private readonly options: InProcessOptions = IN_PROCESS) {
    this.recordBytes = options.recordBytes;
  }

  async publish(topic: Topic, records: readonly BusRecord[]): Promise<void> {
    const admitted = this.admission.then(() => this.admit(topic, records));
    this.admission = admitted.catch(() => undefined);
    await Promise.all(await admitted);
  }

  subscribe(topic: Topic, group: string, onBatch: OnBatch): Promise<void> {
    if (this.subscriptions.some((other) => other.topic === topic && other.group === group))
      return Promise.reject(
        new Error(`${group} has subscribed to ${topic} already: in one process a group has one member`),
      );
    const status = { records: 0, bytes: 0, refused: 0, failure: null };
    const queue = this.early.get(topic) ?? [];
    this.early.delete(topic);
    const subscription: Subscription = { topic, group, onBatch, queue, status, running: undefined };
    this.subscriptions.push(subscription);
    this.deliver(subscription);
    return Promise.resolve();
  }

  lag(topic: Topic, group: string): Promise<number> {
    const of = this.subscriptions.find((subscription) => subscription.topic === topic && subscription.group === group);
    return Promise.resolve(of?.queue.length ?? this.early.get(topic)?.length ?? 0);
  }

  status(): Promise<BusStatus> {
    const subscriptions = this.subscriptions.map(({ topic, group, queue, status }): SubscriptionStatus => ({
      topic,
      group,
      lag: queue.length,
      oldestUnreadAt: queue[0]?.record.publishedAt ?? null,
      ...status,
    }));
    return Promise.resolve({
      failure: null,
      publishedRecords: this.published,
      publishedBytes: this.publishedBytes,
      waitingBytes: this.waitingBytes,
      subscriptions,
    });
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.room();
    await Promise.all(this.subscriptions.map(({ running }) => running));
    const left = [...this.subscriptions.flatMap(({ queue }) => queue.splice(0)), ...[...this.early.values()].flat()];
    this.early.clear();
    for (const { done } of left) done(new BusClosedError());
  }

  /** One call after the other, each when there is room: so records stay in the order in which they were published. */
  private async admit(topic: Topic, records: readonly BusRecord[]): Promise<Promise<void>[]> {
    const taken: Promise<void>[] = [];
    for (const record of records) {
      while (this.waitingBytes > 0 && this.waitingBytes + record.value.length > this.options.limitBytes) {
        if (this.stop.signal.aborted) break;
        await new Promise<void>((free) => (this.room = free));
      }
      if (this.stop.signal.aborted) throw new BusClosedError();
      const done = this.take(topic, record);
      // Its failure is told by `publish`, also when it comes while the next one waits for room.
      done.catch(() => undefined);
      taken.push(done);
    }
    return taken;
  }

  /** Resolves when every subscriber of the topic has acknowledged the record. */
  private take(topic: Topic, record: BusRecord): Promise<void> {
    const size = record.value.length;
    const place = `${topic}/0@${this.published++}`;
    const delivered: DeliveredRecord = { ...record, place, publishedAt: Date.now() };
    this.publishedBytes += size;
    this.waitingBytes += size;
    const queued = (queue: Waiting[]): Promise<void> =>
      new Promise((resolve, reject) =>
        queue.push({
          record: delivered,
          done: (error) =>
            error === undefined ? resolve() : reject(error instanceof Error ? error : new Error(String(error))),
        }),
      );
    const subscriptions = this.subscriptions.filter((subscription) => subscription.topic === topic);
    let taken: Promise<unknown>;
    if (subscriptions.length > 0) taken = Promise.all(subscriptions.map(({ queue }) => queued(queue)));
    else {
      const early = this.early.get(topic) ?? [];
      this.early.set(topic, early);
      taken = queued(early);
    }
    for (const subscription of subscriptions) this.deliver(subscription);
    return taken.then(
      () => this.free(size),
      (error: unknown) => {
        this.free(size);
        throw error;
      },
    );
  }

  private free(size: number): void {
    this.waitingBytes -= size;
    this.room();
  }

  private deliver(subscription: Subscription): void {
    // Not at once: records that are published together are delivered together.
    subscription.running ??= Promise.resolve()
      .then(() => this.run(subscription))
      .finally(() => {
        subscription.running = undefined;
        if (subscription.queue.length > 0 && !this.stop.signal.aborted) this.deliver(subscription);
      });
  }

  private async run(subscription: Subscription): Promise<void> {
    const { queue } = subscription;
    while (queue.length > 0 && !this.stop.signal.aborted) {
      const batch = nextBatch(queue);
      const error = await this.handled(subscription, batch);
      if (error instanceof BusClosedError) return;
      queue.splice(0, batch.length);
      for (const { done } of batch) done(error);
    }
  }

  /** Delivers until the batch is taken; answers the last error where it is given up. */
  private async handled({ onBatch, status }: Subscription, batch: readonly Waiting[]): Promise<unknown> {
    const records = batch.map(({ record }) => record);
    for (
      let attempt = 1, wait = REFUSED_PAUSE_MS.first;
      ;
      attempt++, wait = Math.min(2 * wait, REFUSED_PAUSE_MS.longest)
    ) {
      try {
        await onBatch({ records, lost: this.never });
        status.records += records.length;
        status.bytes += records.reduce((sum, { value }) => sum + value.length, 0);
        status.failure = null;
        return undefined;
      } catch (error) {
        status.refused++;
        status.failure = error instanceof Error ? error.message : String(error);
        if (attempt >= this.options.attempts) return error;
        await pause(wait, this.stop.signal);
        if (this.stop.signal.aborted) return new BusClosedError();
      }
    }
  }
}

function nextBatch(queue: readonly Waiting[]): Waiting[] {
  let bytes = 0;
  const end = queue.findIndex(({ record }, index) => (bytes += record.value.length) > BATCH_BYTES && index > 0);
  return queue.slice(0, end < 0 ? queue.length : end);
}
