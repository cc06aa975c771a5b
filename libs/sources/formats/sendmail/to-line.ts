import { type EventDraft, type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ASCII, ascii, indexOfByte, indexOfPattern, lastIndexOfByte, startsWith } from '../../log-text/byte-scan';
import { type LogLine } from '../../log-text/log-line';
import { setNextQueueId } from '../../log-text/queued-as';
import { type Outcome } from '../../source';
import { clockMs, fieldEnd, nextField } from './fields';
import { setHost, setName } from './host';
import { MAILER, mailerOf } from './mailer';
import { REJECT, SKIP } from './outcomes';

const CONTROLLING = ascii(', ctladdr=');
const DELAY = ascii(', delay=');
const STAT = ascii(', stat=');
const TRANSACTION_DELAY = ascii('xdelay=');
const MAILER_FIELD = ascii('mailer=');
const RELAY = ascii('relay=');
const DSN = ascii('dsn=');
const REPLY = ascii('reply=');

const SENT = ascii('Sent');
const DEFERRED = ascii('Deferred');
const QUEUED = ascii('queued');
const SAVED = ascii('Saved');

/** What all recipients of a `to=` line share; one object, filled anew for every line. */
class Attempt {
  kind: number = KIND.deferred;
  delayMs = -1;
  transmitMs = -1;
  mailer: number = MAILER.other;
  /** of a message that was refused after its end the recipients are logged without one */
  hasMailer = false;
  statement: number = STATEMENT.delivery;
  relayFrom = 0;
  relayTo = 0;
  dsnFrom = 0;
  dsnTo = 0;
  replyFrom = 0;
  replyTo = 0;
  /** a cut reply names no queue id */
  replyIsWhole = false;

  reset(): void {
    this.kind = KIND.deferred;
    this.delayMs = this.transmitMs = -1;
    this.mailer = MAILER.other;
    this.hasMailer = false;
    this.statement = STATEMENT.delivery;
    this.relayFrom = this.relayTo = this.dsnFrom = this.dsnTo = this.replyFrom = this.replyTo = 0;
    this.replyIsWhole = false;
  }
}

const attempt = new Attempt();

/**
 * `to=<a>,<b>, [ctladdr=…, ]delay=[D+]HH:MM:SS, xdelay=…, mailer=…, pri=…, relay=host. [ip], dsn=…, [reply=…, ]stat=…`: one attempt for
 * several recipients, an event each. `at` is behind `to=`. Without `mailer=`, `xdelay=` and `dsn=` the message was refused after its end (by a milter,
 * say), and `stat=` is the text of the reply. `xdelay=` is the time of this attempt, connection set-up included.
 */
export function parseTo(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const delay = indexOfPattern(bytes, DELAY, at, to);
  if (delay < 0) return REJECT.delivery;
  const stat = indexOfPattern(bytes, STAT, delay, to);
  if (stat < 0) return REJECT.delivery;
  attempt.reset();
  readFields(bytes, delay, stat);
  const outcome = readStatus(bytes, stat + STAT.length, to);
  if (outcome) return outcome;
  const controlling = indexOfPattern(bytes, CONTROLLING, at, delay);
  return emitRecipients(line, at, controlling < 0 ? delay : controlling, sink);
}

function readFields(bytes: Uint8Array, from: number, to: number): void {
  const delayFrom = from + DELAY.length;
  const delayEnd = fieldEnd(bytes, delayFrom, to);
  attempt.delayMs = clockMs(bytes, delayFrom, delayEnd);
  for (let at = nextField(bytes, delayEnd, to); at < to;) {
    let end = fieldEnd(bytes, at, to);
    switch (bytes[at]) {
      case 0x78: // x
        if (startsWith(bytes, at, to, TRANSACTION_DELAY)) {
          attempt.transmitMs = clockMs(bytes, at + TRANSACTION_DELAY.length, end);
        }
        break;
      case 0x6d: // m
        if (startsWith(bytes, at, to, MAILER_FIELD)) {
          attempt.mailer = mailerOf(bytes, at + MAILER_FIELD.length, end);
          attempt.hasMailer = true;
        }
        break;
      case 0x64: // d
        if (startsWith(bytes, at, to, DSN)) {
          attempt.dsnFrom = at + DSN.length;
          attempt.dsnTo = end;
        }
        break;
      case 0x72: // r
        if (startsWith(bytes, at, to, RELAY)) {
          attempt.relayFrom = at + RELAY.length;
          attempt.relayTo = end;
        } else if (startsWith(bytes, at, to, REPLY)) {
          // Commas and blanks are the reply's own.
          attempt.replyFrom = at + REPLY.length;
          attempt.replyTo = end = to;
        }
        break;
    }
    at = nextField(bytes, end, to);
  }
}

/** Sets kind and reply from `stat=`; answers an outcome when there is no event to give. */
function readStatus(bytes: Uint8Array, from: number, to: number): Outcome | undefined {
  if (startsWith(bytes, from, to, SENT)) return readSent(bytes, from + SENT.length, to);
  if (startsWith(bytes, from, to, QUEUED)) return SKIP.queued;
  const deferred = startsWith(bytes, from, to, DEFERRED);
  if (attempt.replyTo === 0) {
    const colon = from + DEFERRED.length;
    const explained = deferred && colon + 2 < to && bytes[colon] === ASCII.colon;
    attempt.replyFrom = explained ? colon + 2 : from;
    attempt.replyTo = to;
  }
  const severity = attempt.dsnTo > attempt.dsnFrom ? bytes[attempt.dsnFrom] : 0;
  if (deferred || severity === 0x34) attempt.kind = KIND.deferred;
  else if (severity === 0x35) attempt.kind = KIND.bounced;
  else if (severity === 0 && !attempt.hasMailer && attempt.transmitMs < 0) {
    attempt.kind = KIND.rejected;
    attempt.statement = STATEMENT['milter-reject'];
  } else if (severity === 0 && isFailure(bytes, from, to)) attempt.kind = KIND.bounced;
  else return REJECT.deliveryStatus;
  return undefined;
}

/** `Sent`, `Sent (text of the next host)`, in the text of the last `)`. */
function readSent(bytes: Uint8Array, at: number, to: number): undefined {
  let saved = false;
  if (bytes[at + 1] === ASCII.openParenthesis && at + 1 < to) {
    attempt.replyFrom = at + 2;
    const close = lastIndexOfByte(bytes, ASCII.closeParenthesis, attempt.replyFrom, to);
    attempt.replyTo = close < 0 ? to : close;
    const { replyFrom, replyTo } = attempt;
    saved = indexOfPattern(bytes, SAVED, replyFrom, replyTo) >= 0;
    attempt.replyIsWhole = close >= 0;
  }
  const connected = indexOfByte(bytes, ASCII.openBracket, attempt.relayFrom, attempt.relayTo) >= 0;
  if (attempt.mailer === MAILER.discard) attempt.kind = KIND.deleted;
  else if (attempt.mailer === MAILER.smtp || (attempt.mailer === MAILER.other && connected && !saved))
    attempt.kind = KIND.relayed;
  else attempt.kind = KIND.delivered;
  return undefined;
}

const FAILURES = [
  'User unknown',
  'Host unknown',
  'Service unavailable',
  'Unable to deliver',
  'Local configuration error',
  'Data format error',
  'Permission denied',
  'Cannot send message',
].map(ascii);

/** Old versions write no `dsn=`; their words (sysexits.h) tell a failure. */
function isFailure(bytes: Uint8Array, from: number, to: number): boolean {
  return FAILURES.some((words) => startsWith(bytes, from, to, words));
}

function emitRecipients(line: LogLine, from: number, to: number, sink: EventSink): Outcome {
  const { bytes } = line;
  let emitted = false;
  for (let at = from; at < to;) {
    const end = recipientEnd(bytes, at, to);
    const draft = line.begin(sink, attempt.kind, attempt.statement);
    const bracketed = bytes[at] === ASCII.less && end - at > 1 && bytes[end - 1] === ASCII.greater;
    if (bracketed) draft.bytes(TEXT.recipient, bytes, at + 1, end - 1);
    else draft.bytes(TEXT.recipient, bytes, at, end);
    setAttempt(draft, bytes);
    if (end > at) {
      sink.emit();
      emitted = true;
    }
    at = end + 1;
  }
  return emitted ? 'events' : REJECT.delivery;
}

/** An address in brackets ends at the `>` before a comma or the end, any other at a comma; commas in quotes do not count. */
function recipientEnd(bytes: Uint8Array, from: number, to: number): number {
  let quoted = false;
  const bracketed = bytes[from] === ASCII.less;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === ASCII.quote) quoted = !quoted;
    else if (byte === ASCII.comma && !quoted && (!bracketed || bytes[at - 1] === ASCII.greater)) return at;
  }
  return to;
}

function setAttempt(draft: EventDraft, bytes: Uint8Array): void {
  const { kind, relayFrom, relayTo } = attempt;
  draft.bytes(TEXT.enhancedStatus, bytes, attempt.dsnFrom, attempt.dsnTo);
  draft.bytes(TEXT.smtpReply, bytes, attempt.replyFrom, attempt.replyTo);
  draft.numbers[NUMBER.delayMs] = attempt.delayMs;
  if (attempt.delayMs >= 0) draft.numbers[NUMBER.delayUnitMs] = 1000;
  draft.numbers[NUMBER.transmitMs] = attempt.transmitMs;
  if (kind === KIND.relayed && attempt.replyIsWhole) setNextQueueId(draft, bytes, attempt.replyFrom, attempt.replyTo);
  if (relayTo <= relayFrom || attempt.mailer === MAILER.mailbox) return;
  if (!setHost(draft, TEXT.nextMta, TEXT.nextAddress, bytes, relayFrom, relayTo)) {
    if (indexOfByte(bytes, ASCII.dot, relayFrom, relayTo) > 0) setName(draft, TEXT.nextMta, bytes, relayFrom, relayTo);
  }
}
