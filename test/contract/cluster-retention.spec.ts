import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IngestService } from '../../libs/ingest/ingest.service';
import { applyRetention } from '../../libs/privacy/retention';
import { simulate } from '../../libs/simulate/simulate';
import { rollupState } from '../../libs/store/rollup';
import { Store } from '../../libs/store/store';
import { answerOf } from '../support/answer';
import { withOwnStore } from '../support/own-store';
import { addedUp, byHand, byRollup } from '../support/rollup-figures';
import { TestStoreServer } from '../support/store-server/store-server';

/** Retention on a cluster of two shards with rows (test/support/store-server/two-shards.mjs) leaves what it leaves on the embedded engine (docs/cluster.md). */
const root = mkdtempSync(join(tmpdir(), 'hoptime-retention-'));
let server: TestStoreServer;
beforeAll(async () => (server = await TestStoreServer.start(undefined, 'main')));
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const OPTIONS = { verdictThresholdMs: 60_000, hesNetworks: [], rollup: true, rollupFrom: 0 };
const NOW = Date.now();
const DAYS = { events: 30, rejected_records: 20, audit_log: 0, files: 0 };
const rows = (store: Store, sql: string): Promise<unknown[]> => store.rows({ sql });

async function removed(store: Store, fleet: string): Promise<unknown> {
  return store.inTurn(async () => {
    await new IngestService(store, OPTIONS).ingest([fleet], { timeZone: 'UTC' });
    await store.command({
      sql: `ALTER TABLE hoptime_store.trace_events UPDATE ingested_at = now('UTC') - INTERVAL 31 DAY WHERE group_hash % 3 != 0 SETTINGS mutations_sync = 2`,
    });
    await store.command({
      sql: `INSERT INTO hoptime_store.rejected_records SELECT number, number, number, 'postfix', 'no', 'text', now64(3) - toIntervalDay(number * 10 + 1) FROM numbers(6)`,
    });
    const counted = await applyRetention(store, { days: DAYS, dryRun: true }, NOW);
    const all = await answerOf(store);
    const removals = await applyRetention(store, { days: DAYS }, NOW);
    expect(removals).toEqual(counted);
    expect(await rollupState(store, 0)).toBe('in line');
    expect(await byRollup(store)).toEqual(await byHand(store));
    return {
      all: all.journeys.length,
      removals,
      again: await applyRetention(store, { days: DAYS }, NOW),
      answer: await answerOf(store),
      rollups: await addedUp(store),
      groups: await rows(store, 'SELECT DISTINCT hex(group_hash) AS g FROM hoptime_store.trace_events ORDER BY g'),
      links: await rows(store, 'SELECT DISTINCT hex(group_hash) AS g FROM hoptime_store.group_links ORDER BY g'),
      rejected: await rows(store, 'SELECT line FROM hoptime_store.rejected_records FINAL ORDER BY line'),
    };
  });
}

it('removes the messages that came in too long ago from all shards, with their figures', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 50, seed: 4, days: 2 });
  const path = join(fleet, 'postfix');
  const store = await Store.open(server.url('kept_store', { query: '?cluster=main' }), {
    cluster: 'whole',
    folder: root,
  });
  let found: unknown;
  try {
    found = await removed(store, path);
    // each shard has the whole list
    const [first, second] = (await rows(
      store,
      'SELECT arraySort(groupArray(hex(group_hash))) AS list FROM hoptime_store.expired_groups GROUP BY _shard_num',
    )) as { list: string[] }[];
    expect(first.list.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  } finally {
    await store.close();
  }
  const alone = await withOwnStore(({ store: own }) => removed(own, path));
  expect(found).toEqual(alone);
  const { all, removals, again, answer } = alone as {
    all: number;
    removals: { removed: number }[];
    again: { removed: number }[];
    answer: { journeys: unknown[] };
  };
  expect(removals.map(({ removed: n }) => n > 2)).toEqual([true, true, true]);
  expect(again.map(({ removed: n }) => n)).toEqual([0, 0, 0]);
  expect(answer.journeys.length).toBeGreaterThan(5);
  expect(answer.journeys.length).toBe(all - removals[1].removed);
});
