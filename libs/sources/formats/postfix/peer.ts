import { type EventDraft, TEXT } from '../../../trace/event-draft';
import { ASCII, ascii, startsWith } from '../../log-text/byte-scan';

const UNKNOWN = ascii('unknown');

/** Whether [from, to) is `unknown`: what Postfix writes for a name it could not verify and an address it does not have. */
export function isUnknown(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === UNKNOWN.length && startsWith(bytes, from, to, UNKNOWN);
}

/**
 * Reads `name[address]` or `[address]` at `from` into the peer columns and returns the position behind `]`; −1 when no
 * such thing stands there. The name may be any text without blank; `unknown` leaves its column empty.
 */
export function setPeer(draft: EventDraft, bytes: Uint8Array, from: number, to: number): number {
  let open = from;
  while (open < to && bytes[open] !== ASCII.openBracket) {
    if (bytes[open] === ASCII.blank) return -1;
    open++;
  }
  let close = open + 1;
  while (close < to && bytes[close] !== ASCII.closeBracket) close++;
  if (close >= to) return -1;
  if (!isUnknown(bytes, from, open)) draft.bytes(TEXT.peer, bytes, from, open);
  if (!isUnknown(bytes, open + 1, close)) draft.bytes(TEXT.peerAddress, bytes, open + 1, close);
  return close + 1;
}
