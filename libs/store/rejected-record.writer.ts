import type { Store } from './store';

export interface RejectedRecord {
  readonly line: number;
  readonly reason: string;
  readonly text: Uint8Array;
}

const BLOCK_BYTES = 4 * 1024 * 1024;
/** Of a rejected record this much text is kept. */
const KEPT_BYTES = 64 * 1024;

/** Keeps rejected records, raw text and reason, so that they can be looked at and parsed again. */
export class RejectedRecordWriter {
  private rows: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly store: Store,
    private readonly inputId: string,
    private readonly source: string,
  ) {}

  /** Copies the record. */
  add(record: RejectedRecord): void {
    const row = Buffer.concat([
      uint32(record.line),
      text(Buffer.from(record.reason)),
      text(record.text.subarray(0, KEPT_BYTES)),
    ]);
    this.rows.push(row);
    this.bytes += row.length;
  }

  /** Call between batches: writes what has been collected when it is much. */
  async handOver(): Promise<void> {
    if (this.bytes >= BLOCK_BYTES) await this.finish();
  }

  /** Resolves when every rejected record is in the store. */
  async finish(): Promise<void> {
    if (!this.rows.length) return;
    const content = Buffer.concat(this.rows);
    this.rows = [];
    this.bytes = 0;
    const parameters = { input_id: this.inputId, source: this.source };
    await this.store.insert('ingest/insert_rejected_records', content, parameters);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A String of RowBinary: LEB128 length, then the bytes. */
function text(bytes: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
