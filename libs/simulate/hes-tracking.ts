import { join } from 'node:path';
import type { Micros } from './clock';
import { FORM_FOOTERS, FORM_HEADERS, hesRecord, type ExportPeriods, type HesForm } from './hes-forms';
import type { HesTransaction } from './hes-transaction';
import { OrderedLines } from './ordered-lines';
import { TextFile } from './text-file';
import { toldEvents } from './truth';

const EXTENSIONS: Readonly<Record<HesForm, string>> = {
  json: 'json',
  'csv-states': 'csv',
  'csv-events': 'csv',
  'csv-last-action': 'csv',
  xml: 'xml',
  cef: 'cef.log',
};

interface Export {
  readonly form: HesForm;
  readonly label: string;
  file?: TextFile;
  pages: number;
}

/**
 * The HES mail tracking exports: one per period of reception, in the form of that period; records in the order in which HES
 * wrote them (`genTime`). A JSON period is pages of at most `pageSize` records. The second half of the third period comes twice.
 */
export class HesTracking {
  readonly files: TextFile[] = [];
  private readonly exports = new Map<string, Export>();
  private readonly lines = new OrderedLines<{ target: Export; record: string; at: Micros }>((each) => this.write(each));

  constructor(
    private readonly folder: string,
    private readonly periods: ExportPeriods,
    private readonly end: Micros,
    private readonly pageSize: number,
  ) {}

  /** The records of one transaction; none of them is older than its reception. */
  add(transaction: HesTransaction): void {
    const { received, form } = transaction;
    const index = this.periods.indexOf(received);
    const targets = [this.export(this.periods.label(index), form)];
    const middle = this.periods.start + (index + 0.5) * this.periods.length;
    if (index === 2 && received >= middle) targets.push(this.export(`${this.periods.label(index)}-overlap`, form));
    for (const recipient of transaction.recipients) {
      for (const event of toldEvents(transaction, recipient, this.end)) {
        const record = hesRecord(transaction, recipient, event);
        for (const target of targets) this.lines.add(event.generated, { target, record, at: event.generated });
      }
    }
  }

  flush(until: Micros): void {
    this.lines.flush(until);
  }

  close(): void {
    this.lines.flush(Infinity);
    for (const each of this.exports.values()) this.endFile(each, false);
  }

  private export(label: string, form: HesForm): Export {
    let known = this.exports.get(label);
    if (!known) this.exports.set(label, (known = { form, label, pages: 0 }));
    return known;
  }

  private write({ target, record, at }: { target: Export; record: string; at: Micros }): void {
    if (target.form === 'json' && target.file && target.file.records >= this.pageSize) this.endFile(target, true);
    const file = (target.file ??= this.begin(target));
    if (target.form === 'json' && file.records) file.write(',\n');
    file.write(record);
    file.records++;
    file.modified = Math.max(at, file.modified);
  }

  private begin(target: Export): TextFile {
    const page = target.form === 'json' ? `-page-${String(++target.pages).padStart(3, '0')}` : '';
    const name = `mail-tracking-${target.label}${page}.${EXTENSIONS[target.form]}`;
    const file = new TextFile(join(this.folder, name), target.form === 'csv-last-action' ? 'utf16le' : 'utf8');
    this.files.push(file);
    file.write(target.form === 'json' ? '{"logs":[\n' : FORM_HEADERS[target.form]);
    return file;
  }

  private endFile(target: Export, more: boolean): void {
    if (!target.file) return;
    const token = more ? `,"nextToken":"${encodeURIComponent(`${target.label}/${target.pages}+`)}"` : '';
    target.file.write(target.form === 'json' ? `\n]${token}}\n` : (FORM_FOOTERS[target.form] ?? ''));
    target.file.close();
    target.file = undefined;
  }
}
