import { type EventDraft, type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../../trace/event-draft';
import { readReply } from '../../../trace/smtp-reply';
import { ASCII, ascii, indexOfByte, indexOfPattern, skipBlanks, startsWith, textOf } from '../../log-text/byte-scan';
import { type LogLine } from '../../log-text/log-line';
import { setNextQueueId } from '../../log-text/queued-as';
import { type Outcome } from '../../source';
import { type Fields, durationMs, durationUnitMs, quoteEnd, wordEnd } from './fields';
import { setHost } from './host';
import { REJECT, SKIP } from './outcomes';

const NOT_TRIED = ascii('etry time not');
const GIVEN_UP = ascii('retry timeout exceeded');
const SAVED = ascii('Saved');
const LMTP = ascii('lmtp');
const NO_PLACE = ['discarded', ':blackhole:', '/dev/null'].map(ascii);
const REMOTE_HOST = ascii('host ');

/** Where the addresses of a delivery line stand; one object, filled anew for every line. */
const address = { from: 0, to: 0, originalFrom: 0, originalTo: 0, end: 0 };

/**
 * `=> address <original> [F=<…>] R=… T=… H=host [ip] C="reply" QT=… DT=…`, and `->` (a further recipient of the same delivery), `>>`
 * (cutthrough: delivered while it was received). `at` is behind the flag. Without `H=` the mail is in a mailbox, file or pipe here; over
 * LMTP it has both (formats.md §13.27).
 */
export function parseDelivered(line: LogLine, fields: Fields, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const end = readAddresses(bytes, at, to, false);
  if (address.to <= address.from) return REJECT.delivery;
  fields.read(bytes, end, to, false);
  const draft = line.begin(sink, KIND.delivered, STATEMENT.delivery);
  setAddresses(draft, bytes);
  setTimes(draft, bytes, fields);
  const { confirmation, host } = fields;
  draft.bytes(TEXT.smtpReply, bytes, confirmation.from, confirmation.to);
  draft.kind = kindOf(bytes, fields);
  if (draft.kind === KIND.relayed) {
    setHost(draft, TEXT.nextMta, TEXT.nextAddress, bytes, host);
    if (fields.confirmed) setNextQueueId(draft, bytes, confirmation.from, confirmation.to);
  }
  sink.emit();
  return 'events';
}

/** `== address R=… T=… [H=…] defer (-44): reason`. At a queue run that comes too early nothing was tried (formats.md §13.26). */
export function parseDeferred(line: LogLine, fields: Fields, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const end = readAddresses(bytes, at, to, true);
  if (address.to <= address.from) return REJECT.delivery;
  if (indexOfPattern(bytes, NOT_TRIED, end, to) >= 0) return SKIP.notTried;
  return emitFailure(line, fields, end, sink, KIND.deferred);
}

/** `** address <original> [F=<…>] R=… T=… [H=…]: reason`; the colon may stand right behind the address (formats.md §13.25). */
export function parseFailed(line: LogLine, fields: Fields, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const end = readAddresses(bytes, at, to, true);
  if (address.to <= address.from) return REJECT.delivery;
  const expired = indexOfPattern(bytes, GIVEN_UP, end, to) >= 0;
  return emitFailure(line, fields, end, sink, expired ? KIND.expired : KIND.bounced);
}

function emitFailure(line: LogLine, fields: Fields, end: number, sink: EventSink, kind: number): Outcome {
  const { bytes, to } = line;
  fields.read(bytes, end, to, true);
  const draft = line.begin(sink, kind, STATEMENT.delivery);
  setAddresses(draft, bytes);
  setTimes(draft, bytes, fields);
  const { reason } = fields;
  draft.bytes(TEXT.smtpReply, bytes, reason.from, reason.to);
  if (!setHost(draft, TEXT.nextMta, TEXT.nextAddress, bytes, fields.host))
    setHostOfReason(draft, bytes, reason.from, to);
  if (reason.to > reason.from)
    draft.text(TEXT.enhancedStatus, readReply(textOf(bytes, reason.from, reason.to)).enhancedStatus);
  sink.emit();
  return 'events';
}

/** `SMTP error from remote mail server after RCPT TO:<…>: host name [ip]: 451 …`: the host stands in the reason. */
function setHostOfReason(draft: EventDraft, bytes: Uint8Array, from: number, to: number): void {
  const at = from > 0 ? indexOfPattern(bytes, REMOTE_HOST, from, to) : -1;
  const close = at < 0 ? -1 : indexOfByte(bytes, ASCII.closeBracket, at, to);
  if (close < 0) return;
  const host = { from: at + REMOTE_HOST.length, to: close + 1 };
  setHost(draft, TEXT.nextMta, TEXT.nextAddress, bytes, host);
}

function kindOf(bytes: Uint8Array, { host, transport, confirmation }: Fields): number {
  if (NO_PLACE.some((word) => startsWith(bytes, address.from, address.to, word))) return KIND.deleted;
  if (host.to === 0) return KIND.delivered;
  const saved = indexOfPattern(bytes, SAVED, confirmation.from, confirmation.to) >= 0;
  return saved || indexOfPattern(bytes, LMTP, transport.from, transport.to) >= 0 ? KIND.delivered : KIND.relayed;
}

/**
 * Reads `address (parents) <original>` at `at`; returns the position behind them. With `failed` a colon behind the address is not its own
 * (`** a@b: Unrouteable address`).
 */
function readAddresses(bytes: Uint8Array, at: number, to: number, failed: boolean): number {
  const from = skipBlanks(bytes, at, to);
  let end = bytes[from] === ASCII.quote && from < to ? quoteEnd(bytes, from + 1, to) : from;
  end = wordEnd(bytes, end < 0 ? from : end, to);
  address.from = from;
  address.to = end;
  address.originalFrom = address.originalTo = 0;
  if (failed && bytes[end - 1] === ASCII.colon && end > from) {
    address.to = end - 1;
    return end - 1;
  }
  let next = skipBlanks(bytes, end, to);
  if (bytes[next] === ASCII.openParenthesis && next < to) {
    const close = indexOfByte(bytes, ASCII.closeParenthesis, next, to);
    if (close < 0) return end;
    end = close + 1;
    next = skipBlanks(bytes, end, to);
  }
  if (bytes[next] !== ASCII.less || next >= to) return end;
  const close = indexOfByte(bytes, ASCII.greater, next, to);
  if (close < 0) return end;
  address.originalFrom = next + 1;
  address.originalTo = close;
  return close + 1;
}

/**
 * Local delivery prints the local part and, in brackets, the address that it came from. Where both are the same mailbox the address is the
 * recipient; an alias is printed in the same form, and its domain is not in the log.
 */
function setAddresses(draft: EventDraft, bytes: Uint8Array): void {
  const { from, to, originalFrom, originalTo } = address;
  if (originalTo > originalFrom && isSame(bytes)) {
    draft.bytes(TEXT.recipient, bytes, originalFrom, originalTo);
    return;
  }
  draft.bytes(TEXT.recipient, bytes, from, to);
  draft.bytes(TEXT.originalRecipient, bytes, originalFrom, originalTo);
}

/** Whether the original address, up to its end or its `@`, is the address, but for case. */
function isSame(bytes: Uint8Array): boolean {
  const { from, to, originalFrom, originalTo } = address;
  const length = to - from;
  const behind = originalFrom + length;
  if (behind > originalTo || (behind < originalTo && bytes[behind] !== 0x40)) return false;
  for (let i = 0; i < length; i++) if (lower(bytes[from + i]) !== lower(bytes[originalFrom + i])) return false;
  return true;
}

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

function setTimes(draft: EventDraft, bytes: Uint8Array, { queueTime, deliveryTime }: Fields): void {
  draft.numbers[NUMBER.delayMs] = durationMs(bytes, queueTime);
  if (draft.numbers[NUMBER.delayMs] >= 0) draft.numbers[NUMBER.delayUnitMs] = durationUnitMs(bytes, queueTime);
  draft.numbers[NUMBER.transmitMs] = durationMs(bytes, deliveryTime);
}
