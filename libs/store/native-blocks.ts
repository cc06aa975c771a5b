const TWO_32 = 2 ** 32;

/** The values of a column, one per row: numbers, or texts. */
export type NativeValues = ArrayLike<number> | readonly string[];

/** An array per row: that of row `i` is `values[ends[i - 1] ?? 0]` up to, not with, `values[ends[i]]`. */
export interface NativeArrays {
  readonly ends: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Rows as ClickHouse sends them in the format Native: column by column. */
export interface NativeBlock {
  readonly rows: number;
  numbers(column: string): ArrayLike<number>;
  texts(column: string): readonly string[];
  arrays(column: string): NativeArrays;
}

/**
 * Reads an answer in the format Native (https://clickhouse.com/docs/interfaces/formats/Native), as an engine sends it that is told of no client's version: columns of
 * UInt8, Int8, Int16, UInt32, Int64 (exact up to 2^53), String, and arrays of those numbers.
 * @throws Error for a column of another type, and for bytes that end too early
 */
export function nativeBlocks(bytes: Uint8Array): NativeBlock[] {
  const reader = new Reader(bytes);
  const blocks: NativeBlock[] = [];
  while (!reader.isAtEnd) blocks.push(blockOf(reader));
  return blocks;
}

function blockOf(reader: Reader): NativeBlock {
  const columns = reader.length();
  const rows = reader.length();
  const byName = new Map<string, ArrayLike<number> | readonly string[] | NativeArrays>();
  for (let i = 0; i < columns; i++) {
    const name = reader.text();
    byName.set(name, columnOf(reader, reader.text(), rows));
  }
  const column = (name: string): unknown => {
    if (!byName.has(name)) throw new Error(`the answer has no column ${name}`);
    return byName.get(name);
  };
  return {
    rows,
    numbers: (name) => column(name) as ArrayLike<number>,
    texts: (name) => column(name) as readonly string[],
    arrays: (name) => column(name) as NativeArrays,
  };
}

function columnOf(reader: Reader, type: string, rows: number): ArrayLike<number> | readonly string[] | NativeArrays {
  if (type === 'String') return Array.from({ length: rows }, () => reader.text());
  const [, of] = /^Array\((\w+)\)$/.exec(type) ?? [];
  if (of === undefined) return reader.numbers(type, rows);
  const ends = reader.numbers('Int64', rows);
  return { ends, values: reader.numbers(of, rows === 0 ? 0 : ends[rows - 1]) };
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** A length as LEB128. */
  length(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.take(1)[0];
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const bytes = this.take(this.length());
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  }

  /** Little-endian, as are the machines that chDB runs on. */
  numbers(type: string, count: number): ArrayLike<number> {
    switch (type) {
      case 'UInt8':
        return this.take(count);
      case 'Int8':
        return new Int8Array(this.aligned(count));
      case 'Int16':
        return new Int16Array(this.aligned(2 * count));
      case 'UInt32':
        return new Uint32Array(this.aligned(4 * count));
      case 'Int64':
        return longs(this.aligned(8 * count));
      default:
        throw new Error(`the answer has a column of the type ${type}, which is not read here`);
    }
  }

  private aligned(length: number): ArrayBuffer {
    return new Uint8Array(this.take(length)).buffer;
  }

  private take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new Error('the answer ends too early');
    return this.bytes.subarray(this.at, (this.at += length));
  }
}

function longs(bytes: ArrayBuffer): Float64Array {
  const low = new Uint32Array(bytes);
  const high = new Int32Array(bytes);
  const values = new Float64Array(low.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = high[2 * i + 1] * TWO_32 + low[2 * i];
  return values;
}
