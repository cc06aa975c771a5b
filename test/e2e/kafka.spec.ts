import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationSummary } from '../../libs/simulate/simulation-summary';
import { CHECKSUM_SQL } from '../support/answer';
import { freePort } from '../support/free-port';
import { testBrokers } from '../support/kafka-broker';
import { TestStoreServer } from '../support/store-server/store-server';
import { until as untilTold } from '../support/until';
import { WorkerProcess } from '../support/worker-process';
import { Workplace } from './hoptime.fixture';

/** The built workers over a real broker answer as the embedded program does: every column of every journey and hop, and the books of every input. */
const place = new Workplace();
const ANSWER_SQL =
  `SELECT * FROM (${CHECKSUM_SQL}) UNION ALL SELECT 'inputs', toString(count()), ` +
  `toString(groupBitXor(cityHash64(toString(tuple(path, format, state, records, parsed, skipped, rejected, events))))), '' FROM hoptime.inputs ` +
  `UNION ALL SELECT 'rejected', toString(count()), toString(groupBitXor(cityHash64(toString(tuple(input_id, line, source, reason, text))))), '' FROM hoptime.rejected_records`;

let kafka: Awaited<ReturnType<typeof testBrokers>>;
let server: TestStoreServer;
let paths: string[] = [];
let embedded = '';
const workers: WorkerProcess[] = [];

const answer = (storeUrl: string): string => {
  const { stdout, stderr } = place.quick(['sql', ANSWER_SQL, '--format', 'TSV'], { env: { STORE_URL: storeUrl } });
  return stdout.split('\n').sort().join('\n') + stderr;
};
const chdb = (name: string): string => `chdb:${join(place.folder, name)}`;
const busUrl = (prefix: string): string => `kafka://${kafka.brokers}/?topic-prefix=${prefix}.`;

function worker(role: string, env: Record<string, string>, args: string[] = []): WorkerProcess {
  const folder = join(place.folder, `collector-${workers.length}`);
  const one = new WorkerProcess(role, { COLLECTOR_FOLDER: folder, ...env }, args, place.folder);
  workers.push(one);
  return one;
}

const until = (what: () => Promise<boolean>): Promise<void> =>
  untilTold(what, { told: () => workers.map(({ role, stderr }) => `${role}: ${stderr}`).join('') });
/** A part may be late for a moment: a broker of which it is asked while the group changes, a store that has just come back. */
const untilWell = (one: WorkerProcess): Promise<void> => until(async () => (await one.health()).status === 'ok');

/** @param correlator whose figures are to be those of all that it knows, before the store is asked at length */
async function untilAnswer(storeUrl: string, wanted: string, correlator: WorkerProcess): Promise<void> {
  for (const end = Date.now() + 90_000; ;) {
    await until(async () => (await correlator.metric('hoptime_figures_behind_seconds')) === 0);
    const now = answer(storeUrl);
    if (now === wanted) return;
    if (Date.now() > end) {
      expect({ now, said: workers.map(({ role, stderr }) => `${role}: ${stderr}`) }).toEqual({ now: wanted });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

beforeAll(async () => {
  [kafka, server] = await Promise.all([testBrokers(), TestStoreServer.start()]);
  const fleet = join(place.folder, 'fleet');
  mkdirSync(fleet);
  const words = [
    'simulate',
    '--out',
    fleet,
    '--messages',
    '300',
    '--days',
    '7',
    '--seed',
    '5',
    '--fleet',
    'postfix',
    '--json',
  ];
  const summary = place.json<SimulationSummary>(words);
  paths = summary.ingest.flatMap((step) => step.paths.map((path) => join(fleet, path)));
  place.quick(['ingest', ...paths, '--timezone', 'UTC'], { env: { STORE_URL: chdb('embedded') } });
  embedded = answer(chdb('embedded'));
}, 600_000);

afterEach(async () => {
  await Promise.all(workers.splice(0).map((one) => one.end('SIGKILL')));
});
afterAll(async () => {
  await Promise.all([kafka.stop(), server.close()]);
  place.remove();
});

it('all in one process, over Kafka and the embedded engine', async () => {
  expect(embedded).toMatch(/^journeys\t/m);
  const SQL_PORT = String(await freePort());
  const env = { BUS_URL: busUrl('one'), STORE_URL: chdb('one'), SQL_PORT };
  const all = worker('all', env, [...paths, '--timezone', 'UTC']);
  await all.start();
  await untilAnswer(chdb('one'), embedded, all);
  await untilWell(all);
  // What is written is acknowledged in the moment after.
  await until(
    async () => (await all.metric('hoptime_bus_lag_records', 'topic="trace-events"', 'group="writer"')) === 0,
  );
  expect(await all.metric('hoptime_bus_up')).toBe(1);
  // The journeys may be right before the correlator has said that they are.
  await until(async () => (await all.metric('hoptime_figures_behind_seconds')) === 0);
  const sql = await fetch(
    `http://127.0.0.1:${SQL_PORT}/?query=${encodeURIComponent('SELECT count() FROM hoptime.journeys')}`,
  );
  expect(await sql.text()).toBe(`${/^journeys\t(\d+)/m.exec(embedded)?.[1]}\n`);
  expect(await all.end('SIGTERM')).toBe(0);
});

it('each role in a process of its own, over Kafka and a store server; one of two writers dies at work, and the store is away for a while', async () => {
  const env = { BUS_URL: busUrl('roles'), STORE_URL: server.url('hoptime_store') };
  const collector = worker('collector', env, [...paths, '--timezone', 'UTC']);
  const others = ['writer', 'writer', 'correlator', 'api'].map((role) => worker(role, env));
  await others[0].start();
  await Promise.all(others.slice(1).map((one) => one.start()));
  const [first, second, ...rest] = others;
  await collector.start();
  await until(async () => (await first.metric('hoptime_written_events_total')) > 0);
  await first.end('SIGKILL');
  expect(await collector.ended()).toBe(0);
  await server.kill();
  await until(async () => {
    const { status, parts } = await second.health();
    const of = (name: string): string | undefined => parts.find(({ part }) => part === name)?.status;
    return status === 'unavailable' && of('bus') === 'ok' && of('store') === 'unavailable';
  });
  await until(async () => (await rest[1].health()).status === 'unavailable');
  await server.start();
  await untilAnswer(env.STORE_URL, embedded, rest[0]);
  await untilWell(second);
  // Nobody has asked this API anything since: it must find out by itself that the store is back.
  expect(rest[1].role).toBe('api');
  await untilWell(rest[1]);
  for (const one of [second, ...rest]) expect(await one.end('SIGTERM')).toBe(0);
});

it.each([
  [
    { WORKER_ROLE: 'writer', BUS_URL: 'memory:', STORE_URL: 'http://h/d' },
    /BUS_URL=memory: hands over inside one process only/,
  ],
  [{ WORKER_ROLE: 'writer', BUS_URL: 'kafka://127.0.0.1:1' }, /STORE_URL=chdb: belongs to one process/],
  [{ WORKER_ROLE: 'collector', BUS_URL: 'kafka://127.0.0.1:1' }, /reads nothing: name files/],
  [{ WORKER_ROLE: 'all', BUS_URL: 'kafka://user:sesam@127.0.0.1:1' }, /set BUS_USERNAME and BUS_PASSWORD/],
])('%j is refused with the reason', async ({ WORKER_ROLE, ...env }, reason) => {
  const one = worker(WORKER_ROLE, { STORE_URL: chdb('refused'), ...env });
  await one.start();
  expect({ code: await one.ended(), said: one.stderr }).toEqual({
    code: 2,
    said: expect.stringMatching(reason) as string,
  });
  expect(one.stderr).not.toContain('sesam');
});
