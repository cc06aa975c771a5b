import { isDateTime, isTimeZone, yearFor, zonedTime } from './time-zone';

type Local = [number, number, number, number, number, number];

describe('zonedTime', () => {
  // Computed with Python's zoneinfo, fold=0.
  test.each<[string, Local, string]>([
    ['Europe/London', [2026, 3, 29, 0, 59, 59], '2026-03-29T00:59:59Z'],
    ['Europe/London', [2026, 3, 29, 1, 0, 0], '2026-03-29T01:00:00Z'], // skipped: forward to 02:00 BST
    ['Europe/London', [2026, 3, 29, 1, 30, 0], '2026-03-29T01:30:00Z'],
    ['Europe/London', [2026, 3, 29, 2, 0, 0], '2026-03-29T01:00:00Z'],
    ['Europe/London', [2026, 10, 25, 0, 59, 59], '2026-10-24T23:59:59Z'],
    ['Europe/London', [2026, 10, 25, 1, 0, 0], '2026-10-25T00:00:00Z'], // doubled: the first
    ['Europe/London', [2026, 10, 25, 1, 59, 59], '2026-10-25T00:59:59Z'],
    ['Europe/London', [2026, 10, 25, 2, 0, 0], '2026-10-25T02:00:00Z'],
    ['America/New_York', [2026, 3, 8, 1, 59, 59], '2026-03-08T06:59:59Z'],
    ['America/New_York', [2026, 3, 8, 2, 30, 0], '2026-03-08T07:30:00Z'],
    ['America/New_York', [2026, 3, 8, 3, 0, 0], '2026-03-08T07:00:00Z'],
    ['America/New_York', [2026, 11, 1, 1, 30, 0], '2026-11-01T05:30:00Z'],
    ['America/New_York', [2026, 11, 1, 2, 0, 0], '2026-11-01T07:00:00Z'],
    ['Australia/Lord_Howe', [2026, 10, 4, 2, 15, 0], '2026-10-03T15:45:00Z'], // half an hour is skipped
    ['Australia/Lord_Howe', [2026, 10, 4, 2, 30, 0], '2026-10-03T15:30:00Z'],
    ['Australia/Lord_Howe', [2026, 4, 5, 1, 45, 0], '2026-04-04T14:45:00Z'],
    ['Australia/Lord_Howe', [2026, 4, 5, 2, 0, 0], '2026-04-04T15:30:00Z'],
    ['Asia/Kathmandu', [2026, 1, 1, 0, 0, 0], '2025-12-31T18:15:00Z'],
    ['Pacific/Apia', [2011, 12, 29, 23, 59, 0], '2011-12-30T09:59:00Z'],
    ['Pacific/Apia', [2011, 12, 30, 12, 0, 0], '2011-12-30T22:00:00Z'], // a day is skipped
    ['Pacific/Apia', [2011, 12, 31, 0, 0, 0], '2011-12-30T10:00:00Z'],
    ['Africa/Monrovia', [1971, 12, 1, 12, 0, 0], '1971-12-01T12:44:30Z'], // no whole quarter of an hour
    ['UTC', [2026, 3, 29, 1, 30, 0], '2026-03-29T01:30:00Z'],
    ['+05:30', [2026, 3, 29, 1, 30, 0], '2026-03-28T20:00:00Z'],
    ['-0800', [2026, 3, 29, 1, 30, 0], '2026-03-29T09:30:00Z'],
  ])('%s %j is %s', (zone, [year, month, day, hour, minute, second], expected) => {
    // Twice: computed, then from the cache.
    for (let i = 0; i < 2; i++) {
      expect(zonedTime(year, month, day, hour, minute, second, 7, zone)).toBe(Date.parse(expected) + 7);
    }
  });

  test('an unknown zone throws', () => {
    expect(() => zonedTime(2026, 1, 1, 0, 0, 0, 0, 'Europe/Atlantis')).toThrow(RangeError);
  });
});

test('isTimeZone', () => {
  expect(
    ['Europe/London', 'UTC', 'Z', 'America/New_York', '+02:00', '-0330', 'GMT+1:00'.replace('1', '01')].every(
      isTimeZone,
    ),
  ).toBe(true);
  expect(['Europe/Atlantis', '', '+25:00', '+02:60', 'nonsense'].some(isTimeZone)).toBe(false);
});

describe('isDateTime', () => {
  test.each<[Local, boolean]>([
    [[2024, 2, 29, 0, 0, 0], true],
    [[2026, 2, 29, 0, 0, 0], false],
    [[2100, 2, 29, 0, 0, 0], false],
    [[2000, 2, 29, 0, 0, 0], true],
    [[2026, 4, 31, 0, 0, 0], false],
    [[2026, 12, 31, 23, 59, 60], true],
    [[2026, 12, 31, 23, 59, 61], false],
    [[2026, 1, 1, 24, 0, 0], false],
    [[2026, 1, 1, 23, 60, 0], false],
    [[2026, 0, 1, 0, 0, 0], false],
    [[2026, 13, 1, 0, 0, 0], false],
    [[2026, 1, 0, 0, 0, 0], false],
    [[1, 1, 1, 0, 0, 0], false],
    [[9999, 12, 31, 0, 0, 0], false],
  ])('%j: %s', (local, expected) => {
    expect(isDateTime(...local)).toBe(expected);
  });
});

describe('yearFor: the latest year that is not more than a day after the file', () => {
  const at = (text: string): number => Date.parse(text);
  test.each<[string, [number, number, number, number, number], string, string, number]>([
    ['the same day', [11, 24, 12, 0, 0], '2026-11-24T12:00:00Z', 'UTC', 2026],
    ['exactly a day ahead', [11, 25, 12, 0, 0], '2026-11-24T12:00:00Z', 'UTC', 2026],
    ['a second more', [11, 25, 12, 0, 1], '2026-11-24T12:00:00Z', 'UTC', 2025],
    ['December in a January file', [12, 31, 23, 59, 59], '2026-01-02T00:00:00Z', 'UTC', 2025],
    ['New Year within a day', [1, 1, 0, 0, 0], '2025-12-31T00:00:00Z', 'UTC', 2026],
    ['New Year a second too far', [1, 1, 0, 0, 0], '2025-12-30T23:59:59Z', 'UTC', 2025],
    [
      'New Year in Auckland is 31 December 11:00 UTC',
      [1, 1, 0, 0, 0],
      '2025-12-30T11:00:00Z',
      'Pacific/Auckland',
      2026,
    ],
    ['New Year in New York is 05:00 UTC', [1, 1, 0, 0, 0], '2025-12-31T04:59:59Z', 'America/New_York', 2025],
    ['29 February in a leap year', [2, 29, 10, 0, 0], '2024-02-29T12:00:00Z', 'UTC', 2024],
    ['29 February, the day before', [2, 29, 10, 0, 0], '2024-02-28T12:00:00Z', 'UTC', 2024],
    ['29 February, two days before', [2, 29, 10, 0, 0], '2024-02-27T09:00:00Z', 'UTC', 2020],
    ['29 February in 2026', [2, 29, 10, 0, 0], '2026-11-24T12:00:00Z', 'UTC', 2024],
    ['29 February in 2103: 2100 is none', [2, 29, 10, 0, 0], '2103-06-01T00:00:00Z', 'UTC', 2096],
    ['1 March after 29 February', [3, 1, 10, 0, 0], '2024-02-29T12:00:00Z', 'UTC', 2024],
  ])('%s', (_name, [month, day, hour, minute, second], file, zone, year) => {
    expect(yearFor(month, day, hour, minute, second, at(file), zone)).toBe(year);
  });

  test('a date of no year', () => {
    expect(yearFor(2, 30, 0, 0, 0, at('2026-11-24T12:00:00Z'))).toBeUndefined();
    expect(yearFor(2, 1, 25, 0, 0, at('2026-11-24T12:00:00Z'))).toBeUndefined();
    expect(yearFor(2, 1, 0, 0, 0, NaN)).toBeUndefined();
  });
});
