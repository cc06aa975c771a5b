import { agoText, exactMs, exactText, rangeText, secondText } from './moment-text';

describe('moments in words', () => {
  it('shows an instant in the zone of the reader, across the change to summer time', () => {
    expect(secondText('2026-03-29T00:59:58.123Z', 'Europe/Berlin')).toBe('2026-03-29 01:59:58');
    expect(secondText('2026-03-29T01:00:00.000Z', 'Europe/Berlin')).toBe('2026-03-29 03:00:00');
    expect(exactText('2026-03-02T08:30:15.042Z', 'Asia/Kolkata')).toBe('2026-03-02 14:00:15.042 Asia/Kolkata');
    expect(secondText(null, 'UTC')).toBe('–');
  });

  it('names the last day that belongs to a range of whole days', () => {
    expect(rangeText('2026-03-02T00:00:00.000Z', '2026-03-09T00:00:00.000Z', 'UTC')).toBe('2026-03-02 to 2026-03-08');
    expect(rangeText('2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z', 'UTC')).toBe('2026-03-02');
    expect(rangeText('2026-03-01T23:00:00.000Z', '2026-03-02T23:00:00.000Z', 'Europe/Berlin')).toBe('2026-03-02');
    expect(rangeText('2026-03-02T00:00:00.000Z', '2026-03-02T12:30:00.000Z', 'UTC')).toBe(
      '2026-03-02 00:00 to 2026-03-02 12:30',
    );
  });

  it('says how long ago, rounded down', () => {
    const now = Date.UTC(2026, 2, 10);
    expect(agoText('2026-03-09T23:59:01.000Z', now)).toBe('just now');
    expect(agoText('2026-03-09T23:55:01.000Z', now)).toBe('4 min ago');
    expect(agoText('2026-03-08T00:00:00.001Z', now)).toBe('47 h ago');
    expect(agoText('2026-03-05T00:00:00.000Z', now)).toBe('5 d ago');
  });

  it('writes exact milliseconds with thousands apart', () => {
    expect([exactMs(0), exactMs(999), exactMs(3512), exactMs(1234567), exactMs(null)]).toEqual([
      '0 ms',
      '999 ms',
      '3,512 ms',
      '1,234,567 ms',
      'not known',
    ]);
  });
});
