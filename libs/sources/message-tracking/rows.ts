import { type EventDraft, type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../trace/event-draft';
import { nextQueueId, readReply } from '../../trace/smtp-reply';
import { setField, setMessageId } from '../fields/field-columns';
import { RecordFields } from '../fields/record-fields';
import { RepeatedValues } from '../fields/repeated-values';
import { StampColumn } from '../fields/stamp-column';
import { ascii, indexOfByte, startsWith } from '../log-text/byte-scan';
import { wholeNumber } from '../log-text/decimal';
import { type CommonOptions, type Outcome } from '../source';
import { COLUMN, placesOf, sameNames, type Column } from './columns';
import { setServerLatency } from './latency';
import { REJECT, SKIP, SKIPPED } from './outcomes';
import { peerOf } from './peer';
import { isWrittenByClient, serverName, ServerNames, type ServerName } from './server';

const NO_NAMES: readonly string[] = [];
const NO_FIELDS = new RecordFields();
const REPLY = /(?:^|[;=]\s*)([245]\d\d[ -][^]*)$/;
const LED = /LED=([245]\d\d[^}\]]*)/;
const EXPIRED = /QUEUE\.Expired|\b[45]\.4\.7\b/;
const SEMICOLON = 59;
const LIST_TYPE = ascii('System.String[]');

/** Rows of one attempt for each of its recipients, and its kind. */
const ATTEMPTS: ReadonlyMap<string, number> = new Map([
  ['SEND', KIND.relayed],
  ['SENDEXTERNAL', KIND.relayed],
  ['DELIVER', KIND.delivered],
  ['DEFER', KIND.deferred],
  ['FAIL', KIND.bounced],
  ['BADMAIL', KIND.bounced],
  ['DROP', KIND.deleted],
  ['EXPAND', KIND.expanded],
  ['RESOLVE', KIND.expanded],
  ['REDIRECT', KIND.expanded],
]);

/** What an event id means. */
interface EventId {
  /** of one that gives no event here */
  readonly outcome: Outcome | undefined;
  readonly writtenByClient: boolean;
  readonly row: 'reception' | 'transfer' | 'attempt' | 'other';
  /** kind of the attempt */
  readonly kind: number;
}

function eventId(text: string): EventId {
  const id = text.toUpperCase();
  const kind = ATTEMPTS.get(id);
  const opening = id === 'RECEIVE' ? 'reception' : id === 'TRANSFER' ? 'transfer' : 'other';
  return {
    outcome: id === '' ? REJECT.noEvent : SKIPPED.get(id),
    writtenByClient: isWrittenByClient(id),
    row: kind === undefined ? opening : 'attempt',
    kind: kind ?? 0,
  };
}

/**
 * Rows of the Exchange message tracking log, and of the extended trace of Microsoft 365, which has the same columns under other names, as
 * events (formats.md §4, §5). One object per file.
 */
export class TrackingRows {
  private names: readonly string[] = NO_NAMES;
  private places = placesOf(COLUMN, NO_NAMES);
  private fields = NO_FIELDS;
  private readonly mta: ServerName | undefined;
  private readonly product: Buffer;
  private readonly stamps: StampColumn;
  private readonly servers = new ServerNames();
  private readonly eventIds = new RepeatedValues(eventId);
  private readonly overSmtp = new RepeatedValues((source) => source.toUpperCase() === 'SMTP');

  constructor(
    product: string,
    private readonly options: CommonOptions,
  ) {
    this.product = Buffer.from(product, 'utf8');
    this.mta = options.mta === undefined ? undefined : serverName(options.mta);
    this.stamps = new StampColumn(options);
  }

  /** Turns one row into events. */
  parse(fields: RecordFields, sink: EventSink): Outcome {
    if (!sameNames(fields.names, this.names)) {
      this.names = fields.names;
      this.places = placesOf(COLUMN, fields.names, this.options.mapping);
    }
    const { event: eventAt, time, clientHost, serverHost } = this.places;
    if (eventAt < 0 || time < 0) return REJECT.columns;
    this.fields = fields;
    const event = this.eventIds.of(fields, eventAt);
    if (event.outcome !== undefined) return event.outcome;
    fields.trim(time);
    if (!this.stamps.read(fields, time)) return { reject: `time stamp: ${this.stamps.problem}` };
    const own = event.writtenByClient ? clientHost : serverHost;
    const other = event.writtenByClient ? serverHost : clientHost;
    const server = this.mta ?? this.servers.of(fields, fields.isEmpty(own) ? other : own);
    if (server.name === '') return REJECT.noServer;
    return this.emit(event, this.stamps.time, server, sink);
  }

  private emit({ row, kind }: EventId, time: number, server: ServerName, sink: EventSink): Outcome {
    switch (row) {
      case 'reception':
        return this.receive(time, server, sink);
      case 'transfer':
        return this.transfer(time, server, sink);
      case 'attempt':
        if (kind === KIND.relayed && this.label('serverHost') === this.label('clientHost')) return SKIP.within;
        return this.attempt(kind, time, server, sink);
      case 'other':
        return SKIP.other;
    }
  }

  /** The end of DATA (SMTP), or a message from a mailbox of this organisation (STOREDRIVER and others). */
  private receive(time: number, server: ServerName, sink: EventSink): Outcome {
    const { fields, places } = this;
    const overSmtp = this.overSmtp.of(fields, places.source);
    const opened = this.begin(sink, KIND.opened, overSmtp ? STATEMENT.client : STATEMENT.pickup, time, server);
    if (overSmtp) {
      // The row's own name of the server, whatever `--mta` calls it: the front end is known by it.
      const own = this.mta === undefined ? server.label : this.label('serverHost') || server.label;
      const peer = peerOf(own, fields, places, this.servers);
      setField(opened, TEXT.peer, fields, peer.name);
      setField(opened, TEXT.peerAddress, fields, peer.address);
    } else setField(opened, TEXT.sender, fields, places.sender);
    sink.emit();
    return this.received(time, server, sink);
  }

  /** A part of the recipients goes on under a new internal id; `reference` is the one before (formats.md §4). */
  private transfer(time: number, server: ServerName, sink: EventSink): Outcome {
    const opened = this.begin(sink, KIND.opened, STATEMENT.client, time, server);
    setField(opened, TEXT.originalQueueId, this.fields, this.places.reference);
    sink.emit();
    return this.received(time, server, sink);
  }

  private received(time: number, server: ServerName, sink: EventSink): Outcome {
    const draft = this.begin(sink, KIND.received, STATEMENT['queue-active'], time, server);
    const { fields, places } = this;
    setMessageId(draft, TEXT.messageId, fields, places.messageId);
    setField(draft, TEXT.sender, this.fields, this.places.sender);
    if (!fields.isEmpty(places.size)) draft.number(NUMBER.sizeBytes, this.size());
    if (!this.hasSeveral('recipients') && !this.isLost(places.recipients))
      setField(draft, TEXT.recipient, this.fields, this.places.recipients);
    sink.emit();
    return 'events';
  }

  /** One event per recipient; `recipient-status` is in the same order. */
  private attempt(kind: number, time: number, server: ServerName, sink: EventSink): Outcome {
    const { fields, places } = this;
    if (this.hasSeveral('recipients')) return this.attempts(kind, time, server, sink);
    fields.trim(places.recipients);
    if (fields.isEmpty(places.recipients)) return REJECT.noRecipient;
    if (this.isLost(places.recipients)) return REJECT.lostRecipients;
    const draft = this.beginAttempt(sink, kind, time, server);
    setField(draft, TEXT.recipient, this.fields, this.places.recipients);
    if (kind !== KIND.expanded && kind !== KIND.delivered)
      this.setReply(draft, this.text('recipientStatus').trim(), kind);
    sink.emit();
    return 'events';
  }

  private attempts(kind: number, time: number, server: ServerName, sink: EventSink): Outcome {
    const recipients = this.text('recipients').split(';');
    const statuses = this.text('recipientStatus').split(';');
    const aligned = statuses.length === recipients.length;
    let emitted = false;
    for (let i = 0; i < recipients.length; i++) {
      const recipient = recipients[i].trim();
      if (recipient === '') continue;
      const draft = this.beginAttempt(sink, kind, time, server);
      draft.text(TEXT.recipient, recipient);
      if (kind !== KIND.expanded) this.setReply(draft, aligned ? statuses[i].trim() : statuses.join(';'), kind);
      sink.emit();
      emitted = true;
    }
    return emitted ? 'events' : REJECT.noRecipient;
  }

  /** What an attempt says of all its recipients alike. */
  private beginAttempt(sink: EventSink, kind: number, time: number, server: ServerName): EventDraft {
    const { fields, places } = this;
    const draft = this.begin(sink, kind, STATEMENT.delivery, time, server);
    setMessageId(draft, TEXT.messageId, fields, places.messageId);
    if (kind === KIND.expanded) setField(draft, TEXT.originalRecipient, fields, places.related);
    if (kind === KIND.relayed) {
      draft.text(TEXT.nextMta, this.text('serverHost').replace(/\.$/, ''));
      setField(draft, TEXT.nextAddress, fields, places.serverIp);
    }
    const { info } = places;
    if ((kind === KIND.relayed || kind === KIND.delivered) && !fields.isEmpty(info))
      setServerLatency(draft, fields.bytes, fields.from[info], fields.to[info], server.label);
    return draft;
  }

  /** SEND: the remote reply stands in source-context; else what the row says of the recipient, and why. */
  private setReply(draft: EventDraft, status: string, kind: number): void {
    const context = this.text('context');
    const reply =
      kind === KIND.relayed
        ? (REPLY.exec(context)?.[1] ?? REPLY.exec(status)?.[1] ?? '')
        : kind === KIND.delivered
          ? ''
          : (LED.exec(status)?.[1] ?? (status || LED.exec(context)?.[1] || context));
    draft.text(TEXT.smtpReply, reply);
    if (kind === KIND.relayed) draft.text(TEXT.nextQueueId, nextQueueId(reply));
    if (kind === KIND.bounced && EXPIRED.test(reply)) draft.kind = KIND.expired;
    if (reply !== '') draft.text(TEXT.enhancedStatus, readReply(reply).enhancedStatus);
  }

  private begin(sink: EventSink, kind: number, statement: number, time: number, server: ServerName): EventDraft {
    const draft = sink.draft.begin(kind, statement, time, this.stamps.resolutionMs);
    draft.bytes(TEXT.mta, server.bytes, 0, server.bytes.length);
    draft.bytes(TEXT.product, this.product, 0, this.product.length);
    setField(draft, TEXT.queueId, this.fields, this.places.internalId);
    return draft;
  }

  private text(column: Column): string {
    return this.fields.text(this.places[column]);
  }

  private label(column: Column): string {
    return this.servers.of(this.fields, this.places[column]).label;
  }

  private hasSeveral(column: Column): boolean {
    const { bytes, from, to } = this.fields;
    const place = this.places[column];
    return place >= 0 && indexOfByte(bytes, SEMICOLON, from[place], to[place]) >= 0;
  }

  /** Export-Csv writes the type of a list in place of its values. */
  private isLost(place: number): boolean {
    const { bytes, from, to } = this.fields;
    return (
      place >= 0 && to[place] - from[place] === LIST_TYPE.length && startsWith(bytes, from[place], to[place], LIST_TYPE)
    );
  }

  private size(): number | undefined {
    const { bytes, from, to } = this.fields;
    const { size } = this.places;
    const digits = wholeNumber(bytes, from[size], to[size]);
    const number = digits >= 0 ? digits : Math.floor(Number(this.text('size') || NaN));
    return number >= 0 ? number : undefined;
  }
}
