import { DIRECTION, KIND, NUMBER, STATEMENT, TEXT, TIME_BASIS, type EventSink } from '../../../trace/event-draft';
import { normaliseAddress } from '../../../trace/mail-address';
import { displayMessageId } from '../../../trace/message-id';
import { readReply } from '../../../trace/smtp-reply';
import type { CommonOptions, Outcome } from '../../source';
import { NO_EVENT, RECEIVED, TrackingWords, isBlockedTraffic } from './actions';
import { fieldText, type Columns } from './columns';
import { parseDeliveredTo, type DeliveredTo } from './delivered-to';
import type { TrackingOptions } from './options';
import { PackedText } from './packed-text';
import { splitRecipients } from './recipients';
import { RecordTimes } from './record-times';
import type { StampColumn } from './stamp-column';
import { FIELD } from './tracking-fields';

export const PRODUCT = 'trend-email-security';
/** HES is one service to its customers, so its hosts share one name. `--mta` names the MTA of a log beside it, never HES. */
const MTA = Buffer.from('hes');
const MAX_RELAYS = 4096;
const UNKNOWN = -1;

/** Turns tracking records, of whatever framing, into events (delay model §3; formats.md §1). One per file. */
export class TrackingEvents {
  private readonly words = new TrackingWords();
  private readonly text = new PackedText();
  private readonly product = Buffer.from(PRODUCT);
  private readonly times: RecordTimes;
  private readonly relays = new Map<string, DeliveredTo>();
  private readonly rowsAreEvents: boolean;

  private columns: Columns = NO_COLUMNS;
  private values: readonly string[] = [];
  private direction = DIRECTION.unknown;
  private sizeBytes = UNKNOWN;
  /** number of the action's kind */
  private kind = NO_EVENT;

  constructor(options: CommonOptions & TrackingOptions) {
    this.rowsAreEvents = options.shape === 'events';
    this.times = new RecordTimes(options);
  }

  /** Emits the events of one record: its reception where the record says when, and its action. */
  emit(columns: Columns, values: readonly string[], sink: EventSink): Outcome {
    this.columns = columns;
    this.values = values;
    const action = this.value(FIELD.action);
    if (action === '' && columns.index[FIELD.policyAction] >= 0) return { skip: 'policy event, not a tracking record' };
    this.kind = this.words.kind(action);
    const isBlocked = this.kind === KIND.rejected || isBlockedTraffic(this.value(FIELD.type));
    if (isBlocked) this.kind = KIND.rejected;
    const problem = isBlocked ? columns.problemWhenBlocked : columns.problem;
    if (problem) return { reject: problem };
    const recipient = this.value(FIELD.recipient);
    if (recipient.trim() === '' && !isBlocked) return { reject: 'no recipient in the record' };
    return this.emitAtTimes(recipient, sink);
  }

  private emitAtTimes(recipient: string, sink: EventSink): Outcome {
    const times = this.times;
    const problem = times.read(this.columns, this.values);
    if (problem) return { reject: problem };
    // What HES refused at the connection it never took responsibility for.
    const isOneEvent = this.rowsAreEvents || this.kind === KIND.rejected;
    const isReceived = times.hasTimestamp && (this.kind === RECEIVED || !isOneEvent);
    const ownKind = this.kind === RECEIVED && isReceived ? NO_EVENT : this.kind;
    if (ownKind === RECEIVED && !times.hasDeliveryTime) return { skip: 'reception without its time' };
    if (ownKind === NO_EVENT && !isReceived) return { skip: 'a state inside HES, and not the time of reception' };
    times.chooseAction(isOneEvent);
    this.direction = this.words.direction(this.value(FIELD.direction));
    this.sizeBytes = wholeNumber(this.value(FIELD.size));
    const recipients = splitRecipients(recipient);
    for (let i = 0; i < recipients.length; i++) this.emitFor(recipients[i], isReceived, ownKind, sink);
    return 'events';
  }

  private emitFor(recipient: string, isReceived: boolean, ownKind: number, sink: EventSink): void {
    const text = this.text;
    text.begin();
    text.add(TEXT.messageId, displayMessageId(this.value(FIELD.messageID)));
    text.add(TEXT.transactionId, this.value(FIELD.mailID).trim());
    text.add(TEXT.sender, this.sender());
    text.add(TEXT.recipient, normaliseAddress(recipient));
    text.add(TEXT.peerAddress, this.value(FIELD.senderIP).trim());
    const receptionColumns = text.size;
    if (ownKind !== NO_EVENT) this.addReply();
    text.seal();
    if (isReceived) this.emitOne(sink, RECEIVED, this.times.timestamp, TIME_BASIS.event, receptionColumns);
    if (ownKind !== NO_EVENT) this.emitOne(sink, ownKind, this.times.action, this.times.actionBasis, text.size);
  }

  /** The next MTA and its reply: no part of the reception, which every state of a message must repeat alike. */
  private addReply(): void {
    const deliveredTo = this.value(FIELD.deliveredTo);
    if (deliveredTo !== '') {
      const relay = this.relay(deliveredTo);
      this.text.add(TEXT.nextMta, relay.nextMta);
      this.text.add(TEXT.nextAddress, relay.nextAddress);
    }
    const reply = this.value(FIELD.details).trim();
    if (reply === '') return;
    this.text.add(TEXT.smtpReply, reply);
    const said = readReply(reply);
    this.text.add(TEXT.nextQueueId, said.nextQueueId ?? '');
    this.text.add(TEXT.enhancedStatus, said.enhancedStatus ?? '');
  }

  private emitOne(sink: EventSink, kind: number, stamp: StampColumn, basis: number, columns: number): void {
    const draft = sink.draft.begin(kind, STATEMENT.tracking, stamp.time, stamp.resolutionMs);
    draft.timeBasis = basis;
    draft.direction = this.direction;
    draft.bytes(TEXT.mta, MTA, 0, MTA.length);
    draft.bytes(TEXT.product, this.product, 0, this.product.length);
    this.text.applyTo(draft, columns);
    draft.numbers[NUMBER.sizeBytes] = this.sizeBytes;
    sink.emit();
  }

  /** An empty reverse-path is the null one of a notification, except where HES refused before it could hear one. */
  private sender(): string {
    const sender = this.value(FIELD.sender);
    if (sender.trim() !== '') return normaliseAddress(sender);
    return this.columns.index[FIELD.sender] >= 0 && this.kind !== KIND.rejected ? '<>' : '';
  }

  private relay(text: string): DeliveredTo {
    let relay = this.relays.get(text);
    if (!relay) {
      relay = parseDeliveredTo(text);
      if (this.relays.size >= MAX_RELAYS) this.relays.clear();
      this.relays.set(text, relay);
    }
    return relay;
  }

  private value(field: number): string {
    return fieldText(this.columns, this.values, field);
  }
}

/** A whole number of at most 15 digits, {@link UNKNOWN} for any other text: sizes with a unit are not guessed at. */
function wholeNumber(text: string): number {
  const digits = text.trim();
  if (digits === '' || digits.length > 15) return UNKNOWN;
  let number = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return UNKNOWN;
    number = number * 10 + digit;
  }
  return number;
}

const NO_COLUMNS: Columns = { index: new Int16Array(0), problem: undefined, problemWhenBlocked: undefined };
