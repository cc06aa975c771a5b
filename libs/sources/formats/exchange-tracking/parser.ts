import type { EventSink } from '../../../trace/event-draft';
import { DEFAULT_COLUMNS } from '../../message-tracking/columns';
import { REJECT, SKIP } from '../../message-tracking/outcomes';
import { TrackingRows } from '../../message-tracking/rows';
import { RowSplitter } from '../../readers/csv-row';
import type { CommonOptions, FieldValues, Outcome, RawRecord, RecordParser } from '../../source';

const HASH = 0x23;
const QUOTE = 0x22;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const splitter = new RowSplitter(',');

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
export function headerlessRow({ bytes, from, to }: RawRecord): FieldValues | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    .toString('utf8')
    .trimEnd();
  if (!STAMP.test(text)) return undefined;
  const values = splitter.split(text, bytes.subarray(from, to).includes(QUOTE));
  const names = DEFAULT_COLUMNS.get(values.length);
  return names && { names, values };
}
