import { zonedTime } from '../../trace/timestamp';
import { localTime } from '../local-time';

/** A stretch that a clause is measured over: half-open, epoch ms. `whole`: the range that was asked for holds all of it. */
export interface Period {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

export const MONTH_FORM = /^\d{4}-(0[1-9]|1[0-2])$/;

/** A calendar month such as `2026-03` in an IANA zone: its bounds, half-open, epoch ms. */
export function monthBounds(month: string, timeZone: string): { from: number; to: number } {
  const [year, number] = month.split('-').map(Number);
  const first = (y: number, m: number): number => zonedTime(y, m, 1, 0, 0, 0, 0, timeZone);
  return { from: first(year, number), to: number === 12 ? first(year + 1, 1) : first(year, number + 1) };
}

/** The calendar months of an IANA zone that lie in [from, to), in full or in part. */
export function monthsOf(from: number, to: number, timeZone: string): Period[] {
  const months: Period[] = [];
  let [year, month] = localTime(new Date(from).toISOString(), timeZone).day.split('-').map(Number);
  const firstOf = (y: number, m: number): number => zonedTime(y, m, 1, 0, 0, 0, 0, timeZone);
  for (let begins = firstOf(year, month); begins < to;) {
    const name = `${year}-${String(month).padStart(2, '0')}`;
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    const ends = firstOf(year, month);
    months.push({ name, from: Math.max(begins, from), to: Math.min(ends, to), whole: begins >= from && ends <= to });
    begins = ends;
  }
  return months;
}
