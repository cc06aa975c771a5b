import { type EventDraft } from '../trace/event-draft';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../trace/trace-event';

/**
 * The row of an event in ClickHouse's RowBinary, as `file()` reads it: the order and types of {@link ROW_STRUCTURE}.
 * Normalisation (lower case, keys, hashes) is done by the insert statement, once for every source.
 */
export const ROW_STRUCTURE = [
  'input_id UInt64, line UInt32, kind UInt8, statement UInt8, direction UInt8, time_basis UInt8, event_ms Int64, time_resolution_ms UInt32',
  ...TEXT_COLUMNS.map((name) => `${snake(name)} String`),
  ...NUMBER_COLUMNS.map((name) => `${snake(name)} Int64`),
].join(', ');

/** Text longer than this is cut: a reply or an id of this size is an attack or an accident. */
export const MAX_TEXT_BYTES = 8192;
const FIXED_BYTES = 28 + NUMBER_COLUMNS.length * 8;
const MAX_ROW_BYTES = FIXED_BYTES + TEXT_COLUMNS.length * (MAX_TEXT_BYTES + 2);
const TWO_32 = 2 ** 32;
/** Most files are small: a buffer begins with so many bytes, and grows once. */
const FIRST_BYTES = 512 * 1024;

/** A shorter text is copied byte by byte, a longer one four bytes at a time: a native copy costs more than either. */
const SHORT = 12;
/** Large buffers are chunks of files, of which one serves thousands of rows; those of names and strings take turns within a row. */
const LARGE_BUFFER = 4096;
const NO_BYTES = new Uint8Array(0);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Rows of events of one input (decimal id) in one buffer of at most `size` bytes. */
export class RowBinaryBuffer {
  private bytes: Buffer;
  private view: DataView;
  private length = 0;
  /** the large buffer that texts were last taken from, and its bytes in words */
  private source: Uint8Array = NO_BYTES;
  private sourceView = viewOf(NO_BYTES);
  private readonly size: number;
  private readonly idLow: number;
  private readonly idHigh: number;
  rows = 0;

  constructor(inputId: string, size: number) {
    const id = BigInt(inputId);
    this.idLow = Number(id & 0xffffffffn);
    this.idHigh = Number(id >> 32n);
    this.size = Math.max(size, MAX_ROW_BYTES);
    this.bytes = Buffer.allocUnsafe(Math.min(this.size, FIRST_BYTES));
    this.view = viewOf(this.bytes);
  }

  /** Makes sure that the row of the draft fits; false when it might not. */
  hasRoomFor(draft: EventDraft): boolean {
    if (this.bytes.length - this.length >= MAX_ROW_BYTES) return true;
    const room = this.size - this.length;
    if (room < MAX_ROW_BYTES && room < mostBytesOf(draft)) return false;
    if (this.bytes.length === this.size) return true;
    const bytes = Buffer.allocUnsafe(this.size);
    bytes.set(this.content());
    this.bytes = bytes;
    this.view = viewOf(bytes);
    return true;
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
    const { view, bytes: out } = this;
    const { from: starts, to: ends, buffer, numbers } = draft;
    let at = this.length;
    view.setUint32(at, this.idLow, true);
    view.setUint32(at + 4, this.idHigh, true);
    view.setUint32(at + 8, line, true);
    const codes = draft.kind | (draft.statement << 8) | (draft.direction << 16) | (draft.timeBasis << 24);
    view.setInt32(at + 12, codes, true);
    setInt64(view, at + 16, draft.eventTime);
    view.setUint32(at + 24, draft.timeResolutionMs, true);
    at += 28;
    for (let c = 0; c < TEXT_COLUMNS.length; c++) {
      const from = starts[c];
      let size = ends[c] - from;
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
      const source = buffer[c];
      if (size < SHORT || source.length < LARGE_BUFFER) {
        for (let i = 0; i < size; i++) out[at + i] = source[from + i];
      } else {
        if (source !== this.source) this.attach(source);
        const words = this.sourceView;
        const last = size - 4;
        for (let i = 0; i < last; i += 4) view.setInt32(at + i, words.getInt32(from + i, true), true);
        view.setInt32(at + last, words.getInt32(from + last, true), true);
      }
      at += size;
    }
    for (let c = 0; c < NUMBER_COLUMNS.length; c++, at += 8) {
      const number = numbers[c];
      // Most are unknown, and most others fit in half.
      if (number === (number | 0)) {
        view.setInt32(at, number, true);
        view.setInt32(at + 4, number >> 31, true);
      } else setInt64(view, at, number);
    }
    this.length = at;
    this.rows++;
  }

  private attach(source: Uint8Array): void {
    this.source = source;
    this.sourceView = viewOf(source);
  }
}

/** Bytes of the row of a draft, or a few more. */
function mostBytesOf({ from, to }: EventDraft): number {
  let bytes = FIXED_BYTES;
  for (let c = 0; c < TEXT_COLUMNS.length; c++) bytes += Math.min(Math.max(to[c] - from[c], 0), MAX_TEXT_BYTES) + 2;
  return bytes;
}

function setInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  view.setUint32(at, value - high * TWO_32, true);
  view.setInt32(at + 4, high, true);
}

/** camelCase → snake_case: the name of a column in the store. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
