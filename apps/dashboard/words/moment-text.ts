import { durationText } from '../../../libs/delay/duration-text';
import { localTime } from '../../../libs/delay/local-time';

const DAY = 86_400_000;

/** An instant with seconds in a zone: `2026-03-02 08:30:15`; `–` for null. */
export function secondText(iso: string | null, tz: string): string {
  if (iso === null) return '–';
  const { day, minute } = localTime(iso, tz);
  return `${day} ${minute}:${iso.slice(17, 19)}`;
}

/** An instant to the millisecond, as tooltips show it: `2026-03-02 08:30:15.042 Europe/Berlin`. */
export function exactText(iso: string, tz: string): string {
  return `${secondText(iso, tz)}.${iso.slice(20, 23)} ${tz}`;
}

/**
 * A half-open range for people: whole local days as `2026-03-02 to 2026-03-08` (the last one belongs to it), all else with minutes.
 * Both bounds ISO 8601 UTC.
 */
export function rangeText(from: string, to: string, tz: string): string {
  const [begin, end] = [localTime(from, tz), localTime(to, tz)];
  if (begin.minute !== '00:00' || end.minute !== '00:00') {
    return `${begin.day} ${begin.minute} to ${end.day} ${end.minute}`;
  }
  const last = localTime(new Date(Date.parse(to) - 1).toISOString(), tz);
  return begin.day === last.day ? begin.day : `${begin.day} to ${last.day}`;
}

/** An interval by its first moment: the hour `2026-03-02 08:00`, the day or the month. */
export function intervalText(at: string, { interval, tz }: { interval: 'hour' | 'day' | 'month'; tz: string }): string {
  const { day, minute } = localTime(at, tz);
  if (interval === 'hour') return `${day} ${minute}`;
  return interval === 'day' ? day : day.slice(0, 7);
}

/** How long ago, in words that do not change every second: `just now`, `4 min ago`, `3 h ago`, `5 d ago`. */
export function agoText(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  if (ms < 60_000) return 'just now';
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  if (ms < 2 * DAY) return `${Math.floor(ms / 3_600_000)} h ago`;
  return `${Math.floor(ms / DAY)} d ago`;
}

/**
 * The ticks of a logarithmic axis of durations, ms: round numbers of the units in which people speak of delays. A logarithmic axis
 * has no 0: under 1 ms lie a decade for 0 and one for what is negative, each named in its middle.
 */
export const DURATION_TICKS: readonly (readonly [ms: number, text: string])[] = [
  [0.0316, '< 0'],
  [0.316, '0 ms'],
  [1, '1 ms'],
  [10, '10 ms'],
  [100, '100 ms'],
  [1000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [3_600_000, '1 h'],
  [21_600_000, '6 h'],
  [86_400_000, '1 d'],
  [604_800_000, '7 d'],
  [2_592_000_000, '30 d'],
];

/** A round limit: `1 min`, not `1 min 0 s`. */
export const limitText = (ms: number): string => durationText(ms).replace(/ 0 s$| 00 min$/, '');

/** `3512` ms as `3,512 ms`, for tooltips beside the human form. */
export function exactMs(ms: number | null): string {
  return ms === null ? 'not known' : `${String(ms).replace(/\B(?=(\d{3})+$)/g, ',')} ms`;
}
