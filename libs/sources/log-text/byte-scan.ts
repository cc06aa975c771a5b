/**
 * Reading of log text as bytes. The Postfix parser makes no string for an ordinary line (storage.md B4), so these take
 * a buffer and a range [from, to) and answer with positions.
 */

/** The ASCII codes that the parser looks for. */
export const ASCII = {
  blank: 32,
  hash: 35,
  openParenthesis: 40,
  closeParenthesis: 41,
  comma: 44,
  dash: 45,
  dot: 46,
  slash: 47,
  zero: 48,
  nine: 57,
  colon: 58,
  less: 60,
  equals: 61,
  greater: 62,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  openBrace: 123,
  quote: 34,
} as const;

/** The bytes of an ASCII text, to compare with. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** Whether `pattern` stands at `at` and ends at or before `to`. */
export function startsWith(bytes: Uint8Array, at: number, to: number, pattern: Uint8Array): boolean {
  const length = pattern.length;
  if (at + length > to) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

/** Position of the first `byte` in [from, to), or −1. */
export function indexOfByte(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return i;
  return -1;
}

/** Position of the last `byte` in [from, to), or −1. */
export function lastIndexOfByte(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (bytes[i] === byte) return i;
  return -1;
}

/** Position where `pattern` begins first in [from, to), or −1. */
export function indexOfPattern(bytes: Uint8Array, pattern: Uint8Array, from: number, to: number): number {
  const first = pattern[0];
  const last = to - pattern.length;
  for (let i = from; i <= last; i++) if (bytes[i] === first && startsWith(bytes, i, to, pattern)) return i;
  return -1;
}

/** Position where `pattern` begins last in [from, to), or −1. */
export function lastIndexOfPattern(bytes: Uint8Array, pattern: Uint8Array, from: number, to: number): number {
  const first = pattern[0];
  for (let i = to - pattern.length; i >= from; i--) {
    if (bytes[i] === first && startsWith(bytes, i, to, pattern)) return i;
  }
  return -1;
}

/** Position of the first byte in [from, to) that is no blank, or `to`. */
export function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === ASCII.blank) at++;
  return at;
}

/** `to` without white space and control bytes at the end. */
export function trimEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] <= ASCII.blank) end--;
  return end;
}

export function isDigit(byte: number): boolean {
  return byte >= ASCII.zero && byte <= ASCII.nine;
}

/** The range as a string; only for rare lines. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}
