const TWO_32 = 2 ** 32;

/** The numbers of a column, one per row, or of the arrays in one. */
export interface NativeNumbers {
  readonly length: number;
  at(index: number): number;
}

/** An array per row: that of row `i` is `values` from `ends.at(i - 1)` (of the first row 0) up to, not with, `ends.at(i)`. */
export interface NativeArrays {
  readonly ends: NativeNumbers;
  readonly values: NativeNumbers;
}

/** Rows as ClickHouse sends them in the format Native: column by column. Numbers are read from the answer where they stand: copies would be megabytes of garbage a question. */
export interface NativeBlock {
  readonly rows: number;
  numbers(column: string): NativeNumbers;
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
  const byName = new Map<string, NativeNumbers | readonly string[] | NativeArrays>();
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
    numbers: (name) => column(name) as NativeNumbers,
    texts: (name) => column(name) as readonly string[],
    arrays: (name) => column(name) as NativeArrays,
  };
}

function columnOf(reader: Reader, type: string, rows: number): NativeNumbers | readonly string[] | NativeArrays {
  if (type === 'String') return Array.from({ length: rows }, () => reader.text());
  const [, of] = /^Array\((\w+)\)$/.exec(type) ?? [];
  if (of === undefined) return reader.numbers(type, rows);
  const ends = reader.numbers('Int64', rows);
  return { ends, values: reader.numbers(of, rows === 0 ? 0 : ends.at(rows - 1)) };
}

/** Little-endian, at any place. */
abstract class Numbers implements NativeNumbers {
  constructor(
    protected readonly view: DataView,
    protected readonly first: number,
    readonly length: number,
  ) {}

  abstract at(index: number): number;
}

class UInt8s extends Numbers {
  at(index: number): number {
    return this.view.getUint8(this.first + index);
  }
}

class Int8s extends Numbers {
  at(index: number): number {
    return this.view.getInt8(this.first + index);
  }
}

class Int16s extends Numbers {
  at(index: number): number {
    return this.view.getInt16(this.first + 2 * index, true);
  }
}

class UInt32s extends Numbers {
  at(index: number): number {
    return this.view.getUint32(this.first + 4 * index, true);
  }
}

class Int64s extends Numbers {
  at(index: number): number {
    const place = this.first + 8 * index;
    return this.view.getInt32(place + 4, true) * TWO_32 + this.view.getUint32(place, true);
  }
}

const TYPES = {
  UInt8: { bytes: 1, Column: UInt8s },
  Int8: { bytes: 1, Column: Int8s },
  Int16: { bytes: 2, Column: Int16s },
  UInt32: { bytes: 4, Column: UInt32s },
  Int64: { bytes: 8, Column: Int64s },
} as const;

class Reader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** A length as LEB128. */
  length(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.pass(1)];
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const length = this.length();
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.pass(length), length).toString();
  }

  numbers(type: string, count: number): NativeNumbers {
    if (!Object.hasOwn(TYPES, type))
      throw new Error(`the answer has a column of the type ${type}, which is not read here`);
    const { bytes, Column } = TYPES[type as keyof typeof TYPES];
    return new Column(this.view, this.pass(bytes * count), count);
  }

  /** Goes on by so many bytes; answers where they begin. */
  private pass(length: number): number {
    if (this.at + length > this.bytes.length) throw new Error('the answer ends too early');
    const begin = this.at;
    this.at += length;
    return begin;
  }
}
