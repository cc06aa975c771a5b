import { localText } from '../../../libs/delay/local-time';

/** A half-open period in its zone: `2026-03` for a calendar month, `2026-03-02 to 2026-03-08` for whole days, else both moments. */
export function periodText(from: string, to: string, tz: string): string {
  const [begins, ends] = [localText(from, tz), localText(to, tz)];
  if (!begins.endsWith(' 00:00') || !ends.endsWith(' 00:00')) return `${begins} to ${ends}`;
  // the day before the first one that is not in it
  const last = localText(new Date(Date.parse(to) - 1).toISOString(), tz).slice(0, 10);
  const [first, month] = [begins.slice(0, 10), begins.slice(0, 7)];
  const isMonth = first.endsWith('-01') && ends.slice(8, 10) === '01' && last.startsWith(month);
  return isMonth ? month : `${first} to ${last}`;
}
