import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, rmSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Bus } from '../../libs/bus/bus';
import { eventsRecord } from '../../libs/ingest/bus-message';
import { Workplace } from '../e2e/hoptime.fixture';
import { WHOLE_ANSWER_SQL } from '../support/answer';
import { fleetSteps, mixed } from '../support/fleet-steps';
import { KafkaBroker } from '../support/kafka-broker';
import { randomNumbers } from '../support/line-files';
import { FaultProxy } from '../support/store-server/fault-proxy';
import { TestStoreServer } from '../support/store-server/store-server';
import { WorkerProcess } from '../support/worker-process';

/**
 * Through Kafka, every role a process of its own, mail coming in all the time: the broker is away, the store is away, its disk is full, a record is
 * poison, the store rejects for ever. Health and metrics say so in the middle, memory stays bounded, work resumes by itself, and nothing is lost.
 * Needs root: the full disk is a tmpfs of its own.
 */
const AWAY_MS = Number(process.env.TRIAL_AWAY_SECONDS ?? 60) * 1000;
const MESSAGES = Number(process.env.TRIAL_MESSAGES ?? 6000);
const SEED = Number(process.env.TRIAL_SEED ?? 1);
/** Blocks on their way (16 MiB), a batch of 16 MiB and its copy, and the program itself. */
const MOST_MIB = 640;
const PREFIX = 'outages.';
const PORTIONS = 7;

const place = new Workplace();
const incoming = join(place.folder, 'incoming');
const disk = join(place.folder, 'disk');
const ballast = join(disk, 'ballast');
const workers: Record<'collector' | 'writer' | 'correlator' | 'api', WorkerProcess> = {} as never;
let broker: KafkaBroker;
let server: TestStoreServer;
let proxy: FaultProxy;
let portions: (() => void)[][] = [];
const begun = Date.now();
const log = (what: string): void => console.log(`${((Date.now() - begun) / 1000).toFixed(0)} s: ${what}`);

beforeAll(async () => {
  mkdirSync(disk);
  mkdirSync(incoming);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1g', 'tmpfs', disk], { encoding: 'utf8' });
  if (mounted.status !== 0) throw new Error(`a disk that can be full needs root: ${mounted.stderr}`);
  [broker, server] = await Promise.all([KafkaBroker.start(), TestStoreServer.start(join(disk, 'server'))]);
  proxy = new FaultProxy(server);
  await proxy.open();
  place.run([
    'simulate',
    '--out',
    'fleet',
    '--messages',
    String(MESSAGES),
    '--days',
    '3',
    '--seed',
    String(SEED),
    '--fleet',
    'postfix',
  ]);
  const steps = mixed(fleetSteps(join(place.folder, 'fleet'), incoming, 30), randomNumbers(SEED));
  portions = Array.from({ length: PORTIONS }, (_, n) => steps.filter((_step, at) => at % PORTIONS === n));
  const env = {
    BUS_URL: `kafka://${broker.address}/?topic-prefix=${PREFIX}`,
    STORE_URL: server.url('hoptime_store', { port: proxy.port }),
    COLLECTOR_FOLDER: join(place.folder, 'collector'),
  };
  for (const role of ['writer', 'correlator', 'api', 'collector'] as const) {
    const args = role === 'collector' ? ['--watch', incoming, '--timezone', 'UTC'] : [];
    workers[role] = new WorkerProcess(role, env, args, place.folder);
    await workers[role].start();
  }
  comesIn(0);
  await allIsWell(120_000);
}, 600_000);

afterAll(async () => {
  await Promise.all(Object.values(workers).map((one) => one.end('SIGKILL')));
  await Promise.all([broker.stop(), proxy.close(), server.close()]);
  spawnSync('umount', ['-l', disk]);
  place.remove();
});

const comesIn = (portion: number): void => portions[portion].forEach((step) => step());

const partOf = async (role: keyof typeof workers, part: string): Promise<{ status: string; detail?: string }> =>
  (await workers[role].health()).parts.find(({ part: name }) => name === part) ?? { status: 'not told' };

const writerLag = (): Promise<number> =>
  workers.writer.metric('hoptime_bus_lag_records', 'topic="trace-events"', 'group="writer"');

async function until(what: () => Promise<boolean>, ms: number): Promise<void> {
  for (const end = Date.now() + ms; !(await what().catch(() => false)); await sleep(250))
    if (Date.now() > end) {
      const told = Object.values(workers).map(({ role, stderr }) => `${role}: ${stderr.slice(-1500)}`);
      throw new Error(`not within ${ms} ms: ${what.toString()}\n${told.join('\n')}`);
    }
}

/** All parts of all roles work, nothing waits to be read, written or correlated. */
async function allIsWell(ms: number): Promise<void> {
  await until(async () => {
    const states = await Promise.all(Object.values(workers).map((one) => one.health()));
    return (
      states.every(({ status }) => status === 'ok') &&
      (await workers.collector.metric('hoptime_collector_lag_bytes')) === 0 &&
      (await writerLag()) === 0 &&
      (await workers.correlator.metric('hoptime_figures_behind_seconds')) === 0
    );
  }, ms);
}

/** Half of the time with the fault, what is seen then, the other half; afterwards how long it took until all was well again. */
async function outage(name: string, ms: number, seen: () => Promise<void>, mended: () => Promise<void>): Promise<void> {
  log(`${name}: begins`);
  const ends = sleep(ms);
  try {
    await sleep(ms / 2);
    await seen();
    await ends;
  } finally {
    await mended();
  }
  const from = Date.now();
  await allIsWell(300_000);
  const peaks = Object.values(workers).map((one) => `${one.role} ${one.peakMiB}`);
  log(
    `${name}: all is well again after ${((Date.now() - from) / 1000).toFixed(1)} s; peaks in MiB: ${peaks.join(', ')}`,
  );
  for (const one of Object.values(workers)) expect(one.runs).toBe(true);
  expect(Math.max(...Object.values(workers).map(({ peakMiB }) => peakMiB))).toBeLessThan(MOST_MIB);
}

it(`the broker is away for ${AWAY_MS / 1000} s`, async () => {
  await broker.kill();
  comesIn(1);
  // What comes while the collector waits for the bus stays in its files.
  setTimeout(() => comesIn(6), AWAY_MS / 4);
  await outage(
    'broker away',
    AWAY_MS,
    async () => {
      const roles = ['collector', 'writer', 'correlator', 'api'] as const;
      const parts = await Promise.all(roles.map((role) => partOf(role, 'bus')));
      expect(parts.map(({ status }) => status)).toEqual(roles.map(() => 'unavailable'));
      expect(await partOf('writer', 'store')).toEqual({ part: 'store', status: 'ok' });
      expect(await workers.collector.metric('hoptime_bus_up')).toBe(0);
      expect(await workers.collector.metric('hoptime_bus_waiting_bytes')).toBeGreaterThan(0);
      expect(await workers.collector.metric('hoptime_collector_lag_bytes')).toBeGreaterThan(0);
    },
    () => broker.restart(),
  );
});

it(`the store is away for ${AWAY_MS / 1000} s`, async () => {
  await server.kill();
  comesIn(2);
  await outage(
    'store away',
    AWAY_MS,
    async () => {
      expect(await partOf('writer', 'bus')).toEqual({ part: 'bus', status: 'ok' });
      for (const role of ['writer', 'correlator', 'api'] as const)
        expect({ role, store: (await partOf(role, 'store')).status }).toEqual({ role, store: 'unavailable' });
      expect((await workers.collector.health()).status).toBe('ok');
      expect(await workers.collector.metric('hoptime_collector_lag_bytes')).toBe(0);
      expect(await writerLag()).toBeGreaterThan(0);
      const away = await workers.writer.metric('hoptime_store_outage_seconds');
      expect(away).toBeGreaterThan(AWAY_MS / 4000);
      expect(away).toBeLessThan(AWAY_MS / 1000);
      // At most so old: of what was not taken yet it is known only that it is younger than what was.
      const oldest = await workers.writer.metric('hoptime_bus_oldest_unread_seconds', 'topic="trace-events"');
      expect(oldest).toBeGreaterThan(AWAY_MS / 4000);
    },
    () => server.start(),
  );
});

it('the disk of the store is full', async () => {
  // Over and over: what the engine frees is not to be had either.
  const filling = setInterval(fill, 100);
  comesIn(3);
  await outage(
    'disk full',
    AWAY_MS / 2,
    async () => {
      expect(await partOf('writer', 'store')).toMatchObject({
        status: 'unavailable',
        detail: expect.stringMatching(/^the store does not answer: it answers code (243|75|74|425)/) as string,
      });
      expect(await workers.writer.metric('hoptime_store_outage_seconds')).toBeGreaterThan(0);
      expect(await writerLag()).toBeGreaterThan(0);
    },
    () => {
      clearInterval(filling);
      rmSync(ballast);
      return Promise.resolve();
    },
  );
});

it('poison among the records is kept apart, and what is behind it goes on', async () => {
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const damaged = eventsRecord({ isDurable: true } as Bus, '7', Buffer.from('as it was'), 1);
  const noRows = eventsRecord({ isDurable: true } as Bus, '7', Buffer.from([255, 255, 255]), 1);
  const messages = [{ value: 'no headers' }, { ...damaged, value: Buffer.from('changed') }, noRows].map((message) => ({
    headers: {},
    ...message,
    partition: 0,
  }));
  await producer.send({ topic: `${PREFIX}trace-events`, messages });
  await producer.disconnect();
  comesIn(4);
  await outage(
    'poison',
    2000,
    () => until(async () => (await workers.writer.metric('hoptime_bus_poison_total')) === 3, 60_000),
    () => Promise.resolve(),
  );
  const sql = `SELECT replaceRegexpOne(reason, '^\\S+: ', '') AS why, hex(text) FROM hoptime.rejected_records WHERE source = 'bus' ORDER BY why`;
  const { stdout } = place.run(['sql', sql, '--format', 'TSV'], { env: { STORE_URL: server.url('hoptime_store') } });
  expect(stdout.trim().split('\n')).toEqual([
    `damaged: its bytes are not those that its hash is of\t${Buffer.from('changed').toString('hex').toUpperCase()}`,
    `no message of hoptime: its headers name no input\t${Buffer.from('no headers').toString('hex').toUpperCase()}`,
    expect.stringMatching(/^the store cannot read its rows \(code (27|32|33|117|128|131|691)\)\tFFFFFF$/) as string,
  ]);
});

it('a store that rejects what is written, for ever', async () => {
  proxy.fail(/INSERT INTO \w+\.trace_events/, 497, Infinity);
  comesIn(5);
  await outage(
    'store rejects',
    AWAY_MS / 2,
    async () => {
      expect(await partOf('writer', 'store')).toEqual({ part: 'store', status: 'ok' });
      expect(await partOf('writer', 'subscriptions')).toMatchObject({
        status: 'unavailable',
        detail: expect.stringMatching(/^writer of trace-events: the store \S+ refuses the user hoptime/) as string,
      });
      expect(await workers.writer.metric('hoptime_bus_refused_total', 'topic="trace-events"')).toBeGreaterThan(1);
      expect(await writerLag()).toBeGreaterThan(0);
    },
    () => Promise.resolve(proxy.heal()),
  );
});

it('in the end everything is there once, and every process ends when it is told to', async () => {
  for (const one of Object.values(workers))
    expect({ role: one.role, code: await one.end() }).toEqual({ role: one.role, code: 0 });
  const run = place.run(['ingest', incoming, '--timezone', 'UTC']);
  expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status: 0 });
  const answer = (env: Record<string, string> = {}): string[] =>
    place
      .run(['sql', WHOLE_ANSWER_SQL, '--format', 'TSV'], { env })
      .stdout.trimEnd()
      .split('\n')
      .map((line) => line.trimEnd())
      .sort();
  const expected = answer();
  log(`${MESSAGES} messages: ${expected.join('; ').replaceAll('\t', ' ')}`);
  expect(expected.map((line) => line.split('\t')[0])).toEqual(['events', 'hops', 'journeys']);
  expect(answer({ STORE_URL: server.url('hoptime_store') })).toEqual(expected);
});

/** Leaves no byte free on the store's disk. */
function fill(): void {
  const file = openSync(ballast, 'a');
  const block = Buffer.alloc(1 << 20);
  for (let size = block.length; size >= 1;) {
    try {
      writeSync(file, block, 0, size);
    } catch {
      size >>= 1;
    }
  }
  closeSync(file);
}
