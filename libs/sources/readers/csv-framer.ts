import { RecordFields } from '../fields/record-fields';
import type { RawRecord } from '../source';
import { delimiterOf, RowSplitter } from './csv-row';
import { ReusedRecord, type Framer } from './framer';
import { RowCutter } from './row-cutter';

/** An Exchange log names its columns in a comment (formats.md §4). */
const FIELDS_COMMENT = /^#Fields:\s*(\S.*)$/i;
/** Excel writes and reads a first line that only names the delimiter. */
const SEPARATOR_LINE = /^sep=([\t -~])$/i;

/**
 * Rows under a header row, separated by comma, semicolon or tab, whichever the header row has most of; quoted fields may hold
 * line ends. `line` is the physical line on which a row begins. No records are the header row, `#` lines before it (of which
 * `#Fields:` replaces it), a line `sep=;`, and blank lines. A row that cannot be split is a record with a problem: a stray
 * quote, more than 1 MiB (see {@link RowCutter}), or another number of fields than the header (empty ones too many do no harm).
 */
export class CsvFramer implements Framer {
  private readonly record = new ReusedRecord();
  private readonly cutter = new RowCutter();
  private readonly fields = new RecordFields();
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
    const { cutter, fields, names } = this;
    if (names !== undefined && cutter.cutPlain(fields, names.length)) {
      if (!this.isComment()) {
        fields.names = names;
        return this.fill(fields, undefined);
      }
    }
    while (cutter.cut()) {
      if (cutter.from === cutter.to) continue;
      if (cutter.problem !== undefined) return this.fill(undefined, cutter.problem);
      if (this.isComment()) continue;
      if (this.names !== undefined && this.splitter !== undefined) return this.row(this.names, this.splitter);
      this.header(cutter.bytes.toString('utf8', cutter.from, cutter.to));
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
    if (separator || !this.splitter)
      this.splitter = new RowSplitter((separator?.[1] ?? delimiterOf(text)).charCodeAt(0));
    this.cutter.delimiter = this.splitter.delimiter;
    this.prologue += `${text}\n`;
    if (separator) return;
    const bytes = Buffer.from(text, 'utf8');
    this.splitter.split(this.fields, bytes, 0, bytes.length, text.includes('"'), text.includes('""'));
    this.names = this.fields.values.map((name) => name.trim());
  }

  private row(names: readonly string[], splitter: RowSplitter): RawRecord {
    const { cutter, fields } = this;
    splitter.split(fields, cutter.bytes, cutter.from, cutter.to, cutter.quoted, cutter.doubled);
    while (fields.count > names.length && fields.isEmpty(fields.count - 1)) fields.count--;
    fields.names = names;
    if (fields.count === names.length) return this.fill(fields, undefined);
    return this.fill(undefined, `row of ${fields.count} fields under a header of ${names.length}`);
  }

  private fill(fields: RecordFields | undefined, problem: string | undefined): RawRecord {
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
