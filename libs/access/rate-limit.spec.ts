import { RateLimit } from './rate-limit';

test('so many at once, then as many a minute; one caller does not hold up another', () => {
  let now = 1000;
  const limit = new RateLimit(30, () => now);
  for (let i = 0; i < 30; i++) expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(2);
  expect(limit.take('b')).toBe(0);
  now += 1999;
  expect(limit.take('a')).toBe(1);
  now += 1;
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 2]);
  now += 3_600_000;
  const answers = Array.from({ length: 31 }, () => limit.take('a'));
  expect(answers.filter((seconds) => seconds === 0)).toHaveLength(30);
});

test('0 is no limit, and callers that are told apart are bounded', () => {
  const none = new RateLimit(0);
  for (let i = 0; i < 1000; i++) expect(none.take('a')).toBe(0);
  const limit = new RateLimit(1, () => 0);
  expect(limit.take('first')).toBe(0);
  for (let i = 0; i < 10_000; i++) limit.take(`other ${i}`);
  expect(limit.take('first')).toBe(0);
});
