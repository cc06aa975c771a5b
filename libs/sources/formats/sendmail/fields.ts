import { ASCII, startsWith } from '../../log-text/byte-scan';

/** Position where a field of [from, to) ends: at the next `, `, or at `to`. */
export function fieldEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] === ASCII.comma && (at + 1 >= to || bytes[at + 1] === ASCII.blank)) return at;
  }
  return to;
}

/** Begin of the field behind the one that ends at `end`. */
export function nextField(bytes: Uint8Array, end: number, to: number): number {
  let at = end;
  while (at < to && (bytes[at] === ASCII.comma || bytes[at] === ASCII.blank)) at++;
  return at;
}

/** Whether [from, to) is `word`. */
export function is(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  return to - from === word.length && startsWith(bytes, from, to, word);
}

/**
 * `[D+]HH:MM:SS` at [from, to) in ms: how Sendmail writes `delay=` and `xdelay=`; −1 for anything else.
 */
export function clockMs(bytes: Uint8Array, from: number, to: number): number {
  let days = 0;
  let at = from;
  if (bytes[to - 9] === 0x2b && to - 9 > from) {
    for (; at < to - 9; at++) {
      const digit = bytes[at] - ASCII.zero;
      if (digit < 0 || digit > 9) return -1;
      days = days * 10 + digit;
    }
    at++;
  }
  if (to - at !== 8 || bytes[at + 2] !== ASCII.colon || bytes[at + 5] !== ASCII.colon || days > 100_000) return -1;
  const [hours, minutes, seconds] = [pair(bytes, at), pair(bytes, at + 3), pair(bytes, at + 6)];
  if (hours < 0 || minutes < 0 || seconds < 0) return -1;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function pair(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] - ASCII.zero, bytes[at + 1] - ASCII.zero];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
