import type { FieldValues, RawRecord } from '../source';
import { ReusedRecord, type Framer } from './framer';
import { ObjectCutter } from './object-cutter';

/**
 * JSON objects: one per line or one after the other, the elements of a top-level array, the elements of the array `logs` or
 * `value` of a page object, or one object. Field values are scalars as text, null as '', arrays and objects as JSON text. An
 * object that is broken, larger than 16 MiB or nested deeper than 64 is a record with a problem; reading goes on behind it,
 * or at the next line that begins an object.
 */
export class JsonFramer implements Framer {
  private readonly record = new ReusedRecord();
  private readonly cutter = new ObjectCutter();
  private names: readonly string[] = [];

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
    if (!record.fields) record.problem ??= 'not valid JSON';
    return record;
  }

  private fields(): FieldValues | undefined {
    const { cutter } = this;
    let object: Readonly<Record<string, unknown>>;
    try {
      object = JSON.parse(cutter.bytes.toString('utf8', cutter.from, cutter.to));
    } catch {
      return undefined;
    }
    const names = Object.keys(object);
    // Objects of one file mostly have the same members, so work per set of names need not be done per object.
    if (names.length !== this.names.length || names.some((name, index) => name !== this.names[index]))
      this.names = names;
    return { names: this.names, values: names.map((name) => asText(object[name])) };
  }
}

/** A value of a field as text: null and absent '', arrays and objects as JSON. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
