import { eximQueueIdTime, isPostfixLongId, postfixQueueIdTime, sendmailQueueIdTime } from './queue-id';

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

describe('Postfix', () => {
  test.each([
    // First log line at 06:27:34.914 +01:00 (formats.md §6).
    ['4PbMVG6Tmjz3tG3', '2023-03-14T05:27:34.913Z'],
    ['4jYF8g3ZF7z2RS', '2026-11-23T18:39:15.503Z'],
    // Encoded outside of this code: 1772409600 s with 123456, 999999 µs.
    ['4fPJw00sf8z2Jh', '2026-03-02T00:00:00.123Z'],
    ['4fPJw075plz2Jh', '2026-03-02T00:00:00.999Z'],
  ])('%s was created at %s', (id, time) => {
    expect(iso(postfixQueueIdTime(id))).toBe(time);
    expect(isPostfixLongId(id)).toBe(true);
  });

  test.each([
    ['39A6C1773', 'short'],
    ['CD38D1B23', 'short'],
    ['318214E002E', 'short'],
    ['4fPJw075pmz2Jh', 'a million microseconds'],
    ['4fPJw00sf8z', 'no inode'],
    ['zzzzzz0000z2Jh', 'after 2100'],
    ['4fPJw00sA8z2Jh', 'a vowel'],
    ['6ANIvB1V000974', 'Sendmail'],
    ['1vnK2E-00000002Cfc-2ahs', 'Exim'],
    ['', 'empty'],
  ])('%s is no long id (%s)', (id) => {
    expect(postfixQueueIdTime(id)).toBeUndefined();
    expect(isPostfixLongId(id)).toBe(false);
  });
});

describe('Exim', () => {
  test.each([
    // Times of formats.md §8, checked there against the logs.
    ['1aQrOE-0004A7-TL', '2016-02-03T06:58:10.000Z'],
    ['1ZeQYq-0003bX-1z', '2015-09-22T16:36:56.000Z'],
    ['1ZueaD-0003bX-1z', '2015-11-06T10:49:25.000Z'],
    ['1vnK2E-00000002Cfc-2ahs', '2026-02-03T17:17:54.000Z'],
    ['1xVYrT-0000He-2g', '2026-11-23T18:33:55.000Z'],
  ])('%s was received from %s', (id, time) => {
    expect(iso(eximQueueIdTime(id))).toBe(time);
  });

  test.each([
    '1aQrOE-0004A7-T',
    '1aQrOE-0004A7',
    '1aQrOE-00000002Cfc-TL',
    '1aQrOE-0004A7-2ahs',
    'zzzzzz-0004A7-TL',
    '000000-0004A7-TL',
    '',
  ])('%j is no Exim id', (id) => {
    expect(eximQueueIdTime(id)).toBeUndefined();
  });
});

describe('Sendmail', () => {
  test.each([
    // Times of formats.md §7; the process numbers are invented.
    ['u31FFPtp000123', '2016-04-01T15:15:25.000Z'],
    ['m6EKE8Fc000123', '2008-07-14T20:14:08.000Z'],
    ['m6EKEdwK015747', '2008-07-14T20:14:39.000Z'],
    ['g0I0ZWK30123', '2002-01-18T00:35:32.000Z'],
    ['p85CYbr1000123', '2011-09-05T12:34:37.000Z'],
    ['6ANIvB1V000974', '2026-11-23T18:57:11.000Z'],
  ])('%s was created at %s', (id, time) => {
    expect(iso(sendmailQueueIdTime(id))).toBe(time);
  });

  test('the year modulo 60 is the one nearest to a given time', () => {
    // U = 30: 1990 or 2050.
    expect(iso(sendmailQueueIdTime('U0100000000123'))).toBe('1990-01-01T00:00:00.000Z');
    expect(iso(sendmailQueueIdTime('U0100000000123', Date.UTC(2049, 11, 31)))).toBe('2050-01-01T00:00:00.000Z');
    expect(iso(sendmailQueueIdTime('U0100000000123', Date.UTC(2002, 0, 1)))).toBe('1990-01-01T00:00:00.000Z');
  });

  test.each([
    ['61UIvB1V000974', 'February 30'],
    ['6CNIvB1V000974', 'month 13'],
    ['6ANOvB1V000974', 'hour 24'],
    ['6ANIyB1V000974', 'a digit outside of base 60'],
    ['6ANIvB1V', 'no process number'],
    ['3CBEFC0811', 'Postfix'],
    ['', 'empty'],
  ])('%j is no Sendmail id (%s)', (id) => {
    expect(sendmailQueueIdTime(id)).toBeUndefined();
  });
});
