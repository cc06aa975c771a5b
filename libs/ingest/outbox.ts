import type { Bus, BusRecord, BusStatus, OnBatch, Topic } from '../bus/bus';
import { isInputRecord } from './bus-message';

/** So much is held back at most: what a folder of small files brings is put on the bus some hundreds of files at a time. */
const HELD_BYTES = 4 * 1024 * 1024;
const HELD_RECORDS = 1000;

/**
 * A bus that holds small records back and puts them on another one together: for each its own way through a broker, and its own inserts into a
 * store, cost more than reading a small file. What was published is on the bus when {@link flush} has resolved.
 */
export class Outbox implements Bus {
  readonly recordBytes: number;
  readonly isDurable: boolean;
  private held: { readonly topic: Topic; readonly record: BusRecord }[] = [];
  private bytes = 0;

  constructor(private readonly bus: Bus) {
    this.recordBytes = bus.recordBytes;
    this.isDurable = bus.isDurable;
  }

  /** Takes copies of small records; waits, as the bus does, where they become much. */
  async publish(topic: Topic, records: readonly BusRecord[]): Promise<void> {
    const size = records.reduce((sum, { value }) => sum + value.length, 0);
    const isMuch = this.bytes + size > HELD_BYTES || this.held.length + records.length > HELD_RECORDS;
    this.bytes += size;
    for (const record of records)
      this.held.push({ topic, record: isMuch ? record : { ...record, value: Buffer.from(record.value) } });
    if (isMuch) await this.flush();
  }

  /** Puts all that is held on the bus, for each key in the order in which it came, whatever the topic. */
  async flush(): Promise<void> {
    const { held } = this;
    this.held = [];
    this.bytes = 0;
    const rejected = held.filter(({ topic }) => topic === 'rejected-records');
    const others = held.filter(({ topic }) => topic !== 'rejected-records');
    const keys = new Set(rejected.map(({ record }) => record.key));
    const last = new Map(others.map((each) => [each.record.key, each]));
    // The row that says an input is read comes after the records of it that were rejected.
    const isBehind = (each: (typeof held)[number]): boolean =>
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

  private async send(topic: Topic, some: readonly { readonly record: BusRecord }[]): Promise<void> {
    if (some.length > 0)
      await this.bus.publish(
        topic,
        some.map(({ record }) => record),
      );
  }
}
