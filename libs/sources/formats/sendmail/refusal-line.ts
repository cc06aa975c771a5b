import { type EventDraft, type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ASCII, ascii, indexOfPattern, isDigit, startsWith } from '../../log-text/byte-scan';
import { addressEnd, setAddress } from '../../log-text/envelope-address';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { setHost } from './host';
import { parseMilterConnect } from './milter-connect';
import { REJECT, SKIP } from './outcomes';

const ARGUMENT = ascii(', arg1=');
const RELAY = ascii(', relay=');
const REFUSED = ascii(', reject=');
const DISCARD = ascii(', discard');
const ERROR_MODE = ascii(', errormode=');
const TO = ascii('to=');
const FROM = ascii('from=');
const CONNECT = ascii('connect: ');
/** of milters: the end of the message, or the command DATA */
const WHOLE = ['data, ', 'cmd=data, '].map(ascii);
const DOTS = ascii('... ');
const CHECK_RCPT = ascii('check_rcpt');
const CHECK_MAIL = ascii('check_mail');
const CHECK_RELAY = ascii('check_relay');

/**
 * `ruleset=check_rcpt, arg1=<recipient>, relay=host [ip], reject=450 4.7.1 …`; `at` is behind `ruleset=`. The sender of a refused recipient
 * stands in the `from=` line of the same queue id. `check_relay` (access lists, `421 4.3.2 Connection rate limit exceeded`) speaks of
 * the client, `check_mail` of the sender.
 */
export function parseRuleset(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const refused = indexOfPattern(bytes, REFUSED, at, to);
  if (refused < 0) return indexOfPattern(bytes, DISCARD, at, to) < 0 ? SKIP.other : SKIP.refusalWithoutRecipient;
  const ofRecipient = startsWith(bytes, at, to, CHECK_RCPT);
  const ofSender = startsWith(bytes, at, to, CHECK_MAIL);
  if (!ofRecipient && !ofSender && !startsWith(bytes, at, to, CHECK_RELAY)) return SKIP.refusalWithoutRecipient;
  const draft = line.begin(sink, KIND.rejected, line.queueIdTo === 0 ? STATEMENT.noqueue : STATEMENT.reject);
  if (ofRecipient || ofSender) {
    const argument = indexOfPattern(bytes, ARGUMENT, at, refused);
    const address = argument + ARGUMENT.length;
    const end = argument < 0 || bytes[address] !== ASCII.less ? -1 : addressEnd(bytes, address, to);
    if (ofRecipient && (end < 0 || end - address <= 2)) return SKIP.refusalWithoutRecipient;
    if (end >= 0) setAddress(draft, ofRecipient ? TEXT.recipient : TEXT.sender, bytes, address, end);
  }
  const relay = indexOfPattern(bytes, RELAY, at, refused);
  if (relay >= 0) setHost(draft, TEXT.peer, TEXT.peerAddress, bytes, relay + RELAY.length, refused);
  return finish(draft, bytes, refused + REFUSED.length, to, sink);
}

/**
 * What a milter refused, behind `Milter: `: `to=<recipient>, reject=451 4.7.1 Greylisted`, the same of `from=` and `helo=`, `data, reject=…`
 * at the end of the message, `connect: …`. `at` is there. The client stands in the `from=` line of the same queue id.
 */
export function parseMilter(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (startsWith(bytes, at, to, CONNECT)) return parseMilterConnect(line, at + CONNECT.length, sink);
  const refused = indexOfPattern(bytes, REFUSED, at, to);
  if (refused < 0) return SKIP.milter;
  const ofRecipient = startsWith(bytes, at, to, TO);
  // The comma before `reject=` ends `data`.
  const isWhole = WHOLE.some((words) => startsWith(bytes, at, to, words));
  const draft = line.begin(sink, KIND.rejected, ofRecipient || isWhole ? STATEMENT['milter-reject'] : STATEMENT.reject);
  if (ofRecipient || startsWith(bytes, at, to, FROM)) {
    const from = at + (ofRecipient ? TO : FROM).length;
    const end = addressEnd(bytes, from, to);
    if (ofRecipient && (end < 0 || end > refused)) return SKIP.refusalWithoutRecipient;
    if (end >= 0 && end <= refused) setAddress(draft, ofRecipient ? TEXT.recipient : TEXT.sender, bytes, from, end);
  }
  // Commas are the reply's own: milter-greylist's has one.
  const mode = indexOfPattern(bytes, ERROR_MODE, refused, to);
  return finish(draft, bytes, refused + REFUSED.length, mode < 0 ? to : mode, sink);
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
