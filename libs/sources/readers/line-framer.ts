import type { RawRecord } from '../source';
import { KEPT_OF_TOO_LONG, MIB, NONE, ReusedRecord, type Framer } from './framer';
import { GrowingBytes } from './growing-bytes';

const LF = 10;
const CR = 13;
const TOO_LONG = 'line longer than 1 MiB';

/**
 * Physical lines, ended by LF or CR LF; the last one may lack its end. Empty lines are records. A line over 1 MiB is cut to its
 * first 64 KiB and has a problem; no more of it is held in memory. This is the hot path: per line one search for LF (native) and
 * four assignments, no allocation.
 */
export class LineFramer implements Framer {
  private readonly record = new ReusedRecord();
  private chunk: Buffer = NONE;
  private at = 0;
  private line = 0;
  private ended = false;
  /** the part of a line that earlier chunks brought; `carried` counts all of it, also what is not kept */
  private readonly carry = new GrowingBytes();
  private carried = 0;

  push(chunk: Buffer): void {
    this.chunk = chunk;
    this.at = 0;
  }

  end(): void {
    this.push(NONE);
    this.ended = true;
  }

  next(): RawRecord | undefined {
    const { chunk, at } = this;
    const newline = chunk.indexOf(LF, at);
    if (newline < 0) return this.rest();
    this.at = newline + 1;
    if (this.carried > 0) return this.joined(chunk, newline);
    return this.fill(chunk, at, newline);
  }

  private fill(bytes: Buffer, from: number, newline: number): RawRecord {
    const { record } = this;
    const to = newline > from && bytes[newline - 1] === CR ? newline - 1 : newline;
    record.bytes = bytes;
    record.from = from;
    record.to = to;
    record.line = ++this.line;
    record.problem = undefined;
    if (to - from > MIB) {
      record.to = from + KEPT_OF_TOO_LONG;
      record.problem = TOO_LONG;
    }
    return record;
  }

  /** A line whose beginning came with an earlier chunk. */
  private joined(chunk: Buffer, newline: number): RawRecord {
    this.keep(chunk, 0, newline);
    this.carried = 0;
    const line = this.carry.take();
    return this.fill(line, 0, line.length);
  }

  /** The end of the chunk: keeps the piece of a line there, or hands it out when no more bytes follow. */
  private rest(): RawRecord | undefined {
    const { chunk, at } = this;
    this.keep(chunk, at, chunk.length);
    this.push(NONE);
    return this.ended && this.carried > 0 ? this.joined(NONE, 0) : undefined;
  }

  private keep(chunk: Buffer, from: number, to: number): void {
    // One byte over the limit decides that the line is too long, and one more may be the CR of its end.
    const room = MIB + 2 - this.carry.length;
    if (room > 0) this.carry.append(chunk, from, Math.min(to, from + room));
    this.carried += to - from;
  }
}
