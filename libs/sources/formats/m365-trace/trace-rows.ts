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
import { displayMessageId } from '../../../trace/message-id';
import { parseTimestamp } from '../../../trace/timestamp';
import { placesOf, sameNames } from '../../message-tracking/columns';
import type { CommonOptions, FieldValues, Outcome } from '../../source';
import { TRACE_COLUMN, type TraceColumn } from './columns';
import { kindOfStatus, PENDING } from './statuses';

/** The service has no host of its own in a trace; `--mta` may say the name by which other MTAs know it (that of the MX record). */
const SERVICE = 'exchange-online';
const NO_NAMES: readonly string[] = [];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z?$/;

/**
 * Rows of a message trace. They say when the service received a message and what became of it, not when: the outcome is an event of time basis
 * `record`, which ends nothing in time. Stamps without zone are UTC, unless `--timezone` says otherwise (the admin center shows local time).
 */
export class TraceRows {
  private names: readonly string[] = NO_NAMES;
  private places = placesOf(TRACE_COLUMN, NO_NAMES);
  private values: readonly string[] = NO_NAMES;
  private readonly options: CommonOptions;
  private readonly mta: string;

  constructor(options: CommonOptions) {
    this.options = { ...options, timeZone: options.timeZone ?? 'UTC' };
    this.mta = options.mta ?? SERVICE;
  }

  /** Turns one row into the events of its recipients. */
  parse({ names, values }: FieldValues, sink: EventSink): Outcome {
    if (!sameNames(names, this.names)) {
      this.names = names;
      this.places = placesOf(TRACE_COLUMN, names, this.options.mapping);
    }
    this.values = values;
    const { received, recipient, recipientStatus } = this.places;
    if (received < 0 || (recipient < 0 && recipientStatus < 0))
      return { reject: 'not a message trace: columns missing' };
    const stamp = this.stamp(this.text('received').trim());
    if ('problem' in stamp) return { reject: `time stamp: ${stamp.problem}` };
    const legs = this.recipients();
    if (typeof legs === 'string') return { reject: legs };
    for (const leg of legs) this.emit(leg, stamp.time, stamp.resolutionMs, sink);
    return 'events';
  }

  private emit(
    { recipient, kind, status }: TracedRecipient,
    time: number,
    resolutionMs: number,
    sink: EventSink,
  ): void {
    const draft = this.begin(sink, KIND.received, STATEMENT['queue-active'], time, resolutionMs, recipient);
    draft.text(TEXT.peerAddress, this.text('fromIp').trim());
    draft.text(TEXT.sender, this.text('sender').trim());
    const size = Number(this.text('size') || NaN);
    if (size > 0) draft.number(NUMBER.sizeBytes, Math.floor(size));
    sink.emit();
    if (kind === PENDING) return;
    const outcome = this.begin(sink, kind, STATEMENT.delivery, time, resolutionMs, recipient);
    outcome.timeBasis = TIME_BASIS.record;
    outcome.text(TEXT.smtpReply, status);
    if (kind === KIND.relayed) outcome.text(TEXT.nextAddress, this.text('toIp').trim());
    sink.emit();
  }

  private begin(
    sink: EventSink,
    kind: number,
    statement: number,
    time: number,
    resolutionMs: number,
    recipient: string,
  ): EventDraft {
    const draft = sink.draft.begin(kind, statement, time, resolutionMs);
    draft.direction = this.direction();
    draft.text(TEXT.mta, this.mta);
    draft.text(TEXT.product, 'microsoft-365');
    draft.text(TEXT.messageId, displayMessageId(this.text('messageId')));
    draft.text(TEXT.transactionId, this.text('networkId'));
    draft.text(TEXT.recipient, recipient);
    return draft;
  }

  /** One recipient with its status; of an enhanced summary all: `a@b##Receive, Deliver;c@d##Receive, Fail`. A text says what is wrong. */
  private recipients(): TracedRecipient[] | string {
    const packed = this.text('recipientStatus');
    const list = packed.includes('##')
      ? packed.split(';').map((part) => part.split('##'))
      : [[this.text('recipient'), this.text('status')]];
    const legs: TracedRecipient[] = [];
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

  /** The commonest form, ISO in UTC, without the search through all forms. */
  private stamp(text: string): ReturnType<typeof parseTimestamp> {
    if (ISO.test(text) && (text.endsWith('Z') || this.options.timeZone === 'UTC')) {
      const time = Date.parse(`${text.slice(0, 23)}Z`);
      if (!Number.isNaN(time)) return { time, resolutionMs: 1 };
    }
    return parseTimestamp(text, this.options);
  }

  private direction(): number {
    const text = this.text('directionality').toLowerCase();
    if (text === '1' || text.startsWith('in')) return DIRECTION.in;
    return text === '2' || text.startsWith('out') || text.startsWith('originating') ? DIRECTION.out : DIRECTION.unknown;
  }

  private text(column: TraceColumn): string {
    const place = this.places[column];
    return place < 0 ? '' : (this.values[place] ?? '');
  }
}

interface TracedRecipient {
  readonly recipient: string;
  readonly kind: number;
  readonly status: string;
}
