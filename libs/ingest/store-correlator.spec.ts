import type { Bus, OnBatch } from '../bus/bus';
import { InputRepository } from '../store/input.repository';
import { rollupState } from '../store/rollup';
import { openTemporaryStore, READ_INPUT, writeEvents, type TemporaryStore } from '../store/temporary-store.fixture';
import { PostfixLines } from './correlation.fixture';
import { StoreCorrelator } from './store-correlator';

/** Told of a change by hand, as a broker would: three records wait, of which one is delivered. */
let own: TemporaryStore;
let deliver: OnBatch;
const bus: Bus = {
  recordBytes: 256 * 1024,
  isDurable: true,
  publish: () => Promise.resolve(),
  subscribe: (_topic, _group, onBatch) => {
    deliver = onBatch;
    return Promise.resolve();
  },
  lag: (topic) => Promise.resolve(topic === 'store-changes' ? 3 : 0),
  status: () => Promise.reject(new Error('not asked')),
  close: () => Promise.resolve(),
};
beforeAll(async () => (own = await openTemporaryStore()));
afterAll(() => own.close());

it('shows journeys before their rollups have followed, and builds these again when they were cut off', async () => {
  const { store } = own;
  const lines = new PostfixLines('corp.example');
  await writeEvents(store, [lines.client(0), lines.active(10), lines.attempt(2000, { delay: 2000 })]);
  const inputs = new InputRepository(store);
  await inputs.saveAll([{ ...READ_INPUT, inputId: '1' }]);
  const options = { verdictThresholdMs: 60_000, hesNetworks: [], rollup: true, rollupFrom: 0 };
  const correlator = new StoreCorrelator(store, bus, options, (work) => work());
  await correlator.start();
  const publishedAt = Date.now() - 5000;
  const records = [{ key: '', headers: {}, value: Buffer.alloc(0), place: 'store-changes/0@0', publishedAt }];
  const told = (): Promise<void> => deliver({ records, lost: new AbortController().signal });

  const send = store.client.command.bind(store.client);
  const seen: unknown[] = [];
  const spy = jest.spyOn(store.client, 'command').mockImplementation((asked) => {
    if (!asked.query.includes('INSERT INTO hoptime_store.property_sums')) return send(asked);
    const { behindSince, shownRecords, counts } = correlator.status;
    seen.push({ behindSince, shownRecords, counts });
    return Promise.reject(new Error('cut off'));
  });
  await expect(told()).rejects.toThrow('cut off');
  spy.mockRestore();
  expect(seen).toEqual([{ behindSince: null, shownRecords: 3, counts: { touched: 0, everything: 0 } }]);
  expect(correlator.status.shownRecords).toBe(0);
  const journeys = { sql: 'SELECT state, downstream_ms FROM hoptime.journeys' };
  expect(await store.rows(journeys)).toEqual([{ state: 'complete', downstream_ms: null }]);
  expect((await inputs.newest()).anyUncorrelated).toBe(false);
  expect(await rollupState(store, 0)).toBe('behind');

  // The broker delivers again what was not acknowledged.
  await told();
  expect(await rollupState(store, 0)).toBe('in line');
  expect(correlator.status).toMatchObject({
    counts: { touched: 1, everything: 0 },
    behindSince: null,
    shownRecords: 0,
  });
});
