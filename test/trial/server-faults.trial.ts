import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import { Store, type StoreOptions } from '../../libs/store/store';
import { answerOf, type Answer } from '../support/answer';
import { withOwnStore } from '../support/own-store';
import { FaultProxy } from '../support/store-server/fault-proxy';
import { TestStoreServer } from '../support/store-server/store-server';

/** Whatever happens on the way to a store server and back: nothing is lost, nothing is doubled, and work resumes by itself. */
jest.setTimeout(180_000);
const root = mkdtempSync(join(tmpdir(), 'hoptime-faults-'));
const fleet = ['hes', 'postfix', 'mail'].map((folder) => join(root, 'fleet', folder));
const notes: string[] = [];
let server: TestStoreServer;
let proxy: FaultProxy;
/** what the embedded engine answers of the same fleet, undisturbed */
let expected: Answer;
let emitted: { all: number; distinct: number };

beforeAll(async () => {
  await simulate({ out: join(root, 'fleet'), messages: 60, seed: 41, days: 1 });
  await withOwnStore(async ({ store, ingest }) => {
    const all = (await ingest.ingest(fleet, { timeZone: 'UTC' })).totals.events;
    emitted = { all, distinct: (await eventsIn(store)).events };
    expected = await answerOf(store);
  });
  server = await TestStoreServer.start();
  proxy = new FaultProxy(server);
  await proxy.open();
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  notes.length = 0;
  proxy.heal();
});

const open = (database: string, options: StoreOptions = {}): Promise<Store> =>
  Store.open(server.url(database, { port: proxy.port }), {
    retrySeconds: 40,
    onNote: (sentence) => notes.push(sentence),
    ...options,
  });

/** @param readings how often all was read: what a second command inserts has tokens of its own, and replaces the same rows when they are merged */
async function complete(store: Store, readings = 1): Promise<void> {
  expect(expected.journeys.length).toBeGreaterThan(60);
  expect(await answerOf(store)).toEqual(expected);
  // An insert that is sent again has its token, so there are no more rows than records gave events.
  const { rows, events } = await eventsIn(store);
  expect(events).toBe(emitted.distinct);
  expect(rows).toBeLessThanOrEqual(readings * emitted.all);
}

async function eventsIn(store: Store): Promise<{ rows: number; events: number }> {
  const [counts] = await store.rows<{ rows: number; events: number }>({
    sql: 'SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(event_id, input_id)) AS events FROM hoptime_store.trace_events',
  });
  return counts;
}

it('requests and answers that are cut, slow or refused change nothing, at whatever statement', async () => {
  const store = await open('cut_store');
  const faults: [RegExp, ...(Parameters<FaultProxy['fail']> extends [RegExp, ...infer R] ? R : never)][] = [
    [/INSERT INTO \w+\.trace_events/, 'cut request'],
    [/INSERT INTO \w+\.trace_events/, 'cut answer', 2],
    [/INSERT INTO \w+\.trace_events/, 252],
    [/INSERT INTO \w+\.trace_events/, 'bad gateway'],
    [/INSERT INTO \w+\.inputs/, 'cut answer'],
    [/INSERT INTO \w+\.stage_parameters/, 'cut answer'],
    [/INSERT INTO \w+\.g\d+_stage_legs/, 'cut answer'],
    [/INSERT INTO \w+\.g\d+_stage_paths/, 'cut request'],
    [/INSERT INTO \w+\.g\d+_stage_journeys/, 'cut answer'],
    [/INSERT INTO \w+\.g\d+_stage_journeys/, 243],
    [/FROM \w+\.g\d+_stage_legs/, 'half answer'],
    [/EXCHANGE TABLES \w+\.journeys/, 'cut answer'],
    [/CREATE TABLE \w+\.lease_/, 'cut answer'],
    [/TRUNCATE TABLE/, 'slow'],
    [/TRUNCATE TABLE/, 'cut answer'],
  ];
  for (const [statement, fault, times] of faults) proxy.fail(statement, fault, times);
  await store.inTurn(() => new IngestService(store).ingest(fleet, { timeZone: 'UTC' }));
  await complete(store);
  expect(proxy.happened).toEqual({
    'cut request': 2,
    'cut answer': 9,
    'half answer': 1,
    'bad gateway': 1,
    slow: 1,
    252: 1,
    243: 1,
  });
  await store.close();
});

it('journeys of touched messages come out the same when the change of them is cut in the middle', async () => {
  const store = await open('touched_store');
  const ingest = new IngestService(store);
  await store.inTurn(() => ingest.ingest([fleet[1], fleet[2]], { timeZone: 'UTC' }));
  proxy.fail(/DELETE FROM \w+\.journeys/, 'cut answer');
  proxy.fail(/INSERT INTO \w+\.journeys SELECT/, 'cut answer', 2);
  await store.inTurn(() => ingest.ingest([fleet[0]], { timeZone: 'UTC' }));
  await complete(store);
  expect(proxy.happened['cut answer']).toBe(12);
  await store.close();
});

it('a server that is killed again and again is waited for, and has lost nothing', async () => {
  const store = await open('killed_store');
  let done = false;
  const work = store.inTurn(() => new IngestService(store).ingest(fleet, { timeZone: 'UTC' }));
  const killer = (async () => {
    for (let kills = 0; kills < 6 && !done; kills++) {
      await sleep(300 + 173 * kills);
      await server.kill('SIGKILL');
      await server.start();
    }
  })();
  await work.finally(() => (done = true));
  await killer;
  await complete(store);
  expect(notes.some((note) => note.includes('does not work'))).toBe(true);
  expect(notes.some((note) => note.includes('works again'))).toBe(true);
  await store.close();
});

it('a server that is away, or full, is waited for; the state says so', async () => {
  const store = await open('full_store');
  proxy.fail(/INSERT INTO \w+\.trace_events/, 243, 4);
  const work = store.inTurn(() => new IngestService(store).ingest(fleet, { timeZone: 'UTC' }));
  while (store.outage === undefined) await sleep(5);
  expect(store.outage).toMatchObject({ reason: 'it answers code 243 (FAULT_OF_THE_TEST)' });
  while (store.outage !== undefined) await sleep(5);
  await proxy.close();
  await sleep(1000);
  expect(store.outage).toMatchObject({ reason: 'nobody listens there' });
  await proxy.open();
  await work;
  await complete(store);
  expect(store.outage).toBeUndefined();
  await store.close();
});

it('one that is away for longer than the program waits ends it, with what to do; the same again completes it', async () => {
  const store = await open('away_store', { retrySeconds: 1 });
  proxy.fail(/INSERT INTO \w+\.trace_events/, 'cut answer', 1000);
  const ingest = (): Promise<unknown> =>
    store.inTurn(() => new IngestService(store).ingest(fleet, { timeZone: 'UTC' }));
  await expect(ingest()).rejects.toThrow(
    `the store http://127.0.0.1:${proxy.port}/away_store cannot be used: the connection was cut; tried for 1 s. Nothing that was read is lost: run the same command again (reading twice is safe)`,
  );
  proxy.heal();
  await ingest();
  await complete(store, 2);
  await store.close();
});

it('a store that rejects for ever stops the work at once, with its error', async () => {
  const store = await open('rejecting_store');
  proxy.fail(/INSERT INTO \w+\.trace_events/, 497, 1000);
  const began = Date.now();
  await expect(store.inTurn(() => new IngestService(store).ingest(fleet, { timeZone: 'UTC' }))).rejects.toThrow(
    'refuses the user hoptime: said by the proxy',
  );
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(notes).toEqual([]);
  await store.close();
});
