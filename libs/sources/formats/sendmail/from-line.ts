import { type EventDraft, type EventSink, KIND, NUMBER, STATEMENT, TEXT } from '../../../trace/event-draft';
import { ASCII, ascii, indexOfByte, startsWith } from '../../log-text/byte-scan';
import { wholeNumber } from '../../log-text/decimal';
import { addressEnd, setSender } from '../../log-text/envelope-address';
import { type LogLine } from '../../log-text/log-line';
import { type Outcome } from '../../source';
import { fieldEnd, nextField } from './fields';
import { setHost } from './host';
import { REJECT } from './outcomes';

const SIZE = ascii('size=');
const RECIPIENTS = ascii('nrcpts=');
const MESSAGE_ID = ascii('msgid=');
const RELAY = ascii('relay=');
/** So many characters of a Message-ID are logged, `<` included (formats.md §13.17). */
const LOGGED_OF_MESSAGE_ID = 100;

/** Where in a `from=` line its fields stand; one object, filled anew for every line. */
class FromFields {
  senderFrom = 0;
  size = -1;
  recipients = -1;
  idFrom = 0;
  idTo = 0;
  relayFrom = 0;
  relayTo = 0;

  /** False when the sender is cut. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    this.senderFrom = from;
    this.size = this.recipients = -1;
    this.idFrom = this.idTo = this.relayFrom = this.relayTo = 0;
    const end = bytes[from] === ASCII.comma ? from : addressEnd(bytes, from, to);
    if (end < 0) return false;
    for (let at = nextField(bytes, end, to); at < to;) {
      let next = -1;
      const first = bytes[at];
      // size=, nrcpts=, msgid=, relay=: all others (class=, bodytype=, proto=, daemon=) are passed over
      if (first !== 0x73 && first !== 0x6e && first !== 0x6d && first !== 0x72) next = fieldEnd(bytes, at, to);
      else if (startsWith(bytes, at, to, SIZE)) {
        next = fieldEnd(bytes, at, to);
        this.size = wholeNumber(bytes, at + SIZE.length, next);
      } else if (startsWith(bytes, at, to, RECIPIENTS)) {
        next = fieldEnd(bytes, at, to);
        this.recipients = wholeNumber(bytes, at + RECIPIENTS.length, next);
      } else if (startsWith(bytes, at, to, MESSAGE_ID)) {
        next = this.readMessageId(bytes, at + MESSAGE_ID.length, to);
      } else if (startsWith(bytes, at, to, RELAY)) {
        this.relayFrom = at + RELAY.length;
        this.relayTo = next = to;
      } else next = fieldEnd(bytes, at, to);
      at = nextField(bytes, next, to);
    }
    return true;
  }

  private readMessageId(bytes: Uint8Array, from: number, to: number): number {
    const close = bytes[from] === ASCII.less ? indexOfByte(bytes, ASCII.greater, from, to) : -1;
    const end = fieldEnd(bytes, close < 0 ? from : close, to);
    if (close >= 0) {
      this.idFrom = from + 1;
      this.idTo = close;
    } else if (end - from !== LOGGED_OF_MESSAGE_ID || bytes[from] !== ASCII.less) {
      this.idFrom = bytes[from] === ASCII.less ? from + 1 : from;
      this.idTo = end;
    }
    return end;
  }
}

const fields = new FromFields();

/**
 * `from=<…>, size=n, class=n, nrcpts=n, msgid=<…>, …, relay=…`: the end of DATA, when this host takes responsibility. `at` is behind
 * `from=`. Without recipients (all were refused, formats.md §13.19) it only says who the client was. A client without an address is
 * a local submission. A Message-ID that was cut after 100 characters is none.
 */
export function parseFrom(line: LogLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  if (!fields.read(bytes, at, to)) return REJECT.from;
  if (fields.recipients < 0) return REJECT.from;
  if (fields.recipients === 0) {
    const draft = line.begin(sink, KIND.opened, STATEMENT.client);
    setEnvelope(draft, bytes, to);
    sink.emit();
    return 'events';
  }
  if (fields.relayTo > 0 && indexOfByte(bytes, ASCII.openBracket, fields.relayFrom, fields.relayTo) < 0) {
    setEnvelope(line.begin(sink, KIND.received, STATEMENT.pickup), bytes, to);
    sink.emit();
  }
  const draft = line.begin(sink, KIND.received, STATEMENT['queue-active']);
  setEnvelope(draft, bytes, to);
  draft.bytes(TEXT.messageId, bytes, fields.idFrom, fields.idTo);
  draft.numbers[NUMBER.sizeBytes] = fields.size;
  sink.emit();
  return 'events';
}

function setEnvelope(draft: EventDraft, bytes: Uint8Array, to: number): void {
  if (bytes[fields.senderFrom] !== ASCII.comma) setSender(draft, bytes, fields.senderFrom, to);
  if (fields.relayTo > 0) setHost(draft, TEXT.peer, TEXT.peerAddress, bytes, fields.relayFrom, fields.relayTo);
}
