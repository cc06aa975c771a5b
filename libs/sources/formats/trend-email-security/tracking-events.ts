import {
  DIRECTION,
  KIND,
  NUMBER,
  STATEMENT,
  TEXT,
  TIME_BASIS,
  type EventDraft,
  type EventSink,
} from '../../../trace/event-draft';
import { normaliseAddress } from '../../../trace/mail-address';
import { readReply } from '../../../trace/smtp-reply';
import { isPlainAddress, setField, setMessageId } from '../../fields/field-columns';
import { RecordFields } from '../../fields/record-fields';
import { RepeatedValues } from '../../fields/repeated-values';
import { ASCII, indexOfByte } from '../../log-text/byte-scan';
import { plainReply } from '../../log-text/plain-reply';
import type { CommonOptions, Outcome } from '../../source';
import { NO_EVENT, RECEIVED, TrackingWords, isBlockedTraffic, isGatewayTraffic } from './actions';
import type { Columns } from './columns';
import { parseDeliveredTo } from './delivered-to';
import type { TrackingOptions } from './options';
import { splitRecipients } from './recipients';
import { RecordTimes } from './record-times';
import { FIELD } from './tracking-fields';

export const PRODUCT = 'trend-email-security';
/** HES is one service to its customers, so its hosts share one name. `--mta` names the MTA of a log beside it, never HES. */
const MTA = Buffer.from('hes');
const NULL_PATH = Buffer.from('<>');
const UNKNOWN = -1;

/** Turns tracking records, of whatever framing, into events (delay model §3; formats.md §1). One per file. */
export class TrackingEvents {
  private readonly words = new TrackingWords();
  private readonly product = Buffer.from(PRODUCT);
  private readonly times: RecordTimes;
  private readonly relays = new RepeatedValues(relayOf);
  private readonly blocked = new RepeatedValues(isBlockedTraffic);
  private readonly isTracking = new RepeatedValues(isGatewayTraffic);
  private readonly rowsAreEvents: boolean;

  private columns: Columns = NO_COLUMNS;
  private fields = new RecordFields();
  private direction = DIRECTION.unknown;
  private sizeBytes = UNKNOWN;
  private isPlainSender = false;
  /** number of the action's kind */
  private kind = NO_EVENT;

  constructor(options: CommonOptions & TrackingOptions) {
    this.rowsAreEvents = options.shape === 'events';
    this.times = new RecordTimes(options);
  }

  /** Emits the events of one record: its reception where the record says when, and its action. */
  emit(columns: Columns, fields: RecordFields, sink: EventSink): Outcome {
    this.columns = columns;
    this.fields = fields;
    const { index } = columns;
    if (index[FIELD.policyAction] >= 0 && fields.isEmpty(index[FIELD.action]))
      return { skip: 'policy event, not a tracking record' };
    if (index[FIELD.scanType] >= 0 && !this.isTracking.of(fields, index[FIELD.scanType]))
      return { skip: 'scan of another product, not a tracking record' };
    this.kind = this.words.kind(fields, index[FIELD.action]);
    const isBlocked = this.kind === KIND.rejected || this.blocked.of(fields, index[FIELD.type]);
    if (isBlocked) this.kind = KIND.rejected;
    const problem = isBlocked ? columns.problemWhenBlocked : columns.problem;
    if (problem) return { reject: problem };
    fields.trim(index[FIELD.recipient]);
    if (fields.isEmpty(index[FIELD.recipient]) && !isBlocked) return { reject: 'no recipient in the record' };
    return this.emitAtTimes(sink);
  }

  private emitAtTimes(sink: EventSink): Outcome {
    const times = this.times;
    const problem = times.read(this.columns, this.fields);
    if (problem) return { reject: problem };
    // What HES refused at the connection it never took responsibility for.
    const isOneEvent = this.rowsAreEvents || this.kind === KIND.rejected;
    const isReceived = times.hasTimestamp && (this.kind === RECEIVED || !isOneEvent);
    const ownKind = this.kind === RECEIVED && isReceived ? NO_EVENT : this.kind;
    if (ownKind === RECEIVED && !times.hasDeliveryTime) return { skip: 'reception without its time' };
    if (ownKind === NO_EVENT && !isReceived) return { skip: 'a state inside HES, and not the time of reception' };
    times.chooseAction(isOneEvent);
    const { index } = this.columns;
    this.direction = this.words.direction(this.fields, index[FIELD.direction]);
    this.sizeBytes = wholeNumber(this.fields, index[FIELD.size]);
    this.fields.trim(index[FIELD.sender]);
    this.isPlainSender = this.isPlain(index[FIELD.sender]);
    if (this.isOneAddress(index[FIELD.recipient])) this.emitFor(undefined, isReceived, ownKind, sink);
    else {
      const recipients = splitRecipients(this.value(FIELD.recipient));
      for (let i = 0; i < recipients.length; i++) this.emitFor(recipients[i], isReceived, ownKind, sink);
    }
    return 'events';
  }

  /** @param recipient undefined: the field as it stands */
  private emitFor(recipient: string | undefined, isReceived: boolean, ownKind: number, sink: EventSink): void {
    const { fields, times } = this;
    const { index } = this.columns;
    const stamp = isReceived ? times.timestamp : times.action;
    const kind = isReceived ? RECEIVED : ownKind;
    const draft = sink.draft.begin(kind, STATEMENT.tracking, stamp.time, stamp.resolutionMs);
    draft.timeBasis = isReceived ? TIME_BASIS.event : times.actionBasis;
    draft.direction = this.direction;
    draft.bytes(TEXT.mta, MTA, 0, MTA.length);
    draft.bytes(TEXT.product, this.product, 0, this.product.length);
    fields.trim(index[FIELD.messageID]);
    setMessageId(draft, TEXT.messageId, fields, index[FIELD.messageID]);
    fields.trim(index[FIELD.mailID]);
    setField(draft, TEXT.transactionId, fields, index[FIELD.mailID]);
    this.setEnvelope(draft, recipient);
    fields.trim(index[FIELD.senderIP]);
    setField(draft, TEXT.peerAddress, fields, index[FIELD.senderIP]);
    draft.numbers[NUMBER.sizeBytes] = this.sizeBytes;
    if (isReceived) sink.emit();
    if (ownKind === NO_EVENT) return;
    // The action says all that the reception does, and more: the draft goes on. A sink may have put pseudonyms for the addresses, by which
    // it could not find their local parts in the reply.
    if (isReceived) this.setEnvelope(draft, recipient);
    draft.kind = ownKind;
    draft.eventTime = times.action.time;
    draft.timeResolutionMs = times.action.resolutionMs;
    draft.timeBasis = times.actionBasis;
    this.setReply(draft);
    sink.emit();
  }

  private setEnvelope(draft: EventDraft, recipient: string | undefined): void {
    const { index } = this.columns;
    this.setSender(draft, index[FIELD.sender]);
    if (recipient === undefined) setField(draft, TEXT.recipient, this.fields, index[FIELD.recipient]);
    else draft.text(TEXT.recipient, normaliseAddress(recipient));
  }

  /** Whether a field is one address that needs no second look. */
  private isOneAddress(index: number): boolean {
    const { bytes, from, to } = this.fields;
    return this.isPlain(index) && indexOfByte(bytes, ASCII.comma, from[index], to[index]) < 0;
  }

  /** Whether a field is an address as it is compared, and no list in JSON. */
  private isPlain(index: number): boolean {
    if (this.fields.isEmpty(index)) return false;
    const { bytes, from, to } = this.fields;
    return bytes[from[index]] !== ASCII.openBracket && isPlainAddress(bytes, from[index], to[index]);
  }

  /** The next MTA and its reply: no part of the reception, which every state of a message must repeat alike. */
  private setReply(draft: EventDraft): void {
    const { fields } = this;
    const { index } = this.columns;
    if (!fields.isEmpty(index[FIELD.deliveredTo])) {
      const { nextMta, nextAddress } = this.relays.of(fields, index[FIELD.deliveredTo]);
      draft.bytes(TEXT.nextMta, nextMta, 0, nextMta.length);
      draft.bytes(TEXT.nextAddress, nextAddress, 0, nextAddress.length);
    }
    const details = index[FIELD.details];
    fields.trim(details);
    if (fields.isEmpty(details)) return;
    setField(draft, TEXT.smtpReply, fields, details);
    const plain = plainReply(fields.bytes, fields.from[details], fields.to[details]);
    if (plain !== undefined) {
      draft.bytes(TEXT.nextQueueId, fields.bytes, plain.queueId, fields.to[details]);
      draft.bytes(TEXT.enhancedStatus, fields.bytes, plain.status, plain.statusEnd);
      return;
    }
    const said = readReply(fields.text(details));
    draft.text(TEXT.nextQueueId, said.nextQueueId);
    draft.text(TEXT.enhancedStatus, said.enhancedStatus);
  }

  /** An empty reverse-path is the null one of a notification, except where HES refused before it could hear one. */
  private setSender(draft: EventDraft, index: number): void {
    const { fields } = this;
    if (!fields.isEmpty(index)) {
      const text = this.isPlainSender ? undefined : fields.text(index);
      if (text === undefined) setField(draft, TEXT.sender, fields, index);
      else draft.text(TEXT.sender, normaliseAddress(text.startsWith('[') ? splitRecipients(text)[0] : text));
    } else if (index >= 0 && this.kind !== KIND.rejected) draft.bytes(TEXT.sender, NULL_PATH, 0, NULL_PATH.length);
  }

  private value(field: number): string {
    return this.fields.text(this.columns.index[field]);
  }
}

function relayOf(text: string): { nextMta: Uint8Array; nextAddress: Uint8Array } {
  const { nextMta, nextAddress } = parseDeliveredTo(text);
  return { nextMta: Buffer.from(nextMta), nextAddress: Buffer.from(nextAddress) };
}

/** A whole number of at most 15 digits, {@link UNKNOWN} for any other text: sizes with a unit are not guessed at. */
function wholeNumber(fields: RecordFields, index: number): number {
  fields.trim(index);
  if (fields.isEmpty(index)) return UNKNOWN;
  const { bytes, from, to } = fields;
  if (to[index] - from[index] > 15) return UNKNOWN;
  let number = 0;
  for (let i = from[index]; i < to[index]; i++) {
    const digit = bytes[i] - ASCII.zero;
    if (digit < 0 || digit > 9) return UNKNOWN;
    number = number * 10 + digit;
  }
  return number;
}

const NO_COLUMNS: Columns = { index: new Int16Array(0), problem: undefined, problemWhenBlocked: undefined };
