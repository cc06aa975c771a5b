import { fromLocal, laterReading, toLocal } from './time-zone';
import { type StampOptions } from './timestamp';

const DAY = 86_400_000;
const YEAR = 366 * DAY;
/** Stamps are cut to whole seconds, and two processes may read the clock in another order than they write. */
const TOLERANCE_MS = 1000;

/**
 * What the time inside a queue id says of a stamp that lacks its year, or that a clock set back shows twice: nothing happens to a message
 * before its queue id exists (formats.md §0, §7, §8). A wrong zone is not mended, since a line alone does not tell it from a wait.
 */
export class QueueIdClock {
  private readonly zone: string | undefined;
  private readonly year: number | undefined;

  constructor(options: StampOptions) {
    this.zone = options.timeZone;
    this.year = options.year;
  }

  /** Whether an id can say anything of such a stamp. */
  applies(yearless: boolean): boolean {
    return yearless || this.zone !== undefined;
  }

  /**
   * The time that a stamp means, epoch ms: `time` is what it means without the id, `created` the time inside the id (NaN = none),
   * `yearless` whether the stamp names no year.
   */
  read(time: number, created: number, yearless: boolean): number {
    if (!(time < created - TOLERANCE_MS) && !(time >= created + YEAR)) return time;
    if (this.zone !== undefined && time < created) {
      const later = laterReading(time, this.zone);
      if (later >= created - TOLERANCE_MS) return later;
    }
    return yearless && this.year === undefined ? this.inYearOf(created, time) : time;
  }

  /** The same day and clock in the first year that does not put it more than a day before `created`. */
  private inYearOf(created: number, time: number): number {
    const zone = this.zone ?? 'UTC';
    const local = new Date(toLocal(time, zone));
    const created0 = new Date(created).getUTCFullYear();
    for (let year = created0 - 1; year <= created0 + 4; year++) {
      const moved = new Date(local);
      moved.setUTCFullYear(year);
      // 29 February exists in leap years only
      if (moved.getUTCMonth() !== local.getUTCMonth()) continue;
      const reading = fromLocal(moved.getTime(), zone);
      if (reading >= created - DAY) return reading;
    }
    return time;
  }
}
