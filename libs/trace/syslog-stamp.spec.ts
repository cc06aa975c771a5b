import * as fc from 'fast-check';
import { SyslogStamps } from './syslog-stamp';
import { parseTimestamp, type StampOptions } from './timestamp';

const fileTime = Date.parse('2026-11-24T12:00:00Z');

/** Reads the head of a line that stands in the middle of a buffer of other lines. */
function read(line: string, options: StampOptions = { fileTime }, stamps = new SyslogStamps(options)): string | number {
  const before = '9 Mar  9 ';
  const bytes = Buffer.from(`${before}${line}5:55+09:00`, 'latin1');
  const end = stamps.parse(bytes, before.length, before.length + line.length);
  if (end < 0) return end;
  const rest = line.slice(end - before.length);
  return `${new Date(stamps.time).toISOString()} ±${stamps.resolutionMs}${stamps.zoned ? ' zoned' : ''}|${rest}`;
}

describe('RFC 3164', () => {
  test.each([
    ['Mar  2 00:00:01 mx1 postfix', '2026-03-02T00:00:01.000Z ±1000| mx1 postfix'],
    ['Mar 2 00:00:01 mx1', '2026-03-02T00:00:01.000Z ±1000| mx1'],
    ['Mar 12 23:59:60 mx1', '2026-03-13T00:00:00.000Z ±1000| mx1'],
    ['Mar 2 00:00:01', '2026-03-02T00:00:01.000Z ±1000|'],
    ['Mar 02 00:00:01', '2026-03-02T00:00:01.000Z ±1000|'],
    ['Mar 12 00:00:01.250 mx1', '2026-03-12T00:00:01.250Z ±1| mx1'],
    ['Nov 25 12:00:00 x', '2026-11-25T12:00:00.000Z ±1000| x'],
    ['Nov 25 12:00:01 x', '2025-11-25T12:00:01.000Z ±1000| x'],
    ['Feb 29 12:00:01 x', '2024-02-29T12:00:01.000Z ±1000| x'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  test('zone and year of the options', () => {
    expect(read('Jul 16 09:20:56', { fileTime, timeZone: 'America/New_York', year: 2009 })).toBe(
      '2009-07-16T13:20:56.000Z ±1000|',
    );
    expect(read('Oct 25 01:30:00', { fileTime, timeZone: 'Europe/London' })).toBe('2026-10-25T00:30:00.000Z ±1000|');
    expect(read('Mar 29 01:30:00', { fileTime, timeZone: 'Europe/London' })).toBe('2026-03-29T01:30:00.000Z ±1000|');
  });

  test('the year changes between two lines', () => {
    const options = { fileTime: Date.parse('2026-01-02T03:00:00Z') };
    const stamps = new SyslogStamps(options);
    const at = (line: string) => read(line, options, stamps);
    expect(at('Dec 31 23:59:59')).toBe('2025-12-31T23:59:59.000Z ±1000|');
    expect(at('Jan  1 00:00:00')).toBe('2026-01-01T00:00:00.000Z ±1000|');
    expect(at('Dec 31 23:59:59')).toBe('2025-12-31T23:59:59.000Z ±1000|');
  });

  test('the quarter of an hour that the file time cuts in two', () => {
    const options = { fileTime: Date.parse('2026-03-01T10:07:30Z') };
    const stamps = new SyslogStamps(options);
    const at = (line: string) => read(line, options, stamps);
    expect(at('Mar  2 10:07:30')).toBe('2026-03-02T10:07:30.000Z ±1000|');
    expect(at('Mar  2 10:07:31')).toBe('2025-03-02T10:07:31.000Z ±1000|');
    expect(at('Mar  2 10:00:00')).toBe('2026-03-02T10:00:00.000Z ±1000|');
  });
});

describe('ISO', () => {
  test.each([
    ['2026-03-02T00:00:00.123456+01:00 mx1', '2026-03-01T23:00:00.123Z ±1 zoned| mx1'],
    ['2026-03-02T00:00:00.999999-0330 mx1', '2026-03-02T03:30:00.999Z ±1 zoned| mx1'],
    ['2026-03-02T00:00:00.5Z mx1', '2026-03-02T00:00:00.500Z ±1 zoned| mx1'],
    ['2026-03-02T00:00:00Z mx1', '2026-03-02T00:00:00.000Z ±1000 zoned| mx1'],
    ['2026-03-02T00:00:00+01:00 mx1', '2026-03-01T23:00:00.000Z ±1000 zoned| mx1'],
    ['2026-03-02 00:00:00 +0100 [123] 1aQ', '2026-03-01T23:00:00.000Z ±1000 zoned| [123] 1aQ'],
    ['2026-03-02 00:00:00.250 1aQrOE-0004A7-TL <=', '2026-03-02T00:00:00.250Z ±1| 1aQrOE-0004A7-TL <='],
    ['2026-03-02T00:00:00', '2026-03-02T00:00:00.000Z ±1000|'],
    ['2026-03-02T00:00:00.25', '2026-03-02T00:00:00.250Z ±1|'],
    ['2026-03-02T00:00:00Z', '2026-03-02T00:00:00.000Z ±1000 zoned|'],
    ['2026-03-02T00:00:00+01:00', '2026-03-01T23:00:00.000Z ±1000 zoned|'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  test('without offset it is read in the zone of the options', () => {
    const options = { fileTime, timeZone: 'Europe/London' };
    const stamps = new SyslogStamps(options);
    expect(read('2015-09-22 17:36:56 1ZeQYq', options, stamps)).toBe('2015-09-22T16:36:56.000Z ±1000| 1ZeQYq');
    expect(read('2015-11-06 10:49:25 1ZueaD', options, stamps)).toBe('2015-11-06T10:49:25.000Z ±1000| 1ZueaD');
  });
});

test.each([
  'Feb 30 01:01:01 mx1',
  'Mar  0 01:01:01 mx1',
  'Mar 32 01:01:01 mx1',
  'Mar  2 25:00:00 mx1',
  'Mar  2 00:60:00 mx1',
  'Mar  2 00:00:61 mx1',
  'Mar  2 0x:00:00 mx1',
  'Mar  2 00:00:0',
  'Mar  2',
  'Foo  2 00:00:00 mx1',
  'Mar   00:00:00 mx1',
  'Mar 2026 00:00:01 mx1',
  'March 2 00:00:01 mx1',
  '2026-02-29T00:00:00Z mx1',
  '2026-13-01T00:00:00Z mx1',
  '2026-03-00T00:00:00Z mx1',
  '0001-01-01T00:00:00Z mx1',
  '2026-03-02T24:00:00Z mx1',
  '2026-03-02T00:00:00.Z mx1',
  '2026-03-02T00:00:00+0x:00 mx1',
  '2026-03-02T00:00:00+24:00 mx1',
  '2026-03-02X00:00:00Z mx1',
  '2026-03-02T00:00:0',
  '2026-3-2 00:00:00 mx1 and more text',
  '<22>1 2026-03-02T00:00:00Z mx1',
  '  at Object.<anonymous> (x.js:1)',
  '',
])('%j is no stamp', (line) => {
  expect(read(line)).toBe(-1);
});

test('a bad stamp does not harm the next', () => {
  const stamps = new SyslogStamps({ fileTime });
  const lines = ['Feb 28 01:01:01', 'Feb 30 01:01:01', 'Feb 28 01:01:01', 'Foo 28 01:01:01', 'Mar 28 01:01:01'];
  expect(lines.map((line) => read(line, { fileTime }, stamps))).toEqual([
    '2026-02-28T01:01:01.000Z ±1000|',
    -1,
    '2026-02-28T01:01:01.000Z ±1000|',
    -1,
    '2026-03-28T01:01:01.000Z ±1000|',
  ]);
});

test('an unknown zone throws at once', () => {
  expect(() => new SyslogStamps({ fileTime, timeZone: 'Europe/Atlantis' })).toThrow(RangeError);
});

test('agrees with parseTimestamp for every second, zone and order of lines', () => {
  const pad = (n: number) => String(n).padStart(2, '0');
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const zone = fc.constantFrom(
    undefined,
    'UTC',
    'Europe/London',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  const whole = fc.record({
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
    clock: fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 60 })),
    iso: fc.boolean(),
  });
  const files = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 0, 1) });
  fc.assert(
    fc.property(zone, files, fc.array(whole, { minLength: 1, maxLength: 30 }), (timeZone, changed, list) => {
      const options = { fileTime: changed, timeZone };
      const stamps = new SyslogStamps(options);
      for (const { month, day, clock, iso } of list) {
        const time = clock.map(pad).join(':');
        const text = iso
          ? `2026-${pad(month)}-${pad(day)} ${time}`
          : `${names[month - 1]} ${String(day).padStart(2)} ${time}`;
        const end = stamps.parse(Buffer.from(text), 0, text.length);
        const expected = parseTimestamp(text, { ...options, timeZone: timeZone ?? 'UTC' });
        expect(end < 0 ? 'none' : stamps.time).toBe('problem' in expected ? 'none' : expected.time);
      }
    }),
    { numRuns: 300 },
  );
});
