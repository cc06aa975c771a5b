import type { Heatmap } from '../../../libs/http/api-types';
import { intervalEnd } from '../charts/axes';
import { drawnBucket, heatCells, patchOf } from './heat-cells';

const map: Heatmap = {
  from: '2026-03-27T23:00:00.000Z',
  to: '2026-03-30T22:00:00.000Z',
  tz: 'Europe/Berlin',
  clock: 'raw',
  exact: true,
  filters: {},
  interval: 'day',
  per_octave: 1,
  // 29 March 2026 has 23 hours in Berlin
  times: ['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  buckets: [
    [null, 0],
    [0, 1],
    [1, 2],
    [2, 4],
    [4, null],
  ],
  segments: {
    hes: [
      [0, 1, 7],
      [1, 3, 2],
      [2, 4, 1],
    ],
  },
};

describe('cells of the heat map', () => {
  const cells = heatCells(map, 'hes');

  it('lie where a clock on the wall shows them', () => {
    expect(cells.map(({ time, timeEnd, low, high, count }) => [time, timeEnd, low, high, count])).toEqual([
      [Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 29), 0.1, 1, 7],
      [Date.UTC(2026, 2, 29), Date.UTC(2026, 2, 30), 2, 4, 2],
      [Date.UTC(2026, 2, 30), Date.UTC(2026, 2, 31), 4, 16, 1],
    ]);
    expect(heatCells(map, 'total')).toEqual([]);
  });

  it('give the borders of a brushed patch as the API has them, across the change to summer time', () => {
    const area = { time: Date.UTC(2026, 2, 29, 5), timeEnd: Date.UTC(2026, 2, 29, 6), low: 0.6, high: 3 };
    expect(patchOf(map, cells, area)).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
      min_ms: 2,
      max_ms: 4,
    });
    const all = { time: 0, timeEnd: Infinity, low: 0, high: Infinity };
    expect(patchOf(map, cells, all)).toEqual({
      from: '2026-03-27T23:00:00.000Z',
      to: '2026-03-30T22:00:00.000Z',
      min_ms: 0,
      max_ms: null,
    });
    expect(patchOf(map, cells, { ...area, low: 100, high: 200 })).toBeNull();
  });

  it('give 0 and less than 0 a row of their own under 1 ms', () => {
    expect(map.buckets.map(drawnBucket)).toEqual([
      [0.01, 0.1],
      [0.1, 1],
      [1, 2],
      [2, 4],
      [4, 16],
    ]);
  });

  it('end a month at the next', () => {
    expect(intervalEnd(Date.UTC(2026, 11, 1), 'month')).toBe(Date.UTC(2027, 0, 1));
    expect(intervalEnd(Date.UTC(2026, 11, 1), 'hour')).toBe(Date.UTC(2026, 11, 1, 1));
  });
});
