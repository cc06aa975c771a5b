import { type EventDraft, TEXT } from '../../../trace/event-draft';
import { ASCII, indexOfByte, isDigit } from '../../log-text/byte-scan';

/** Where in the line the value of `relay=` stands: [from, to), its brackets at `open` and `close` (−1 without). */
export class Relay {
  open = -1;
  close = -1;
  from = 0;
  to = 0;

  reset(): void {
    this.open = this.close = -1;
    this.from = this.to = 0;
  }
}

/**
 * Reads `relay=` at `from` into the next MTA's columns and `relay`; returns the position behind it. `name[address]:port`
 * sets both; `name[private/socket]` the name alone; `host:port` (a collector took the brackets away) the host; `none`,
 * `local`, `virtual` and names of pipe services name no host and set nothing.
 */
export function setRelay(draft: EventDraft, relay: Relay, bytes: Uint8Array, from: number, to: number): number {
  let open = -1;
  let close = -1;
  let at = from;
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte === ASCII.comma) break;
    if (byte === ASCII.openBracket && open < 0) open = at;
    else if (byte === ASCII.closeBracket) close = at;
  }
  relay.from = from;
  relay.to = at;
  if (open >= 0 && close > open) {
    relay.open = open;
    relay.close = close;
    draft.bytes(TEXT.nextMta, bytes, from, open);
    if (isAddress(bytes, open + 1, close)) draft.bytes(TEXT.nextAddress, bytes, open + 1, close);
    return at;
  }
  const colon = indexOfByte(bytes, ASCII.colon, from, at);
  if (colon > from && colon + 1 < at && isDigit(bytes[colon + 1])) {
    draft.bytes(TEXT.nextMta, bytes, from, colon);
    if (isDigit(bytes[colon - 1])) draft.bytes(TEXT.nextAddress, bytes, from, colon);
  }
  return at;
}

/** An IP address has a dot or a colon within its first five characters, and no slash as a socket's path has. */
function isAddress(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to && at < from + 5; at++) {
    if (bytes[at] === ASCII.slash) return false;
    if (bytes[at] === ASCII.dot || bytes[at] === ASCII.colon) return true;
  }
  return false;
}
