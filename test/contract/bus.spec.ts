import { randomBytes } from 'node:crypto';
import { parseBusUrl, type KafkaBusUrl } from '../../libs/config/bus-url';
import type { Bus, BusRecord, DeliveredRecord, SubscriptionStatus } from '../../libs/bus/bus';
import { BusClosedError } from '../../libs/bus/bus';
import { InProcessBus } from '../../libs/bus/in-process.bus';
import { KafkaBus } from '../../libs/bus/kafka.bus';
import { testBrokers } from '../support/kafka-broker';
import { until } from '../support/until';

/** What every adapter of the bus keeps to. KAFKA_BROKERS names other brokers than the one started here. */
let kafka: { brokers: string; stop: () => Promise<void> };
beforeAll(async () => (kafka = await testBrokers()), 600_000);
afterAll(() => kafka.stop());

const notes: string[] = [];
const credentials = { username: '', password: '' };
const timing = { sessionMs: 6000, heartbeatMs: 500, rebalanceMs: 10_000 };

function kafkaUrl(more = ''): KafkaBusUrl {
  const url = parseBusUrl(`kafka://${kafka.brokers}/?topic-prefix=t${randomBytes(4).toString('hex')}.${more}`);
  if ('problem' in url || url.kind !== 'kafka') throw new Error('no URL of Kafka');
  return url;
}

const openKafka = (url = kafkaUrl()): Promise<Bus> =>
  KafkaBus.open(url, { credentials, timing, note: (sentence) => notes.push(sentence) });

const record = (key: string, text: string, headers: Record<string, string> = {}): BusRecord => ({
  key,
  headers,
  value: Buffer.from(text),
});

const adapters: [string, () => Promise<Bus>][] = [
  ['in-process', () => Promise.resolve(new InProcessBus())],
  ['kafka', () => openKafka()],
];

describe.each(adapters)('%s', (_name, open) => {
  let bus: Bus;
  beforeEach(async () => (bus = await open()));
  afterEach(() => bus.close());

  it('delivers every record with key, headers and bytes, those of a key in order', async () => {
    const taken: DeliveredRecord[] = [];
    await bus.subscribe('trace-events', 'g', async ({ records }) => void taken.push(...records));
    const bytes = Buffer.from([0, 255, 10, 128]);
    const sent = Array.from({ length: 60 }, (_, n) => record(`key-${n % 3}`, `${n}`, { n: String(n) }));
    await Promise.all([
      bus.publish('trace-events', sent.slice(0, 30)),
      bus.publish('trace-events', sent.slice(30)),
      bus.publish('trace-events', [{ key: 'bytes', headers: {}, value: bytes }]),
    ]);
    await until(() => taken.length >= 61);
    expect(taken).toHaveLength(61);
    for (const key of ['key-0', 'key-1', 'key-2']) {
      const wanted = sent.filter((one) => one.key === key).map(({ value, headers }) => [value.toString(), headers]);
      expect(taken.filter((one) => one.key === key).map(({ value, headers }) => [value.toString(), headers])).toEqual(
        wanted,
      );
    }
    expect(taken.find(({ key }) => key === 'bytes')?.value.equals(bytes)).toBe(true);
    expect(new Set(taken.map(({ place }) => place)).size).toBe(61);
  });

  it('keeps topics apart, and gives each group everything', async () => {
    const taken: Record<string, string[]> = { a: [], b: [], rejected: [] };
    const into =
      (name: string) =>
      async ({ records }: { records: readonly DeliveredRecord[] }): Promise<void> =>
        void taken[name].push(...records.map(({ value }) => value.toString()));
    await bus.subscribe('trace-events', 'a', into('a'));
    await bus.subscribe('trace-events', 'b', into('b'));
    await bus.subscribe('rejected-records', 'a', into('rejected'));
    await bus.publish('trace-events', [record('k', 'event')]);
    await bus.publish('rejected-records', [record('k', 'rejected')]);
    await until(() => Object.values(taken).every(({ length }) => length > 0));
    expect(taken).toEqual({ a: ['event'], b: ['event'], rejected: ['rejected'] });
  });

  it('delivers again what a subscriber refuses, and nothing behind it before', async () => {
    const calls: string[] = [];
    let isAway = true;
    let refused = 0;
    await bus.subscribe('trace-events', 'g', async ({ records }) => {
      calls.push(records.map(({ value }) => value.toString()).join('+'));
      if (!isAway) return;
      refused++;
      throw new Error('the store is away');
    });
    const subscription = async (): Promise<SubscriptionStatus | undefined> => (await bus.status()).subscriptions[0];
    const first = bus.publish('trace-events', [record('k', 'one')]);
    await until(() => calls.length >= 2);
    const second = bus.publish('trace-events', [record('k', 'two')]);
    await until(async () => (await subscription())?.failure === 'the store is away');
    expect(await subscription()).toMatchObject({ topic: 'trace-events', group: 'g', records: 0, bytes: 0 });
    isAway = false;
    await until(() => calls.includes('two'));
    await Promise.all([first, second]);
    expect(refused).toBeGreaterThanOrEqual(2);
    expect(calls).toEqual([...Array<string>(refused).fill('one'), 'one', 'two']);
    await until(async () => (await subscription())?.records === 2);
    expect(await subscription()).toMatchObject({ failure: null, refused, records: 2, bytes: 6 });
  });

  it('finishes the batch in hand when it is closed, and takes nothing more', async () => {
    const taken: string[] = [];
    let finished = false;
    let begun = (): void => undefined;
    const working = new Promise<void>((resolve) => (begun = resolve));
    await bus.subscribe('trace-events', 'g', async ({ records }) => {
      taken.push(...records.map(({ value }) => value.toString()));
      begun();
      await new Promise((resolve) => setTimeout(resolve, 700));
      finished = true;
    });
    const published = bus.publish('trace-events', [record('k', 'one')]);
    await working;
    await bus.close();
    expect(finished).toBe(true);
    await published;
    await expect(bus.publish('trace-events', [record('k', 'two')])).rejects.toThrow(BusClosedError);
    expect(taken).toEqual(['one']);
    await bus.close();
  });

  it('pushes back: what waits for a slow subscriber is bounded', async () => {
    const size = 200 * 1024;
    let taken = 0;
    await bus.subscribe('trace-events', 'g', async ({ records }) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      taken += records.length;
    });
    const value = Buffer.alloc(size, 7);
    let most = 0;
    const all = Array.from({ length: 400 }, () => bus.publish('trace-events', [{ key: 'k', headers: {}, value }]));
    const watch = setInterval(
      () => void bus.status().then(({ waitingBytes }) => (most = Math.max(most, waitingBytes))),
      5,
    );
    await Promise.all(all);
    clearInterval(watch);
    await until(() => taken >= 400);
    expect(taken).toBe(400);
    expect(most).toBeGreaterThan(size);
    expect(most).toBeLessThanOrEqual(32 * 2 ** 20);
  });
});
