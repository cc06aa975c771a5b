import { type EventSink, KIND, NUMBER, STATEMENT } from '../../../trace/event-draft';
import { type Outcome } from '../../source';
import { AGENT } from './agent';
import { ASCII, ascii, indexOfPattern, startsWith } from '../../log-text/byte-scan';
import { wholeNumber } from '../../log-text/decimal';
import { setSender } from '../../log-text/envelope-address';
import { type PostfixLine } from './log-line';
import { REJECT } from './outcomes';

const SIZE = ascii(', size=');
const QUEUE_ACTIVE = ascii('(queue active)');
const EXPIRED = ascii(', status=expired');
const FORCE_EXPIRED = ascii(', status=force-expired');

/**
 * `from=<…>, size=n, nrcpt=n (queue active)` and `from=<…>, status=expired, returned to sender` of qmgr; `at` is behind
 * `from=`.
 */
export function parseQueueManager(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const draft = line.begin(sink, KIND.received, STATEMENT['queue-active']);
  const end = setSender(draft, bytes, at, to);
  if (end < 0) return REJECT.queueManager;
  if (startsWith(bytes, end, to, SIZE)) {
    const sizeFrom = end + SIZE.length;
    let sizeTo = sizeFrom;
    while (sizeTo < to && bytes[sizeTo] !== ASCII.comma) sizeTo++;
    draft.numbers[NUMBER.sizeBytes] = wholeNumber(bytes, sizeFrom, sizeTo);
    if (indexOfPattern(bytes, QUEUE_ACTIVE, sizeTo, to) < 0) return REJECT.queueManager;
  } else if (startsWith(bytes, end, to, EXPIRED) || startsWith(bytes, end, to, FORCE_EXPIRED)) {
    draft.kind = KIND.expired;
    draft.statement = STATEMENT.expired;
  } else return REJECT.queueManager;
  sink.emit();
  return 'events';
}

/** `removed`: by qmgr the end of the queue id, by postsuper(1) a deletion by hand. */
export function parseRemoved(line: PostfixLine, sink: EventSink): Outcome {
  line.begin(sink, line.agent === AGENT.postsuper ? KIND.deleted : KIND.closed, STATEMENT.removed);
  sink.emit();
  return 'events';
}

/**
 * `discard: header …`, `discard: RCPT from …` (header_checks(5), access(5)) and `milter-discard: …`: Postfix answers that it took the message, and
 * throws it away for all recipients, without any further line.
 */
export function parseDiscarded(line: PostfixLine, sink: EventSink): Outcome {
  line.begin(sink, KIND.deleted, STATEMENT.removed);
  sink.emit();
  return 'events';
}

/** `released from hold` of postsuper(1). */
export function parseReleased(line: PostfixLine, sink: EventSink): Outcome {
  line.begin(sink, KIND.released, STATEMENT.unhold);
  sink.emit();
  return 'events';
}
