import * as fc from 'fast-check';
import { parseTimestamp, type StampOptions } from './timestamp';

const fileTime = Date.parse('2026-11-24T12:00:00Z');
const london: StampOptions = { fileTime, timeZone: 'Europe/London' };

function read(text: string, options: StampOptions = { fileTime }): string {
  const stamp = parseTimestamp(text, options);
  return 'problem' in stamp ? stamp.problem : `${new Date(stamp.time).toISOString()} ±${stamp.resolutionMs}`;
}

describe('forms that need nothing', () => {
  test.each([
    ['2026-03-02T00:00:00.123456+01:00', '2026-03-01T23:00:00.123Z ±1'],
    ['2026-03-02T00:00:00.9Z', '2026-03-02T00:00:00.900Z ±1'],
    ['2026-03-02T00:00:00,999999Z', '2026-03-02T00:00:00.999Z ±1'],
    ['2026-03-02T00:00:00Z', '2026-03-02T00:00:00.000Z ±1000'],
    ['2026-03-02T00:00Z', '2026-03-02T00:00:00.000Z ±60000'],
    ['2026-03-02 00:00:00 +0530', '2026-03-01T18:30:00.000Z ±1000'],
    ['2026-03-02 00:00:00.5 -08', '2026-03-02T08:00:00.500Z ±1'],
    ['2026-03-02 00:00:00 UTC', '2026-03-02T00:00:00.000Z ±1000'],
    ['2022-09-10 17:02:57.621829529 +0000 UTC m=+1363723.631', '2022-09-10T17:02:57.621Z ±1'],
    ['2022-09-10 17:02:57.621829529 +0200 CEST', '2022-09-10T15:02:57.621Z ±1'],
    ['Mon, 3 Feb 2020 10:11:12 -0700 (PDT)', '2020-02-03T17:11:12.000Z ±1000'],
    ['Thu,  6 Feb 2020 10:11:12 +0100 (CET)', '2020-02-06T09:11:12.000Z ±1000'],
    ['3 Feb 2020 10:11 +0000', '2020-02-03T10:11:00.000Z ±60000'],
    ['Mon, 3 Feb 2020 10:11:12 -0000', '2020-02-03T10:11:12.000Z ±1000'],
    ['Mon, 3 Feb 2020 10:11:12 EST', '2020-02-03T15:11:12.000Z ±1000'],
    ['Mon, 3 Feb 2020 10:11:12 PDT', '2020-02-03T17:11:12.000Z ±1000'],
    ['Mon, 3 Feb 2020 10:11:12 CEST', '2020-02-03T08:11:12.000Z ±1000'],
    ['Mon, 3 Feb 2020 10:11:12 K', '2020-02-03T10:11:12.000Z ±1000'],
    ['Mon, 3 Feb 99 10:11:12 GMT', '1999-02-03T10:11:12.000Z ±1000'],
    ['Mon, 3 Feb 20 10:11:12 GMT', '2020-02-03T10:11:12.000Z ±1000'],
    ['Mon, 3 Feb 120 10:11:12 GMT', '2020-02-03T10:11:12.000Z ±1000'],
    ['Mon (first (of the) week), 3 Feb 2020 10:11:12 +0000', '2020-02-03T10:11:12.000Z ±1000'],
    ['30 Apr 2019 08:17:04.2914 (UTC)', '2019-04-30T08:17:04.291Z ±1'],
    ['03-Feb-2020 10:11:12 +0000', '2020-02-03T10:11:12.000Z ±1000'],
    ['Mon Feb  3 10:11:12 UTC 2020', '2020-02-03T10:11:12.000Z ±1000'],
    ['1666618861.342000', '2022-10-24T13:41:01.342Z ±1'],
    ['1666618861', '2022-10-24T13:41:01.000Z ±1000'],
    ['1666618861342', '2022-10-24T13:41:01.342Z ±1'],
    ['1666618861342999', '2022-10-24T13:41:01.342Z ±1'],
    ['1666618861342999999', '2022-10-24T13:41:01.342Z ±1'],
    ['/Date(1658751973240)/', '2022-07-25T12:26:13.240Z ±1'],
    ['\\/Date(1658751973240+0200)\\/', '2022-07-25T12:26:13.240Z ±1'],
    [' 2026-12-31T23:59:60Z ', '2027-01-01T00:00:00.000Z ±1000'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
    expect(read(text, london)).toBe(expected);
  });
});

describe('forms that need a zone', () => {
  test.each([
    ['2024-01-01 11:11:11', '2024-01-01T11:11:11.000Z ±1000'],
    ['2024-07-01T11:11:11', '2024-07-01T10:11:11.000Z ±1000'],
    ['2022-09-05T18:10:13.4907658', '2022-09-05T17:10:13.490Z ±1'],
    ['2024/07/01 11:11:11', '2024-07-01T10:11:11.000Z ±1000'],
    ['8/20/2018 11:32:37 AM', '2018-08-20T10:32:37.000Z ±1000'],
    ['8/20/2018 12:00:00 AM', '2018-08-19T23:00:00.000Z ±1000'],
    ['8/20/2018 12:00:00 PM', '2018-08-20T11:00:00.000Z ±1000'],
    ['4/20/2018 11:01 pm', '2018-04-20T22:01:00.000Z ±60000'],
    ['2018-08-20 1:32:37 PM', '2018-08-20T12:32:37.000Z ±1000'],
    ['3 Feb 2020 10:11:12', '2020-02-03T10:11:12.000Z ±1000'],
    ['Feb 3, 2020 10:11:12 PM', '2020-02-03T22:11:12.000Z ±1000'],
    ['Feb  3 2020 10:11:12', '2020-02-03T10:11:12.000Z ±1000'],
  ])('%s', (text, expected) => {
    expect(read(text, london)).toBe(expected);
    expect(read(text)).toBe('no zone: pass --timezone');
    expect(read(text, { fileTime, timeZone: 'Europe/Atlantis' })).toBe('unknown time zone in the options');
  });

  test('the worked example of a console in UTC+2: 11:32:37 AM beside 09:32:37.277Z', () => {
    expect(read('8/20/2018 11:32:37 AM', { fileTime, timeZone: 'Europe/Berlin' })).toBe(
      '2018-08-20T09:32:37.000Z ±1000',
    );
  });

  test('the worked example of the Message Header Analyzer', () => {
    // formats.md §10: 1524265296000 is the local reading of a test machine at UTC.
    expect(parseTimestamp('4/20/2018 11:01:36 PM', { fileTime, timeZone: 'UTC' })).toEqual({
      time: 1524265296000,
      resolutionMs: 1000,
    });
  });

  test.each([
    ['2015-09-22 17:36:56', '2015-09-22T16:36:56.000Z ±1000'],
    ['2015-11-06 10:49:25', '2015-11-06T10:49:25.000Z ±1000'],
  ])('Exim in Europe/London: %s agrees with its id', (text, expected) => {
    expect(read(text, london)).toBe(expected);
  });
});

describe('RFC 3164', () => {
  test.each([
    ['Mar 16 09:20:56', '2026-03-16T09:20:56.000Z ±1000'],
    ['Mar  7 09:20:56', '2026-03-07T09:20:56.000Z ±1000'],
    ['Mar 7 09:20:56', '2026-03-07T09:20:56.000Z ±1000'],
    ['Nov 25 12:00:00', '2026-11-25T12:00:00.000Z ±1000'],
    ['Nov 25 12:00:01', '2025-11-25T12:00:01.000Z ±1000'],
    ['Feb 29 12:00:00', '2024-02-29T12:00:00.000Z ±1000'],
  ])('%s is UTC and of the latest possible year', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('year and zone of the options', () => {
    expect(read('Jul 16 09:20:56', { fileTime, timeZone: 'America/New_York', year: 2009 })).toBe(
      '2009-07-16T13:20:56.000Z ±1000',
    );
    expect(read('Feb 29 09:20:56', { fileTime, year: 2025 })).toBe('impossible date');
    expect(read('Jul 16 09:20:56', { fileTime, timeZone: 'Nowhere' })).toBe('unknown time zone in the options');
  });
});

describe('what is refused, and why', () => {
  test.each([
    ['', 'no timestamp'],
    ['   ', 'no timestamp'],
    ['Feb 30 01:01:01', 'impossible date'],
    ['2026-02-29T01:01:01Z', 'impossible date'],
    ['2026-03-02T25:00:00Z', 'impossible date'],
    ['2026-03-02T00:61:00Z', 'impossible date'],
    ['0001-01-01T00:00:00Z', 'impossible date'],
    ['9999-12-31T23:59:59Z', 'impossible date'],
    ['/Date(-62135596800000)/', 'impossible date'],
    ['13/20/2018 11:32:37 AM', 'impossible date'],
    ['8/20/2018 13:32:37 PM', 'impossible date'],
    ['8/20/2018 0:32:37 AM', 'impossible date'],
    ['3 Foo 2020 10:11:12 +0000', 'impossible date'],
    ['8/20/2018 11:32:37', 'day and month are ambiguous: neither AM nor PM'],
    ['Mon, 3 Feb 2020 10:11:12 IST', 'unknown zone IST'],
    ['Mon, 3 Feb 2020 10:11:12 +2500', 'unknown zone +2500'],
    ['2026-03-02', 'not a timestamp'],
    ['12345678901', 'not a timestamp'],
    ['yesterday', 'not a timestamp'],
    [`3 Feb 2020 10:11:12 +0000 ${'('.repeat(300)}`, 'not a timestamp'],
  ])('%j', (text, problem) => {
    expect(read(text, london)).toBe(problem);
  });

  test('no text throws', () => {
    const parts = fc.constantFrom(
      '2026-03-02',
      'T',
      ' ',
      '10:11:12',
      '.5',
      'Z',
      '+01:00',
      '(',
      ')',
      'Feb',
      '29',
      'AM',
      '/Date(',
      '9'.repeat(13),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(parts).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const stamp = parseTimestamp(value, london);
        return 'problem' in stamp ? stamp.problem.length > 0 : Number.isInteger(stamp.time) && stamp.resolutionMs >= 1;
      }),
      { numRuns: 2000 },
    );
  });
});
