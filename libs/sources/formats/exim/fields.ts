import { ASCII, ascii, indexOfByte, indexOfPattern, isDigit, startsWith } from '../../log-text/byte-scan';

/** A range of the line; `from` = `to` = 0 where there is none. */
export interface Range {
  from: number;
  to: number;
}

/**
 * The fields behind an address: `KEY=value` apart by blanks, one-letter keys and a few longer ones (Exim spec, "Log files", "Summary of
 * Fields in Log Lines"). Values in quotes hold anything, backslash escaped. One object per parser, filled anew for every line.
 */
export class Fields {
  /** `H=`: `name (helo) [address]:port`, all of it */
  readonly host: Range = { from: 0, to: 0 };
  /** `C=` without its quotes */
  readonly confirmation: Range = { from: 0, to: 0 };
  /** the quotes of `C=` are closed */
  confirmed = false;
  readonly messageId: Range = { from: 0, to: 0 };
  readonly user: Range = { from: 0, to: 0 };
  readonly size: Range = { from: 0, to: 0 };
  readonly sender: Range = { from: 0, to: 0 };
  readonly transport: Range = { from: 0, to: 0 };
  readonly queueTime: Range = { from: 0, to: 0 };
  readonly deliveryTime: Range = { from: 0, to: 0 };
  /** what stands behind `: ` at the end: why a delivery failed or was put off */
  readonly reason: Range = { from: 0, to: 0 };
  /** the addresses behind ` for ` at the end of an arrival */
  readonly recipients: Range = { from: 0, to: 0 };

  private readonly all = [
    this.host,
    this.confirmation,
    this.messageId,
    this.user,
    this.size,
    this.sender,
    this.transport,
    this.queueTime,
    this.deliveryTime,
    this.reason,
    this.recipients,
  ];

  /** Reads the fields of [from, to). With `untilColon` a word that ends in a colon ends them, and the rest is the reason. */
  read(bytes: Uint8Array, from: number, to: number, untilColon: boolean): void {
    for (let i = 0; i < this.all.length; i++) this.all[i].from = this.all[i].to = 0;
    this.confirmed = false;
    let at = from;
    while (at < to) {
      if (bytes[at] === ASCII.blank) {
        at++;
        continue;
      }
      const equals = keyEnd(bytes, at, to);
      if (equals < 0) {
        if (startsWith(bytes, at, to, FOR)) {
          this.recipients.from = at + FOR.length;
          this.recipients.to = to;
          return;
        }
        if (startsWith(bytes, at, to, FROM)) {
          at = senderEnd(bytes, at + FROM.length, to);
          continue;
        }
        const end = wordEnd(bytes, at, to);
        if (untilColon && bytes[end - 1] === ASCII.colon) return this.setReason(end, to);
        at = end;
        continue;
      }
      at = this.value(bytes, at, equals, to);
      if (untilColon && bytes[at - 1] === ASCII.colon) return this.setReason(at, to);
    }
  }

  private setReason(end: number, to: number): void {
    this.reason.from = Math.min(end + 1, to);
    this.reason.to = to;
  }

  /** Reads one value; returns the position behind it. */
  private value(bytes: Uint8Array, key: number, equals: number, to: number): number {
    const from = equals + 1;
    if (bytes[from] === ASCII.quote && from < to) {
      const close = quoteEnd(bytes, from + 1, to);
      if (bytes[key] === 0x43 && equals - key === 1) {
        set(this.confirmation, from + 1, close < 0 ? to : close);
        this.confirmed = close >= 0;
      }
      return close < 0 ? to : close + 1;
    }
    if (bytes[key] === 0x48 && equals - key === 1) return this.hostValue(bytes, from, to);
    const end = wordEnd(bytes, from, to);
    // `H=… : reason` and `DT=0.001s: reason`: the colon is not the value's.
    const valueTo = bytes[end - 1] === ASCII.colon && end > from ? end - 1 : end;
    const range = this.rangeOf(bytes, key, equals);
    if (range && range.to === 0) set(range, from, valueTo);
    return end;
  }

  private rangeOf(bytes: Uint8Array, key: number, equals: number): Range | undefined {
    const first = bytes[key];
    const second = bytes[key + 1];
    if (equals - key === 1) {
      if (first === 0x53) return this.size;
      if (first === 0x55) return this.user;
      if (first === 0x46) return this.sender;
      if (first === 0x54) return this.transport;
      return undefined;
    }
    if (equals - key !== 2) return undefined;
    if (first === 0x69 && second === 0x64) return this.messageId;
    if (first === 0x51 && second === 0x54) return this.queueTime;
    return first === 0x44 && second === 0x54 ? this.deliveryTime : undefined;
  }

  /** `name (helo) [address]:port`, each part possibly missing. */
  private hostValue(bytes: Uint8Array, from: number, to: number): number {
    const open = indexOfByte(bytes, ASCII.openBracket, from, to);
    const close = open < 0 ? -1 : indexOfByte(bytes, ASCII.closeBracket, open, to);
    const word = wordEnd(bytes, from, to);
    if (close < 0 || hasKey(bytes, word, open)) {
      set(this.host, from, word);
      return word;
    }
    set(this.host, from, close + 1);
    return wordEnd(bytes, close, to);
  }
}

const FOR = ascii('for ');
const FROM = ascii('from <');

function set(range: Range, from: number, to: number): void {
  range.from = from;
  range.to = to;
}

/** Position of the `=` when a key of letters begins at `at`, else −1. */
function keyEnd(bytes: Uint8Array, at: number, to: number): number {
  for (let i = at; i < to && i < at + 12; i++) {
    const byte = bytes[i];
    if (byte === ASCII.equals) return i > at ? i : -1;
    if (!((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 0x2a || byte === 0x5f)) return -1;
  }
  return -1;
}

function hasKey(bytes: Uint8Array, from: number, to: number): boolean {
  return indexOfByte(bytes, ASCII.equals, from, to) >= 0;
}

/** Position of the first blank in [from, to), or `to`. */
export function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== ASCII.blank) at++;
  return at;
}

/** Position of the quote that closes the one before `from`, or −1. */
export function quoteEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] === ASCII.backslash) at++;
    else if (bytes[at] === ASCII.quote) return at;
  }
  return -1;
}

function senderEnd(bytes: Uint8Array, from: number, to: number): number {
  const close = indexOfPattern(bytes, CLOSE, from, to);
  return close < 0 ? wordEnd(bytes, from, to) : close + 1;
}

const CLOSE = ascii('> ');

const UNITS: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/**
 * A duration as Exim prints it (`2s`, `3m45s`, `1d2h`, `0.123s`) in ms; −1 for anything else.
 */
export function durationMs(bytes: Uint8Array, { from, to }: Range): number {
  let total = 0;
  let value = 0;
  let digits = 0;
  let unit = 0;
  if (to <= from) return -1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (isDigit(byte)) {
      digits++;
      if (unit === 0) value = value * 10 + (byte - ASCII.zero);
      else {
        value += (byte - ASCII.zero) * unit;
        unit /= 10;
      }
    } else if (byte === ASCII.dot && unit === 0) unit = 0.1;
    else {
      const factor = UNITS[String.fromCharCode(byte)];
      if (factor === undefined || digits === 0) return -1;
      total += value * factor;
      value = digits = unit = 0;
    }
  }
  return digits === 0 && total < 1e13 ? Math.round(total) : -1;
}

/** One unit of the last digit of a duration: 1 with a fraction (`0.123s`), else 1000. */
export function durationUnitMs(bytes: Uint8Array, { from, to }: Range): number {
  return indexOfByte(bytes, ASCII.dot, from, to) < 0 ? 1000 : 1;
}
