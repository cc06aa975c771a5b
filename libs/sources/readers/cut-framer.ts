import { RecordFields } from '../fields/record-fields';
import type { RawRecord } from '../source';
import { ReusedRecord, type Framer } from './framer';

/** Finds records in bytes, without looking into them. */
export interface RecordCutter {
  /** The record that `cut` found is bytes [from, to) of `bytes`, valid until the next call. */
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  /** physical line on which it begins */
  readonly line: number;
  readonly problem: string | undefined;
  push(chunk: Buffer): void;
  end(): void;
  /** Its fields, where finding its end told them. */
  readonly fields?: RecordFields;
  /** Finds the next record; false when it needs more bytes or there are no more. */
  cut(): boolean;
}

/** What the fields of a record are as strings. */
export interface FieldTexts {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Cuts with a cutter, and reads the fields of each sound record: where the cutter has not seen them on its way, from its text. */
export class CutFramer implements Framer {
  private readonly record = new ReusedRecord();
  private readonly texts = new RecordFields();
  private names: readonly string[] = [];

  /** @param fieldsOf throws for a text that is not sound; `unsound` says what it is not */
  constructor(
    private readonly cutter: RecordCutter,
    private readonly fieldsOf: (text: string) => FieldTexts,
    private readonly unsound: string,
  ) {}

  push(chunk: Buffer): void {
    this.cutter.push(chunk);
  }

  end(): void {
    this.cutter.end();
  }

  next(): RawRecord | undefined {
    const { cutter, record } = this;
    if (!cutter.cut()) return undefined;
    record.bytes = cutter.bytes;
    record.from = cutter.from;
    record.to = cutter.to;
    record.line = cutter.line;
    record.problem = cutter.problem;
    record.fields = cutter.problem === undefined ? this.fields() : undefined;
    if (!record.fields) record.problem ??= this.unsound;
    return record;
  }

  private fields(): RecordFields | undefined {
    return this.cutter.fields ?? this.readFields();
  }

  private readFields(): RecordFields | undefined {
    const { cutter } = this;
    try {
      const { names, values } = this.fieldsOf(cutter.bytes.toString('utf8', cutter.from, cutter.to));
      // Records of one file mostly have the same fields, so work per set of names need not be done per record.
      if (names.length !== this.names.length || names.some((name, index) => name !== this.names[index]))
        this.names = names;
      this.texts.setStrings(this.names, values);
      return this.texts;
    } catch {
      return undefined;
    }
  }
}
