import { ASCII } from '../../log-text/byte-scan';

/** Lengths of the three parts of an id: of old (6-6-2) and, since Exim 4.97, new ones (6-11-4). */
const OLD = 16;
const NEW = 23;

/**
 * End of the message id (Exim's word for a queue id) that begins at `from` and is followed by a blank or the end; −1 when there is none.
 * Source: Exim spec, "Message identification"; formats.md §8.
 */
export function eximIdEnd(bytes: Uint8Array, from: number, to: number): number {
  if (from + OLD > to || bytes[from + 6] !== ASCII.dash) return -1;
  const length = bytes[from + 13] === ASCII.dash ? OLD : NEW;
  if (from + length > to || (from + length < to && bytes[from + length] !== ASCII.blank)) return -1;
  const second = length === OLD ? 13 : 18;
  for (let i = 0; i < length; i++) {
    if (i === 6 || i === second ? bytes[from + i] !== ASCII.dash : !isAlphanumeric(bytes[from + i])) return -1;
  }
  return from + length;
}

function isAlphanumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}
