import { usualMonth } from './usual-month';

it('is the month before this one', () => {
  expect(usualMonth('2026-11-29T10:00:00Z', '2026-11-29T12:00:00Z', 'UTC')).toBe('2026-10');
  expect(usualMonth(null, '2026-01-15T12:00:00Z', 'UTC')).toBe('2025-12');
});

it('is the last one with mail, where there has been none since', () => {
  expect(usualMonth('2026-03-22T23:47:00Z', '2026-11-29T12:00:00Z', 'UTC')).toBe('2026-03');
});

it('begins and ends as months do in the zone, if that is one', () => {
  // in Auckland it is December already, and the mail is of April
  expect(usualMonth('2026-11-30T12:00:00Z', '2026-11-30T12:00:00Z', 'Pacific/Auckland')).toBe('2026-11');
  expect(usualMonth('2026-03-31T12:00:00Z', '2026-11-29T12:00:00Z', 'Pacific/Auckland')).toBe('2026-04');
  expect(usualMonth('2026-03-31T12:00:00Z', '2026-11-29T12:00:00Z', 'Pacific/Auck')).toBe('2026-03');
});
