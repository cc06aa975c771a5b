import { ASCII, ascii, indexOfByte, isDigit, startsWith } from '../log-text/byte-scan';
import { lastDigitMs, secondsInMs } from '../log-text/decimal';

/** What `message-info` says of the time that a message spent at one server, ms; −1 = not said. */
export interface ServerLatency {
  /** all of it but the reception over SMTP: from the end of DATA on */
  readonly sinceReceptionMs: number;
  readonly receptionMs: number;
  readonly queueMs: number;
  readonly sendMs: number;
  /** one unit of the total's last digit */
  readonly unitMs: number;
}

const SEMICOLON = 59;
const BAR = 124;
const SERVER = ascii('SRV=');
const LAST_SERVER = ascii('LSRV=');
const TOTAL = ascii('TOTAL');
const RECEPTION = ascii('SMR');
/** Sending over SMTP and delivery by the store driver; their sub-components stand in parentheses. */
const SENDING = ascii('SMS');
const DELIVERY = ascii('SDD');

/**
 * Reads the latency tree of a `message-info`, bytes [from, to): `<time>;SRV=host:TOTAL-HUB=14.439|SMR=0.1|CAT=0.2(CATRS=0.1)|QDE=13.8|SMS=0.3;LSRV=host:TOTAL-DEL=…`
 * (seconds), of the server whose label (first part of its name, lower-cased) is `label`; without one of that name of the last. undefined where there is
 * none. Source: formats.md §4.
 */
export function serverLatency(bytes: Buffer, from: number, to: number, label: string): ServerLatency | undefined {
  let [own, ownEnd] = [-1, -1];
  for (let at = from; at < to;) {
    const next = indexOfByte(bytes, SEMICOLON, at, to);
    const end = next < 0 ? to : next;
    const name = serverName(bytes, at, end);
    if (name >= 0) {
      [own, ownEnd] = [name, end];
      if (hasLabel(bytes, name, end, label)) break;
    }
    at = end + 1;
  }
  const colon = own < 0 ? -1 : indexOfByte(bytes, ASCII.colon, own, ownEnd);
  return colon < 0 ? undefined : readTree(bytes, colon + 1, ownEnd);
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
    const isCapital = byte >= 65 && byte <= 90;
    if ((isCapital ? byte + 32 : byte) !== label.charCodeAt(i)) return false;
  }
  return true;
}

/** `TOTAL-HUB=14.439|SMR=0.1|…`; undefined when it does not begin with the total. */
function readTree(bytes: Buffer, from: number, to: number): ServerLatency | undefined {
  let [reception, sending, total, unit] = [0, 0, -1, 0];
  let detailed = false;
  for (let at = from; at <= to;) {
    const end = componentEnd(bytes, at, to);
    if (at === from) {
      const value = valueOf(bytes, at, end);
      if (value < 0 || !startsWith(bytes, at, end, TOTAL) || numberEnd(bytes, value, end) !== end) return undefined;
      total = milliseconds(bytes, value, end);
      unit = lastDigitMs(bytes, value, end) === 1000 ? 1000 : 1;
    } else {
      detailed = true;
      const isReception = isNamed(bytes, at, end, RECEPTION);
      if (isReception || isNamed(bytes, at, end, SENDING) || isNamed(bytes, at, end, DELIVERY)) {
        const value = valueOf(bytes, at, end);
        const time = value < 0 ? 0 : milliseconds(bytes, value, end);
        if (isReception) reception += time;
        else sending += time;
      }
    }
    at = end + 1;
  }
  const rest = Math.max(0, total - reception);
  return {
    sinceReceptionMs: rest,
    receptionMs: detailed ? reception : -1,
    queueMs: detailed ? Math.max(0, rest - sending) : -1,
    sendMs: detailed ? sending : -1,
    unitMs: unit,
  };
}

/** Where the component that begins at `from` ends: at a `|` outside of parentheses. */
function componentEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === ASCII.openParenthesis) depth++;
    else if (byte === ASCII.closeParenthesis) depth--;
    else if (byte === BAR && depth <= 0) return at;
  }
  return to;
}

/** Where the value of `NAME=1.5` or `NAME-More=1.5` begins; −1 for anything else. */
function valueOf(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] >= 65 && bytes[at] <= 90) at++;
  if (at === from) return -1;
  const equals = indexOfByte(bytes, ASCII.equals, at, to);
  if (equals < 0 || (equals > at && bytes[at] !== ASCII.dash)) return -1;
  return numberEnd(bytes, equals + 1, to) > equals + 1 ? equals + 1 : -1;
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

/** Seconds, rounded to milliseconds. */
function milliseconds(bytes: Buffer, from: number, to: number): number {
  const end = numberEnd(bytes, from, to);
  const dot = indexOfByte(bytes, ASCII.dot, from, end);
  if (dot < 0 || end - dot <= 4) return secondsInMs(bytes, from, end);
  return Math.round(Number(bytes.toString('latin1', from, end)) * 1000);
}
