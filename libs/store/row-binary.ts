import { type EventDraft } from '../trace/event-draft';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../trace/trace-event';

/**
 * The row of an event in ClickHouse's RowBinary, as `file()` reads it: the order and types of {@link ROW_STRUCTURE}.
 * Normalisation (lower case, keys, hashes) is done by the insert statement, once for every source.
 */
export const ROW_STRUCTURE = [
  'line UInt32, kind UInt8, statement UInt8, direction UInt8, time_basis UInt8, event_ms Int64, time_resolution_ms UInt32',
  ...TEXT_COLUMNS.map((name) => `${snake(name)} String`),
  ...NUMBER_COLUMNS.map((name) => `${snake(name)} Int64`),
].join(', ');

/** Text longer than this is cut: a reply or an id of this size is an attack or an accident. */
export const MAX_TEXT_BYTES = 8192;
const FIXED_BYTES = 20 + NUMBER_COLUMNS.length * 8;
const MAX_ROW_BYTES = FIXED_BYTES + TEXT_COLUMNS.length * (MAX_TEXT_BYTES + 2);
const TWO_32 = 2 ** 32;

/** Rows of events in one buffer of fixed size. */
export class RowBinaryBuffer {
  private readonly bytes: Buffer;
  private length = 0;
  rows = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(size, MAX_ROW_BYTES));
  }

  /** false when the largest possible row might not fit any more */
  get hasRoom(): boolean {
    return this.bytes.length - this.length >= MAX_ROW_BYTES;
  }

  /** What has been written: a view, valid until {@link clear}. */
  content(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    this.rows = 0;
  }

  /** Appends the draft as one row; `line` is the physical line of its record. */
  append(draft: EventDraft, line: number): void {
    const out = this.bytes;
    let at = this.uint32(this.length, line);
    out[at++] = draft.kind;
    out[at++] = draft.statement;
    out[at++] = draft.direction;
    out[at++] = draft.timeBasis;
    at = this.int64(at, draft.eventTime);
    at = this.uint32(at, draft.timeResolutionMs);
    for (let c = 0; c < TEXT_COLUMNS.length; c++) {
      const from = draft.from[c];
      let size = draft.to[c] - from;
      if (size <= 0) {
        out[at++] = 0;
        continue;
      }
      if (size > MAX_TEXT_BYTES) size = MAX_TEXT_BYTES;
      if (size < 128) out[at++] = size;
      else {
        out[at++] = (size & 127) | 128;
        out[at++] = size >> 7;
      }
      const source = draft.buffer[c];
      for (let i = 0; i < size; i++) out[at + i] = source[from + i];
      at += size;
    }
    for (let c = 0; c < NUMBER_COLUMNS.length; c++) at = this.int64(at, draft.numbers[c]);
    this.length = at;
    this.rows++;
  }

  private uint32(at: number, value: number): number {
    const out = this.bytes;
    out[at] = value;
    out[at + 1] = value >>> 8;
    out[at + 2] = value >>> 16;
    out[at + 3] = value >>> 24;
    return at + 4;
  }

  private int64(at: number, value: number): number {
    const high = Math.floor(value / TWO_32);
    return this.uint32(this.uint32(at, (value - high * TWO_32) | 0), high | 0);
  }
}

/** camelCase → snake_case: the name of a column in the store. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
