import { Cron } from 'croner';
import { localTime } from '../../delay/local-time';
import { zonedTime } from '../../trace/timestamp';
import type { Schedule } from './schedule';

/** A period that is to be reported. Half-open, epoch ms. */
export interface DuePeriod {
  readonly from: number;
  readonly to: number;
  /** when it was due */
  readonly runAt: number;
}

const DAY_MS = 86_400_000;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * The periods that became due after `since` up to `now`, each once, at the first run after its end: what was missed while nothing ran is among
 * them, the oldest first.
 */
export function duePeriods(
  { cron, zone, period }: Pick<Schedule, 'cron' | 'zone' | 'period'>,
  since: number,
  now: number,
): DuePeriod[] {
  const due: DuePeriod[] = [];
  const runs = new Cron(cron, { timezone: zone, paused: true });
  for (let after = since; ;) {
    const run = runs.nextRun(new Date(after))?.getTime();
    if (run === undefined || run > now) return due;
    const { from, to, next } = lastWhole(period, run, zone);
    due.push({ from, to, runAt: run });
    // Further runs before the next border would report the same period.
    after = next - 1;
  }
}

/** The last whole month or week (from Monday) before a moment, and where the one that the moment lies in ends. */
function lastWhole(period: Schedule['period'], at: number, zone: string): { from: number; to: number; next: number } {
  const { day, weekday } = localTime(new Date(at).toISOString(), zone);
  const [year, month, date] = day.split('-').map(Number);
  // Out of bounds, a month or day is that of the year or month beside.
  const begins = (days: number): number => {
    const moment = new Date(days);
    return zonedTime(moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate(), 0, 0, 0, 0, zone);
  };
  if (period === 'month') {
    const first = (offset: number): number => begins(Date.UTC(year, month - 1 + offset, 1));
    return { from: first(-1), to: first(0), next: first(1) };
  }
  const monday = Date.UTC(year, month - 1, date) - WEEKDAYS.indexOf(weekday) * DAY_MS;
  return { from: begins(monday - 7 * DAY_MS), to: begins(monday), next: begins(monday + 7 * DAY_MS) };
}
