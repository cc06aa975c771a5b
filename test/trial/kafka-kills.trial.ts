import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';
import { WHOLE_ANSWER_SQL } from '../support/answer';
import { KafkaBroker } from '../support/kafka-broker';
import { fleetSteps, mixed } from '../support/fleet-steps';
import { randomNumbers } from '../support/line-files';
import { TestStoreServer } from '../support/store-server/store-server';
import { WorkerProcess } from '../support/worker-process';

/**
 * Collector, writers, correlator, store server and broker are killed with SIGKILL at random moments while mail comes in, which lasts as long as the
 * kills do; events and journeys are those of the embedded program that nobody disturbed: 0 lost, 0 doubled. TRIAL_KILLS=200 for the whole series.
 */
const SEED = Number(process.env.TRIAL_SEED ?? 1);
const KILLS = Number(process.env.TRIAL_KILLS ?? 60);
const MESSAGES = Number(process.env.TRIAL_MESSAGES ?? 2000);
/** Of a hundred kills; the rest are writers'. A broker and a store server need their time to come back. */
const SHARES: Record<string, number> = { broker: 5, 'store server': 8, correlator: 25, collector: 29 };

const random = randomNumbers(SEED);
const place = new Workplace();
const incoming = join(place.folder, 'incoming');
const said: string[] = [];
const begun = Date.now();
let killedAtWork = 0;
const gone: string[] = [];
const log = (what: string): void => void said.push(`${((Date.now() - begun) / 1000).toFixed(1)} s: ${what}`);

let broker: KafkaBroker;
let server: TestStoreServer;
const workers: WorkerProcess[] = [];
afterAll(async () => {
  await Promise.all(workers.map((one) => one.end('SIGKILL')));
  await Promise.all([broker.stop(), server.close()]);
  place.remove();
});

const answer = (env: Record<string, string> = {}): string => {
  const { stdout, stderr } = place.run(['sql', WHOLE_ANSWER_SQL, '--format', 'TSV'], { env });
  return stdout.split('\n').filter(Boolean).sort().join('\n') + stderr;
};

/** Who is killed, in order: as many of each as {@link SHARES} says. */
function victims(): string[] {
  const names = Object.entries(SHARES).flatMap(([name, share]) =>
    Array.from({ length: Math.ceil((KILLS * share) / 100) }, () => name),
  );
  const all = Array.from({ length: KILLS }, (_, n) => names[n] ?? 'writer');
  return all
    .map((name) => ({ name, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name);
}

/** Whoever ends by himself is started again, as by a service manager, and told in the end: nothing that happens here may end a worker. */
function endedByItself(one: WorkerProcess): void {
  if (one.runs) return;
  log(`${one.role} had ended by itself`);
  gone.push(`${one.role}: ${one.stderr.slice(-1500)}`);
}

async function kill(name: string): Promise<void> {
  if (name === 'broker') {
    await broker.kill();
    await broker.restart();
  } else if (name === 'store server') {
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, random() * 3000));
    await server.start();
  } else {
    const of = workers.filter(({ role }) => role === name);
    const one = of[Math.floor(random() * of.length)];
    // Most are at work when they die, the others are starting.
    const patience = random() < 0.7 ? 15_000 : 0;
    for (const end = Date.now() + patience; !one.isAtWork && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    endedByItself(one);
    if (one.isAtWork) killedAtWork++;
    await one.end('SIGKILL');
    await one.start(false);
  }
}

it(
  `seed ${SEED}: ${KILLS} kills, journeys as if there had been none`,
  async () => {
    [broker, server] = await Promise.all([KafkaBroker.start(), TestStoreServer.start()]);
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
    mkdirSync(incoming);
    const env = {
      BUS_URL: `kafka://${broker.address}/?topic-prefix=kills.`,
      STORE_URL: server.url('hoptime_store'),
      COLLECTOR_FOLDER: join(place.folder, 'collector'),
    };
    const made = [['collector', '--watch', incoming, '--timezone', 'UTC'], ['writer'], ['writer'], ['correlator']];
    for (const [role, ...args] of made) {
      const one = new WorkerProcess(role, env, args, place.folder);
      workers.push(one);
      await one.start();
      expect({ role, runs: one.runs, said: one.stderr }).toMatchObject({ runs: true });
    }

    const input = mixed(fleetSteps(join(place.folder, 'fleet'), incoming, KILLS), random);
    const order = victims();
    expect(input.length).toBeGreaterThanOrEqual(KILLS);
    for (const [index, name] of order.entries()) {
      const [from, to] = [index, index + 1].map((at) => Math.floor((at * input.length) / KILLS));
      for (const step of input.slice(from, to)) step();
      await new Promise((resolve) => setTimeout(resolve, random() * 2500));
      log(`kill ${index + 1} of ${KILLS}: ${name}`);
      await kill(name);
    }
    const each = [...new Set(order)].sort().map((name) => `${order.filter((one) => one === name).length} ${name}`);
    log(`no more kills: ${each.join(', ')}; ${killedAtWork} workers were at work when they died`);
    expect(killedAtWork).toBeGreaterThan(KILLS / 3);

    const run = place.run(['ingest', incoming, '--timezone', 'UTC']);
    expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status: 0 });
    const expected = answer();
    let now = '';
    for (const end = Date.now() + 240_000; now !== expected && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      now = answer({ STORE_URL: env.STORE_URL });
    }
    log(now === expected ? 'journeys equal' : 'journeys differ');
    console.log(`seed ${SEED}\n${said.join('\n')}\nexpected\n${expected}\ngot\n${now}`);
    if (now !== expected) console.log(workers.map(({ role, stderr }) => `${role}: ${stderr.slice(-1500)}`).join('\n'));
    expect(now).toBe(expected);
    expect(expected.split('\n').filter(Boolean)).toHaveLength(3);
    workers.forEach(endedByItself);
    expect(gone).toEqual([]);
  },
  Math.max(1_800_000, KILLS * 20_000),
);
