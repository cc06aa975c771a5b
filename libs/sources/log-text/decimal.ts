import { ASCII, isDigit } from './byte-scan';

/** Nothing that Postfix counts is more, neither bytes nor seconds; a damaged line may say so, and no column could hold it. */
const MOST = 1e12;

/** A whole number written in [from, to); −1 when there is anything but digits, or nothing, or more than a million millions. */
export function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    if (!isDigit(bytes[i])) return -1;
    value = value * 10 + (bytes[i] - ASCII.zero);
  }
  return value <= MOST ? value : -1;
}

/**
 * Seconds as Postfix prints them (`354776`, `2.4`, `0.05`, `0`), in milliseconds. Digits beyond the third after the dot
 * are dropped. −1 when [from, to) is no such number.
 */
export function secondsInMs(bytes: Uint8Array, from: number, to: number): number {
  let dot = from;
  while (dot < to && bytes[dot] !== ASCII.dot) dot++;
  const seconds = wholeNumber(bytes, from, dot);
  if (seconds < 0 || dot === to) return seconds < 0 ? -1 : seconds * 1000;
  let fraction = 0;
  let unit = 100;
  for (let i = dot + 1; i < to; i++) {
    if (!isDigit(bytes[i])) return -1;
    fraction += (bytes[i] - ASCII.zero) * unit;
    unit = unit > 1 ? unit / 10 : 0;
  }
  return seconds * 1000 + fraction;
}

/** One unit of the last digit printed in [from, to), in milliseconds: `26` → 1000, `2.4` → 100, `0.05` → 10. */
export function lastDigitMs(bytes: Uint8Array, from: number, to: number): number {
  let dot = from;
  while (dot < to && bytes[dot] !== ASCII.dot) dot++;
  const digits = to - dot - 1;
  return digits <= 0 ? 1000 : digits === 1 ? 100 : digits === 2 ? 10 : 1;
}
