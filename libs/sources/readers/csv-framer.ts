import type { FieldValues, RawRecord } from '../source';
import { RowSplitter, delimiterOf } from './csv-row';
import { ReusedRecord, type Framer } from './framer';
import { RowCutter } from './row-cutter';

/** An Exchange log names its columns in a comment (formats.md §4). */
const FIELDS_COMMENT = /^#Fields:\s*(\S.*)$/i;
/** Excel writes and reads a first line that only names the delimiter. */
const SEPARATOR_LINE = /^sep=(.)$/i;

/**
 * Rows under a header row, separated by comma, semicolon or tab, whichever the header row has most of; quoted fields may hold
 * line ends. `line` is the physical line on which a row begins. No records are the header row, `#` lines before it (of which
 * `#Fields:` replaces it), a line `sep=;`, and blank lines. A row that cannot be split is a record with a problem: a stray
 * quote, more than 1 MiB (see {@link RowCutter}), or another number of fields than the header (empty ones too many do no harm).
 */
export class CsvFramer implements Framer {
  private readonly record = new ReusedRecord();
  private readonly cutter = new RowCutter();
  private splitter: RowSplitter | undefined;
  private names: readonly string[] | undefined;
  /** The names came from a comment, so comments may also come between the rows, where files were appended to each other. */
  private commented = false;

  /** What the rows behind need to be understood, as text that a new framer can be given before them: it holds no record. */
  prologue = '';

  /** Bytes pushed that belong to a row whose end has not come. */
  get pendingBytes(): number {
    return this.cutter.pendingBytes;
  }

  /** Lines of the rows so far. */
  get lines(): number {
    return this.cutter.lines;
  }

  push(chunk: Buffer): void {
    this.cutter.push(chunk);
  }

  end(): void {
    this.cutter.end();
  }

  next(): RawRecord | undefined {
    const { cutter } = this;
    while (cutter.cut()) {
      if (cutter.from === cutter.to) continue;
      if (cutter.problem !== undefined) return this.fill(undefined, cutter.problem);
      if (this.isComment()) continue;
      const text = cutter.bytes.toString('utf8', cutter.from, cutter.to);
      if (this.names === undefined || this.splitter === undefined) this.header(text);
      else return this.row(this.names, this.splitter.split(text, cutter.quoted));
    }
    return undefined;
  }

  private isComment(): boolean {
    const { cutter } = this;
    if (cutter.bytes[cutter.from] !== 0x23 || (this.names !== undefined && !this.commented)) return false;
    const fields = FIELDS_COMMENT.exec(cutter.bytes.toString('utf8', cutter.from, cutter.to));
    if (fields && this.names?.join() !== fields[1]) {
      this.header(fields[1]);
      this.commented = true;
      this.prologue = `#Fields: ${fields[1]}\n`;
    }
    return true;
  }

  private header(text: string): void {
    const separator = SEPARATOR_LINE.exec(text);
    this.splitter = new RowSplitter(separator?.[1] ?? this.splitter?.delimiter ?? delimiterOf(text));
    this.cutter.delimiter = this.splitter.delimiter.charCodeAt(0);
    this.prologue += `${text}\n`;
    if (!separator) this.names = this.splitter.split(text, text.includes('"')).map((name) => name.trim());
  }

  private row(names: readonly string[], values: string[]): RawRecord {
    while (values.length > names.length && values[values.length - 1] === '') values.pop();
    if (values.length === names.length) return this.fill({ names, values }, undefined);
    return this.fill(undefined, `row of ${values.length} fields under a header of ${names.length}`);
  }

  private fill(fields: FieldValues | undefined, problem: string | undefined): RawRecord {
    const { record, cutter } = this;
    record.bytes = cutter.bytes;
    record.from = cutter.from;
    record.to = cutter.to;
    record.line = cutter.line;
    record.fields = fields;
    record.problem = problem;
    return record;
  }
}
