import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Workplace } from '../e2e/hoptime.fixture';
import { CHECKSUM_SQL } from '../support/answer';
import { KafkaBroker } from '../support/kafka-broker';
import { linesOf, randomNumbers } from '../support/line-files';
import { TestStoreServer } from '../support/store-server/store-server';
import { WorkerProcess } from '../support/worker-process';

/**
 * Collector, writers, correlator, store server and broker are killed with SIGKILL at random moments while mail comes in; the journeys are those of
 * the embedded program that nobody disturbed: 0 lost, 0 doubled. TRIAL_KILLS=200 for the whole series.
 */
const SEED = Number(process.env.TRIAL_SEED ?? 1);
const KILLS = Number(process.env.TRIAL_KILLS ?? 60);
const MESSAGES = Number(process.env.TRIAL_MESSAGES ?? 2000);
/** Of a hundred kills, besides a broker each twenty: a broker and a store server need their time to come back. */
const SHARES: Record<string, number> = { collector: 30, writer: 35, correlator: 26, 'store server': 8, broker: 1 };

const random = randomNumbers(SEED);
const place = new Workplace();
const incoming = join(place.folder, 'incoming');
const said: string[] = [];
const begun = Date.now();
let killedAtWork = 0;
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
  const { stdout, stderr } = place.run(['sql', CHECKSUM_SQL, '--format', 'TSV'], { env });
  return stdout + stderr;
};

/** The fleet's files as steps: logs in pieces that are appended, all other files as a whole. */
function steps(fleet: string): (() => void)[] {
  const files = readdirSync(fleet, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('truth') && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\/(hes|postfix|mail)\//.test(path));
  return files.flatMap((from) => {
    const to = join(incoming, relative(fleet, from));
    mkdirSync(dirname(to), { recursive: true });
    const { mtime } = statSync(from);
    if (!from.includes('/postfix/')) return [() => (copyFileSync(from, to), utimesSync(to, mtime, mtime))];
    const lines = linesOf(readFileSync(from));
    const pieces = Math.max(1, Math.ceil(lines.length / 300));
    return Array.from({ length: pieces }, (_, n) => () => {
      appendFileSync(to, Buffer.concat(lines.slice(n * 300, (n + 1) * 300)));
      utimesSync(to, mtime, mtime);
    });
  });
}

/** In another order: what a log says does not depend on the order of its lines. */
function mixed(all: readonly (() => void)[]): (() => void)[] {
  const places = all.map((step, index) => ({ step, at: index + random() * all.length * 0.5 }));
  return places.sort((a, b) => a.at - b.at).map(({ step }) => step);
}

function victim(): string {
  let at = random() * 100;
  for (const [name, share] of Object.entries(SHARES)) if ((at -= share) < 0) return name;
  return 'writer';
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
    if (one.isAtWork) killedAtWork++;
    await one.end('SIGKILL');
    await one.start(false);
  }
}

it(
  `seed ${SEED}: ${KILLS} kills, journeys as if there had been none`,
  async () => {
    [broker, server] = await Promise.all([KafkaBroker.start(), TestStoreServer.start()]);
    place.run(['simulate', '--out', 'fleet', '--messages', String(MESSAGES), '--days', '3', '--seed', String(SEED)]);
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

    const left = mixed(steps(join(place.folder, 'fleet')));
    const perKill = Math.ceil(left.length / KILLS);
    for (let number = 1; number <= KILLS; number++) {
      for (const step of left.splice(0, perKill)) step();
      await new Promise((resolve) => setTimeout(resolve, random() * 2500));
      const name = number % 20 === 10 ? 'broker' : victim();
      log(`kill ${number} of ${KILLS}: ${name}`);
      await kill(name);
    }
    for (const step of left) step();
    log(`no more kills; ${killedAtWork} workers were at work when they died`);
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
    console.log(`${said.join('\n')}\nexpected ${expected}got      ${now}${basename(place.folder)}`);
    if (now !== expected) console.log(workers.map(({ role, stderr }) => `${role}: ${stderr.slice(-1500)}`).join('\n'));
    expect(now).toBe(expected);
    expect(expected.split('\n').filter(Boolean)).toHaveLength(2);
    for (const one of workers) expect(one.runs).toBe(true);
  },
  Math.max(1_800_000, KILLS * 20_000),
);
