import type { EventSink } from '../../../trace/event-draft';
import { indexOfByte, trimEnd } from '../../log-text/byte-scan';
import { DEFAULT_COLUMNS } from '../../message-tracking/columns';
import { REJECT, SKIP } from '../../message-tracking/outcomes';
import { TrackingRows } from '../../message-tracking/rows';
import { RecordFields } from '../../fields/record-fields';
import { RowSplitter } from '../../readers/csv-row';
import type { CommonOptions, Outcome, RawRecord, RecordParser } from '../../source';

const HASH = 0x23;
const QUOTE = 0x22;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const STAMP_LENGTH = 19;
const splitter = new RowSplitter(0x2c);

/** Parser of one message tracking log, with columns named by the file or, line by line, by their number. */
export class ExchangeParser implements RecordParser {
  private readonly rows: TrackingRows;

  constructor(options: CommonOptions) {
    this.rows = new TrackingRows('exchange', options);
  }

  parse(record: RawRecord, sink: EventSink): Outcome {
    if (record.fields) return this.rows.parse(record.fields, sink);
    if (record.to <= record.from) return SKIP.empty;
    if (record.bytes[record.from] === HASH) return SKIP.comment;
    const row = headerlessRow(record);
    return row ? this.rows.parse(row, sink) : REJECT.columns;
  }
}

/** The fields of a line of a log that has lost its `#Fields:`, named by their number (formats.md §4); undefined for any other line. */
export function headerlessRow(record: RawRecord): RecordFields | undefined {
  const { from } = record;
  const bytes = Buffer.from(record.bytes.buffer, record.bytes.byteOffset, record.bytes.length);
  const to = trimEnd(bytes, from, record.to);
  if (!STAMP.test(bytes.toString('latin1', from, Math.min(to, from + STAMP_LENGTH)))) return undefined;
  const fields = new RecordFields();
  const quoted = indexOfByte(bytes, QUOTE, from, to) >= 0;
  splitter.split(fields, bytes, from, to, quoted, quoted);
  const names = DEFAULT_COLUMNS.get(fields.count);
  if (names) fields.names = names;
  return names && fields;
}
