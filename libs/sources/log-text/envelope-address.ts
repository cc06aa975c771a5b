import { type EventDraft, TEXT } from '../../trace/event-draft';
import { ASCII } from './byte-scan';

/**
 * End of an address that begins at `from`, with its angle brackets where it has them; −1 when it does not end before
 * `to`. A bracket ends it only before a comma, a blank, a colon or the end, since an address may hold `>` itself; an
 * address without brackets (logs of relays and old versions) ends at a comma or a blank.
 */
export function addressEnd(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== ASCII.less || from >= to) {
    let at = from;
    while (at < to && bytes[at] !== ASCII.comma && bytes[at] !== ASCII.blank) at++;
    return at > from ? at : -1;
  }
  for (let at = from + 1; at < to; at++) {
    if (bytes[at] !== ASCII.greater) continue;
    const next = at + 1 < to ? bytes[at + 1] : ASCII.blank;
    if (next === ASCII.comma || next === ASCII.blank || next === ASCII.colon) return at + 1;
  }
  return -1;
}

/** Sets an address column to the address at [from, end) without its brackets. */
export function setAddress(draft: EventDraft, column: number, bytes: Uint8Array, from: number, end: number): void {
  if (bytes[from] === ASCII.less) draft.bytes(column, bytes, from + 1, end - 1);
  else draft.bytes(column, bytes, from, end);
}

/** Reads the reverse-path at `from` into its column (`<>` stays the null path); returns its end or −1. */
export function setSender(draft: EventDraft, bytes: Uint8Array, from: number, to: number): number {
  const end = addressEnd(bytes, from, to);
  if (end < 0) return -1;
  if (end - from === 2 && bytes[from] === ASCII.less) draft.bytes(TEXT.sender, bytes, from, end);
  else setAddress(draft, TEXT.sender, bytes, from, end);
  return end;
}
