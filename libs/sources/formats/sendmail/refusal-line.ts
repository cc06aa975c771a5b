import { type EventDraft, type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ASCII, ascii, indexOfPattern, isDigit, startsWith } from '../../log-text/byte-scan';
import { addressEnd, setAddress } from '../../log-text/envelope-address';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { fieldEnd } from './fields';
import { setHost } from './host';
import { REJECT, SKIP } from './outcomes';

const ARGUMENT = ascii(', arg1=');
const RELAY = ascii(', relay=');
const REFUSED = ascii(', reject=');
const DISCARD = ascii(', discard');
const TO = ascii('to=');
const DOTS = ascii('... ');

/**
 * `ruleset=check_rcpt, arg1=<recipient>, relay=host [ip], reject=450 4.7.1 …`; `at` is behind `ruleset=`. Other rulesets have no recipient
 * to speak of. The sender stands in the `from=` line of the same queue id.
 */
export function parseRuleset(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const refused = indexOfPattern(bytes, REFUSED, at, to);
  if (refused < 0) return indexOfPattern(bytes, DISCARD, at, to) < 0 ? SKIP.other : SKIP.refusalWithoutRecipient;
  const argument = indexOfPattern(bytes, ARGUMENT, at, refused);
  const recipient = argument + ARGUMENT.length;
  if (argument < 0 || bytes[recipient] !== ASCII.less || !startsWith(bytes, at, to, CHECK_RCPT)) {
    return SKIP.refusalWithoutRecipient;
  }
  const draft = line.begin(sink, KIND.rejected, STATEMENT.reject);
  const end = addressEnd(bytes, recipient, to);
  if (end < 0 || end - recipient <= 2) return SKIP.refusalWithoutRecipient;
  setAddress(draft, TEXT.recipient, bytes, recipient, end);
  const relay = indexOfPattern(bytes, RELAY, end, refused);
  if (relay >= 0) setHost(draft, TEXT.peer, TEXT.peerAddress, bytes, relay + RELAY.length, refused);
  return finish(draft, bytes, refused + REFUSED.length, to, sink);
}

const CHECK_RCPT = ascii('check_rcpt');

/** `to=<recipient>, reject=451 4.7.1 Greylisted`, behind `Milter: `; `at` is there. What a milter says of no recipient is skipped. */
export function parseMilter(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const refused = indexOfPattern(bytes, REFUSED, at, to);
  if (refused < 0) return SKIP.milter;
  if (!startsWith(bytes, at, to, TO)) return SKIP.refusalWithoutRecipient;
  const from = at + TO.length;
  const draft = line.begin(sink, KIND.rejected, STATEMENT['milter-reject']);
  const end = addressEnd(bytes, from, to);
  if (end < 0 || end > refused) return SKIP.refusalWithoutRecipient;
  setAddress(draft, TEXT.recipient, bytes, from, end);
  return finish(draft, bytes, refused + REFUSED.length, fieldEnd(bytes, refused + REFUSED.length, to), sink);
}

/** `<recipient>... User unknown`: refused at RCPT (formats.md §13.19). `at` is the bracket. */
export function parseUnknownRecipient(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const dots = indexOfPattern(bytes, DOTS, at, to);
  if (dots < 0 || bytes[dots - 1] !== ASCII.greater) return SKIP.other;
  const draft = line.begin(sink, KIND.rejected, STATEMENT.reject);
  setAddress(draft, TEXT.recipient, bytes, at, dots);
  draft.bytes(TEXT.smtpReply, bytes, dots + DOTS.length, to);
  sink.emit();
  return 'events';
}

function finish(draft: EventDraft, bytes: Uint8Array, from: number, to: number, sink: EventSink): Outcome {
  const severity = bytes[from];
  if (from + 3 > to || (severity !== 0x34 && severity !== 0x35) || !isDigit(bytes[from + 1])) return REJECT.refusal;
  draft.kind = severity === 0x34 ? KIND.deferred : KIND.rejected;
  draft.bytes(TEXT.smtpReply, bytes, from, to);
  const status = from + 4;
  let end = status;
  while (end < to && (isDigit(bytes[end]) || bytes[end] === ASCII.dot)) end++;
  if (end - status >= 5 && bytes[status + 1] === ASCII.dot) draft.bytes(TEXT.enhancedStatus, bytes, status, end);
  sink.emit();
  return 'events';
}
