import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { Bus, BusRecord } from '../../libs/bus/bus';
import { KafkaBus } from '../../libs/bus/kafka.bus';
import type { MemberTiming } from '../../libs/bus/kafka-subscription';
import { parseBusUrl, type KafkaBusUrl } from '../../libs/config/bus-url';
import { embeddedBus } from '../../libs/ingest/embedded-bus';
import { StoreWriter } from '../../libs/ingest/store-writer';
import { BROKER_PASSWORD, BROKER_USER, KafkaBroker } from '../support/kafka-broker';
import { until as untilTold } from '../support/until';
import { toldThrough } from './stories.fixture';

/** What only a broker of its own can show: groups that change, a broker that is killed, TLS and SASL, topics that somebody made. */
let broker: KafkaBroker;
let admin: Admin;
const buses: Bus[] = [];
const notes: string[] = [];

beforeAll(async () => {
  broker = await KafkaBroker.start();
  admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
}, 600_000);
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
});
afterAll(async () => {
  await admin.disconnect();
  await broker.stop();
});

const prefix = (): string => `t${randomBytes(4).toString('hex')}.`;

function urlOf(address: string, parameters: string): KafkaBusUrl {
  const url = parseBusUrl(`kafka://${address}/?${parameters}`);
  if ('problem' in url || url.kind !== 'kafka') throw new Error('no URL of Kafka');
  return url;
}

const FAST: MemberTiming = { sessionMs: 2000, heartbeatMs: 300, rebalanceMs: 10_000 };

async function open(
  parameters: string,
  more: { address?: string; username?: string; password?: string } = {},
): Promise<Bus> {
  const { address = broker.address, username = '', password = '' } = more;
  const note = (sentence: string): void => void notes.push(sentence);
  const bus = await KafkaBus.open(urlOf(address, parameters), {
    credentials: { username, password },
    timing: FAST,
    note,
  });
  buses.push(bus);
  return bus;
}

const record = (key: string, text: string): BusRecord => ({ key, headers: {}, value: Buffer.from(text) });

const until = (what: () => boolean | Promise<boolean>): Promise<void> =>
  untilTold(what, { told: () => notes.slice(-5).join('; ') });

/** Lets this process do nothing at all, not even send heartbeats, until its broker has thrown all members out of a group. */
function heldUpUntilEmpty(groupId: string): void {
  const script = `
    const admin = new (require(${JSON.stringify(require.resolve('kafkajs'))}).Kafka)({ brokers: [${JSON.stringify(broker.address)}], logLevel: 0 }).admin();
    (async () => {
      await admin.connect();
      while ((await admin.describeGroups([${JSON.stringify(groupId)}])).groups[0].members.length > 0) await new Promise((done) => setTimeout(done, 50));
      process.exit(0);
    })();`;
  execFileSync(process.execPath, ['-e', script], { timeout: 90_000 });
}

it('a member that is held up loses its partitions, learns it, and what it was at is done by another', async () => {
  const name = prefix();
  const parameters = `topic-prefix=${name}&partitions=1`;
  const [first, second, publisher] = [await open(parameters), await open(parameters), await open(parameters)];
  const taken: string[] = [];
  let lost = false;
  await first.subscribe('trace-events', 'g', async ({ records, lost: signal }) => {
    taken.push(...records.map(({ value }) => `first ${value.toString()}`));
    signal.addEventListener('abort', () => (lost = true));
    if (taken.length > 1) return;
    heldUpUntilEmpty(`${name}g.trace-events`);
    await until(() => lost && taken.includes('second one'));
  });
  await publisher.publish('trace-events', [record('k', 'one')]);
  await second.subscribe('trace-events', 'g', ({ records }) => {
    taken.push(...records.map(({ value }) => `second ${value.toString()}`));
    return Promise.resolve();
  });
  await until(() => taken.includes('second one'));
  expect(taken[0]).toBe('first one');
  await until(() => lost);
  // Acknowledged by whom it belonged to: it comes to nobody again.
  await publisher.publish('trace-events', [record('k', 'two')]);
  await until(() => taken.some((one) => one.endsWith('two')));
  await until(() => taken.filter((one) => one.endsWith('one')).length >= 2);
  expect(taken.filter((one) => one.endsWith('two'))).toHaveLength(1);
  await until(async () => (await publisher.lag('trace-events', 'g')) === 0);
});

it('a broker that is killed in mid-produce: what was acknowledged is there, once, and the rest follows by itself', async () => {
  const own = await KafkaBroker.start();
  try {
    const bus = await open(`topic-prefix=${prefix()}&partitions=2`, { address: own.address });
    const taken: string[] = [];
    await bus.subscribe('trace-events', 'g', ({ records }) => {
      taken.push(...records.map(({ value }) => value.subarray(0, 8).toString()));
      return Promise.resolve();
    });
    const names = Array.from({ length: 400 }, (_, n) => String(n).padStart(8, '0'));
    const padding = 'x'.repeat(20_000);
    let acknowledged = 0;
    let killed: Promise<void> | undefined;
    const sent = names.map(async (name) => {
      await bus.publish('trace-events', [record(name, name + padding)]);
      // The moment in which it says that some are there is that of its end.
      if (++acknowledged > 20) killed ??= own.kill();
    });
    await until(() => killed !== undefined);
    await killed;
    expect(acknowledged).toBeLessThan(400);
    await until(async () => (await bus.status()).failure !== null);
    await own.restart();
    await Promise.all(sent);
    await until(() => new Set(taken).size === 400);
    expect([...new Set(taken)].sort()).toEqual(names);
    const [{ topic }] = (await bus.status()).subscriptions;
    expect(topic).toBe('trace-events');
    // On the topic itself each record stands once: the producer is idempotent.
    const kafka = new Kafka({ brokers: [own.address], logLevel: logLevel.NOTHING }).admin();
    await kafka.connect();
    const [name] = (await kafka.listTopics()).filter((one) => one.endsWith('.trace-events'));
    const ends = await kafka.fetchTopicOffsets(name);
    await kafka.disconnect();
    expect(ends.reduce((sum, { high }) => sum + Number(high), 0)).toBe(400);
    await bus.close();
  } finally {
    await own.stop();
  }
});

it('TLS with an authority of its own, and SASL with what the environment says', async () => {
  const parameters = `topic-prefix=${prefix()}&tls-ca=${broker.authority}&sasl=plain`;
  const secure = { address: broker.secureAddress, username: BROKER_USER, password: BROKER_PASSWORD };
  const bus = await open(parameters, secure);
  const taken: string[] = [];
  await bus.subscribe('trace-events', 'g', ({ records }) => {
    taken.push(...records.map(({ value }) => value.toString()));
    return Promise.resolve();
  });
  await bus.publish('trace-events', [record('k', 'secret')]);
  await until(() => taken.length > 0);
  expect(taken).toEqual(['secret']);
  const wrong = open(parameters, { ...secure, password: 'sesam' });
  await expect(wrong).rejects.toThrow(/authentication failed/i);
  await expect(wrong).rejects.not.toThrow(/sesam/);
  await expect(open(parameters, { ...secure, password: '' })).rejects.toThrow(
    'BUS_URL asks for SASL: set BUS_USERNAME and BUS_PASSWORD in the environment',
  );
  await expect(open(`tls-ca=/no/such/file`, secure)).rejects.toThrow(
    /tls-ca=\/no\/such\/file cannot be read: .*ENOENT/,
  );
});

it('the inputs of all stories give the same rows through Kafka as in one process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-stories-'));
  try {
    const damaged = join(folder, 'damaged.log');
    writeFileSync(damaged, '2026-03-02T10:21:00.000000+00:00 mx1 postfix/smtp[1]: 4fPZDN0mgNz8xS: to=<al\n');
    const given = [{ path: damaged, options: { format: 'postfix' } }];
    const alone = await toldThrough((store) => Promise.resolve(embeddedBus(store)), given);
    const through = await toldThrough(async (store) => {
      const bus = await open(`topic-prefix=${prefix()}&partitions=3`);
      await new StoreWriter(store, bus).start();
      return bus;
    }, given);
    expect(alone.journeys.length).toBeGreaterThan(50);
    expect(alone.rejected).toHaveLength(1);
    expect(through).toEqual(alone);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('topics', () => {
  it('are made with what the URL says', async () => {
    const name = prefix();
    await open(`topic-prefix=${name}&partitions=3`);
    const { topics } = await admin.fetchTopicMetadata({
      topics: ['trace-events', 'rejected-records', 'store-changes'].map((topic) => `${name}${topic}`),
    });
    // A broker answers in any order.
    expect(Object.fromEntries(topics.map(({ name: topic, partitions }) => [topic, partitions.length]))).toEqual({
      [`${name}trace-events`]: 3,
      [`${name}rejected-records`]: 3,
      [`${name}store-changes`]: 1,
    });
  });

  it('that do not suit are named with what to do', async () => {
    const name = prefix();
    await admin.createTopics({
      topics: [
        {
          topic: `${name}trace-events`,
          numPartitions: 2,
          configEntries: [
            { name: 'max.message.bytes', value: '100000' },
            { name: 'cleanup.policy', value: 'compact' },
          ],
        },
        { topic: `${name}store-changes`, numPartitions: 2 },
      ],
    });
    const refused = await open(`topic-prefix=${name}&partitions=4&replication=1`).catch(
      (error: unknown) => error as Error,
    );
    expect(
      String(refused)
        .split('\n')
        .map((line) => line.replace(name, '')),
    ).toEqual([
      expect.stringContaining('topic trace-events has 2 partitions, not 4: kafka-topics --alter') as string,
      'topic trace-events takes messages of 100000 bytes: set its max.message.bytes to at least 1048576',
      'topic trace-events is compacted, which drops records of the same key: set its cleanup.policy to delete',
      expect.stringContaining('topic store-changes has 2 partitions, not 1') as string,
    ]);
  });

  it('cannot have more copies than there are brokers', async () => {
    await expect(open(`topic-prefix=${prefix()}&replication=3`)).rejects.toThrow(
      /cannot be made with 3 copies \(.*\): make them yourself, or say replication=N in BUS_URL/,
    );
  });
});
