import { fromLocal, isDate, yearFor } from './time-zone';
import { type StampOptions } from './timestamp';

const QUARTER = 900_000;
const DAY = 86_400_000;

/** Three letters, each without its case bit, as one number. */
const letters = (name: string): number =>
  ((name.charCodeAt(0) | 32) << 16) | ((name.charCodeAt(1) | 32) << 8) | (name.charCodeAt(2) | 32);
const MONTHS = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, i) => [
    letters(name),
    i + 1,
  ]),
);

/**
 * Header stamps of log lines, read from bytes without a string: RFC 3164 (`Mar  2 00:00:01`, `Mar 2 00:00:01`) and ISO
 * (`2026-03-02T00:00:00.123456+01:00`, `Z`, no fraction, a blank for `T`, ` +0100` behind a blank as Exim writes it).
 * A stamp without offset is read in `timeZone`, else as UTC. Results are in `time`, `resolutionMs` and `zoned`.
 * The constructor throws a RangeError for an unknown zone (ask `isTimeZone` first); `parse` never throws.
 */
export class SyslogStamps {
  /** epoch ms (UTC) of the last stamp read */
  time = 0;
  /** 1000, or 1 for a stamp with fraction */
  resolutionMs = 1000;
  /** whether the stamp named its own offset */
  zoned = false;

  private fractionMs = 0;
  private readonly zone: string;
  private readonly year: number | undefined;
  private readonly fileTime: number;
  private readonly latest: number;
  /** quarter of an hour (month, day, hour, quarter) of the last RFC 3164 stamp, and its beginning */
  private quarterKey = -1;
  private quarterTime = 0;
  private monthLetters = -1;
  private month = 0;
  /** the last ISO date, and its midnight as if UTC */
  private dayKey = -1;
  private dayTime = 0;
  /** quarter of local time of the last ISO stamp without offset, and what to subtract */
  private localQuarter = -1;
  private localOffset = 0;

  constructor(options: StampOptions) {
    this.zone = options.timeZone ?? 'UTC';
    this.year = options.year;
    this.fileTime = options.fileTime;
    this.latest = options.fileTime + DAY;
    fromLocal(0, this.zone);
  }

  /** Reads the stamp that begins at `from`; returns the index after it, or −1 where there is none or the date is impossible. */
  parse(bytes: Uint8Array, from: number, to: number): number {
    if (from >= to) return -1;
    return bytes[from] > 57 ? this.monthFirst(bytes, from, to) : this.iso(bytes, from, to);
  }

  private monthFirst(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < 14 || bytes[from + 3] !== 32) return -1;
    const name = ((bytes[from] | 32) << 16) | ((bytes[from + 1] | 32) << 8) | (bytes[from + 2] | 32);
    if (name !== this.monthLetters) {
      const month = MONTHS.get(name);
      if (month === undefined) return -1;
      this.monthLetters = name;
      this.month = month;
    }
    let at = from + 4;
    if (bytes[at] === 32) at++;
    let day = bytes[at++] - 48;
    if (day < 0 || day > 9) return -1;
    if (bytes[at] !== 32) {
      const digit = bytes[at++] - 48;
      if (digit < 0 || digit > 9) return -1;
      day = day * 10 + digit;
    }
    if (bytes[at++] !== 32 || to - at < 8 || bytes[at + 2] !== 58 || bytes[at + 5] !== 58) return -1;
    const hour = twoDigits(bytes, at);
    const minute = twoDigits(bytes, at + 3);
    const second = twoDigits(bytes, at + 6);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
    const quarter = (minute / 15) | 0;
    const key = ((this.month * 32 + day) * 24 + hour) * 4 + quarter;
    if (key !== this.quarterKey && !this.enterQuarter(key, day, hour, quarter * 15)) return -1;
    const time = this.quarterTime + (minute - quarter * 15) * 60_000 + second * 1000;
    this.time = time > this.latest && this.year === undefined ? this.exactTime(day, hour, minute, second) : time;
    const end = this.fraction(bytes, at + 8, to);
    this.time += this.fractionMs;
    this.zoned = false;
    return end;
  }

  private enterQuarter(key: number, day: number, hour: number, minute: number): boolean {
    const year = this.year ?? yearFor(this.month, day, hour, minute, 0, this.fileTime, this.zone);
    if (year === undefined || !isDate(year, this.month, day)) return false;
    this.quarterKey = key;
    this.quarterTime = fromLocal(Date.UTC(year, this.month - 1, day, hour, minute), this.zone);
    return true;
  }

  /** The one quarter of the year that `fileTime` plus a day cuts in two. */
  private exactTime(day: number, hour: number, minute: number, second: number): number {
    const year = yearFor(this.month, day, hour, minute, second, this.fileTime, this.zone) ?? 0;
    return fromLocal(Date.UTC(year, this.month - 1, day, hour, minute, second), this.zone);
  }

  private iso(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < 19) return -1;
    const separator = bytes[from + 10];
    if (bytes[from + 4] !== 45 || bytes[from + 7] !== 45 || (separator !== 84 && separator !== 32)) return -1;
    if (bytes[from + 13] !== 58 || bytes[from + 16] !== 58) return -1;
    const century = twoDigits(bytes, from);
    const yearOfCentury = twoDigits(bytes, from + 2);
    const month = twoDigits(bytes, from + 5);
    const day = twoDigits(bytes, from + 8);
    const hour = twoDigits(bytes, from + 11);
    const minute = twoDigits(bytes, from + 14);
    const second = twoDigits(bytes, from + 17);
    if ((century | yearOfCentury | month | day | hour | minute | second) < 0) return -1;
    if (hour > 23 || minute > 59 || second > 60) return -1;
    const year = century * 100 + yearOfCentury;
    const key = (year * 16 + month) * 32 + day;
    if (key !== this.dayKey) {
      if (!isDate(year, month, day)) return -1;
      this.dayKey = key;
      this.dayTime = Date.UTC(year, month - 1, day);
    }
    const at = this.fraction(bytes, from + 19, to);
    if (at < 0) return -1;
    const time = this.dayTime + hour * 3_600_000 + minute * 60_000 + second * 1000 + this.fractionMs;
    return this.offset(bytes, at, to, time);
  }

  /** Reads `.123456` or `,123` into `fractionMs` and `resolutionMs`; returns the index after it, −1 for a point without digits. */
  private fraction(bytes: Uint8Array, from: number, to: number): number {
    this.fractionMs = 0;
    this.resolutionMs = 1000;
    if (from >= to || (bytes[from] !== 46 && bytes[from] !== 44)) return from;
    let at = from + 1;
    let unit = 100;
    for (; at < to; at++) {
      const digit = bytes[at] - 48;
      if (digit < 0 || digit > 9) break;
      if (unit >= 1) {
        this.fractionMs += digit * unit;
        unit /= 10;
      }
    }
    if (at === from + 1) return -1;
    this.resolutionMs = 1;
    return at;
  }

  private offset(bytes: Uint8Array, at: number, to: number, local: number): number {
    if (bytes[at] === 90 && at < to) {
      this.time = local;
      this.zoned = true;
      return at + 1;
    }
    const sign = at < to && bytes[at] === 32 ? at + 1 : at;
    if (sign + 4 < to && (bytes[sign] === 43 || bytes[sign] === 45)) {
      const hours = twoDigits(bytes, sign + 1);
      const colon = bytes[sign + 3] === 58 ? 1 : 0;
      const end = sign + 5 + colon;
      const minutes = end <= to ? twoDigits(bytes, sign + 3 + colon) : -1;
      if (hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60) {
        const offset = (hours * 60 + minutes) * 60_000;
        this.time = bytes[sign] === 45 ? local + offset : local - offset;
        this.zoned = true;
        return end;
      }
      if (sign === at) return -1;
    }
    const quarter = Math.floor(local / QUARTER);
    if (quarter !== this.localQuarter) {
      this.localQuarter = quarter;
      this.localOffset = local - fromLocal(local, this.zone);
    }
    this.time = local - this.localOffset;
    this.zoned = false;
    return at;
  }
}

/** Two ASCII digits as a number, or a negative number. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48;
  const ones = bytes[at + 1] - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
