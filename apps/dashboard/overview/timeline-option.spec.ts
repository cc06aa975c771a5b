import type { TimelinePoint } from '../../../libs/http/api-types';
import { withGaps } from './timeline-option';

const point = (at: string, p95_ms: number): TimelinePoint => ({
  at,
  segment: 'hes',
  count: 1,
  mean_ms: 0,
  p50_ms: 0,
  p95_ms,
  p99_ms: 0,
  max_ms: 0,
});

describe('a line of the time line', () => {
  it('has a gap where intervals hold no mail, and none across a day of 23 hours', () => {
    const points = [
      point('2026-03-27T23:00:00.000Z', 1),
      point('2026-03-28T23:00:00.000Z', 2),
      point('2026-03-29T22:00:00.000Z', 3),
      point('2026-04-01T22:00:00.000Z', 4),
    ];
    expect(withGaps(points, { interval: 'day', tz: 'Europe/Berlin' }, ({ p95_ms }) => p95_ms)).toEqual([
      [Date.UTC(2026, 2, 28), 1],
      [Date.UTC(2026, 2, 29), 2],
      [Date.UTC(2026, 2, 30), 3],
      [Date.UTC(2026, 2, 31), null],
      [Date.UTC(2026, 3, 2), 4],
    ]);
  });
});
