import { DAY, HOUR } from './clock';
import { arrivals } from './load-curve';
import { OrderedLines } from './ordered-lines';
import { Random } from './random';

const MONDAY = Date.UTC(2026, 2, 2) * 1000;

test('exactly the wanted number of arrivals, in order, fewer at night and at weekends', () => {
  const times = [...arrivals(new Random(3), 10_000, MONDAY, MONDAY + 7 * DAY)];
  expect(times).toHaveLength(10_000);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const between = (from: number, to: number): number => times.filter((at) => at >= from && at < to).length;
  const monday = between(MONDAY, MONDAY + DAY);
  const sunday = between(MONDAY + 6 * DAY, MONDAY + 7 * DAY);
  // Weights 1.05 and 0.18.
  expect(monday / sunday).toBeCloseTo(1.05 / 0.18, 0);
  // Hours 9 and 3, weights 1 and 0.05.
  const nine = between(MONDAY + 9 * HOUR, MONDAY + 10 * HOUR);
  const three = between(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR);
  expect(nine / three).toBeGreaterThan(15);
  expect(nine / three).toBeLessThan(25);
});

test('a single message is not lost to rounding', () => {
  expect([...arrivals(new Random(1), 1, MONDAY, MONDAY + DAY)]).toHaveLength(1);
});

test('lines made ahead of time come out in order, and only up to the asked time', () => {
  const taken: string[] = [];
  const lines = new OrderedLines<string>((line) => taken.push(line));
  for (const [at, line] of [
    [5, 'e'],
    [1, 'a'],
    [3, 'c'],
    [1, 'b'],
    [4, 'd'],
    [3, 'c2'],
  ] as const)
    lines.add(at, line);
  lines.flush(4);
  expect(taken).toEqual(['a', 'b', 'c', 'c2']);
  lines.flush(Infinity);
  expect(taken).toEqual(['a', 'b', 'c', 'c2', 'd', 'e']);
});
