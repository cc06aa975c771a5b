import type { EventDraft } from '../../../trace/event-draft';
import { TEXT_COLUMNS } from '../../../trace/trace-event';

/**
 * The text columns of one record, encoded once for all its events. One call encodes them all, since a call per column
 * costs more than the rest of a record.
 */
export class PackedText {
  private readonly columns = new Uint8Array(TEXT_COLUMNS.length);
  private readonly values: string[] = new Array<string>(TEXT_COLUMNS.length).fill('');
  private readonly ends = new Int32Array(TEXT_COLUMNS.length);
  private count = 0;
  private all = '';
  private bytes = Buffer.allocUnsafe(4096);

  /** Starts a new record. */
  begin(): void {
    this.count = 0;
    this.all = '';
  }

  /** Column `column` is `value`; '' leaves it unknown. Each column once. */
  add(column: number, value: string): void {
    if (value === '') return;
    this.columns[this.count] = column;
    this.values[this.count] = value;
    this.count++;
    this.all += value;
  }

  /** How many columns there are so far: what {@link applyTo} takes to leave out the later ones. */
  get size(): number {
    return this.count;
  }

  /** Encodes what was added. The bytes stay until the next record. */
  seal(): void {
    const most = this.all.length * 3;
    if (most > this.bytes.length) this.bytes = Buffer.allocUnsafe(most);
    const isAscii = this.bytes.write(this.all, 0, 'utf8') === this.all.length;
    let end = 0;
    for (let i = 0; i < this.count; i++) {
      end += isAscii ? this.values[i].length : Buffer.byteLength(this.values[i], 'utf8');
      this.ends[i] = end;
    }
  }

  /** Gives the first `count` columns to a draft that has been begun. */
  applyTo(draft: EventDraft, count: number): void {
    let from = 0;
    for (let i = 0; i < count; i++) {
      const to = this.ends[i];
      draft.bytes(this.columns[i], this.bytes, from, to);
      from = to;
    }
  }
}
