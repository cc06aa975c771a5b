import { setTimeout as sleep } from 'node:timers/promises';
import { TestStoreServer } from '../../test/support/store-server/store-server';
import { Store } from '../store/store';
import { takeTouched } from './touched-scope';

/** Others insert while a correlation is at work: what it takes is whole, what comes meanwhile is left to the next one. */
let server: TestStoreServer;
let store: Store;
beforeAll(async () => {
  server = await TestStoreServer.start();
  store = await Store.open(server.url('touched_store'));
});
afterAll(async () => {
  await store.close();
  await server.close();
});

const groups = async (table: string): Promise<number[]> => {
  const sql = `SELECT DISTINCT toUInt32(group_hash) AS g FROM hoptime_store.${table} ORDER BY g`;
  return (await store.rows<{ g: number }>({ sql })).map(({ g }) => g);
};
/** An insert of two events of a group, each of which takes `seconds`. */
const insert = (group: number, seconds = 0): Promise<void> =>
  store.command({
    sql: `INSERT INTO hoptime_store.trace_events (group_hash, event_time, event_id, input_id)
      SELECT ${group} + sleepEachRow(${seconds}), now64(3, 'UTC'), number, 1 FROM numbers(2) SETTINGS max_block_size = 1`,
  });

it('waits for inserts that are on their way, and leaves later ones to the next', async () => {
  await insert(5);
  let ended = false;
  const slow = insert(7, 1).then(() => (ended = true));
  while ((await store.rows('correlate/event_inserts_running')).length === 0) await sleep(20);
  await takeTouched(store);
  expect(ended || (await store.rows('correlate/event_inserts_running')).length === 0).toBe(true);
  await slow;
  expect(await groups('trace_events')).toEqual([5, 7]);
  expect(await groups('taken_groups')).toContain(5);
  await insert(9);
  expect(await groups('touched_groups')).toContain(9);
  expect(await groups('taken_groups')).not.toContain(9);
});

it('takes again what a correlation had taken that was killed, with what came since', async () => {
  await takeTouched(store);
  expect(await groups('taken_groups')).toEqual([5, 7, 9]);
  expect(await groups('touched_groups')).toEqual([]);
});

it('the next of several servers is asked when one is not there', async () => {
  const [before, after] = server.url('touched_store').split('@127.0.0.1');
  const second = await Store.open(`${before}@127.0.0.1:1,127.0.0.1${after}`);
  expect(await second.rows({ sql: 'SELECT toUInt32(count()) AS n FROM hoptime_store.trace_events' })).toEqual([
    { n: 6 },
  ]);
  await second.close();
});
