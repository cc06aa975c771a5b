import { setTimeout as sleep } from 'node:timers/promises';
import { hurryOutdatedParts, lookForOutdatedParts, restorePartLifetimes } from './part-lifetimes';
import { Store } from './store';
import { openTemporaryStore, type TemporaryStore } from './temporary-store.fixture';

/** An erasure that is killed while it waits has made tables give their outdated parts up at once, and nobody who makes them as they were. */
let opened: TemporaryStore;
let store: Store;
beforeAll(async () => {
  opened = await openTemporaryStore();
  store = opened.store;
  await store.command({ sql: 'ALTER TABLE hoptime_store.inputs MODIFY SETTING old_parts_lifetime = 300' });
});
afterAll(async () => {
  await store.close();
  await opened.close();
});

const lifetimes = async (): Promise<[string, string][]> =>
  (
    await store.rows<{ name: string; seconds: string }>({
      sql: `SELECT name, extract(create_table_query, 'old_parts_lifetime = ([0-9]+)') AS seconds FROM system.tables
        WHERE database = 'hoptime_store' AND seconds != '' ORDER BY name`,
    })
  ).map(({ name, seconds }) => [name, seconds]);

it('the next opening of the store gives every table what it had, also after two that were killed', async () => {
  await hurryOutdatedParts(store, ['inputs', 'journeys']);
  expect(await lifetimes()).toEqual([
    ['inputs', '1'],
    ['journeys', '1'],
  ]);
  await hurryOutdatedParts(store, ['inputs', 'trace_events']);
  expect((await lifetimes()).map(([name]) => name)).toEqual(['inputs', 'journeys', 'trace_events']);
  await store.close();
  store = await Store.open(`chdb:${store.path}`);
  expect(await lifetimes()).toEqual([['inputs', '300']]);
});

it('so does the end of an erasure, and one that hurries nothing changes nothing', async () => {
  await hurryOutdatedParts(store, ['journeys']);
  await restorePartLifetimes(store);
  await hurryOutdatedParts(store, []);
  await restorePartLifetimes(store);
  expect(await lifetimes()).toEqual([['inputs', '300']]);
});

it('a table that does nothing else gives its outdated parts up when it is asked to, and no row', async () => {
  // by month, by a number, and not partitioned at all
  const tables = { journeys: 'toYYYYMM(first_event_at)', links: 'n % 1', inputs: 'tuple()' };
  const names = Object.keys(tables).map((name) => `of_${name}`);
  for (const [name, partition] of Object.entries(tables)) {
    await store.command({
      sql: `CREATE TABLE hoptime_store.of_${name} (n UInt64, first_event_at DateTime64(3, 'UTC')) ENGINE = MergeTree PARTITION BY ${partition} ORDER BY n`,
    });
    await store.command({
      sql: `INSERT INTO hoptime_store.of_${name} SELECT number, toDateTime64('2026-03-02 10:00:00', 3, 'UTC') FROM numbers(10)`,
    });
    await store.command({ sql: `ALTER TABLE hoptime_store.of_${name} DELETE WHERE n = 5 SETTINGS mutations_sync = 2` });
  }
  const outdated = async (): Promise<number> =>
    (
      await store.rows({
        sql: `SELECT name FROM system.parts WHERE database = 'hoptime_store' AND startsWith(table, 'of_') AND NOT active`,
      })
    ).length;
  expect(await outdated()).toBe(3);
  await hurryOutdatedParts(store, names);
  // a second is what they are kept for now
  await sleep(1500);
  await lookForOutdatedParts(store, names);
  expect(await outdated()).toBe(0);
  for (const name of names) {
    const [{ rows }] = await store.rows<{ rows: number }>({
      sql: `SELECT toUInt32(count()) AS rows FROM hoptime_store.${name}`,
    });
    expect(rows).toBe(9);
  }
  await restorePartLifetimes(store);
});
