import { type EventDraft, type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../../trace/event-draft';
import { type Outcome } from '../../source';
import { ASCII, ascii, indexOfByte, lastIndexOfByte, startsWith } from '../../log-text/byte-scan';
import { lastDigitMs, secondsInMs } from '../../log-text/decimal';
import { addressEnd, setAddress } from '../../log-text/envelope-address';
import { type PostfixLine } from './log-line';
import { REJECT, SKIP } from './outcomes';
import { setRelay } from './relay';
import { kindOfSent } from './sent';

const ORIG_TO = ascii('orig_to=');
const RELAY = ascii('relay=');
const DELAY = ascii('delay=');
const DELAYS = ascii('delays=');
const DSN = ascii('dsn=');
const STATUS = ascii('status=');

const SENT = ascii('sent');
const DEFERRED = ascii('deferred');
const BOUNCED = ascii('bounced');
const EXPIRED = ascii('expired');
const UNDELIVERABLE = ascii('undeliverable');
const DELIVERABLE = ascii('deliverable');
/** With soft_bounce=yes: what would be a bounce is tried again (postconf(5)). */
const SOFT_BOUNCE = ascii('SOFTBOUNCE');

const UNKNOWN_STATUS = -1;
const ADDRESS_PROBE = -2;
const SENT_STATUS = -3;

const PARTS: readonly number[] = [NUMBER.beforeQueueMs, NUMBER.inQueueMs, NUMBER.connectMs, NUMBER.transmitMs];

/**
 * `to=<…>, [orig_to=<…>, ]relay=…, [conn_use=n, ]delay=D, [delays=a/b/c/d, dsn=x.y.z, ]status=… (reply)`: one attempt for
 * one recipient, by smtp, lmtp, local, virtual, pipe, error, discard and others. `at` is behind `to=`. Fields that are
 * not known (`tls=`) are passed over. What stands behind the last `)` (a byte count of some collectors) is not the reply's.
 */
export function parseDelivery(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const recipientEnd = addressEnd(bytes, at, to);
  if (recipientEnd < 0) return REJECT.delivery;
  const draft = line.begin(sink, KIND.deferred, STATEMENT.delivery);
  setAddress(draft, TEXT.recipient, bytes, at, recipientEnd);
  line.relay.reset();
  const status = setFields(line, draft, recipientEnd);
  if (status < 0) return REJECT.delivery;
  return finish(line, draft, status, sink);
}

/** Sets what stands between the recipient and `status=`; returns the position of the status, or −1. */
function setFields(line: PostfixLine, draft: EventDraft, from: number): number {
  const { bytes, to } = line;
  let at = from;
  while (at < to) {
    // `, ` between fields
    while (at < to && (bytes[at] === ASCII.comma || bytes[at] === ASCII.blank)) at++;
    let end = at;
    switch (bytes[at]) {
      case 0x73: // s
        if (startsWith(bytes, at, to, STATUS)) return at + STATUS.length;
        break;
      case 0x64: // d
        if (startsWith(bytes, at, to, DELAY)) {
          const value = at + DELAY.length;
          end = fieldEnd(bytes, value, to);
          draft.numbers[NUMBER.delayMs] = secondsInMs(bytes, value, end);
          if (draft.numbers[NUMBER.delayMs] >= 0) draft.numbers[NUMBER.delayUnitMs] = lastDigitMs(bytes, value, end);
        } else if (startsWith(bytes, at, to, DELAYS)) {
          end = setParts(draft, bytes, at + DELAYS.length, to);
        } else if (startsWith(bytes, at, to, DSN)) {
          end = fieldEnd(bytes, at, to);
          draft.bytes(TEXT.enhancedStatus, bytes, at + DSN.length, end);
        }
        break;
      case 0x72: // r
        if (startsWith(bytes, at, to, RELAY)) end = setRelay(draft, line.relay, bytes, at + RELAY.length, to);
        break;
      case 0x6f: // o
        if (startsWith(bytes, at, to, ORIG_TO)) {
          const value = at + ORIG_TO.length;
          end = addressEnd(bytes, value, to);
          if (end < 0) return -1;
          setAddress(draft, TEXT.originalRecipient, bytes, value, end);
        }
        break;
    }
    at = bytes[end] === ASCII.comma ? end : fieldEnd(bytes, end, to);
  }
  return -1;
}

function fieldEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== ASCII.comma) at++;
  return at;
}

/** `a/b/c/d` in seconds: before the queue, in it, connection set-up, transmission (postconf(5), delay_logging…). */
function setParts(draft: EventDraft, bytes: Uint8Array, from: number, to: number): number {
  let value = from;
  let part = 0;
  for (let at = from; ; at++) {
    const byte = at < to ? bytes[at] : ASCII.comma;
    if (byte !== ASCII.slash && byte !== ASCII.comma) continue;
    if (part < 4) draft.numbers[PARTS[part++]] = secondsInMs(bytes, value, at);
    value = at + 1;
    if (byte === ASCII.comma) return at;
  }
}

function finish(line: PostfixLine, draft: EventDraft, status: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const blank = indexOfByte(bytes, ASCII.blank, status, to);
  const statusEnd = blank < 0 ? to : blank;
  const kind = kindOfStatus(bytes, status, statusEnd);
  if (kind === ADDRESS_PROBE) return SKIP.probe;
  if (kind === UNKNOWN_STATUS) return REJECT.deliveryStatus;
  let replyFrom = statusEnd;
  let replyTo = statusEnd;
  let cut = true;
  if (bytes[statusEnd + 1] === ASCII.openParenthesis && statusEnd + 1 < to) {
    replyFrom = statusEnd + 2;
    replyTo = lastIndexOfByte(bytes, ASCII.closeParenthesis, replyFrom, to);
    cut = replyTo < 0;
    if (cut) replyTo = to;
    draft.bytes(TEXT.smtpReply, bytes, replyFrom, replyTo);
  }
  draft.kind = kind === SENT_STATUS ? kindOfSent(line, draft, replyFrom, replyTo) : kind;
  if (cut) draft.bytes(TEXT.nextQueueId, bytes, 0, 0);
  sink.emit();
  return 'events';
}

function kindOfStatus(bytes: Uint8Array, from: number, to: number): number {
  if (is(bytes, from, to, SENT)) return SENT_STATUS;
  if (is(bytes, from, to, DEFERRED) || is(bytes, from, to, SOFT_BOUNCE)) return KIND.deferred;
  if (is(bytes, from, to, BOUNCED)) return KIND.bounced;
  if (is(bytes, from, to, EXPIRED)) return KIND.expired;
  // Both have a longer form, `undeliverable-but-not-cached`.
  if (startsWith(bytes, from, to, UNDELIVERABLE)) return KIND.bounced;
  return startsWith(bytes, from, to, DELIVERABLE) ? ADDRESS_PROBE : UNKNOWN_STATUS;
}

function is(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  return to - from === word.length && startsWith(bytes, from, to, word);
}
