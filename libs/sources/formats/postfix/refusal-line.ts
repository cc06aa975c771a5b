import { type EventDraft, type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { type Outcome } from '../../source';
import {
  ASCII,
  ascii,
  indexOfPattern,
  isDigit,
  lastIndexOfPattern,
  skipBlanks,
  startsWith,
} from '../../log-text/byte-scan';
import { addressEnd, setAddress, setSender } from '../../log-text/envelope-address';
import { type PostfixLine } from './log-line';
import { REJECT, SKIP } from './outcomes';
import { setPeer } from './peer';
import { parseTurnedAway } from './turned-away';

const ENVELOPE = ascii('; from=<');
const FROM_PEER = ascii(' from ');
const TO = ascii('to=');
const HELO = ascii(' helo=<');
const AFTER_HELO = ascii('>: ');
const VERIFY = ascii('VRFY ');
const HEADER = ascii('header ');
const BODY = ascii('body ');

const ASCII_4 = 0x34;
const ASCII_5 = 0x35;

/**
 * `STAGE from name[address]: reply; from=<…> to=<…> proto=… helo=<…>`, what stands behind `reject:`, `milter-reject:` or
 * `proxy-reject:`; `at` is the stage. STAGE is an SMTP command, `END-OF-MESSAGE`, or `header …`/`body …` of
 * header_checks(5), whose reply stands at the end. Without `to=` it is no evidence about a message: skipped, unless HES was turned away.
 */
export function parseRefusal(line: PostfixLine, at: number, sink: EventSink, statement: number): Outcome {
  const { bytes, to } = line;
  if (startsWith(bytes, at, to, VERIFY)) return SKIP.addressQuery;
  const content = startsWith(bytes, at, to, HEADER) || startsWith(bytes, at, to, BODY);
  const envelope = envelopeOf(bytes, at, to, content);
  if (envelope < 0) return withoutRecipient(line, at, sink, statement);
  const draft = line.begin(sink, KIND.rejected, statement);
  const peerEnd = setPeerOfStage(draft, bytes, at, envelope, content);
  const end = setEnvelope(draft, bytes, envelope, to);
  if (end < 0 || draft.to[TEXT.recipient] <= draft.from[TEXT.recipient]) {
    return withoutRecipient(line, at, sink, statement);
  }

  let replyFrom = skipBlanks(bytes, peerEnd, envelope);
  let replyTo = envelope;
  if (content) {
    const helo = indexOfPattern(bytes, HELO, end, to);
    const behind = indexOfPattern(bytes, AFTER_HELO, helo < 0 ? end - 1 : helo, to);
    if (behind < 0) return SKIP.refusalWithoutReply;
    replyFrom = behind + AFTER_HELO.length;
    replyTo = to;
  }
  if (replyFrom >= replyTo) return SKIP.refusalWithoutReply;
  const severity = setReply(draft, bytes, replyFrom, replyTo);
  if (severity !== ASCII_4 && severity !== ASCII_5) return REJECT.refusal;
  draft.kind = severity === ASCII_4 ? KIND.deferred : KIND.rejected;
  sink.emit();
  return 'events';
}

/** Without a recipient it is no evidence of a message, but may be one of HES's connections. */
function withoutRecipient(line: PostfixLine, at: number, sink: EventSink, statement: number): Outcome {
  return statement === STATEMENT.noqueue ? parseTurnedAway(line, at, sink) : SKIP.refusalWithoutRecipient;
}

/** `STAGE from name[address]: …; from=<…> to=<…>`, what stands behind `hold:` or `milter-hold:`; with or without queue id. */
export function parseHold(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const content = startsWith(bytes, at, to, HEADER) || startsWith(bytes, at, to, BODY);
  const envelope = envelopeOf(bytes, at, to, content);
  const draft = line.begin(sink, KIND.quarantined, STATEMENT.hold);
  if (envelope < 0) {
    if (line.queueIdTo === 0) return SKIP.refusalWithoutRecipient;
  } else {
    setPeerOfStage(draft, bytes, at, envelope, content);
    setEnvelope(draft, bytes, envelope, to);
  }
  sink.emit();
  return 'events';
}

/** Where `; from=<` begins. A header's own text comes before the envelope, so there the last one counts. */
function envelopeOf(bytes: Uint8Array, at: number, to: number, content: boolean): number {
  return content ? lastIndexOfPattern(bytes, ENVELOPE, at, to) : indexOfPattern(bytes, ENVELOPE, at, to);
}

/** Sets the peer of `STAGE from name[address]:port: `; returns the position behind the colon. `from local` names no peer. */
function setPeerOfStage(draft: EventDraft, bytes: Uint8Array, at: number, to: number, content: boolean): number {
  let stageEnd = at;
  if (content) {
    stageEnd = lastIndexOfPattern(bytes, FROM_PEER, at, to);
    if (stageEnd < 0) return to;
  } else {
    while (stageEnd < to && bytes[stageEnd] !== ASCII.blank) stageEnd++;
    // `proxy-reject: END-OF-MESSAGE: reply` has none.
    if (bytes[stageEnd - 1] === ASCII.colon || !startsWith(bytes, stageEnd, to, FROM_PEER)) return stageEnd;
  }
  let end = setPeer(draft, bytes, stageEnd + FROM_PEER.length, to);
  if (end < 0) end = stageEnd + FROM_PEER.length;
  while (end < to && bytes[end] !== ASCII.blank) end++;
  return end;
}

/** Sets sender and recipient from `; from=<…> to=<…>` (postscreen: with commas); returns its end, −1 without recipient. */
function setEnvelope(draft: EventDraft, bytes: Uint8Array, at: number, to: number): number {
  let end = setSender(draft, bytes, at + ENVELOPE.length - 1, to);
  if (end < 0) return -1;
  while (end < to && (bytes[end] === ASCII.comma || bytes[end] === ASCII.blank)) end++;
  if (!startsWith(bytes, end, to, TO)) return -1;
  const from = end + TO.length;
  end = addressEnd(bytes, from, to);
  if (end > from) setAddress(draft, TEXT.recipient, bytes, from, end);
  return end;
}

/** Sets reply and enhanced status of `450 4.7.1 text`, `450 text` or `4.7.1 text`; returns the first digit's byte. */
function setReply(draft: EventDraft, bytes: Uint8Array, from: number, to: number): number {
  draft.bytes(TEXT.smtpReply, bytes, from, to);
  let at = from;
  if (from + 3 <= to && isDigit(bytes[from]) && isDigit(bytes[from + 1]) && isDigit(bytes[from + 2])) at = from + 4;
  let end = at;
  while (end < to && (isDigit(bytes[end]) || bytes[end] === ASCII.dot)) end++;
  if (end - at >= 5 && bytes[at + 1] === ASCII.dot) draft.bytes(TEXT.enhancedStatus, bytes, at, end);
  else if (at === from) return 0;
  return bytes[from];
}
