import { isIanaZone, localTime } from '../../../libs/delay/local-time';

/**
 * The month that a report is most likely wanted of, as `2026-03`: reports are of months that are over, so the one before this month, or the last one
 * that has mail where that is earlier.
 * @param newest when the newest mail was first seen, ISO 8601; null = there is none
 * @param zone in which months begin; while somebody still types it, UTC
 */
export function usualMonth(newest: string | null, now: string, zone: string): string {
  const monthOf = (iso: string): string => localTime(iso, isIanaZone(zone) ? zone : 'UTC').day.slice(0, 7);
  const before = monthBefore(monthOf(now));
  const withMail = newest === null ? before : monthOf(newest);
  return withMail < before ? withMail : before;
}

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}
