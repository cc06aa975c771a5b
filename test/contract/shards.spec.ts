import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { Correlator } from '../../libs/ingest/correlator';
import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import { Lease } from '../../libs/store/lease';
import { rebuildRollups, rollupState } from '../../libs/store/rollup';
import { Store } from '../../libs/store/store';
import { answerOf, type Answer } from '../support/answer';
import { portionsOf } from '../support/fleet-portions';
import { withOwnStore } from '../support/own-store';
import { added, addedUp, byHand, byRollup, counted, rolled, sorted, type Row } from '../support/rollup-figures';
import { FaultProxy } from '../support/store-server/fault-proxy';
import { TestStoreServer } from '../support/store-server/store-server';

/**
 * The program on a cluster of two shards with rows, which one engine is (test/support/store-server/two-shards.mjs), gives what it gives on the embedded engine
 * (docs/cluster.md).
 */
const root = mkdtempSync(join(tmpdir(), 'hoptime-shards-'));
let server: TestStoreServer;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await TestStoreServer.start(undefined, 'main');
  proxy = new FaultProxy(server);
  await proxy.open();
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const OPTIONS = { verdictThresholdMs: 60_000, hesNetworks: [], rollup: true, rollupFrom: 0 };

async function withCluster<T>(
  database: string,
  work: (store: Store) => Promise<T>,
  { port }: { port: number } = server,
): Promise<T> {
  const url = server.url(database, { port, query: '?cluster=main' });
  const store = await Store.open(url, { cluster: 'whole', folder: root, retrySeconds: 30 });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** How many rows of a table each shard has. */
async function spread(store: Store, table: string): Promise<number[]> {
  const rows = await store.rows<{ n: number }>({
    sql: `SELECT toUInt32(count()) AS n FROM hoptime_store.${table} GROUP BY _shard_num ORDER BY _shard_num`,
  });
  return rows.map(({ n }) => n);
}

it('of all stories: the same journeys, read at once, and with one file less', async () => {
  const stories = globSync('*/inputs', {
    cwd: resolve(__dirname, '../scenarios'),
    absolute: true,
    onlyDirectories: true,
  }).sort();
  const work = async (store: Store): Promise<Answer[]> => {
    const ingest = new IngestService(store, OPTIONS);
    return store.inTurn(async () => {
      await ingest.ingest(stories, { timeZone: 'UTC', year: 2026 });
      const all = await answerOf(store);
      await ingest.forget(globSync('*', { cwd: stories[1], absolute: true }).sort()[0]);
      return [all, await answerOf(store)];
    });
  };
  const found = await withCluster('stories_store', async (store) => {
    const answers = await work(store);
    const [first, second] = await spread(store, 'journeys');
    expect(Math.min(first, second)).toBeGreaterThan(30);
    return answers;
  });
  const alone = await withOwnStore(({ store }) => work(store));
  expect(found[0].journeys.length).toBeGreaterThan(100);
  expect(found[1]).not.toEqual(found[0]);
  expect(found).toEqual(alone);
});

it('takes over from one that was killed: its stages are gone, also those of the shards', async () => {
  await withCluster('stories_store', async (store) => {
    const before = await answerOf(store);
    const connection = store.server;
    if (!connection) throw new Error('no server');
    // a process of this machine that is no more
    const killed = await Lease.take(connection, `${hostname()} 4194305 0 killed`, () => undefined);
    const stage = `g${killed.generation}_stage_journeys`;
    await store.command({ sql: `INSERT INTO hoptime_store.${stage} SELECT * FROM hoptime_store.journeys` });
    expect(await spread(store, stage)).toEqual(await spread(store, 'journeys'));
    await killed.stop();
    await store.inTurn(() => new Correlator(store, OPTIONS).correlate());
    expect(await answerOf(store)).toEqual(before);
    const names = `SELECT name FROM system.tables WHERE database = 'hoptime_store' AND startsWith(name, 'g${killed.generation}_')`;
    expect(await store.rows({ sql: names })).toEqual([]);
  });
});

/** What a store says after a portion, and how it came to say so. */
interface Said extends Answer {
  readonly way: string;
  readonly rollups: Row[];
}

it('of a fleet in portions, with answers cut off on the way: the same journeys and rollups after each', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 50, seed: 23, days: 1, fleet: 'mixed' });
  const portions = portionsOf(fleet, root, 3);
  const everything = jest.spyOn(Correlator.prototype, 'correlate');
  const after = async (store: Store, portion: string[]): Promise<Said> => {
    everything.mockClear();
    await store.inTurn(() => new IngestService(store, OPTIONS).ingest(portion, { timeZone: 'UTC' }));
    const way = everything.mock.calls.length > 0 ? 'everything' : 'touched';
    expect(await rollupState(store, 0)).toBe('in line');
    const journeys = await counted(store);
    expect(sorted(await rolled(store, 'hour'))).toEqual(sorted(added(journeys, 3600)));
    expect(sorted(await rolled(store, 'day'))).toEqual(sorted(added(journeys, 86_400)));
    expect(await byRollup(store)).toEqual(await byHand(store));
    return { ...(await answerOf(store)), way, rollups: await addedUp(store) };
  };
  const found = await withCluster(
    'fleet_store',
    async (store) => {
      const said: Said[] = [];
      for (const [number, portion] of portions.entries()) {
        // What is done on all shards before the answer is lost is done again with all that it is a part of.
        if (number === 1) proxy.fail(/EXCHANGE TABLES fleet_store\.touched_groups_local/, 'cut answer');
        if (number === 2) proxy.fail(/INSERT INTO fleet_store\.journeys SELECT/, 'cut answer');
        said.push(await after(store, portion));
      }
      expect(proxy.happened).toEqual({ 'cut answer': 2 });
      const kept = said[said.length - 1];
      const [first, second] = await spread(store, 'journeys');
      expect(Math.min(first, second)).toBeGreaterThan(kept.journeys.length / 4);
      await store.inTurn(async () => {
        await new Correlator(store, OPTIONS).correlate();
        await rebuildRollups(store);
      });
      expect(await answerOf(store)).toEqual({ journeys: kept.journeys, hops: kept.hops });
      expect(await addedUp(store)).toEqual(kept.rollups);
      return said;
    },
    proxy,
  );
  const alone = await withOwnStore(async ({ store }) => {
    const said: Said[] = [];
    for (const portion of portions) said.push(await after(store, portion));
    return said;
  });
  everything.mockRestore();
  expect(found.map(({ way }) => way)).toEqual(['everything', 'touched', 'touched']);
  expect(found[2].rollups.length).toBeGreaterThan(200);
  expect(found).toEqual(alone);
});
