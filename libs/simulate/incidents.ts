import { DAY, HOUR, type Micros } from './clock';
import type { Host } from './hosts';

/**
 * What goes wrong, and when. Told for 21 days from a Monday, so that each incident falls on working days; the dates are those of
 * the sample fleet. Shorter runs have the same story, compressed.
 */
export class Incidents {
  /** HES needs 4 to 12 minutes per message: Friday 6 March, 09–10 h */
  readonly slowHes: Interval;
  /** mx2 greylists HES: 8 to 14 March */
  readonly greylisting: Interval;
  /** mbx2 is overloaded: from Monday 16 March */
  readonly badMailboxHost: Interval;
  /** mbx2's mail store refuses nearly everything: the last hours */
  readonly storeDown: Interval;

  constructor(start: Micros, end: Micros) {
    const scale = Math.min(1, (end - start) / DAY / 21);
    const after = (days: number): Micros => start + Math.floor((days * scale * DAY) / HOUR) * HOUR;
    const slowFrom = after(4 + 9 / 24);
    this.slowHes = { from: slowFrom, to: slowFrom + HOUR };
    this.greylisting = { from: after(6), to: after(13) };
    this.badMailboxHost = { from: after(14), to: end };
    this.storeDown = { from: end - Math.max(1, Math.floor(12 * scale)) * HOUR, to: end };
  }

  isHesSlow = (time: Micros): boolean => inside(this.slowHes, time);
  isGreylisting = (gateway: Host, time: Micros): boolean => gateway.mta === 'mx2' && inside(this.greylisting, time);
  isOverloaded = (host: Host, time: Micros): boolean => host.mta === 'mbx2' && inside(this.badMailboxHost, time);
  isStoreDown = (host: Host, time: Micros): boolean => host.mta === 'mbx2' && inside(this.storeDown, time);
}

export interface Interval {
  readonly from: Micros;
  readonly to: Micros;
}

const inside = (interval: Interval, time: Micros): boolean => time >= interval.from && time < interval.to;
