import { hoursApart } from './local-time';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Looked up hour by hour: on which hours of a day of UTC it is another day in the zone than at its noon. */
function lookedUp(timeZone: string, from: number, to: number): number[] {
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' });
  const found = new Set<number>();
  for (let day = Math.floor(from / DAY) * DAY; day < to; day += DAY)
    for (let hour = 0; hour < 24; hour++)
      if (format.format(day + hour * HOUR) !== format.format(day + 12 * HOUR)) found.add(hour);
  return [...found].sort((a, b) => a - b);
}

describe('hoursApart', () => {
  const winter = [Date.UTC(2026, 0, 5), Date.UTC(2026, 1, 4)] as const;
  it.each([
    ['UTC', []],
    ['Europe/Berlin', [23]],
    ['America/New_York', [0, 1, 2, 3, 4]],
    ['Asia/Tokyo', [15, 16, 17, 18, 19, 20, 21, 22, 23]],
    ['Pacific/Auckland', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['Pacific/Kiritimati', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['Pacific/Pago_Pago', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])('knows those of %s', (timeZone, hours) => {
    expect(hoursApart(timeZone, ...winter)).toEqual(hours);
    expect(lookedUp(timeZone, ...winter)).toEqual(hours);
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Pacific/Auckland', 'Africa/Casablanca', 'America/Santiago'])(
    'leaves out none of %s where its offset changes, on the first and the last day too',
    (timeZone) => {
      for (let first = Date.UTC(2026, 0, 1); first < Date.UTC(2026, 11, 1); first += DAY)
        for (const days of [1, 9, 40]) {
          const range = [first - 7 * HOUR, first + days * DAY + 5 * HOUR] as const;
          expect(hoursApart(timeZone, ...range)).toEqual(expect.arrayContaining(lookedUp(timeZone, ...range)));
        }
    },
  );
});
