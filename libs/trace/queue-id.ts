const BASE_52 = '0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz';
const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE_60 = BASE_62.slice(0, 60);

const POSTFIX_LONG =
  /^([0-9BCDFGHJ-NP-TV-Zb-df-hj-np-tv-z]{6,8})([0-9BCDFGHJ-NP-TV-Zb-df-hj-np-tv-z]{4})z([0-9BCDFGHJ-NP-TV-Zb-df-hj-np-tv-y]+)$/;
const EXIM = /^[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})$/;
const SENDMAIL = /^[0-9A-Za-x]{7,8}\d{5,10}$/;

/** Seconds outside of these years say that the text only looks like an id. */
const FIRST_SECOND = Date.UTC(1990, 0, 1) / 1000;
const LAST_SECOND = Date.UTC(2100, 0, 1) / 1000;
/** Sendmail writes the year modulo 60; without anything to go by it is one of 1990…2049. */
const SENDMAIL_ERA = 1990;

/** Whether this is a Postfix id of `enable_long_queue_ids=yes`: seconds, microseconds, `z`, inode (formats.md §6). */
export function isPostfixLongId(id: string): boolean {
  return postfixQueueIdTime(id) !== undefined;
}

/**
 * When Postfix created a queue file, from its long id: epoch ms (UTC), microseconds rounded down.
 * undefined for short ids, which carry no date. Source: Postfix `mail_queue.h` (base 52), formats.md §6.
 */
export function postfixQueueIdTime(id: string): number | undefined {
  const match = POSTFIX_LONG.exec(id);
  if (!match) return undefined;
  const micros = decode(match[2], BASE_52);
  const seconds = decode(match[1], BASE_52);
  return micros < 1_000_000 && plausible(seconds) ? seconds * 1000 + Math.floor(micros / 1000) : undefined;
}

/**
 * When Exim began to receive a message, from its id of either form (6-6-2, since 4.97 6-11-4): epoch ms (UTC), whole seconds.
 * The last part may hold `localhost_number`, so no fraction is read from it. Source: Exim spec "Message identification", formats.md §8.
 */
export function eximQueueIdTime(id: string): number | undefined {
  if (!EXIM.test(id)) return undefined;
  const seconds = decode(id.slice(0, 6), BASE_62);
  return plausible(seconds) ? seconds * 1000 : undefined;
}

/**
 * When Sendmail created a queue entry, from the six characters Y M D h m s at the head of its id: epoch ms (UTC), whole seconds.
 * Y is (year − 1900) mod 60: the year nearest to `nearMs` (epoch ms), without it one of 1990…2049.
 * undefined for other ids and impossible dates. Source: formats.md §7.
 */
export function sendmailQueueIdTime(id: string, nearMs?: number): number | undefined {
  if (!SENDMAIL.test(id)) return undefined;
  const [y, month, day, hour, minute, second] = [...id.slice(0, 6)].map((c) => BASE_60.indexOf(c));
  const timeIn = (year: number): number => Date.UTC(year, month, day, hour, minute, second);
  let year = 1900 + y;
  while (year < SENDMAIL_ERA) year += 60;
  if (nearMs !== undefined) {
    while (Math.abs(timeIn(year + 60) - nearMs) < Math.abs(timeIn(year) - nearMs)) year += 60;
    while (Math.abs(timeIn(year - 60) - nearMs) < Math.abs(timeIn(year) - nearMs)) year -= 60;
  }
  const time = timeIn(year);
  const date = new Date(time);
  // Date.UTC rolls over what does not exist.
  return date.getUTCMonth() === month && date.getUTCDate() === day && hour < 24 ? time : undefined;
}

/** Value of each byte as a digit of base 62, −1 for none. */
const DIGIT_62 = new Int8Array(256).fill(-1);
[...BASE_62].forEach((digit, value) => (DIGIT_62[digit.charCodeAt(0)] = value));

/**
 * {@link sendmailQueueIdTime} from the bytes of an id that begins at `from`, for log lines: NaN where its first six characters
 * are no date. The year is one of 1990…2049.
 */
export function sendmailIdTimeAt(bytes: Uint8Array, from: number): number {
  let year = 1900 + DIGIT_62[bytes[from]];
  const [month, day] = [DIGIT_62[bytes[from + 1]], DIGIT_62[bytes[from + 2]]];
  const [hour, minute, second] = [DIGIT_62[bytes[from + 3]], DIGIT_62[bytes[from + 4]], DIGIT_62[bytes[from + 5]]];
  if (year < 1900 || month < 0 || month > 11 || day < 1 || day > 31 || hour < 0 || hour > 23) return NaN;
  if (minute < 0 || minute > 59 || second < 0 || second > 59) return NaN;
  while (year < SENDMAIL_ERA) year += 60;
  return Date.UTC(year, month, day, hour, minute, second);
}

/** {@link eximQueueIdTime} from the bytes of an id that begins at `from`, for log lines; NaN for what is no id. */
export function eximIdTimeAt(bytes: Uint8Array, from: number): number {
  let seconds = 0;
  for (let at = from; at < from + 6; at++) {
    const digit = DIGIT_62[bytes[at]];
    if (digit === undefined || digit < 0) return NaN;
    seconds = seconds * 62 + digit;
  }
  return plausible(seconds) ? seconds * 1000 : NaN;
}

function decode(digits: string, alphabet: string): number {
  let value = 0;
  for (const digit of digits) value = value * alphabet.length + alphabet.indexOf(digit);
  return value;
}

function plausible(seconds: number): boolean {
  return seconds >= FIRST_SECOND && seconds < LAST_SECOND;
}
