import { z } from 'zod';
import type { EventSink } from '../../../trace/event-draft';
import { placesOf, plainName, sameNames } from '../../message-tracking/columns';
import { TrackingRows } from '../../message-tracking/rows';
import type { CommonOptions, Framing, Likeness, Outcome, RawRecord, RecordParser, Source } from '../../source';
import { TRACE_COLUMN } from './columns';
import { kindOfStatus } from './statuses';
import { TraceRows } from './trace-rows';

/** Message traces of Microsoft 365 (Exchange Online); see README.md beside this file. */
export const m365Trace: Source = {
  name: 'm365-trace',
  title: 'Microsoft 365 message trace',
  product: 'microsoft-365',
  framings: ['csv', 'json'],
  options: z.object({}),
  looksLike,
  parser: (options) => new M365Parser(options),
};

/** Extended traces have a row per event, with the columns of Exchange's log; all others a row per message and recipient. */
class M365Parser implements RecordParser {
  private readonly extended: TrackingRows;
  private readonly summary: TraceRows;
  private names: readonly string[] | undefined;
  private isExtended = false;

  constructor(options: CommonOptions) {
    this.extended = new TrackingRows('microsoft-365', { ...options, timeZone: options.timeZone ?? 'UTC' });
    this.summary = new TraceRows(options);
  }

  parse({ fields }: RawRecord, sink: EventSink): Outcome {
    if (!fields) return { reject: 'not a row or an object' };
    if (!this.names || !sameNames(fields.names, this.names)) {
      this.names = fields.names;
      this.isExtended = fields.names.some((name) => plainName(name) === 'eventid');
    }
    return this.isExtended ? this.extended.parse(fields, sink) : this.summary.parse(fields, sink);
  }
}

function looksLike(sample: readonly RawRecord[], framing: Framing): Likeness {
  const fields = sample.find((record) => record.fields)?.fields;
  if (!fields || (framing !== 'csv' && framing !== 'json'))
    return { score: 0, reason: 'message traces are rows or objects' };
  const plain = new Set(fields.names.map(plainName));
  const has = (...names: string[]): boolean => names.every((name) => plain.has(name));
  if (has('eventid', 'internalmessageid') && (plain.has('datetimeutc') || fields.names.includes('date_time')))
    return { score: 0.98, reason: 'the columns of an extended message trace' };
  if (has('recipientstatus') && (plain.has('origintimestamputc') || plain.has('origintimestamp')))
    return { score: 0.98, reason: 'the columns of an enhanced summary' };
  const places = placesOf(TRACE_COLUMN, fields.names);
  const known = places.received >= 0 && places.sender >= 0 && places.recipient >= 0 && places.status >= 0;
  const status = sample.flatMap((record) => record.fields?.text(places.status) ?? []);
  if (!known || !status.some((word) => kindOfStatus(word) !== undefined))
    return { score: 0, reason: 'no columns of a message trace, or no status that it knows' };
  const trace = has('messagetraceid') || has('senderaddress', 'recipientaddress', 'status');
  return { score: trace ? 0.95 : 0.7, reason: 'sender, recipient, date and a status of a message trace' };
}
