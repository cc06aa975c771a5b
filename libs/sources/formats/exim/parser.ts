import { type EventSink } from '../../../trace/event-draft';
import { QueueIdClock } from '../../../trace/queue-id-clock';
import { eximIdTimeAt } from '../../../trace/queue-id';
import { SyslogStamps } from '../../../trace/syslog-stamp';
import { ASCII, ascii, indexOfByte, isDigit, skipBlanks, startsWith, trimEnd } from '../../log-text/byte-scan';
import { LogLine } from '../../log-text/log-line';
import { SyslogHeader, type Programs } from '../../log-text/syslog-header';
import { type CommonOptions, type Outcome, type RawRecord, type RecordParser } from '../../source';
import { Fields } from './fields';
import { parseLineText } from './line-text';
import { eximIdEnd } from './message-id';
import { REJECT, SKIP } from './outcomes';

const EXIM = ascii('exim');
const PROGRAMS: Programs = {
  agentOf: (bytes, from, to) => (startsWith(bytes, from, to, EXIM) ? 0 : -1),
  others: SKIP.notExim,
};

/** Parser of one Exim main log. Works on bytes; state between lines is only the cache of stamps. */
export class EximParser implements RecordParser {
  private readonly line = new LogLine('exim');
  private readonly fields = new Fields();
  private readonly header: SyslogHeader;
  private readonly stamps: SyslogStamps;
  private readonly clock: QueueIdClock;
  private readonly mta: Uint8Array;

  constructor(options: CommonOptions) {
    this.header = new SyslogHeader(options, PROGRAMS);
    this.stamps = new SyslogStamps(options);
    this.clock = new QueueIdClock(options);
    // The main log does not say whose it is.
    this.mta = Uint8Array.from(Buffer.from(options.mta ?? 'exim', 'utf8'));
  }

  parse(record: RawRecord, sink: EventSink): Outcome {
    const { bytes } = record;
    const to = trimEnd(bytes, record.from, record.to);
    if (record.from >= to) return SKIP.empty;
    const { line } = this;
    line.bytes = bytes;
    line.to = to;
    const first = bytes[record.from];
    if (first === ASCII.hash) return SKIP.comment;
    if (first <= ASCII.blank) return SKIP.continuation;
    const problem = isDigit(first) ? this.readOwnHeader(line, record.from) : this.readSyslogHeader(line, record.from);
    if (problem) return problem;
    const end = eximIdEnd(bytes, line.from, to);
    line.queueIdFrom = end < 0 ? 0 : line.from;
    line.queueIdTo = end < 0 ? 0 : end;
    if (end >= 0 && this.clock.applies(line.yearless))
      line.time = this.clock.read(line.time, eximIdTimeAt(bytes, line.from), line.yearless);
    return parseLineText(line, this.fields, sink);
  }

  /** `2026-11-23 19:39:16.123 +0100 [pid] `, as in the main log; or an ISO stamp of syslog. */
  private readOwnHeader(line: LogLine, from: number): Outcome | undefined {
    const { bytes, to } = line;
    if (bytes[from + 10] === 0x54) return this.readSyslogHeader(line, from);
    const at = this.stamps.parse(bytes, from, to);
    if (at < 0) return REJECT.noStamp;
    this.setStamp(line);
    line.mta = this.mta;
    line.mtaFrom = 0;
    line.mtaTo = this.mta.length;
    return this.setText(line, at);
  }

  /** The header of syslog, behind it Exim's own stamp (unless `syslog_timestamp` is off), which counts. */
  private readSyslogHeader(line: LogLine, from: number): Outcome | undefined {
    const { bytes, to } = line;
    const problem = this.header.read(line, from);
    // Exim breaks a few of its lines (arguments of a command): what goes on has no stamp.
    if (problem === REJECT.noStamp && bytes[from] !== ASCII.less && !isDigit(bytes[from])) return SKIP.continuation;
    if (problem) return problem;
    let at = line.from;
    if (bytes[at] === ASCII.openBracket) {
      // `[1/2]` begins a line that syslog was too narrow for, `[2/2]` or `[2\2]` goes on with it.
      const close = indexOfByte(bytes, ASCII.closeBracket, at, to);
      if (close > at && hasPart(bytes, at, close)) {
        if (bytes[at + 1] !== 0x31 || isDigit(bytes[at + 2])) return SKIP.continuation;
        at = skipBlanks(bytes, close + 1, to);
      }
    }
    const behind = at < to && isDigit(bytes[at]) ? this.stamps.parse(bytes, at, to) : -1;
    if (behind < 0) return this.setText(line, at);
    this.setStamp(line);
    return this.setText(line, behind);
  }

  private setStamp(line: LogLine): void {
    line.time = this.stamps.time;
    line.resolutionMs = this.stamps.resolutionMs;
    line.yearless = false;
  }

  /** Sets where the text begins: behind `[pid]`. */
  private setText(line: LogLine, from: number): Outcome | undefined {
    const { bytes, to } = line;
    let at = skipBlanks(bytes, from, to);
    if (bytes[at] === ASCII.openBracket && at + 1 < to && isDigit(bytes[at + 1])) {
      const close = indexOfByte(bytes, ASCII.closeBracket, at, to);
      if (close < 0) return REJECT.header;
      at = skipBlanks(bytes, close + 1, to);
    }
    if (at >= to) return REJECT.header;
    line.from = at;
    return undefined;
  }
}

/** `[n/m]` or `[n\m]`. */
function hasPart(bytes: Uint8Array, open: number, close: number): boolean {
  for (let at = open + 1; at < close; at++) {
    if (bytes[at] === ASCII.slash || bytes[at] === ASCII.backslash) return at > open + 1 && at + 1 < close;
    if (!isDigit(bytes[at])) return false;
  }
  return false;
}
