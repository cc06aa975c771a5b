import { type EventSink } from '../../../trace/event-draft';
import { type CommonOptions, type Outcome, type RawRecord, type RecordParser } from '../../source';
import { ASCII, skipBlanks, textOf, trimEnd } from '../../log-text/byte-scan';
import { agentOf } from './agent';
import { parseJournalRecord } from './journal-record';
import { parseLineText } from './line-text';
import { PostfixLine } from './log-line';
import { SKIP } from './outcomes';
import { SyslogHeader } from '../../log-text/syslog-header';

/**
 * Parser of one Postfix log: a line becomes at most one event. Works on bytes and makes no string for an ordinary line.
 * State between lines is only the cache of stamps.
 */
export class PostfixParser implements RecordParser {
  private readonly line = new PostfixLine();
  private readonly header: SyslogHeader;

  constructor(private readonly options: CommonOptions) {
    this.header = new SyslogHeader(options, { agentOf, others: SKIP.notPostfix });
  }

  parse(record: RawRecord, sink: EventSink): Outcome {
    const { bytes } = record;
    const to = trimEnd(bytes, record.from, record.to);
    const from = skipBlanks(bytes, record.from, to);
    if (from >= to) return SKIP.empty;
    const { line } = this;
    line.queueIdFrom = line.queueIdTo = 0;
    if (bytes[from] === ASCII.openBrace) {
      return parseJournalRecord(textOf(bytes, from, to), line, this.header, this.options, sink);
    }
    if (bytes[from] === ASCII.hash) return SKIP.comment;
    line.bytes = bytes;
    line.to = to;
    return this.header.read(line, from) ?? parseLineText(line, sink);
  }
}
