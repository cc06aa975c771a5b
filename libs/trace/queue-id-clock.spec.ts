import { QueueIdClock } from './queue-id-clock';
import { eximIdTimeAt, sendmailIdTimeAt } from './queue-id';

const at = (text: string): number => Date.parse(text);
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the time inside ids of log lines', () => {
  it.each([
    // formats.md §7 and §8
    [sendmailIdTimeAt, 'u31FFPtp032300', '2016-04-01T15:15:25.000Z'],
    [sendmailIdTimeAt, 'm6EKE8Fc', '2008-07-14T20:14:08.000Z'],
    [sendmailIdTimeAt, 'g0I0ZWK3', '2002-01-18T00:35:32.000Z'],
    [sendmailIdTimeAt, '6ANIvB1V000974', '2026-11-23T18:57:11.000Z'],
    [eximIdTimeAt, '1aQrOE-0004A7-TL', '2016-02-03T06:58:10.000Z'],
    [eximIdTimeAt, '1ZeQYq-0003bX-1z', '2015-09-22T16:36:56.000Z'],
  ])('%p of %s', (timeAt, id, time) => {
    expect(new Date(timeAt(bytes(`xx${id}`), 2)).toISOString()).toBe(time);
  });

  it('is none where the characters are no date', () => {
    expect(sendmailIdTimeAt(bytes('622ZZZQa001200'), 0)).toBeNaN();
    expect(sendmailIdTimeAt(bytes('6C2A04'), 0)).toBeNaN();
    expect(sendmailIdTimeAt(bytes('6'), 0)).toBeNaN();
    expect(eximIdTimeAt(bytes('1aQ-OE-0004A7-TL'), 0)).toBeNaN();
    expect(eximIdTimeAt(bytes('1aQ'), 0)).toBeNaN();
    expect(eximIdTimeAt(bytes('000001-0004A7-TL'), 0)).toBeNaN();
  });
});

describe('QueueIdClock', () => {
  const told = { fileTime: at('2027-06-01T00:00:00Z') };

  it.each([
    ['a stamp behind its id stays', at('2026-03-02T10:00:05Z'), at('2026-03-02T10:00:04Z'), '2026-03-02T10:00:05.000Z'],
    ['within the resolution too', at('2026-03-02T10:00:03Z'), at('2026-03-02T10:00:04Z'), '2026-03-02T10:00:03.000Z'],
    ['a year too early', at('2026-01-02T00:00:14Z'), at('2026-12-31T23:59:58Z'), '2027-01-02T00:00:14.000Z'],
    ['years too late', at('2027-04-01T00:15:25Z'), at('2016-04-01T15:15:25Z'), '2016-04-01T00:15:25.000Z'],
    [
      '29 February is in a leap year',
      at('2024-02-29T12:00:00Z'),
      at('2028-02-29T11:59:00Z'),
      '2028-02-29T12:00:00.000Z',
    ],
    ['no id, no change', at('2026-01-02T00:00:14Z'), NaN, '2026-01-02T00:00:14.000Z'],
  ])('%s', (_, time, created, expected) => {
    expect(new Date(new QueueIdClock(told).read(time, created, true)).toISOString()).toBe(expected);
  });

  it('leaves a stamp with a year, and one whose year was told, where it is', () => {
    const [time, created] = [at('2026-01-02T00:00:14Z'), at('2026-12-31T23:59:58Z')];
    expect(new QueueIdClock(told).read(time, created, false)).toBe(time);
    expect(new QueueIdClock({ ...told, year: 2026 }).read(time, created, true)).toBe(time);
  });

  it('takes the second reading of an hour that is there twice, where the first lies before the message', () => {
    // London, 25 October 2026: 01:30 is 00:30 UTC, and once more 01:30 UTC.
    const clock = new QueueIdClock({ ...told, timeZone: 'Europe/London' });
    const first = at('2026-10-25T00:30:05Z');
    expect(clock.read(first, at('2026-10-25T00:30:04Z'), false)).toBe(first);
    expect(clock.read(first, at('2026-10-25T01:30:04Z'), false)).toBe(at('2026-10-25T01:30:05Z'));
    // an hour that is not doubled
    expect(clock.read(at('2026-10-24T00:30:05Z'), at('2026-10-24T01:30:04Z'), false)).toBe(at('2026-10-24T00:30:05Z'));
  });
});
