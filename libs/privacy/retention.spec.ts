import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputService } from '../delay/input.service';
import { Correlator } from '../ingest/correlator';
import { IngestService } from '../ingest/ingest.service';
import { simulate } from '../simulate/simulate';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { applyRetention } from './retention';

/** Two of three groups of a fleet came in long ago: what goes is computed here from the journeys, by union-find. */
const NOW = Date.now();
const DAY_MS = 86_400_000;
const days = { events: 30, rejected_records: 20, audit_log: 0, files: 30 };
let opened: TemporaryStore;

beforeAll(async () => {
  opened = await openTemporaryStore();
  const fleet = join(opened.folder, 'fleet');
  const { ingest } = await simulate({ out: fleet, messages: 60, seed: 4, days: 2 });
  const service = new IngestService(opened.store);
  for (const { paths, timeZone } of ingest)
    await service.ingest(
      paths.map((path) => join(fleet, path)),
      { timeZone },
    );
  await opened.store.command({
    sql: `ALTER TABLE hoptime_store.trace_events UPDATE ingested_at = now('UTC') - INTERVAL 31 DAY WHERE group_hash % 3 != 0 SETTINGS mutations_sync = 2`,
  });
  await opened.store.command({
    sql: `INSERT INTO hoptime_store.rejected_records SELECT 1, number, number, 'postfix', 'no', 'text', now64(3) - toIntervalDay(number * 10 + 1) FROM numbers(5)`,
  });
}, 60_000);
afterAll(() => opened.close());

type Row = Record<string, unknown>;
const rows = <T>(sql: string): Promise<T[]> => opened.store.rows<T>({ sql });
const journeys = async (): Promise<string[]> =>
  (await rows<Row>('SELECT * EXCEPT (journey_id), toString(journey_id) AS id FROM hoptime_store.journeys'))
    .map((row) => JSON.stringify(row))
    .sort();
const groups = async (): Promise<string[]> =>
  (await rows<{ g: string }>('SELECT DISTINCT hex(group_hash) AS g FROM hoptime_store.trace_events ORDER BY g')).map(
    ({ g }) => g,
  );

async function expectedToStay(): Promise<{ groups: string[]; journeys: Set<string> }> {
  const all = await rows<{ id: string; gs: string[] }>(
    'SELECT toString(journey_id) AS id, arrayMap(g -> hex(g), hops.group_hash) AS gs FROM hoptime_store.journeys',
  );
  const fresh = await rows<{ g: string }>(
    'SELECT DISTINCT hex(group_hash) AS g FROM hoptime_store.trace_events WHERE group_hash % 3 = 0',
  );
  const root = new Map<string, string>();
  const find = (g: string): string => {
    const up = root.get(g) ?? g;
    return up === g ? g : find(up);
  };
  for (const { gs } of all) for (const g of gs) root.set(find(g), find(gs[0]));
  const kept = new Set(fresh.map(({ g }) => find(g)));
  return {
    groups: (await groups()).filter((g) => kept.has(find(g))),
    journeys: new Set(all.filter(({ gs }) => kept.has(find(gs[0]))).map(({ id }) => id)),
  };
}

it('removes messages whole, counted from ingestion, and says how much it was', async () => {
  const before = await journeys();
  const expected = await expectedToStay();
  const [{ n }] = await rows<{ n: number }>('SELECT toUInt32(count()) AS n FROM hoptime_store.trace_events');
  expect(expected.journeys.size).toBeGreaterThan(10);
  expect(before.length - expected.journeys.size).toBeGreaterThan(10);

  const dry = await applyRetention(opened.store, { days, dryRun: true }, NOW);
  expect(await journeys()).toEqual(before);
  const removals = await applyRetention(opened.store, { days }, NOW);
  expect(removals).toEqual(dry);

  expect(await groups()).toEqual(expected.groups);
  const after = await journeys();
  expect(after).toEqual(before.filter((text) => expected.journeys.has(String((JSON.parse(text) as Row).id))));
  const [{ left }] = await rows<{ left: number }>('SELECT toUInt32(count()) AS left FROM hoptime_store.trace_events');
  // of the rejected ones 1, 11, 21, 31 and 41 days old the last three go
  expect(removals).toEqual([
    { what: 'trace_events', removed: n - left },
    { what: 'journeys', removed: before.length - after.length },
    { what: 'rejected_records', removed: 3 },
    { what: 'files', removed: 0 },
  ]);
  // what stays is what a correlation of the events that stay would build
  await new Correlator(opened.store).correlate();
  expect(await journeys()).toEqual(after);

  const { removed } = await new InputService(opened.store).inputs(undefined, 10);
  expect(removed.map(({ cause, what, removed: count }) => [cause, what, count])).toEqual([
    ['retention', 'journeys', before.length - after.length],
    ['retention', 'rejected_records', 3],
    ['retention', 'trace_events', n - left],
  ]);
  const again = await applyRetention(opened.store, { days }, NOW);
  expect(again.map(({ removed: count }) => count)).toEqual([0, 0, 0, 0]);
}, 60_000);

it('removes files that hold records as they came, but not the one that is written to', async () => {
  const old = (NOW - 31 * DAY_MS) / 1000;
  const put = (folder: string, name: string, seconds: number): void => {
    mkdirSync(join(opened.store.path, folder), { recursive: true });
    writeFileSync(join(opened.store.path, folder, name), 'x');
    utimesSync(join(opened.store.path, folder, name), seconds, seconds);
  };
  put('uploads', '0123-old.log', old);
  put('uploads', '4567-new.log', NOW / 1000);
  put('syslog', 'syslog:udp:5514.000001.log', old);
  put('syslog', 'syslog:udp:5514.000002.log', old);
  put('collected/tmes', 'page.json', old);
  const removals = await applyRetention(opened.store, { days: { ...days, events: 0, rejected_records: 0 } }, NOW);
  expect(removals).toEqual([{ what: 'files', removed: 3 }]);
  const left = ['uploads', 'syslog', 'collected/tmes'].flatMap((folder) =>
    readdirSync(join(opened.store.path, folder)),
  );
  expect(left).toEqual(['4567-new.log', 'syslog:udp:5514.000002.log']);
});
