import type { EventDraft } from '../../../trace/event-draft';
import { TEXT_COLUMNS } from '../../../trace/trace-event';
import type { RecordFields } from '../../fields/record-fields';

/** The text columns of one record, found once for all its events: ranges of the record's bytes, and what had to be written anew. */
export class PackedText {
  private readonly columns = new Uint8Array(TEXT_COLUMNS.length);
  private readonly buffers: Uint8Array[] = [];
  private readonly from = new Int32Array(TEXT_COLUMNS.length);
  private readonly to = new Int32Array(TEXT_COLUMNS.length);
  private count = 0;

  /** Starts a new record. */
  begin(): void {
    this.count = 0;
  }

  /** Column `column` is bytes [from, to), which stay as they are until the next record; nothing leaves it unknown. Each column once. */
  addBytes(column: number, bytes: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    this.columns[this.count] = column;
    this.buffers[this.count] = bytes;
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.count++;
  }

  /** Column `column` is the value of a field as it stands. */
  addField(column: number, fields: RecordFields, index: number): void {
    if (!fields.isEmpty(index)) this.addBytes(column, fields.bytes, fields.from[index], fields.to[index]);
  }

  /** Column `column` is `value`; '' leaves it unknown. */
  add(column: number, value: string): void {
    if (value === '') return;
    const bytes = Buffer.from(value, 'utf8');
    this.addBytes(column, bytes, 0, bytes.length);
  }

  /** How many columns there are so far: what {@link applyTo} takes to leave out the later ones. */
  get size(): number {
    return this.count;
  }

  /** Gives the first `count` columns to a draft that has been begun. */
  applyTo(draft: EventDraft, count: number): void {
    for (let i = 0; i < count; i++) draft.bytes(this.columns[i], this.buffers[i], this.from[i], this.to[i]);
  }
}
