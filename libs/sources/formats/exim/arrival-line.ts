import { type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ASCII, indexOfByte, skipBlanks } from '../../log-text/byte-scan';
import { wholeNumber } from '../../log-text/decimal';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { type Fields, wordEnd } from './fields';
import { setHost } from './host';
import { REJECT } from './outcomes';

/**
 * `<= sender [R=id] [H=…|U=…] P=… S=n id=… T="…" from <…> for …`: the message is in the queue, and its client has been told. `at` is behind
 * the flag. Without `H=` a local user or Exim itself (a bounce) is the origin. `id=` has no brackets, and is missing where the
 * Message-ID is none that Exim can read (formats.md §13.23).
 */
export function parseArrival(line: LogLine, fields: Fields, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const from = skipBlanks(bytes, at, to);
  const senderTo = wordEnd(bytes, from, to);
  if (senderTo <= from) return REJECT.arrival;
  fields.read(bytes, senderTo, to, false);
  if (fields.host.to === 0) {
    const draft = line.begin(sink, KIND.received, STATEMENT.pickup);
    draft.bytes(TEXT.sender, bytes, from, senderTo);
    sink.emit();
  }
  const draft = line.begin(sink, KIND.received, STATEMENT['queue-active']);
  setHost(draft, TEXT.peer, TEXT.peerAddress, bytes, fields.host);
  draft.bytes(TEXT.sender, bytes, from, senderTo);
  const { messageId, recipients } = fields;
  draft.bytes(TEXT.messageId, bytes, messageId.from, messageId.to);
  draft.numbers[NUMBER.sizeBytes] = wholeNumber(bytes, fields.size.from, fields.size.to);
  // Of several recipients the delivery lines tell.
  if (recipients.to > 0 && indexOfByte(bytes, ASCII.blank, recipients.from, recipients.to) < 0) {
    draft.bytes(TEXT.recipient, bytes, recipients.from, recipients.to);
  }
  sink.emit();
  return 'events';
}
