import type { EventSink } from '../../../trace/event-draft';
import { RecordFields } from '../../fields/record-fields';
import type { Outcome, RawRecord } from '../../source';
import { parseCefLine } from './cef-line';
import type { Columns } from './columns';
import type { TrackingEvents } from './tracking-events';
import { FIELD, FIELDS, fieldNamed } from './tracking-fields';

/** `rt` is when the record was written: a tracking line never says when HES received or released (formats.md §1.2). */
const FIELD_OF_KEY: Readonly<Record<string, number>> = {
  rt: FIELD.genTime,
  suser: FIELD.sender,
  duser: FIELD.recipient,
  src: FIELD.senderIP,
  deviceTranslatedAddress: FIELD.deliveredTo,
  act: FIELD.action,
};
const LABELLED_KEYS = ['cs1', 'cs2', 'cs3', 'cs4', 'cs5', 'cs6', 'cn1', 'cn2', 'cn3'];

/** The text of a record without fields. */
export function lineOf(record: RawRecord): string {
  const { bytes, from, to } = record;
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('utf8');
}

/** Parses the lines of Trend's syslog stream. One per file. */
export class CefParser {
  private readonly index = new Int16Array(FIELDS.length);
  private readonly fields = new RecordFields();
  private readonly values: string[] = new Array<string>(FIELDS.length).fill('');
  private readonly columns: Columns = { index: this.index, problem: undefined, problemWhenBlocked: undefined };

  constructor(private readonly events: TrackingEvents) {}

  /** One line: an event of its action, a skip for lines of other kinds. */
  parse(record: RawRecord, sink: EventSink): Outcome {
    const line = parseCefLine(lineOf(record));
    if ('skip' in line) return { skip: line.skip };
    if ('reject' in line) return line;
    this.fill(line.tracking);
    const missing = this.missingKeys();
    if (missing) return { reject: `CEF tracking line without ${missing}; is it cut short?` };
    this.fields.setStrings(FIELDS, this.values);
    return this.events.emit(this.columns, this.fields, sink);
  }

  private fill(extension: ReadonlyMap<string, string>): void {
    this.index.fill(-1);
    this.values.fill('');
    for (const key in FIELD_OF_KEY) this.set(FIELD_OF_KEY[key], extension.get(key));
    for (const key of LABELLED_KEYS) {
      const label = extension.get(`${key}Label`);
      const field = label === undefined ? undefined : fieldNamed(label);
      if (field) this.set(field.field, extension.get(key));
    }
  }

  private set(field: number, value: string | undefined): void {
    if (value === undefined) return;
    this.index[field] = field;
    this.values[field] = value;
  }

  private missingKeys(): string {
    const missing: string[] = [];
    if (this.index[FIELD.genTime] < 0) missing.push('rt');
    if (this.index[FIELD.recipient] < 0) missing.push('duser');
    if (this.index[FIELD.action] < 0) missing.push('act');
    if (this.index[FIELD.mailID] < 0 && this.index[FIELD.messageID] < 0) missing.push('mailUuid or messageId');
    return missing.join(', ');
  }
}
