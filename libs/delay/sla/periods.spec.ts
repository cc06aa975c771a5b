import { monthsOf } from './periods';

const at = (text: string): number => Date.parse(text);
const shown = (from: string, to: string, tz: string) =>
  monthsOf(at(from), at(to), tz).map((month) => [
    month.name,
    new Date(month.from).toISOString(),
    new Date(month.to).toISOString(),
    month.whole,
  ]);

describe('months of a range', () => {
  it('are cut at the borders of the zone, over a change to summer time and a new year', () => {
    expect(shown('2025-12-31T23:00:00Z', '2026-03-31T22:00:00Z', 'Europe/Berlin')).toEqual([
      ['2026-01', '2025-12-31T23:00:00.000Z', '2026-01-31T23:00:00.000Z', true],
      ['2026-02', '2026-01-31T23:00:00.000Z', '2026-02-28T23:00:00.000Z', true],
      ['2026-03', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z', true],
    ]);
  });

  it('say when the range holds only a part of them', () => {
    expect(shown('2026-03-10T00:00:00Z', '2026-04-01T00:00:00.001Z', 'UTC')).toEqual([
      ['2026-03', '2026-03-10T00:00:00.000Z', '2026-04-01T00:00:00.000Z', false],
      ['2026-04', '2026-04-01T00:00:00.000Z', '2026-04-01T00:00:00.001Z', false],
    ]);
  });
});
