import {
  DIRECTION,
  type EventDraft,
  type EventSink,
  KIND,
  NUMBER,
  STATEMENT,
  TEXT,
  TIME_BASIS,
} from '../../../trace/event-draft';
import { setField, setMessageId } from '../../fields/field-columns';
import { RecordFields } from '../../fields/record-fields';
import { RepeatedValues } from '../../fields/repeated-values';
import { StampColumn } from '../../fields/stamp-column';
import { indexOfPattern, ascii } from '../../log-text/byte-scan';
import { placesOf, sameNames } from '../../message-tracking/columns';
import type { CommonOptions, Outcome } from '../../source';
import { TRACE_COLUMN, type TraceColumn } from './columns';
import { kindOfStatus, PENDING } from './statuses';

/** The service has no host of its own in a trace; `--mta` may say the name by which other MTAs know it (that of the MX record). */
const SERVICE = 'exchange-online';
const PRODUCT = Buffer.from('microsoft-365');
const NO_NAMES: readonly string[] = [];
const NO_FIELDS = new RecordFields();
/** stands between a recipient and its states in an enhanced summary */
const PACKED = ascii('##');
const COMMA = ascii(',');

/**
 * Rows of a message trace. They say when the service received a message and what became of it, not when: the outcome is an event of time basis
 * `record`, which ends nothing in time. Stamps without zone are UTC, unless `--timezone` says otherwise (the admin center shows local time).
 */
export class TraceRows {
  private names: readonly string[] = NO_NAMES;
  private places = placesOf(TRACE_COLUMN, NO_NAMES);
  private fields = NO_FIELDS;
  private readonly mta: Buffer;
  private readonly stamps: StampColumn;
  private readonly kinds = new RepeatedValues((status) => (status.trim() === '' ? PENDING : kindOfStatus(status)));
  private readonly directions = new RepeatedValues(directionOf);

  constructor(private readonly options: CommonOptions) {
    this.stamps = new StampColumn({ ...options, timeZone: options.timeZone ?? 'UTC' });
    this.mta = Buffer.from(options.mta ?? SERVICE);
  }

  /** Turns one row into the events of its recipients. */
  parse(fields: RecordFields, sink: EventSink): Outcome {
    if (!sameNames(fields.names, this.names)) {
      this.names = fields.names;
      this.places = placesOf(TRACE_COLUMN, fields.names, this.options.mapping);
    }
    this.fields = fields;
    const { received, recipient, recipientStatus } = this.places;
    if (received < 0 || (recipient < 0 && recipientStatus < 0))
      return { reject: 'not a message trace: columns missing' };
    fields.trim(received);
    if (!this.stamps.read(fields, received)) return { reject: `time stamp: ${this.stamps.problem}` };
    for (const column of ['fromIp', 'sender', 'toIp'] as const) fields.trim(this.places[column]);
    return this.hasSeveralStates() ? this.emitAll(sink) : this.emitOne(sink);
  }

  /** A row of one recipient and one status. */
  private emitOne(sink: EventSink): Outcome {
    const { fields, places } = this;
    fields.trim(places.recipient);
    fields.trim(places.status);
    if (fields.isEmpty(places.recipient)) return { reject: 'row without recipient' };
    const kind = this.kinds.of(fields, places.status);
    if (kind === undefined) return { reject: 'row with an unknown status' };
    setField(this.begin(sink, KIND.received, STATEMENT['queue-active']), TEXT.recipient, fields, places.recipient);
    this.finishReception(sink);
    if (kind === PENDING) return 'events';
    const outcome = this.begin(sink, kind, STATEMENT.delivery);
    setField(outcome, TEXT.recipient, fields, places.recipient);
    setField(outcome, TEXT.smtpReply, fields, places.status);
    this.finishOutcome(outcome, sink);
    return 'events';
  }

  private emitAll(sink: EventSink): Outcome {
    const legs = this.recipients();
    if (typeof legs === 'string') return { reject: legs };
    for (const { recipient, kind, status } of legs) {
      this.begin(sink, KIND.received, STATEMENT['queue-active']).text(TEXT.recipient, recipient);
      this.finishReception(sink);
      if (kind === PENDING) continue;
      const outcome = this.begin(sink, kind, STATEMENT.delivery);
      outcome.text(TEXT.recipient, recipient);
      outcome.text(TEXT.smtpReply, status);
      this.finishOutcome(outcome, sink);
    }
    return 'events';
  }

  private begin(sink: EventSink, kind: number, statement: number): EventDraft {
    const { fields, places, stamps } = this;
    const draft = sink.draft.begin(kind, statement, stamps.time, stamps.resolutionMs);
    draft.direction = this.directions.of(fields, places.directionality);
    draft.bytes(TEXT.mta, this.mta, 0, this.mta.length);
    draft.bytes(TEXT.product, PRODUCT, 0, PRODUCT.length);
    setMessageId(draft, TEXT.messageId, fields, places.messageId);
    // The service's own name of the message: Message-IDs repeat (delay model §4.6).
    setField(draft, TEXT.queueId, fields, places.networkId);
    return draft;
  }

  private finishReception(sink: EventSink): void {
    const { fields, places } = this;
    setField(sink.draft, TEXT.peerAddress, fields, places.fromIp);
    setField(sink.draft, TEXT.sender, fields, places.sender);
    const size = Number(this.text('size') || NaN);
    if (size > 0) sink.draft.number(NUMBER.sizeBytes, Math.floor(size));
    sink.emit();
  }

  private finishOutcome(outcome: EventDraft, sink: EventSink): void {
    outcome.timeBasis = TIME_BASIS.record;
    if (outcome.kind === KIND.relayed) setField(outcome, TEXT.nextAddress, this.fields, this.places.toIp);
    sink.emit();
  }

  private isPacked(): boolean {
    return this.holds('recipientStatus', PACKED);
  }

  private hasSeveralStates(): boolean {
    return this.isPacked() || this.holds('status', COMMA);
  }

  private holds(column: TraceColumn, pattern: Uint8Array): boolean {
    const { bytes, from, to } = this.fields;
    const place = this.places[column];
    return place >= 0 && indexOfPattern(bytes, pattern, from[place], to[place]) >= 0;
  }

  /** All recipients with their states, the last of which counts; of an enhanced summary: `a@b##Receive, Deliver;c@d##Receive, Fail`. A text says what is wrong. */
  private recipients(): TracedRecipient[] | string {
    const legs: TracedRecipient[] = [];
    const list = this.isPacked()
      ? this.text('recipientStatus')
          .split(';')
          .map((part) => part.split('##'))
      : [[this.text('recipient'), this.text('status')]];
    for (const [address, statuses = ''] of list) {
      const recipient = address.trim();
      if (recipient === '') continue;
      const status = statuses.split(',').at(-1)?.trim() ?? '';
      const kind = status === '' ? PENDING : kindOfStatus(status);
      if (kind === undefined) return 'row with an unknown status';
      legs.push({ recipient, kind, status });
    }
    return legs.length > 0 ? legs : 'row without recipient';
  }

  private text(column: TraceColumn): string {
    return this.fields.text(this.places[column]);
  }
}

function directionOf(word: string): number {
  const text = word.toLowerCase();
  if (text === '1' || text.startsWith('in')) return DIRECTION.in;
  return text === '2' || text.startsWith('out') || text.startsWith('originating') ? DIRECTION.out : DIRECTION.unknown;
}

interface TracedRecipient {
  readonly recipient: string;
  readonly kind: number;
  readonly status: string;
}
