const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;

export interface Tag {
  readonly name: string;
  /** an end tag */
  readonly closes: boolean;
  /** an empty-element tag */
  readonly empty: boolean;
  /** index behind the tag */
  readonly end: number;
}

/**
 * Reads the tag that begins at `from` (XML 1.0 §3.1), attributes unread. `malformed`: no tag can begin like this; `cut off`: its end is
 * not before `to`.
 */
export function readTag(bytes: Buffer, from: number, to: number): Tag | 'malformed' | 'cut off' {
  const closes = bytes[from + 1] === SLASH;
  const nameFrom = closes ? from + 2 : from + 1;
  let at = nameFrom;
  while (at < to && isNameByte(bytes[at])) at++;
  if (at === nameFrom && at < to) return 'malformed';
  const nameTo = at;
  let quote = 0;
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte === LESS) return 'malformed';
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === QUOTE || byte === APOSTROPHE) {
      quote = byte;
    } else if (byte === GREATER) {
      return { name: bytes.toString('utf8', nameFrom, nameTo), closes, empty: bytes[at - 1] === SLASH, end: at + 1 };
    }
  }
  return 'cut off';
}

/** Letters, digits, `-` `.` `:` `_` and everything beyond ASCII. */
function isNameByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x3a) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x5f ||
    byte >= 0x80
  );
}
