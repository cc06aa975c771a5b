import { type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ASCII, ascii, indexOfByte, indexOfPattern, startsWith } from '../../log-text/byte-scan';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { type Fields } from './fields';
import { setHost } from './host';
import { SKIP } from './outcomes';

const REJECTED_RCPT = ascii('rejected RCPT <');
const TEMPORARILY = ascii('temporarily ');

/** How lines about sessions and the daemon begin, or what they hold: they tell an Exim log from any other with such stamps. */
const SESSIONS = [
  ...['SMTP ', 'no MAIL in ', 'no host name found', 'no IP address found', 'cwd=', 'Start queue run', 'End queue run'],
  ...['H=', 'TLS ', 'TLSA ', 'login_', 'plain_', 'exim ', 'unexpected disconnection', 'rejected ', 'unqualified '],
].map(ascii);
const WITHIN = [' SMTP ', ' authenticator failed for ', ' H=', ' rejected '].map(ascii);

function isSession({ bytes, from, to }: LogLine): boolean {
  if (SESSIONS.some((words) => startsWith(bytes, from, to, words))) return true;
  return WITHIN.some((words) => indexOfPattern(bytes, words, from, to) >= 0);
}

/**
 * `H=name (helo) [ip] F=<sender> [temporarily ]rejected RCPT <recipient>: reason`, without a message id (formats.md §13.29). The SMTP
 * reply itself is not logged. What was rejected at another stage names no recipient.
 */
export function parseRefusal(line: LogLine, fields: Fields, sink: EventSink): Outcome {
  const { bytes, from, to } = line;
  const rejected = indexOfPattern(bytes, REJECTED_RCPT, from, to);
  if (rejected < 0) return isSession(line) ? SKIP.session : SKIP.noMessage;
  const recipient = rejected + REJECTED_RCPT.length;
  const close = indexOfByte(bytes, ASCII.greater, recipient, to);
  if (close <= recipient) return SKIP.refusalWithoutRecipient;
  fields.read(bytes, from, rejected, false);
  const temporary = indexOfPattern(bytes, TEMPORARILY, rejected - TEMPORARILY.length, rejected) >= 0;
  const draft = line.begin(sink, temporary ? KIND.deferred : KIND.rejected, STATEMENT.noqueue);
  setHost(draft, TEXT.peer, TEXT.peerAddress, bytes, fields.host);
  const { sender } = fields;
  if (sender.to - sender.from === 2) draft.bytes(TEXT.sender, bytes, sender.from, sender.to);
  else if (sender.to > sender.from) draft.bytes(TEXT.sender, bytes, sender.from + 1, sender.to - 1);
  draft.bytes(TEXT.recipient, bytes, recipient, close);
  if (bytes[close + 1] === ASCII.colon && close + 3 < to) draft.bytes(TEXT.smtpReply, bytes, close + 3, to);
  sink.emit();
  return 'events';
}
