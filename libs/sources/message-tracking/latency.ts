import { type EventDraft, NUMBER } from '../../trace/event-draft';
import { ASCII, ascii, indexOfByte, isDigit, startsWith } from '../log-text/byte-scan';

/** A damaged tree may say more than any column holds; this is 31 years. */
const LONGEST_MS = 1e12;
const SEMICOLON = 59;
const CAPITAL_A = 65;
const CAPITAL_Z = 90;
const CAPITAL_S = 83;
const BAR = 124;
const SERVER = ascii('SRV=');
const LAST_SERVER = ascii('LSRV=');
const TOTAL = ascii('TOTAL');
const RECEPTION = ascii('SMR');
/** Sending over SMTP and delivery by the store driver; their sub-components stand in parentheses. */
const SENDING = ascii('SMS');
const DELIVERY = ascii('SDD');

/**
 * Sets the delays of a draft to what `message-info` says of the time that the message spent at one server: bytes [from, to) are a latency tree,
 * `<time>;SRV=host:TOTAL-HUB=14.439|SMR=0.1|CAT=0.2(CATRS=0.1)|QDE=13.8|SMS=0.3;LSRV=host:TOTAL-DEL=…` (seconds). Of the server whose label (first part
 * of its name, lower-cased) is `label`; without one of that name of the last. `delayMs` is the total without the reception over SMTP: it counts from the
 * end of DATA. Nothing is set where there is no tree. Source: formats.md §4.
 */
export function setServerLatency(draft: EventDraft, bytes: Buffer, from: number, to: number, label: string): void {
  let own = -1;
  let ownEnd = -1;
  for (let at = from; at < to;) {
    const next = indexOfByte(bytes, SEMICOLON, at, to);
    const end = next < 0 ? to : next;
    const name = serverName(bytes, at, end);
    if (name >= 0) {
      own = name;
      ownEnd = end;
      if (hasLabel(bytes, name, end, label)) break;
    }
    at = end + 1;
  }
  const colon = own < 0 ? -1 : indexOfByte(bytes, ASCII.colon, own, ownEnd);
  if (colon >= 0) readTree(draft, bytes, colon + 1, ownEnd);
}

/** Where the name of the server begins that bytes [from, to) speak of; −1 where they speak of none. */
function serverName(bytes: Uint8Array, from: number, to: number): number {
  if (startsWith(bytes, from, to, SERVER)) return from + SERVER.length;
  return startsWith(bytes, from, to, LAST_SERVER) ? from + LAST_SERVER.length : -1;
}

function hasLabel(bytes: Buffer, from: number, to: number, label: string): boolean {
  let end = from;
  while (end < to && bytes[end] !== ASCII.dot && bytes[end] !== ASCII.colon && bytes[end] !== BAR) end++;
  if (end - from !== label.length) return false;
  for (let i = 0; i < label.length; i++) {
    const byte = bytes[from + i];
    const isCapital = byte >= CAPITAL_A && byte <= CAPITAL_Z;
    if ((isCapital ? byte + 32 : byte) !== label.charCodeAt(i)) return false;
  }
  return true;
}

/** `TOTAL-HUB=14.439|SMR=0.1|…`; sets nothing when it does not begin with the total. */
function readTree(draft: EventDraft, bytes: Uint8Array, from: number, to: number): void {
  const value = startsWith(bytes, from, to, TOTAL) ? valueOf(bytes, from, to) : -1;
  const totalEnd = value < 0 ? -1 : numberEnd(bytes, value, to);
  if (totalEnd < 0 || (totalEnd < to && bytes[totalEnd] !== BAR)) return;
  const total = milliseconds(bytes, value, totalEnd);
  let reception = 0;
  let sending = 0;
  for (let at = totalEnd + 1; at < to; at = componentEnd(bytes, at, to) + 1) {
    if (bytes[at] !== CAPITAL_S) continue;
    const isReception = isNamed(bytes, at, to, RECEPTION);
    if (!isReception && !isNamed(bytes, at, to, SENDING) && !isNamed(bytes, at, to, DELIVERY)) continue;
    const begin = valueOf(bytes, at, to);
    if (begin < 0) continue;
    const time = milliseconds(bytes, begin, numberEnd(bytes, begin, to));
    if (isReception) reception += time;
    else sending += time;
  }
  const { numbers } = draft;
  const rest = Math.max(0, total - reception);
  numbers[NUMBER.delayMs] = rest;
  // One unit of the total's last digit, which is a second or the millisecond that stamps have.
  numbers[NUMBER.delayUnitMs] = indexOfByte(bytes, ASCII.dot, value, totalEnd) < 0 ? 1000 : 1;
  if (totalEnd >= to) return;
  numbers[NUMBER.beforeQueueMs] = reception;
  numbers[NUMBER.inQueueMs] = Math.max(0, rest - sending);
  numbers[NUMBER.transmitMs] = sending;
}

/** Where the component that begins at `from` ends: at a `|` outside of parentheses. */
function componentEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === BAR) {
      if (depth <= 0) return at;
    } else if (byte === ASCII.openParenthesis) depth++;
    else if (byte === ASCII.closeParenthesis) depth--;
  }
  return to;
}

/** Where the value of `NAME=1.5` or `NAME-More=1.5` begins; −1 for anything else. */
function valueOf(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] >= CAPITAL_A && bytes[at] <= CAPITAL_Z) at++;
  if (at >= to || (bytes[at] !== ASCII.equals && bytes[at] !== ASCII.dash)) return -1;
  while (at < to && bytes[at] !== ASCII.equals && bytes[at] !== BAR) at++;
  return at + 1 < to && bytes[at] === ASCII.equals && isDigit(bytes[at + 1]) ? at + 1 : -1;
}

function isNamed(bytes: Uint8Array, from: number, to: number, name: Uint8Array): boolean {
  const behind = bytes[from + name.length];
  return startsWith(bytes, from, to, name) && (behind === ASCII.equals || behind === ASCII.dash);
}

function numberEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at++;
  if (at > from && at + 1 < to && bytes[at] === ASCII.dot && isDigit(bytes[at + 1])) {
    at++;
    while (at < to && isDigit(bytes[at])) at++;
  }
  return at;
}

/** Seconds, rounded to milliseconds; of absurd ones {@link LONGEST_MS}. */
function milliseconds(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let value = 0;
  while (at < to && bytes[at] !== ASCII.dot) value = value * 10 + (bytes[at++] - ASCII.zero);
  for (let digits = 0; digits < 3; digits++) value = value * 10 + (++at < to ? bytes[at] - ASCII.zero : 0);
  if (++at < to && bytes[at] >= ASCII.zero + 5) value++;
  return Math.min(value, LONGEST_MS);
}
