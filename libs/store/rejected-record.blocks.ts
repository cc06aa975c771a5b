import type { HandOver } from './trace-event.blocks';

export interface RejectedRecord {
  /** decimal */
  readonly inputId: string;
  /** the format that did not understand it */
  readonly source: string;
  readonly line: number;
  readonly reason: string;
  readonly text: Uint8Array;
}

/** A row of a block in ClickHouse's RowBinary, as `file()` reads it. */
export const REJECTED_ROW_STRUCTURE = 'input_id UInt64, source String, line UInt32, reason String, text String';

/** Largest block, unless one record alone is larger. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Of a rejected record this much text is kept. */
const KEPT_BYTES = 64 * 1024;

/** Collects rejected records, raw text and reason, in blocks of RowBinary rows. */
export class RejectedRecordBlocks {
  private rows: Buffer[] = [];
  private bytes = 0;

  /** @param blockBytes a block is handed over when it has so many bytes, and before it has more where one record makes the difference */
  constructor(
    private readonly hand: HandOver,
    private readonly blockBytes: number = BLOCK_BYTES,
  ) {}

  /** Copies the record. */
  add(record: RejectedRecord): void {
    const row = rejectedRow(record);
    this.rows.push(row);
    this.bytes += row.length;
  }

  /** Call between batches: hands over what has been collected when it is much. */
  async handOver(): Promise<void> {
    if (this.bytes >= Math.min(BLOCK_BYTES, this.blockBytes)) await this.finish();
  }

  /** Resolves when every rejected record was taken. */
  async finish(): Promise<void> {
    const rows = this.rows;
    this.rows = [];
    this.bytes = 0;
    for (let from = 0, to = 0; from < rows.length; from = to) {
      let bytes = 0;
      while (to < rows.length && (to === from || bytes + rows[to].length <= this.blockBytes))
        bytes += rows[to++].length;
      await this.hand(Buffer.concat(rows.slice(from, to)), to - from);
    }
  }
}

/** A rejected record as the row that `ingest/insert_rejected_records` reads. */
export function rejectedRow({ inputId, source, line, reason, text }: RejectedRecord): Buffer {
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(BigInt(inputId));
  return Buffer.concat([
    id,
    string(Buffer.from(source)),
    uint32(line),
    string(Buffer.from(reason)),
    string(text.subarray(0, KEPT_BYTES)),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A String of RowBinary: LEB128 length, then the bytes. */
function string(bytes: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
