import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { BusClosedError, pause, type BusRecord, type Topic } from './bus';
import { kafkaErrorType, type Note } from './kafka-client';
import { REQUEST_BYTES } from './kafka-topics';

/** What waits to be acknowledged may hold so many bytes; `publish` waits for room. */
const LIMIT_BYTES = 16 * 1024 * 1024;
/** kafkajs tries so often by itself before it says that it cannot; then the same request is made again, for as long as it takes. */
const RETRIES = 4;
const RETRY_PAUSE_MS = 500;
/** At the end so long is waited for what is not acknowledged yet. */
const CLOSE_MS = 10_000;
/** What one more attempt cannot change. */
const PERMANENT = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
]);
/** The broker does not know this producer, or has lost track of its numbers: another one sends the same, and content ids take care of doubles. */
const NEEDS_ANOTHER = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

interface Waiting {
  readonly topic: string;
  readonly record: BusRecord;
  readonly done: (error?: Error) => void;
}

/**
 * Sends records in the order in which they came, one request at a time, each acknowledged by all replicas. The producer is idempotent: a
 * request that is made again is counted once by the broker.
 */
export class KafkaPublisher {
  failure: string | null = null;
  records = 0;
  bytes = 0;
  waitingBytes = 0;
  private readonly queue: Waiting[] = [];
  private admission: Promise<unknown> = Promise.resolve();
  private room: () => void = () => undefined;
  private readonly stop = new AbortController();
  private producer: Producer;
  private sending: Promise<void> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly nameOf: (topic: Topic) => string,
    private readonly note: Note,
  ) {
    this.producer = this.newProducer();
  }

  async connect(): Promise<void> {
    await this.producer.connect();
  }

  async publish(topic: Topic, records: readonly BusRecord[]): Promise<void> {
    const admitted = this.admission.then(() => this.admit(topic, records));
    this.admission = admitted.catch(() => undefined);
    await Promise.all(await admitted);
  }

  async close(): Promise<void> {
    const drained = this.sending ?? Promise.resolve();
    const waited = new AbortController();
    await Promise.race([drained, pause(CLOSE_MS, waited.signal)]);
    waited.abort();
    this.stop.abort();
    this.room();
    for (const { done } of this.queue.splice(0)) done(new BusClosedError());
    await this.producer.disconnect().catch(() => undefined);
  }

  /** One call after the other, each when there is room: so records stay in the order in which they were published. */
  private async admit(topic: Topic, records: readonly BusRecord[]): Promise<Promise<void>[]> {
    const taken: Promise<void>[] = [];
    for (const record of records) {
      while (this.waitingBytes > 0 && this.waitingBytes + record.value.length > LIMIT_BYTES) {
        if (this.stop.signal.aborted) break;
        await new Promise<void>((free) => (this.room = free));
      }
      if (this.stop.signal.aborted) throw new BusClosedError();
      const done = this.enqueue(this.nameOf(topic), record);
      // Its failure is told by `publish`, also when it comes while the next one waits for room.
      done.catch(() => undefined);
      taken.push(done);
    }
    return taken;
  }

  private enqueue(topic: string, record: BusRecord): Promise<void> {
    const size = record.value.length;
    this.waitingBytes += size;
    return new Promise((resolve, reject) => {
      this.queue.push({
        topic,
        record,
        done: (error) => {
          this.waitingBytes -= size;
          this.room();
          if (error) return reject(error);
          this.records++;
          this.bytes += size;
          resolve();
        },
      });
      // A little later: what is published in the same breath goes in one request.
      this.sending ??= new Promise<void>((next) => setImmediate(next)).then(() => this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    while (this.queue.length > 0 && !this.stop.signal.aborted) {
      const request = nextRequest(this.queue);
      const error = await this.sent(request);
      if (error instanceof BusClosedError) break;
      this.queue.splice(0, request.length);
      for (const { done } of request) done(error);
    }
    this.sending = undefined;
  }

  /** Sends one request until it is acknowledged; answers why it never will be. */
  private async sent(request: readonly Waiting[]): Promise<Error | undefined> {
    for (;;) {
      try {
        await this.producer.sendBatch({ acks: -1, topicMessages: byTopic(request) });
        if (this.failure !== null) this.note('the bus takes records again');
        this.failure = null;
        return undefined;
      } catch (error) {
        const type = kafkaErrorType(error);
        const failure = error instanceof Error ? error : new Error(String(error));
        if (type !== undefined && PERMANENT.has(type)) return failure;
        if (this.failure === null) this.note(`the bus takes no records: ${failure.message}; trying until it does`);
        this.failure = failure.message;
        await pause(RETRY_PAUSE_MS, this.stop.signal);
        if (this.stop.signal.aborted) return new BusClosedError();
        if (type !== undefined && NEEDS_ANOTHER.has(type)) await this.replaceProducer();
      }
    }
  }

  private async replaceProducer(): Promise<void> {
    await this.producer.disconnect().catch(() => undefined);
    this.producer = this.newProducer();
    await this.producer.connect().catch(() => undefined);
  }

  private newProducer(): Producer {
    return this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: RETRIES, initialRetryTime: 200, maxRetryTime: 2000 },
    });
  }
}

/** As many as one request takes: kafkajs makes one batch per partition of it, which the broker limits. */
function nextRequest(queue: readonly Waiting[]): Waiting[] {
  let bytes = 0;
  const end = queue.findIndex(
    ({ record }, index) => (bytes += record.value.length + 1024) > REQUEST_BYTES && index > 0,
  );
  return queue.slice(0, end < 0 ? queue.length : end);
}

function byTopic(
  request: readonly Waiting[],
): { topic: string; messages: { key: string; value: Buffer; headers: Record<string, string> }[] }[] {
  const topics = [...new Set(request.map(({ topic }) => topic))];
  return topics.map((topic) => ({
    topic,
    messages: request
      .filter((waiting) => waiting.topic === topic)
      .map(({ record: { key, value, headers } }) => ({ key, value, headers: { ...headers } })),
  }));
}
