import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import { rollupState } from '../../libs/store/rollup';
import { Store } from '../../libs/store/store';
import { join } from 'node:path';
import { portionsOf } from '../support/fleet-portions';
import { TestStoreServer } from '../support/store-server/store-server';
import { WorkerProcess } from '../support/worker-process';
import { ServedStore } from './api.fixture';

/**
 * A worker of the role `api` over a cluster of two shards with rows (test/support/store-server/two-shards.mjs) answers, byte for byte, what the API over the
 * embedded engine answers (docs/cluster.md).
 */
const OPTIONS = { verdictThresholdMs: 60_000, hesNetworks: [], rollup: true, rollupFrom: 0 };
const DAYS = 'from=2026-03-01T00:00:00Z&to=2026-03-09T00:00:00Z';
const HOURS = 'from=2026-03-02T05:00:00Z&to=2026-03-04T19:00:00Z';
/** In the middle of hours: no rollup answers. */
const MINUTES = 'from=2026-03-02T08:13:00Z&to=2026-03-04T17:31:00Z';

let server: TestStoreServer;
let embedded: ServedStore;
let cluster: Store;
let api: WorkerProcess;
let address: string;

beforeAll(async () => {
  [server, embedded] = await Promise.all([TestStoreServer.start(undefined, 'main'), ServedStore.open()]);
  const url = server.url('mail_store', { query: '?cluster=main' });
  cluster = await Store.open(url, { cluster: 'whole', folder: embedded.folder });
  const fleet = join(embedded.folder, 'fleet');
  await simulate({ out: fleet, messages: 90, seed: 23, days: 3, fleet: 'mixed' });
  // The second one has touched messages correlated: rows of the rollups are added, and taken away.
  const portions = portionsOf(fleet, embedded.folder, 2);
  for (const store of [embedded.store, cluster]) {
    const revisions = [await revisionOf(store)];
    for (const portion of portions) {
      await store.inTurn(() => new IngestService(store, OPTIONS).ingest(portion, { timeZone: 'UTC' }));
      revisions.push(await revisionOf(store));
    }
    expect(new Set(revisions).size).toBe(3);
    expect(await rollupState(store, 0)).toBe('in line');
  }
  api = new WorkerProcess('api', { STORE_URL: url, BUS_URL: 'memory:', DATA_FOLDER: embedded.folder });
  await api.start();
  address = /Hoptime is at (http:[^\s,]+)/.exec(api.stderr)?.[1] ?? `none: ${api.stderr}`;
});
afterAll(async () => {
  await api.end('SIGKILL');
  await cluster.close();
  await embedded.close();
  await server.close();
});

const revisionOf = async (store: Store): Promise<string> =>
  (await store.rows<{ revision: string }>('queries/range'))[0].revision;

/** What no two processes say alike: when they were asked, when they read, and who they are. */
const settled = (text: string): string =>
  text.replaceAll(/"(now|changed_at|ingested_at|checked_at|version|revision)":"[^"]*"/g, '"$1":"…"');

/** The answer to a question, over the embedded engine and over the cluster. */
async function both(path: string): Promise<string> {
  const [here, there] = await Promise.all(
    [embedded.address, address].map(async (at) => {
      const response = await fetch(`${at}/api/v1/${path}`);
      return `${path} ${response.status} ${settled(await response.text())}`;
    }),
  );
  expect(there).toBe(here);
  expect(here.startsWith(`${path} 200 `)).toBe(true);
  return here.slice(`${path} 200 `.length);
}

/** Questions that rollups may answer. */
const figures = (range: string): string[] => [
  ...['summary', 'distribution', 'timeline', 'heatmap'].map((path) => `delays/${path}?${range}`),
  ...['summary', 'heatmap'].map((path) => `delays/${path}?${range}&state=complete&state=in_flight`),
  ...['summary', 'timeline', 'distribution'].map((path) => `delays/${path}?${range}&recipient_domain=corp.example`),
  `delays/timeline?${range}&interval=hour&tz=Asia/Kolkata`,
  `delays/timeline?${range}&interval=hour&tz=Europe/Berlin`,
  `delays/heatmap?${range}&interval=day&tz=Asia/Tokyo&per_octave=2`,
  ...['recipient_domain', 'sender_domain', 'mta', 'verdict', 'state', 'reply'].map(
    (by) => `delays/breakdown?${range}&by=${by}&limit=2`,
  ),
  `hops?${range}`,
  `coverage?${range}`,
];

it('has rows of every table that answers on both shards', async () => {
  for (const table of ['inputs', 'trace_events', 'journeys', 'property_histograms', 'property_sums', 'delay_rollups']) {
    const rows = await cluster.rows<{ n: number }>({
      sql: `SELECT toUInt32(count()) AS n FROM hoptime_store.${table} GROUP BY _shard_num`,
    });
    expect([table, rows.length, Math.min(...rows.map(({ n }) => n)) > 5]).toEqual([table, 2, true]);
  }
});

it('answers from the journeys', async () => {
  for (const path of figures(MINUTES)) await both(path);
  const summary = JSON.parse(await both(`delays/summary?${MINUTES}&mta=mx1&verdict=downstream`)) as Counted;
  expect(summary.coverage.journeys).toBeGreaterThan(3);
  for (const path of [
    'range',
    'inputs?limit=3',
    'inputs',
    'live',
    'reports',
    'health/live',
    'health/ready',
    'doctor/corp.example',
    `clocks?${DAYS}`,
    `sla?${DAYS}&tz=Europe/Berlin`,
    `delays/pareto?${DAYS}`,
    `delays/compare?${DAYS}&min_ms=60000`,
    `delays/compare?${MINUTES}&baseline_from=2026-03-01&baseline_to=2026-03-03`,
    `delays/summary?${DAYS}&clock=corrected&estimate=true`,
    `hops?${DAYS}&clock=corrected`,
  ])
    await both(path);
});

it('answers one page of journeys after the other, and one message', async () => {
  const pages: string[] = [];
  let messages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = JSON.parse(
      await both(`journeys?${DAYS}&limit=40${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
    ) as Page;
    pages.push(...page.journeys.map((journey) => JSON.stringify(journey)));
    messages = page.journeys.flatMap(({ message_id }) => message_id ?? []);
    cursor = page.next_cursor;
  }
  expect(pages.length).toBeGreaterThan(90);
  expect(new Set(pages).size).toBe(pages.length);
  await both(`journeys?${DAYS}&limit=7&sort=slowest&min_ms=60000&segment=hes&clock=corrected`);
  const one = `journeys/${encodeURIComponent(messages[0])}`;
  expect(JSON.parse(await both(one))).toMatchObject({ message_id: messages[0] });
  await both(`${one}?clock=corrected`);
  const bundles = await Promise.all(
    [embedded.address, address].map((at) => fetch(`${at}/api/v1/${one}/support-bundle`)),
  );
  const [here, there] = await Promise.all(
    bundles.map(async (bundle) => [bundle.status, (await bundle.arrayBuffer()).byteLength]),
  );
  expect(there).toEqual([200, expect.any(Number)]);
  expect(Math.abs(there[1] - here[1])).toBeLessThan(100);
  expect(await api.health()).toMatchObject({ status: 'ok' });
  expect(await (await fetch(`${address}/metrics`)).text()).toMatch(/^hoptime_store_outage_seconds 0$/m);
});

it('answers from the rollups', async () => {
  // Which rows count is said by the version alone; how many journeys lie in an hour says whether its rollup is asked.
  for (const store of [embedded.store, cluster])
    await store.command({
      sql: `INSERT INTO hoptime_store.rollup_versions (span, begins, version, journeys)
        SELECT span, begins, max(version), toUInt64(1000000) FROM hoptime_store.rollup_versions GROUP BY span, begins`,
    });
  const inexact: string[] = [];
  for (const path of figures(DAYS)) if ((await both(path)).includes('"exact":false')) inexact.push(path);
  expect(inexact.length).toBeGreaterThan(8);
  // With hours at its ends, of domains read from the journeys.
  for (const path of [
    `delays/summary?${HOURS}`,
    `delays/breakdown?${HOURS}&by=recipient_domain`,
    `delays/timeline?${HOURS}&recipient_domain=corp.example`,
  ])
    expect(await both(path)).toContain('"exact":false');
});

interface Counted {
  coverage: { journeys: number };
}
interface Page {
  journeys: { message_id: string | null }[];
  next_cursor: string | null;
}
