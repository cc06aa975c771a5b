import { type EventSink, KIND, STATEMENT } from '../../../trace/event-draft';
import { ASCII, ascii, skipBlanks, startsWith } from '../../log-text/byte-scan';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { parseArrival } from './arrival-line';
import { parseDeferred, parseDelivered, parseFailed } from './delivery-line';
import { type Fields } from './fields';
import { REJECT, SKIP } from './outcomes';
import { parseRefusal } from './refusal-line';

const COMPLETED = ascii('Completed');
const REMOVED = ['removed by ', 'cancelled by '].map(ascii);
const REMOTE = ['H=', 'host ', '[', 'SMTP '].map(ascii);

/** What stands behind stamp and process id; the message id has been read. */
export function parseLineText(line: LogLine, fields: Fields, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (line.queueIdTo === 0) return parseRefusal(line, fields, sink);
  const at = skipBlanks(bytes, line.queueIdTo, to);
  if (at + 1 >= to) return REJECT.cutAfterId;
  if (bytes[at + 2] === ASCII.blank || at + 2 === to) {
    const rest = at + 2;
    switch ((bytes[at] << 8) | bytes[at + 1]) {
      case 0x3c3d: // <=
      case 0x283d: // (= accepted, though its client was told otherwise
        return parseArrival(line, fields, rest, sink);
      case 0x3d3e: // =>
      case 0x2d3e: // ->
      case 0x3e3e: // >>
        return parseDelivered(line, fields, rest, sink);
      case 0x3d3d: // ==
        return parseDeferred(line, fields, rest, sink);
      case 0x2a2a: // **
        return parseFailed(line, fields, rest, sink);
      case 0x2a3e: // *>
        return SKIP.suppressed;
    }
  }
  return parseRarer(line, at, sink);
}

function parseRarer(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const removed = REMOVED.some((words) => startsWith(bytes, at, to, words));
  if (removed || startsWith(bytes, at, to, COMPLETED)) {
    line.begin(sink, removed ? KIND.deleted : KIND.closed, STATEMENT.removed);
    sink.emit();
    return 'events';
  }
  return REMOTE.some((words) => startsWith(bytes, at, to, words)) ? SKIP.attemptNote : SKIP.other;
}
