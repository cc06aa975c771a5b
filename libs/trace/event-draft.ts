import {
  DIRECTIONS,
  KINDS,
  NUMBER_COLUMNS,
  STATEMENTS,
  TEXT_COLUMNS,
  TIME_BASES,
  type NumberColumn,
  type TextColumn,
  type TraceEvent,
} from './trace-event';

type IndexOf<T extends string> = { readonly [K in T]: number };
const indexOf = <T extends string>(names: readonly T[]): IndexOf<T> =>
  Object.fromEntries(names.map((name, index) => [name, index])) as IndexOf<T>;

/** Column and code numbers, so that the hot path works with small integers. */
export const KIND = indexOf(KINDS);
export const STATEMENT = indexOf(STATEMENTS);
export const TEXT: IndexOf<TextColumn> = indexOf(TEXT_COLUMNS);
export const NUMBER: IndexOf<NumberColumn> = indexOf(NUMBER_COLUMNS);
export const DIRECTION = indexOf(DIRECTIONS);
export const TIME_BASIS = indexOf(TIME_BASES);

/**
 * One event under construction, used again for every event: a parser fills it and hands it to a sink, which copies it.
 * Text is held as ranges of byte buffers, so a log line becomes a row without a string in between.
 */
export class EventDraft {
  kind = 0;
  statement = 0;
  direction = 0;
  timeBasis = 0;
  /** epoch milliseconds */
  eventTime = 0;
  timeResolutionMs = 1;
  readonly buffer: Uint8Array[] = TEXT_COLUMNS.map(() => EMPTY);
  /** a column whose `to` is not beyond `from` is empty */
  readonly from = new Int32Array(TEXT_COLUMNS.length);
  readonly to = new Int32Array(TEXT_COLUMNS.length);
  /** the same, two at a time: there are as many columns as make pairs */
  private readonly ends = new Float64Array(this.to.buffer);
  readonly numbers = new Float64Array(NUMBER_COLUMNS.length).fill(-1);
  /** the bytes of texts that came as strings, of this event only */
  private written = Buffer.allocUnsafeSlow(1024);
  private writtenTo = 0;

  /** Starts a new event: every text column empty, every number unknown. */
  begin(kind: number, statement: number, eventTime: number, timeResolutionMs: number): this {
    this.kind = kind;
    this.statement = statement;
    this.eventTime = eventTime;
    this.timeResolutionMs = timeResolutionMs;
    this.direction = 0;
    this.timeBasis = 0;
    this.writtenTo = 0;
    // Loops: of so few, a call of fill() costs several times as much.
    for (let c = 0; c < TEXT_COLUMNS.length / 2; c++) this.ends[c] = 0;
    for (let c = 0; c < NUMBER_COLUMNS.length; c++) this.numbers[c] = -1;
    return this;
  }

  /** Column `column` becomes bytes [from, to) of `buffer`; they must not change before the sink has taken the event. */
  bytes(column: number, buffer: Uint8Array, from: number, to: number): void {
    this.buffer[column] = buffer;
    this.from[column] = from;
    this.to[column] = to;
  }

  /** Column `column` becomes a string (slow path); undefined leaves it unknown. */
  text(column: number, value: string | undefined): void {
    if (!value) return;
    if (value.length > LONG) {
      const encoded = Buffer.from(value, 'utf8');
      return this.bytes(column, encoded, 0, encoded.length);
    }
    const from = this.writtenTo;
    // A UTF-16 unit is three bytes at most. What was written before stays where its columns point.
    if (from + value.length * 3 > this.written.length) {
      this.written = Buffer.allocUnsafeSlow(2 * (this.written.length + value.length * 3));
      this.writtenTo = 0;
      return this.text(column, value);
    }
    this.writtenTo = from + encode(value, this.written, from);
    this.bytes(column, this.written, from, this.writtenTo);
  }

  number(column: number, value: number | undefined): void {
    if (value !== undefined) this.numbers[column] = value;
  }

  /** The event as an object. */
  toEvent(): TraceEvent {
    const event: Record<string, unknown> = {
      kind: KINDS[this.kind],
      statement: STATEMENTS[this.statement],
      eventTime: this.eventTime,
      timeResolutionMs: this.timeResolutionMs,
      timeBasis: TIME_BASES[this.timeBasis],
    };
    if (this.direction) event.direction = DIRECTIONS[this.direction];
    TEXT_COLUMNS.forEach((name, c) => {
      if (this.to[c] > this.from[c])
        event[name] = Buffer.from(this.buffer[c].subarray(this.from[c], this.to[c])).toString('utf8');
    });
    NUMBER_COLUMNS.forEach((name, c) => {
      if (this.numbers[c] >= 0) event[name] = this.numbers[c];
    });
    return event as TraceEvent;
  }
}

const EMPTY = new Uint8Array(0);
/** Up to so many characters a loop costs less than a call into native code. */
const SHORT = 48;
/** A longer text has a buffer of its own, so that one alone does not make the draft large for good. */
const LONG = 16 * 1024;

/** Writes a string as UTF-8; answers how many bytes that took. */
function encode(value: string, into: Buffer, from: number): number {
  if (value.length > SHORT) return into.write(value, from);
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0x7f) return into.write(value, from);
    into[from + i] = unit;
  }
  return value.length;
}

/** Takes finished drafts: the store's sink writes RowBinary, {@link EventCollector} keeps objects. */
export interface EventSink {
  /** The draft that parsers fill. One per sink. */
  readonly draft: EventDraft;
  /** Copies the draft as one event. */
  emit(): void;
}

/** A sink that keeps events as objects: for tests, `inspect` and detection. */
export class EventCollector implements EventSink {
  readonly draft = new EventDraft();
  readonly events: TraceEvent[] = [];

  emit(): void {
    this.events.push(this.draft.toEvent());
  }
}
