import { readFileSync } from 'node:fs';
import { correctedStore } from '../../libs/delay/clocks/corrected-store';
import { ClockService } from '../../libs/delay/clocks/clock.service';
import type * as api from '../../libs/http/api-types';
import { ServedStore } from './api.fixture';

/**
 * A server is asked for corrected figures of a month of 35 clocks, of which mx1 is 45 s ahead, mx2 20 s behind, mx3 runs away by a minute and every second mbx is
 * 1.5 s ahead (bench/journeys.sql): the leads are longer than the engine lets a statement be.
 */
const JOURNEYS = 30_000;
const MAILBOX_HOSTS = 30;
const MONTH = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 3, 1) };
const ASKED = 'from=2026-03-02T00:00:00Z&to=2026-04-01T00:00:00Z&clock=corrected';
let served: ServedStore;

beforeAll(async () => {
  served = await ServedStore.open();
  const sql = readFileSync('bench/journeys.sql', 'utf8').replace(
    '% 8 AS mbx_number',
    `% ${MAILBOX_HOSTS} AS mbx_number`,
  );
  await served.store.command({ sql }, { first: 0, count: JOURNEYS, tracked: 1 });
});
afterAll(() => served.close());

it('gives leads that are longer than a statement may be', async () => {
  const hours = new ClockService(served.store);
  let length = 0;
  const rows = <T>(_: unknown, parameters: object = {}): Promise<T[]> => {
    length = Math.max(length, JSON.stringify(parameters).length);
    return Promise.resolve([]);
  };
  const { leads } = await hours.clocks(MONTH);
  expect([...leads.hosts.keys()]).toHaveLength(1 + 4 + MAILBOX_HOSTS);
  await correctedStore({ rows }, leads).rows('queries/report_verdicts');
  expect(length).toBeGreaterThan(256 * 1024);
});

it('answers with what is left when the clocks are put right', async () => {
  // a dwell is of one clock: what both hosts took, and the tenths of a second that the transfers between them take, 0 to 299 ms each way
  const [{ mean_ms, count }] = await served.store.rows<{ mean_ms: number; count: number }>({
    sql: `SELECT avg(arraySum(arraySlice(hops.dwell_ms, -2))) AS mean_ms, count() AS count FROM hoptime_store.journeys WHERE downstream_ms IS NOT NULL`,
  });
  const summary = await served.ask<api.Summary>(`delays/summary?${ASKED}`);
  expect(summary.coverage.journeys).toBe(JOURNEYS);
  expect(summary.segments.downstream?.count).toBe(count);
  expect(summary.segments.downstream?.mean_ms).toBeGreaterThan(mean_ms - 150);
  expect(summary.segments.downstream?.mean_ms).toBeLessThan(mean_ms + 450);
  // by the logs, every second mbx ends 1.5 s late
  expect(summary.raw_segments?.downstream?.mean_ms).toBeGreaterThan(mean_ms + 750);
  expect(summary.clock_correction).toMatchObject({ reference: 'hes', not_correctable: 0 });
  // HES's own clock is the reference: what it held is as it was
  expect(summary.segments.hes).toEqual(summary.raw_segments?.hes);
});

it('answers days, MTAs and single mails of the month', async () => {
  const { points } = await served.ask<api.Timeline>(`delays/timeline?${ASKED}&interval=day&segment=downstream`);
  expect(points.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0.95 * JOURNEYS);
  expect((await served.ask<api.Hops>(`hops?${ASKED}`)).hops).toHaveLength(4 + MAILBOX_HOSTS);
  expect((await served.ask<api.Journeys>(`journeys?${ASKED}&sort=slowest&limit=5`)).journeys).toHaveLength(5);
});
