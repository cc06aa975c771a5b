import { ASCII } from '../../log-text/byte-scan';

const HEXADECIMAL = 1;
const WITHOUT_VOWELS = 2;
const SHORTEST_SHORT = 6;
const SHORTEST_LONG = 10;

/** For each byte: the kinds of queue id in which it may stand. */
const MAY_STAND_IN = new Uint8Array(256);
for (const c of '0123456789ABCDEF') MAY_STAND_IN[c.charCodeAt(0)] |= HEXADECIMAL;
for (const c of '0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz') MAY_STAND_IN[c.charCodeAt(0)] |= WITHOUT_VOWELS;

/**
 * End of the queue id that begins at `from` and is followed by a colon; −1 when there is none. Short ids are at least 6
 * upper-case hexadecimal digits, long ones (enable_long_queue_ids) digits and letters without vowels, so `statistics:`,
 * `warning:` and `NOQUEUE:` are none (formats.md §6 and §13.14).
 */
export function queueIdEnd(bytes: Uint8Array, from: number, to: number): number {
  let kinds = HEXADECIMAL | WITHOUT_VOWELS;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === ASCII.colon) {
      const length = at - from;
      if (kinds & HEXADECIMAL) return length >= SHORTEST_SHORT ? at : -1;
      return length >= SHORTEST_LONG ? at : -1;
    }
    kinds &= MAY_STAND_IN[byte];
    if (kinds === 0) return -1;
  }
  return -1;
}

/** End of the longest run of letters and digits that begins at `from`: a queue id given as a value. */
export function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isAlphanumeric(bytes[at])) at++;
  return at;
}

function isAlphanumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}
