import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationSummary } from '../../libs/simulate/simulation-summary';
import { testBrokers } from '../support/kafka-broker';
import { TestStoreServer } from '../support/store-server/store-server';
import { until } from '../support/until';
import { WorkerProcess } from '../support/worker-process';
import { Workplace } from './hoptime.fixture';

/** The built workers over a broker and a cluster of two shards with rows (docs/cluster.md) bring about the journeys that the embedded program does. */
const place = new Workplace();
const workers: WorkerProcess[] = [];
let kafka: Awaited<ReturnType<typeof testBrokers>>;
let server: TestStoreServer;
let paths: string[] = [];
let embedded = '';
beforeAll(async () => {
  [kafka, server] = await Promise.all([testBrokers(), TestStoreServer.start(undefined, 'main')]);
}, 600_000);
afterAll(async () => {
  await Promise.all(workers.map((one) => one.end('SIGKILL')));
  await Promise.all([kafka.stop(), server.close()]);
  place.remove();
});

const journeysOf = (storeUrl?: string): string =>
  place.quick(['journeys', '--all', '--format', 'json'], storeUrl === undefined ? {} : { env: { STORE_URL: storeUrl } })
    .stdout;

it('collector, two writers and two correlators; a writer and a correlator die at work', async () => {
  const fleet = join(place.folder, 'fleet');
  mkdirSync(fleet);
  const words = [
    'simulate',
    '--out',
    fleet,
    '--messages',
    '200',
    '--days',
    '3',
    '--seed',
    '5',
    '--fleet',
    'postfix',
    '--json',
  ];
  const summary = place.json<SimulationSummary>(words);
  paths = summary.ingest.flatMap((step) => step.paths.map((path) => join(fleet, path)));
  place.quick(['ingest', ...paths, '--timezone', 'UTC']);
  embedded = journeysOf();
  expect((JSON.parse(embedded) as unknown[]).length).toBeGreaterThan(200);

  const env = {
    BUS_URL: `kafka://${kafka.brokers}/?topic-prefix=shards.`,
    STORE_URL: server.url('live_store', { query: '?cluster=main' }),
  };
  const worker = (role: string, args: string[] = []): WorkerProcess => {
    const folder = join(place.folder, `collector-${workers.length}`);
    const one = new WorkerProcess(role, { COLLECTOR_FOLDER: folder, ...env }, args, place.folder);
    workers.push(one);
    return one;
  };
  const told = (): string => workers.map(({ role, stderr }) => `${role}: ${stderr}`).join('');
  const [killed, writer, first, second] = ['writer', 'writer', 'correlator', 'correlator'].map((role) => worker(role));
  await killed.start();
  await Promise.all([writer, first].map((one) => one.start()));
  const collector = worker('collector', [...paths, '--timezone', 'UTC']);
  await collector.start();
  await until(async () => (await killed.metric('hoptime_written_events_total')) > 0, { told });
  await killed.end('SIGKILL');
  await until(() => (JSON.parse(journeysOf(env.STORE_URL)) as unknown[]).length > 0, { told });
  await first.end('SIGKILL');
  await second.start();
  expect(await collector.ended()).toBe(0);
  let found = '';
  for (const end = Date.now() + 90_000; found !== embedded && Date.now() < end;) {
    await until(async () => (await second.metric('hoptime_figures_behind_seconds')) === 0, { told });
    found = journeysOf(env.STORE_URL);
  }
  expect(found).toBe(embedded);
  for (const one of [writer, second]) expect(await one.end('SIGTERM')).toBe(0);
});

it('all roles in one process', async () => {
  const STORE_URL = server.url('all_store', { query: '?cluster=main' });
  const folder = join(place.folder, 'all');
  const all = new WorkerProcess(
    'all',
    { STORE_URL, COLLECTOR_FOLDER: folder, BUS_URL: `kafka://${kafka.brokers}/?topic-prefix=all.` },
    [...paths, '--timezone', 'UTC'],
    place.folder,
  );
  workers.push(all);
  await all.start();
  const told = (): string => all.stderr;
  await until(() => journeysOf(STORE_URL) === embedded, { told });
  const address = /Hoptime is at (http:[^\s,]+)/.exec(all.stderr)?.[1] ?? all.stderr;
  const range = (await (await fetch(`${address}/api/v1/range`)).json()) as { journeys: number };
  expect(range.journeys).toBe((JSON.parse(embedded) as unknown[]).length);
  expect(await all.end('SIGTERM')).toBe(0);
});
