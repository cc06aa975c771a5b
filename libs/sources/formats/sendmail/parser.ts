import { type EventSink } from '../../../trace/event-draft';
import { QueueIdClock } from '../../../trace/queue-id-clock';
import { sendmailIdTimeAt } from '../../../trace/queue-id';
import { ASCII, ascii, skipBlanks, startsWith, trimEnd } from '../../log-text/byte-scan';
import { LogLine } from '../../log-text/log-line';
import { SyslogHeader, type Programs } from '../../log-text/syslog-header';
import { type CommonOptions, type Outcome, type RawRecord, type RecordParser } from '../../source';
import { parseLineText, readQueueId } from './line-text';
import { SKIP } from './outcomes';

const SENDMAIL = ascii('sendmail');
/** Debian's names: sm-mta, sm-msp, sm-msp-queue. */
const DEBIAN = ascii('sm-m');

/** Ids of 8.8 and older (`QAA20558`) hold no date. */
const SHORTEST_DATED_ID = 11;

const PROGRAMS: Programs = {
  agentOf: (bytes, from, to) => (startsWith(bytes, from, to, SENDMAIL) || startsWith(bytes, from, to, DEBIAN) ? 0 : -1),
  others: SKIP.notSendmail,
};

/** Parser of one Sendmail log. Works on bytes; state between lines is only the cache of stamps. */
export class SendmailParser implements RecordParser {
  private readonly line = new LogLine('sendmail');
  private readonly header: SyslogHeader;
  private readonly clock: QueueIdClock;

  constructor(options: CommonOptions) {
    this.header = new SyslogHeader(options, PROGRAMS);
    this.clock = new QueueIdClock(options);
  }

  parse(record: RawRecord, sink: EventSink): Outcome {
    const { bytes } = record;
    const to = trimEnd(bytes, record.from, record.to);
    const from = skipBlanks(bytes, record.from, to);
    if (from >= to) return SKIP.empty;
    if (bytes[from] === ASCII.hash) return SKIP.comment;
    const { line } = this;
    line.bytes = bytes;
    line.to = to;
    const problem = this.header.read(line, from);
    if (problem) return problem;
    const dated = readQueueId(line) && line.queueIdTo - line.queueIdFrom >= SHORTEST_DATED_ID;
    if (dated && this.clock.applies(line.yearless)) {
      line.time = this.clock.read(line.time, sendmailIdTimeAt(bytes, line.queueIdFrom), line.yearless);
    }
    return parseLineText(line, sink);
  }
}
