import { type EventDraft, type EventSink, TEXT } from '../../trace/event-draft';
import { ascii } from './byte-scan';

const NONE = new Uint8Array(0);

/**
 * One log line, taken apart as far as all kinds of line have it in common. One object per parser, filled anew for every
 * line; ranges are positions in `bytes`.
 */
export class LogLine {
  bytes: Uint8Array = NONE;
  /** where the text behind the envelope begins */
  from = 0;
  /** end of the line without white space */
  to = 0;
  /** epoch milliseconds */
  time = 0;
  resolutionMs = 1000;
  /** the stamp names no year: RFC 3164 */
  yearless = false;
  /** the program that wrote the line, in the numbers of its source */
  agent = 0;
  /** the MTA's name; its buffer differs from `bytes` when `--mta` gave it */
  mta: Uint8Array = NONE;
  mtaFrom = 0;
  mtaTo = 0;
  /** empty (both 0) on lines without queue id */
  queueIdFrom = 0;
  queueIdTo = 0;
  private readonly product: Uint8Array;

  constructor(product: string) {
    this.product = ascii(product);
  }

  /** Starts an event of this line: stamp, MTA, product and queue id are set. */
  begin(sink: EventSink, kind: number, statement: number): EventDraft {
    const draft = sink.draft.begin(kind, statement, this.time, this.resolutionMs);
    draft.bytes(TEXT.mta, this.mta, this.mtaFrom, this.mtaTo);
    draft.bytes(TEXT.product, this.product, 0, this.product.length);
    if (this.queueIdTo !== 0) draft.bytes(TEXT.queueId, this.bytes, this.queueIdFrom, this.queueIdTo);
    return draft;
  }
}
