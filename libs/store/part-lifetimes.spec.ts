import { hurryOutdatedParts, restorePartLifetimes } from './part-lifetimes';
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
