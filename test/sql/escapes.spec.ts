import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Attempt, Target } from './attempt.fixture';
import { changingAttempts } from './escape-changes.fixture';
import { readingAttempts } from './escape-reads.fixture';
import { until } from '../support/until';
import { SqlPlace } from './endpoint.fixture';

/**
 * Attempts to do by SQL what the endpoint must not let anybody do. Each is tried twice: unguarded, where it must have its effect (else it
 * would prove nothing), and through the endpoint, where it must have none, and leave nothing to the next request.
 */
const CANARY = 'tweet-0b51e6f2a9';
let place: SqlPlace;
let target: Target;
let listener: Server;
let requests = 0;

beforeAll(async () => {
  place = await SqlPlace.open();
  listener = createServer((asked, answer) => {
    requests++;
    asked.resume();
    answer.end(`${CANARY}\n`);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const folder = join(place.folder, 'secrets');
  mkdirSync(folder);
  target = {
    folder,
    file: join(folder, 'canary.txt'),
    csv: join(folder, 'canary.csv'),
    canary: CANARY,
    out: join(place.folder, 'written.txt'),
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    host: hostname(),
    store: place.store.path,
  };
  writeFileSync(target.file, CANARY);
  writeFileSync(target.csv, `line\n${CANARY}\n`);
});
afterAll(async () => {
  listener.closeAllConnections();
  listener.close();
  await place.close();
});

const ANSWERED = [
  "where the store lies: SELECT data_paths FROM system.tables WHERE name = 'canary'",
  "where the store lies: SELECT arrayJoin(data_paths) FROM system.tables WHERE name = 'canary'",
  'how the store is made: SELECT name FROM system.databases',
  'how the store is made: SHOW DATABASES',
  "how the store is made: SELECT database FROM system.tables WHERE name = 'trace_events'",
  'how the store is made: SELECT schema_name FROM information_schema.schemata',
  "tables that are not the clients: SELECT name FROM system.tables WHERE database = 'vault'",
  "tables that are not the clients: SELECT table_name FROM information_schema.tables WHERE table_schema = 'vault'",
  "tables that are not the clients: SELECT table FROM system.columns WHERE database = 'vault'",
  'tables that are not the clients: SHOW COLUMNS FROM canary FROM vault',
];

/** The tables that attempts are aimed at, as they are before each that changes something. */
async function prepare(): Promise<void> {
  const views = await place.unguarded(
    "SELECT count() FROM system.tables WHERE database = 'hoptime' AND name = 'inputs'",
  );
  if (views[0] !== '1\n') {
    await place.unguarded('RENAME TABLE hoptime.made TO hoptime.inputs');
    await place.store.command('migrations/0074_view_inputs');
  }
  for (const sql of [
    'DROP TABLE IF EXISTS hoptime.made SYNC',
    'DROP FUNCTION IF EXISTS made',
    'DROP DATABASE IF EXISTS made SYNC',
    'ATTACH DATABASE IF NOT EXISTS vault',
    'DROP DATABASE IF EXISTS vault SYNC',
    'CREATE DATABASE vault ENGINE = Atomic',
    'CREATE TABLE vault.canary (line String) ENGINE = ReplacingMergeTree ORDER BY tuple()',
    `INSERT INTO vault.canary VALUES ('${CANARY}')`,
    'CREATE TABLE vault.known (id UInt64, line String) ENGINE = Join(ANY, LEFT, id)',
    `INSERT INTO vault.known VALUES (1, '${CANARY}')`,
  ])
    await place.unguarded(sql);
}

const settingsOf = ({ settings = {}, parameters = {} }: Attempt): string[] => [
  ...Object.entries(settings).map(([name, value]) => `SET ${name} = '${value}'`),
  ...Object.entries(parameters).map(([name, value]) => `SET param_${name} = '${value}'`),
];

/** What is seen of an attempt's effect, given how it is made. */
async function seen(
  attempt: Attempt,
  make: (probe?: string) => Promise<string[]>,
  probed: (probe: string) => Promise<string>,
): Promise<boolean> {
  const { effect } = attempt;
  if ('shows' in effect) {
    const [answer] = await make();
    return !answer.startsWith('failed') && answer.includes(effect.shows) ? true : answer.includes(CANARY);
  }
  if ('writes' in effect) {
    rmSync(target.out, { force: true });
    await make();
    return existsSync(target.out);
  }
  if ('connects' in effect) {
    const before = requests;
    await make();
    return requests > before;
  }
  if ('changes' in effect) {
    const [before] = await place.unguarded(effect.changes);
    await make();
    return (await place.unguarded(effect.changes))[0] !== before;
  }
  if ('remembers' in effect) {
    const before = await probed(effect.remembers);
    return (await make(effect.remembers))[1] !== before;
  }
  // Waiting takes its time each time, a busy machine does not.
  for (let tries = 0; tries < 3; tries++) {
    const began = performance.now();
    await make();
    if (performance.now() - began < 950) return false;
  }
  return true;
}

/** What a request answers, also one that fails. */
const nextRequest = async (sql: string): Promise<string> => (await place.ask(sql)).body.toString();

async function throughEndpoint(attempt: Attempt, probe?: string): Promise<string[]> {
  const { settings = {}, parameters = {} } = attempt;
  const named = Object.entries(parameters).map(([name, value]): [string, string] => [`param_${name}`, value]);
  const { status, body } = await place.ask(attempt.sql, { ...settings, ...Object.fromEntries(named) });
  const text = body.toString();
  const answers = [status === 200 ? text : `failed: ${text}`];
  if (probe !== undefined) {
    answers.push(await nextRequest(probe));
  }
  return answers;
}

it('at least 200, of every category, work where nothing guards, and not through the endpoint', async () => {
  await prepare();
  const attempts = [...readingAttempts(target), ...changingAttempts(target)];
  const idle: string[] = [];
  const escaped: string[] = [];
  const answered: string[] = [];
  const disturbed: string[] = [];
  for (const attempt of attempts) {
    const name = `${attempt.category}: ${attempt.sql}`;
    const changes = 'changes' in attempt.effect || /\b(CREATE|DROP|INSERT)\b/.test(attempt.sql);
    const works = await seen(
      attempt,
      (probe) => place.unguarded(attempt.sql, settingsOf(attempt), probe === undefined ? [] : [probe]),
      async (probe) => (await place.unguarded(probe))[0],
    );
    if (!works) idle.push(name);
    if (changes) await prepare();
    rmSync(target.out, { force: true });
    let refused = '';
    const through = async (probe?: string): Promise<string[]> => {
      const answers = await throughEndpoint(attempt, probe);
      refused = answers[0];
      return answers;
    };
    const got = await seen(attempt, through, nextRequest);
    if (got) escaped.push(name);
    if (refused.includes(CANARY) && !attempt.sql.includes(CANARY)) escaped.push(`${name} (its refusal)`);
    if (!refused.startsWith('failed: Code: ')) answered.push(name);
    // Nothing of it goes on behind the answer.
    await until(() => place.engine.load.running === 0, { ms: 30_000, told: () => name });
    if ((await nextRequest('SELECT 1')) !== '1\n') disturbed.push(name);
  }
  expect({ idle, escaped, disturbed }).toEqual({ idle: [], escaped: [], disturbed: [] });
  // Questions after what there is are answered: with what the role sees, and that is not what they look for.
  expect(answered).toEqual(ANSWERED);
  expect(attempts.length).toBeGreaterThanOrEqual(200);
});
