import { isDateTime, zonedTime } from '../trace/timestamp';

/** A bound that was not given, as epoch milliseconds: the ends of what the store's DateTime64(3) can say. */
export const BEGINNING = Date.UTC(1900, 0, 1);
export const END = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * A bound of a time range → epoch milliseconds. A day (`2026-03-02`) is its first moment; a time without offset is in `timeZone` (IANA).
 * Answers a sentence when the text is no time.
 */
export function parseBound(text: string, timeZone: string): number | { problem: string } {
  const match = FORM.exec(text.trim());
  const problem = `${JSON.stringify(text)} is not a time: write 2026-03-02, 2026-03-02T08:30 or 2026-03-02T08:30:00Z`;
  if (!match) return { problem };
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? '').padEnd(3, '0'));
  if (!isDateTime(year, month, day, hour, minute, second)) return { problem };
  if (!match[8]) return zonedTime(year, month, day, hour, minute, second, ms, timeZone);
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(match[8]);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  return offset ? utc - (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 : utc;
}
