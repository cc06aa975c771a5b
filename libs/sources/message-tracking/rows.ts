import { type EventDraft, type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../trace/event-draft';
import { displayMessageId } from '../../trace/message-id';
import { nextQueueId, readReply } from '../../trace/smtp-reply';
import { parseTimestamp } from '../../trace/timestamp';
import { type CommonOptions, type FieldValues, type Outcome } from '../source';
import { COLUMN, placesOf, sameNames, type Column } from './columns';
import { serverLatency } from './latency';
import { REJECT, SKIP, SKIPPED } from './outcomes';
import { peerOf } from './peer';
import { labelOf, serverOf } from './server';

const NO_NAMES: readonly string[] = [];
const REPLY = /(?:^|[;=]\s*)([245]\d\d[ -][^]*)$/;
const LED = /LED=([245]\d\d[^}\]]*)/;
const EXPIRED = /QUEUE\.Expired|\b[45]\.4\.7\b/;

/**
 * Rows of the Exchange message tracking log, and of the extended trace of Microsoft 365, which has the same columns under other names, as
 * events (formats.md §4, §5). One object per file.
 */
export class TrackingRows {
  private names: readonly string[] = NO_NAMES;
  private places = placesOf(COLUMN, NO_NAMES);
  private values: readonly string[] = NO_NAMES;
  private readonly mta: string | undefined;
  private readonly product: Buffer;
  /** the server of the row before, which is most often that of the next */
  private server = '';
  private serverBytes = Buffer.alloc(0);

  constructor(
    product: string,
    private readonly options: CommonOptions,
  ) {
    this.product = Buffer.from(product, 'utf8');
    this.mta = options.mta;
  }

  /** Turns one row into events. */
  parse({ names, values }: FieldValues, sink: EventSink): Outcome {
    if (!sameNames(names, this.names)) {
      this.names = names;
      this.places = placesOf(COLUMN, names, this.options.mapping);
    }
    if (this.places.event < 0 || this.places.time < 0) return REJECT.columns;
    this.values = values;
    const event = this.text('event').toUpperCase();
    if (event === '') return REJECT.noEvent;
    const skipped = SKIPPED.get(event);
    if (skipped) return skipped;
    const stamp = this.stamp();
    if (typeof stamp !== 'number') return stamp;
    const server = this.mta ?? serverOf(event, this.text('clientHost'), this.text('serverHost'));
    if (server === '') return REJECT.noServer;
    return this.emit(event, stamp, server, sink);
  }

  private emit(event: string, time: number, server: string, sink: EventSink): Outcome {
    switch (event) {
      case 'RECEIVE':
        return this.receive(time, server, sink);
      case 'TRANSFER':
        return this.transfer(time, server, sink);
      case 'SEND':
      case 'SENDEXTERNAL':
        if (labelOf(this.text('serverHost')) === labelOf(this.text('clientHost'))) return SKIP.within;
        return this.attempt(KIND.relayed, time, server, sink);
      case 'DELIVER':
        return this.attempt(KIND.delivered, time, server, sink);
      case 'DEFER':
        return this.attempt(KIND.deferred, time, server, sink);
      case 'FAIL':
      case 'BADMAIL':
        return this.attempt(KIND.bounced, time, server, sink);
      case 'DROP':
        return this.attempt(KIND.deleted, time, server, sink);
      case 'EXPAND':
      case 'RESOLVE':
      case 'REDIRECT':
        return this.attempt(KIND.expanded, time, server, sink);
      default:
        return SKIP.other;
    }
  }

  /** The end of DATA (SMTP), or a message from a mailbox of this organisation (STOREDRIVER and others). */
  private receive(time: number, server: string, sink: EventSink): Outcome {
    const overSmtp = this.text('source').toUpperCase() === 'SMTP';
    const opened = this.begin(sink, KIND.opened, overSmtp ? STATEMENT.client : STATEMENT.pickup, time, server);
    if (overSmtp) {
      const peer = peerOf(server, {
        clientHost: this.text('clientHost'),
        clientIp: this.text('clientIp'),
        originalClientIp: this.text('originalClientIp'),
        data: this.text('data'),
      });
      opened.text(TEXT.peer, peer.name);
      opened.text(TEXT.peerAddress, peer.address);
    } else this.setSender(opened);
    sink.emit();
    return this.received(time, server, sink);
  }

  /** A part of the recipients goes on under a new internal id; `reference` is the one before (formats.md §4). */
  private transfer(time: number, server: string, sink: EventSink): Outcome {
    const opened = this.begin(sink, KIND.opened, STATEMENT.client, time, server);
    opened.text(TEXT.originalQueueId, this.text('reference'));
    sink.emit();
    return this.received(time, server, sink);
  }

  private received(time: number, server: string, sink: EventSink): Outcome {
    const draft = this.begin(sink, KIND.received, STATEMENT['queue-active'], time, server);
    draft.text(TEXT.messageId, displayMessageId(this.text('messageId')));
    this.setSender(draft);
    const size = Number(this.text('size') || NaN);
    if (size >= 0) draft.number(NUMBER.sizeBytes, Math.floor(size));
    const recipients = this.text('recipients');
    if (!recipients.includes(';')) draft.text(TEXT.recipient, recipients);
    sink.emit();
    return 'events';
  }

  /** One event per recipient; `recipient-status` is in the same order. */
  private attempt(kind: number, time: number, server: string, sink: EventSink): Outcome {
    const recipients = this.text('recipients').split(';');
    const statuses = this.text('recipientStatus').split(';');
    const aligned = statuses.length === recipients.length;
    const latency =
      kind === KIND.relayed || kind === KIND.delivered ? serverLatency(this.text('info'), server) : undefined;
    let emitted = false;
    for (let i = 0; i < recipients.length; i++) {
      const recipient = recipients[i].trim();
      if (recipient === '') continue;
      const draft = this.begin(sink, kind, STATEMENT.delivery, time, server);
      draft.text(TEXT.messageId, displayMessageId(this.text('messageId')));
      draft.text(TEXT.recipient, recipient);
      if (kind === KIND.expanded) draft.text(TEXT.originalRecipient, this.text('related'));
      else this.setReply(draft, aligned ? statuses[i].trim() : statuses.join(';'), kind);
      if (kind === KIND.relayed) {
        draft.text(TEXT.nextMta, this.text('serverHost').replace(/\.$/, ''));
        draft.text(TEXT.nextAddress, this.text('serverIp'));
      }
      if (latency) {
        draft.number(NUMBER.delayMs, latency.sinceReceptionMs);
        draft.number(NUMBER.delayUnitMs, latency.unitMs);
        draft.number(NUMBER.beforeQueueMs, latency.receptionMs);
        draft.number(NUMBER.inQueueMs, latency.queueMs);
        draft.number(NUMBER.transmitMs, latency.sendMs);
      }
      sink.emit();
      emitted = true;
    }
    return emitted ? 'events' : REJECT.noRecipient;
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

  private begin(sink: EventSink, kind: number, statement: number, time: number, server: string): EventDraft {
    const draft = sink.draft.begin(kind, statement, time, 1);
    if (server !== this.server) {
      this.server = server;
      this.serverBytes = Buffer.from(server, 'utf8');
    }
    draft.bytes(TEXT.mta, this.serverBytes, 0, this.serverBytes.length);
    draft.bytes(TEXT.product, this.product, 0, this.product.length);
    draft.text(TEXT.queueId, this.text('internalId'));
    return draft;
  }

  private setSender(draft: EventDraft): void {
    draft.text(TEXT.sender, this.text('sender'));
  }

  private text(column: Column): string {
    const place = this.places[column];
    return place < 0 ? '' : (this.values[place] ?? '');
  }

  /** Epoch ms, or why there is none. The log's own stamps are UTC with a `Z`; the shell's are local. */
  private stamp(): number | Outcome {
    const text = this.text('time').trim();
    if (text.length === 24 && text.endsWith('Z')) {
      const time = Date.parse(text);
      if (!Number.isNaN(time)) return time;
    }
    const stamp = parseTimestamp(text, this.options);
    return 'problem' in stamp ? { reject: `time stamp: ${stamp.problem}` } : stamp.time;
  }
}
