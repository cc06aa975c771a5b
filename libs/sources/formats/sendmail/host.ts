import { type EventDraft } from '../../../trace/event-draft';
import { ASCII, ascii, isDigit, lastIndexOfByte, startsWith } from '../../log-text/byte-scan';

const IPV6 = ascii('IPv6:');
const FORGED = ascii(' (may be forged)');

/**
 * Reads `relay=` of [from, to): `host.example [192.0.2.1]`, `user@host [ip]`, `[ip]`, `[ip] [ip]`, `host. [IPv6:2001:db8::1]`, with
 * `(may be forged)` behind it when name and address do not agree. Sets name and address columns; a name that is an address, is
 * forged or is no host's is left out. Answers whether an address in brackets is there: without one nobody connected.
 */
export function setHost(
  draft: EventDraft,
  name: number,
  address: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  let end = to;
  const forged = endsWith(bytes, from, to, FORGED);
  if (forged) end -= FORGED.length;
  const open = lastIndexOfByte(bytes, ASCII.openBracket, from, end);
  if (open < 0 || bytes[end - 1] !== ASCII.closeBracket) return false;
  const addressFrom = startsWith(bytes, open + 1, end, IPV6) ? open + 1 + IPV6.length : open + 1;
  if (isAddress(bytes, addressFrom, end - 1)) draft.bytes(address, bytes, addressFrom, end - 1);
  if (!forged) setName(draft, name, bytes, from, open);
  return true;
}

/** Sets a host's name at [from, to), without final blanks and dot and what stands before an `@`. */
export function setName(draft: EventDraft, column: number, bytes: Uint8Array, from: number, to: number): void {
  let end = to;
  while (end > from && (bytes[end - 1] === ASCII.blank || bytes[end - 1] === ASCII.dot)) end--;
  const at = lastIndexOfByte(bytes, 0x40, from, end) + 1;
  const begin = at > from ? at : from;
  if (bytes[begin] !== ASCII.openBracket) draft.bytes(column, bytes, begin, end);
}

/** An address begins with a digit and a dot, or has a colon, within its first five characters. */
function isAddress(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to && at < from + 5; at++) {
    if (bytes[at] === ASCII.colon || (bytes[at] === ASCII.dot && isDigit(bytes[from]))) return true;
  }
  return false;
}

function endsWith(bytes: Uint8Array, from: number, to: number, pattern: Uint8Array): boolean {
  return to - pattern.length >= from && startsWith(bytes, to - pattern.length, to, pattern);
}
