import { DAY, HOUR, type Micros } from './clock';
import { MBX2, MX2, type PostfixHost } from './fleet';

/** What goes wrong, and when: [from, to) each. Runs shorter than 21 days have the same story, compressed. */
export class Incidents {
  /** HES needs 4 to 12 minutes per message: day 6, 09–10 h */
  readonly slowHes: Interval;
  /** mx2 greylists HES: days 8 to 14 */
  readonly greylisting: Interval;
  /** mbx2 is overloaded: from day 16 */
  readonly badMailboxHost: Interval;

  constructor(start: Micros, end: Micros) {
    const days = (end - start) / DAY;
    const scale = Math.min(1, days / 21);
    const at = (day: number): Micros => start + Math.floor((day * scale * DAY) / HOUR) * HOUR;
    const slowFrom = at(6 + 9 / 24);
    this.slowHes = { from: slowFrom, to: slowFrom + HOUR };
    this.greylisting = { from: at(8), to: at(15) };
    this.badMailboxHost = { from: at(16), to: end };
  }

  isHesSlow = (time: Micros): boolean => inside(this.slowHes, time);
  isGreylisting = (gateway: PostfixHost, time: Micros): boolean => gateway === MX2 && inside(this.greylisting, time);
  isBad = (host: PostfixHost, time: Micros): boolean => host === MBX2 && inside(this.badMailboxHost, time);
}

export interface Interval {
  readonly from: Micros;
  readonly to: Micros;
}

const inside = (interval: Interval, time: Micros): boolean => time >= interval.from && time < interval.to;
