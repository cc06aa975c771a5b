import { Rfc3164Stamps, isoMicros, isoSecond, rfc5322, stampMs } from './clock';

const micros = (text: string): number => Date.parse(text) * 1000;

test('ISO stamps keep microseconds', () => {
  expect(isoMicros(micros('2026-03-02T09:11:12Z') + 45)).toBe('2026-03-02T09:11:12.000045+00:00');
  expect(isoSecond(micros('2026-03-02T09:11:12.999Z'))).toBe('2026-03-02T09:11:12Z');
});

test('RFC 3164 stamps are local time: Berlin before and after the change to summer time', () => {
  const berlin = new Rfc3164Stamps('Europe/Berlin');
  expect(berlin.stamp(micros('2026-03-02T23:30:00Z'))).toBe('Mar  3 00:30:00');
  expect(berlin.stamp(micros('2026-03-29T00:59:59.9Z'))).toBe('Mar 29 01:59:59');
  expect(berlin.stamp(micros('2026-03-29T01:00:00Z'))).toBe('Mar 29 03:00:00');
  expect(new Rfc3164Stamps('UTC').stamp(micros('2026-03-12T08:00:00Z'))).toBe('Mar 12 08:00:00');
});

test('RFC 5322 date-times carry their offset', () => {
  expect(rfc5322(micros('2026-03-02T23:30:00Z'), 60, 'CET')).toBe('Tue, 03 Mar 2026 00:30:00 +0100 (CET)');
  expect(rfc5322(micros('2026-03-02T23:30:00Z'), -210, '')).toBe('Mon, 02 Mar 2026 20:00:00 -0330');
});

test('loggers cut, they do not round', () => {
  expect(stampMs(1_999_999, 1)).toBe(1999);
  expect(stampMs(1_999_999, 1000)).toBe(1000);
});
