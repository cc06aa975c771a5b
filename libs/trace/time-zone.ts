const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Since 1973 all zones change at, and by, whole quarters of an hour, so an offset holds for a quarter. */
const QUARTER = HOUR / 4;
const CACHED_FROM = Date.UTC(1973, 0, 1);
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;
const CACHE_LIMIT = 200_000;
const FIXED_OFFSET = /^(?:UTC|GMT)?([+-])([01]\d):?([0-5]\d)$/i;

interface Zone {
  /** offset (local − UTC, ms) at a UTC time */
  offsetAt(utc: number): number;
  /** quarter of local time → offset to subtract */
  readonly cache: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** Whether `zone` is an IANA zone name, `UTC`, or a fixed offset such as `+02:00`. */
export function isTimeZone(zone: string): boolean {
  try {
    zoneOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * Epoch ms of a local time. `month` and `day` count from 1. `zone` is an IANA name, `UTC` or `±hh:mm`; an unknown one throws a
 * RangeError (ask {@link isTimeZone} first). A local time that the clock skips is read with the offset before the change, so
 * it maps forward (01:30 → 02:30); of a doubled one the first is meant (as RFC 5545 §3.3.5 has both).
 * Does not check that the date exists, see {@link isDateTime}.
 */
export function zonedTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
  zone: string,
): number {
  return fromLocal(Date.UTC(year, month - 1, day, hour, minute, second, ms), zone);
}

/** As {@link zonedTime}, from the local time as if it were UTC. */
export function fromLocal(local: number, zone: string): number {
  const { cache, offsetAt } = zoneOf(zone);
  if (local < CACHED_FROM) return local - localOffset(local, offsetAt);
  const quarter = Math.floor(local / QUARTER);
  let offset = cache.get(quarter);
  if (offset === undefined) {
    offset = localOffset(quarter * QUARTER, offsetAt);
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(quarter, offset);
  }
  return local - offset;
}

/**
 * The second of the two times that a doubled local time can mean, when `utc` is the first of them (as {@link fromLocal} has it);
 * `utc` itself where the local time is not doubled. `zone` as in {@link zonedTime}.
 */
export function laterReading(utc: number, zone: string): number {
  const { offsetAt } = zoneOf(zone);
  const before = offsetAt(utc);
  const after = offsetAt(utc + 3 * HOUR);
  const later = utc + before - after;
  return after < before && offsetAt(later) === after ? later : utc;
}

/** The local time, as if it were UTC, of a time; the inverse of {@link fromLocal}. */
export function toLocal(utc: number, zone: string): number {
  return utc + zoneOf(zone).offsetAt(utc);
}

/**
 * Whether date and time exist: months of their length, leap years, 00:00:00 … 23:59:60 (a leap second). Years outside of
 * 1970…2199 do not: exports write `0001-01-01` and `9999-12-31` for what they do not know.
 */
export function isDateTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): boolean {
  return isDate(year, month, day) && hour < 24 && minute < 60 && second <= 60;
}

/** Whether a date exists, see {@link isDateTime}. */
export function isDate(year: number, month: number, day: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * The year of a stamp without year: the latest that does not put it more than a day after `fileTime` (storage.md, rule on
 * what a stamp lacks). For 29 February the latest leap year. undefined for a date or time that exists in no year.
 */
export function yearFor(
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  fileTime: number,
  zone = 'UTC',
): number | undefined {
  const latest = new Date(fileTime + 3 * DAY).getUTCFullYear();
  // Eight years hold a leap year even around 1900 and 2100.
  for (let year = latest; year >= latest - 9; year--) {
    if (!isDateTime(year, month, day, hour, minute, second)) continue;
    if (zonedTime(year, month, day, hour, minute, second, 0, zone) <= fileTime + DAY) return year;
  }
  return undefined;
}

function localOffset(local: number, offsetAt: (utc: number) => number): number {
  const before = offsetAt(local - DAY);
  const after = offsetAt(local + DAY);
  if (before === after || offsetAt(local - before) === before) return before;
  // Neither holds in a gap, where the offset before the change maps forward.
  return offsetAt(local - after) === after ? after : before;
}

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = { offsetAt: offsetFunction(name), cache: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

function offsetFunction(name: string): (utc: number) => number {
  const fixed = FIXED_OFFSET.exec(name);
  if (fixed) {
    const offset = (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * HOUR + Number(fixed[3]) * 60_000);
    return () => offset;
  }
  if (/^(?:Z|UTC|GMT)$/i.test(name)) return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (utc) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value);
    return (
      Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(utc / 1000) * 1000
    );
  };
}
