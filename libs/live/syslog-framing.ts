const LF = 10;
const NUL = 0;
const BLANK = 32;
const ZERO = 48;
const NINE = 57;
/** A count of more digits is no count. */
const MAX_DIGITS = 9;

/**
 * Cuts the bytes of one TCP connection into syslog messages (RFC 6587): a message that begins with a number and a blank has so many
 * bytes (§3.4.1 octet counting), any other ends at LF or NUL (§3.4.2). Senders may change between the two. Chunks may be cut anywhere.
 * A message over the limit is passed by and counted; no more than the limit is held.
 */
export class SyslogFraming {
  /** messages over the limit */
  oversized = 0;
  /** messages that the end of the connection cut off */
  cutOff = 0;
  private held: Buffer = Buffer.alloc(0);
  /** bytes of a counted message still to be passed by */
  private skipBytes = 0;
  /** the line being read is over the limit: passed by to its end */
  private skipLine = false;

  /** @param limit largest message, in bytes */
  constructor(private readonly limit: number) {}

  /** The messages that these bytes complete; views, valid until the next call. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.held.length ? Buffer.concat([this.held, chunk]) : chunk;
    const messages: Buffer[] = [];
    let at = 0;
    for (let next = this.take(bytes, at, messages); next > at; next = this.take(bytes, at, messages)) at = next;
    this.held = Buffer.from(bytes.subarray(at));
    return messages;
  }

  /** The connection has ended: a last line needs no LF, a counted message must be whole. */
  end(): Buffer[] {
    const { held } = this;
    const wasSkipping = this.skipBytes > 0;
    this.held = Buffer.alloc(0);
    if (wasSkipping || this.skipLine || held.length === 0) return [];
    if (countAt(held, 0) === undefined) return [held];
    this.cutOff++;
    return [];
  }

  /** Takes one message, or passes by what is not wanted; answers where it stands then, `from` when more bytes are needed. */
  private take(bytes: Buffer, from: number, messages: Buffer[]): number {
    if (this.skipBytes > 0) {
      const passed = Math.min(this.skipBytes, bytes.length - from);
      this.skipBytes -= passed;
      return from + passed;
    }
    if (!this.skipLine) {
      const count = countAt(bytes, from);
      if (count === 'unfinished') return from;
      if (count) return this.counted(bytes, count.at, count.length, from, messages);
    }
    return this.line(bytes, from, messages);
  }

  private counted(bytes: Buffer, at: number, length: number, from: number, messages: Buffer[]): number {
    if (length > this.limit) {
      this.oversized++;
      this.skipBytes = length;
      return at;
    }
    if (bytes.length - at < length) return from;
    if (length > 0) messages.push(bytes.subarray(at, at + length));
    return at + length;
  }

  private line(bytes: Buffer, from: number, messages: Buffer[]): number {
    let end = from;
    while (end < bytes.length && bytes[end] !== LF && bytes[end] !== NUL) end++;
    const whole = end < bytes.length;
    if (!this.skipLine && end - from > this.limit) {
      this.oversized++;
      this.skipLine = true;
    }
    if (this.skipLine) {
      this.skipLine = !whole;
      return whole ? end + 1 : end;
    }
    if (!whole) return from;
    if (end > from) messages.push(bytes.subarray(from, end));
    return end + 1;
  }
}

/** A message length at the beginning of a message: digits, the first not 0, and a blank. Undefined when it is none. */
function countAt(bytes: Buffer, from: number): { at: number; length: number } | 'unfinished' | undefined {
  let at = from;
  while (at < bytes.length && at - from <= MAX_DIGITS && bytes[at] >= ZERO && bytes[at] <= NINE) at++;
  if (at === from || at - from > MAX_DIGITS || bytes[from] === ZERO) return undefined;
  if (at === bytes.length) return 'unfinished';
  return bytes[at] === BLANK ? { at: at + 1, length: Number(bytes.toString('latin1', from, at)) } : undefined;
}
