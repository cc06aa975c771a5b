import type { Bus, BusRecord, BusStatus, OnBatch, Topic } from '../bus/bus';
import { isInputRecord } from './bus-message';

/** So much is held back at most: what a folder of small files brings is put on the bus some hundreds of files at a time. */
const HELD_BYTES = 4 * 1024 * 1024;
const HELD_RECORDS = 1000;

interface Held {
  readonly topic: Topic;
  readonly record: BusRecord;
}

/**
 * A bus that holds small records back and puts them on another one together: for each its own way through a broker, and its own inserts into a
 * store, cost more than reading a small file. What was published is on the bus when {@link flush} has resolved.
 */
export class Outbox implements Bus {
  readonly recordBytes: number;
  readonly isDurable: boolean;
  private held: Held[] = [];
  private bytes = 0;
  private emptying: Promise<void> = Promise.resolve();

  constructor(private readonly bus: Bus) {
    this.recordBytes = bus.recordBytes;
    this.isDurable = bus.isDurable;
  }

  /** Takes copies of small records; waits, as the bus does, where they become much: what it rejects with then is not held. */
  async publish(topic: Topic, records: readonly BusRecord[]): Promise<void> {
    const size = sizeOf(records);
    if (this.bytes + size > HELD_BYTES || this.held.length + records.length > HELD_RECORDS)
      await this.empty(records.map((record) => ({ topic, record })));
    else {
      for (const record of records) this.held.push({ topic, record: { ...record, value: Buffer.from(record.value) } });
      this.bytes += size;
    }
  }

  /** Puts all that is held on the bus, for each key in the order in which it came, whatever the topic. What the bus does not take stays held. */
  flush(): Promise<void> {
    return this.empty([]);
  }

  /** One after the other, so that what a failure leaves goes before what came later. */
  private empty(more: readonly Held[]): Promise<void> {
    const emptied = this.emptying.then(async () => {
      const { held } = this;
      this.hold([]);
      try {
        await this.sendAll([...held, ...more]);
      } catch (error) {
        this.hold([...held, ...this.held]);
        throw error;
      }
    });
    this.emptying = emptied.catch(() => undefined);
    return emptied;
  }

  private hold(held: Held[]): void {
    this.held = held;
    this.bytes = sizeOf(held.map(({ record }) => record));
  }

  private async sendAll(all: readonly Held[]): Promise<void> {
    const rejected = all.filter(({ topic }) => topic === 'rejected-records');
    const others = all.filter(({ topic }) => topic !== 'rejected-records');
    const keys = new Set(rejected.map(({ record }) => record.key));
    const last = new Map(others.map((each) => [each.record.key, each]));
    // The row that says an input is read comes after the records of it that were rejected.
    const isBehind = (each: Held): boolean =>
      keys.has(each.record.key) && last.get(each.record.key) === each && isInputRecord(each.record);
    await this.send(
      'trace-events',
      others.filter((each) => !isBehind(each)),
    );
    await this.send('rejected-records', rejected);
    await this.send('trace-events', others.filter(isBehind));
  }

  subscribe(topic: Topic, group: string, onBatch: OnBatch): Promise<void> {
    return this.bus.subscribe(topic, group, onBatch);
  }

  lag(topic: Topic, group: string): Promise<number | null> {
    return this.bus.lag(topic, group);
  }

  status(): Promise<BusStatus> {
    return this.bus.status();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.bus.close();
  }

  private async send(topic: Topic, some: readonly Held[]): Promise<void> {
    if (some.length > 0)
      await this.bus.publish(
        topic,
        some.map(({ record }) => record),
      );
  }
}

const sizeOf = (records: readonly BusRecord[]): number => records.reduce((sum, { value }) => sum + value.length, 0);
