import { fromLocal, isDateTime, isTimeZone, yearFor } from './time-zone';

export { isDateTime, isTimeZone, yearFor, zonedTime } from './time-zone';

/** `time` is epoch ms (UTC); `resolutionMs` one unit of the stamp's last digit, 1 for milliseconds or finer. */
export interface Stamp {
  time: number;
  resolutionMs: number;
}

export interface StampOptions {
  /** IANA zone of stamps without offset */
  timeZone?: string;
  /** year of stamps without year; without it {@link yearFor} */
  year?: number;
  /** epoch ms of the file's last change */
  fileTime: number;
}

/** No stamp is longer; keeps what a hostile text can cost small. */
const LONGEST = 200;
const LAST_TIME = Date.UTC(2200, 0, 1);

type Parsed = Stamp | { problem: string };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** hour, minute, second, fraction, half of the day */
const CLOCK = '(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d+))?)?(?:\\s*([AaPp])\\.?[Mm]\\.?)?';
/** an offset, or a name */
const ZONE = '(?:\\s*([+-]\\d\\d:?\\d\\d|[+-]\\d\\d|Z|z)|\\s+([A-Za-z]{1,5}))?';
const GO_TAIL = '(?:\\s+[A-Za-z]{1,5})?(?:\\s+m=[+-][\\d.]+)?';
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\s*,?\\s+)?';

const ISO = new RegExp(`^(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?:[Tt]|\\s+)${CLOCK}${ZONE}${GO_TAIL}$`);
const MONTH_FIRST = new RegExp(
  `^${WEEKDAY}([a-z]{3})[a-z]*\\.?\\s+(\\d{1,2}),?\\s+(?:(\\d{4})\\s+)?${CLOCK}${ZONE}(?:\\s+(\\d{4}))?$`,
  'i',
);
const DAY_FIRST = new RegExp(
  `^${WEEKDAY}(\\d{1,2})[\\s-]+([a-z]{3})[a-z]*\\.?[\\s-]+(\\d{2,4}),?\\s+${CLOCK}${ZONE}$`,
  'i',
);
const AMERICAN = new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4}),?\\s+${CLOCK}${ZONE}$`, 'i');
const EPOCH = /^(\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:\.(\d+))?$/;
const MICROSOFT_DATE = /^\\?\/Date\((-?\d+)(?:[+-]\d{4})?\)\\?\/$/;

/** Minutes east of UTC: RFC 5322 §4.3, then names that mean one offset wherever they are used. */
const ZONE_MINUTES: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  wet: 0,
  west: 60,
  cet: 60,
  cest: 120,
  met: 60,
  mest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  jst: 540,
  kst: 540,
  hkt: 480,
  aest: 600,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
};

/**
 * Reads one stamp in any form of formats.md: ISO 8601 (with or without fraction and offset, `T` or blank), RFC 3164 (without
 * year), RFC 5322 date-time with comments and obsolete zones, `8/20/2018 11:32:37 AM`, epoch s/ms/µs/ns, `/Date(ms)/`, Go time.
 * What it lacks comes from `options`; `problem` names what is missing or wrong. RFC 3164 without zone is UTC unless
 * `timeZone` is given; every other form without offset needs `timeZone`. Never throws.
 */
export function parseTimestamp(text: string, options: StampOptions): Parsed {
  const raw = text.trim();
  if (raw === '') return { problem: 'no timestamp' };
  if (raw.length > LONGEST) return { problem: 'not a timestamp' };
  const { plain, comment } = withoutComments(raw);
  let m: RegExpExecArray | null;
  if ((m = ISO.exec(plain))) return build([+m[1], +m[2], +m[3]], m, comment, options);
  if ((m = MONTH_FIRST.exec(plain))) return monthFirst(m, comment, options);
  if ((m = DAY_FIRST.exec(plain))) return build([fullYear(m[3]), monthNumber(m[2]), +m[1]], m, comment, options);
  if ((m = AMERICAN.exec(plain))) {
    if (!m[8]) return { problem: 'day and month are ambiguous: neither AM nor PM' };
    return build([+m[3], +m[1], +m[2]], m, comment, options);
  }
  if ((m = EPOCH.exec(plain))) return epoch(m[1], m[2]);
  // Its parentheses look like a comment.
  if ((m = MICROSOFT_DATE.exec(raw))) return inRange({ time: Number(m[1]), resolutionMs: 1 });
  return { problem: 'not a timestamp' };
}

function monthFirst(m: RegExpExecArray, comment: string, options: StampOptions): Parsed {
  const month = monthNumber(m[1]);
  const yearText = m[3] ?? m[11];
  const orUtc = { ...options, timeZone: options.timeZone ?? 'UTC' };
  if (yearText) return build([+yearText, month, +m[2]], m, comment, options);
  if (!isTimeZone(orUtc.timeZone)) return { problem: 'unknown time zone in the options' };
  const year = options.year ?? yearFor(month, +m[2], +m[4], +m[5], +(m[6] ?? 0), options.fileTime, orUtc.timeZone);
  return year === undefined ? { problem: 'impossible date' } : build([year, month, +m[2]], m, comment, orUtc);
}

function epoch(digits: string, fraction: string | undefined): Parsed {
  const length = digits.length;
  if (length <= 10) {
    return { time: Number(digits) * 1000 + milliseconds(fraction), resolutionMs: fraction ? 1 : 1000 };
  }
  return inRange({ time: Number(digits.slice(0, length <= 13 ? 13 : length <= 16 ? -3 : -6)), resolutionMs: 1 });
}

/** Exports write the first and the last date that their language knows for a date that they do not know. */
function inRange(stamp: Stamp): Parsed {
  return stamp.time > 0 && stamp.time < LAST_TIME ? stamp : { problem: 'impossible date' };
}

/** `groups` of every form with a clock: three of the date, then those of CLOCK and ZONE. */
function build(
  [year, month, day]: readonly [number, number, number],
  groups: readonly (string | undefined)[],
  comment: string,
  options: StampOptions,
): Parsed {
  const [hourText, minuteText, secondText, fraction, half, offset, zoneName] = groups.slice(4, 11);
  const hour = half ? hourOfHalf(Number(hourText), half) : Number(hourText);
  const [minute, second] = [Number(minuteText), Number(secondText ?? 0)];
  if (!isDateTime(year, month, day, hour, minute, second)) return { problem: 'impossible date' };
  const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds(fraction));
  const resolutionMs = fraction ? 1 : secondText ? 1000 : 60_000;
  // `08:17:04.2914 (UTC)` has its zone in a comment; beside an offset a comment says nothing new.
  const zone = offset ?? zoneName ?? (/^(?:UTC|GMT|UT)$/i.test(comment) ? comment : undefined);
  if (zone !== undefined) {
    const minutes = offsetMinutes(zone);
    if (minutes === undefined) return { problem: `unknown zone ${zone}` };
    return { time: local - minutes * 60_000, resolutionMs };
  }
  if (options.timeZone === undefined) return { problem: 'no zone: pass --timezone' };
  if (!isTimeZone(options.timeZone)) return { problem: 'unknown time zone in the options' };
  return { time: fromLocal(local, options.timeZone), resolutionMs };
}

/** 12 AM is midnight, 12 PM noon; NaN (no such time) for an hour outside of 1…12. */
function hourOfHalf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function offsetMinutes(zone: string): number | undefined {
  const m = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  // Military letters were defined with the wrong sign, so they say no more than UTC (RFC 5322 §4.3).
  if (!m) return /^[A-IK-Z]$/i.test(zone) ? 0 : ZONE_MINUTES[zone.toLowerCase()];
  const [hours, minutes] = [Number(m[2]), Number(m[3] ?? 0)];
  return hours < 24 && minutes < 60 ? (m[1] === '-' ? -1 : 1) * (hours * 60 + minutes) : undefined;
}

function withoutComments(text: string): { plain: string; comment: string } {
  if (!text.includes('(')) return { plain: text, comment: '' };
  let comment = '';
  let plain = text;
  // Comments nest (RFC 5322 §3.2.2): the innermost goes first.
  for (let depth = 0; depth < 4; depth++) {
    const next = plain.replace(/\s*\(([^()]*)\)\s*/g, (_all, inside: string) => {
      comment ||= inside.trim();
      return ' ';
    });
    if (next === plain) break;
    plain = next;
  }
  return { plain: plain.trim(), comment };
}

function milliseconds(fraction: string | undefined): number {
  return fraction ? Number(fraction.padEnd(3, '0').slice(0, 3)) : 0;
}

function monthNumber(name: string): number {
  return MONTHS.indexOf(name.toLowerCase()) + 1;
}

/** RFC 5322 §4.3: two digits are 1950…2049, three are counted from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}
