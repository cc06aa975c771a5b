import { type EventDraft, type EventSink, KIND, STATEMENT, TEXT } from '../../../trace/event-draft';
import { displayMessageId } from '../../../trace/message-id';
import { type Outcome } from '../../source';
import {
  ASCII,
  ascii,
  indexOfByte,
  indexOfPattern,
  lastIndexOfByte,
  skipBlanks,
  startsWith,
  textOf,
  trimEnd,
} from '../../log-text/byte-scan';
import { decodeEncodedWords } from './encoded-word';
import { type PostfixLine } from './log-line';
import { setPeer } from './peer';
import { setSender } from '../../log-text/envelope-address';
import { REJECT } from './outcomes';
import { wordEnd } from './queue-id';

const ORIGINAL_QUEUE_ID = ascii(', orig_queue_id=');
const ORIGINAL_CLIENT = ascii(', orig_client=');
const PICKUP_ORIGINAL_ID = ascii(' orig_id=');
const FROM = ascii(' from=<');
const ENCODED_WORD = ascii('=?');
const UNSPECIFIED = ascii('unspecified');

/**
 * `client=name[address], …` of smtpd; `at` is behind the `=`. What a content filter hands back names the first queue id (XFORWARD): there the filter is
 * the peer, not `orig_client=`.
 */
export function parseClient(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const draft = line.begin(sink, KIND.opened, STATEMENT.client);
  const end = setPeer(draft, bytes, at, to);
  if (end < 0) return REJECT.client;
  if (end < to && bytes[end] === ASCII.comma && !setOriginalQueueId(draft, bytes, end, to, ORIGINAL_QUEUE_ID)) {
    // A filter before the queue (smtpd_proxy_filter): there is no queue id yet, and its client waits for the reply that this one gives.
    const original = indexOfPattern(bytes, ORIGINAL_CLIENT, end, to);
    if (original >= 0) {
      draft.bytes(TEXT.peer, bytes, to, to);
      setPeer(draft, bytes, original + ORIGINAL_CLIENT.length, to);
    }
  }
  sink.emit();
  return 'events';
}

/** `uid=1003 from=<sender>` of pickup; `at` is behind `uid=`. `orig_id=` is the id before `postsuper -r`. */
export function parsePickup(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const from = indexOfPattern(bytes, FROM, at, to);
  if (from < 0) return REJECT.pickup;
  const draft = line.begin(sink, KIND.opened, STATEMENT.pickup);
  const end = setSender(draft, bytes, from + FROM.length - 1, to);
  if (end < 0) return REJECT.pickup;
  setOriginalQueueId(draft, bytes, end, to, PICKUP_ORIGINAL_ID);
  sink.emit();
  return 'events';
}

/**
 * `message-id=…` of cleanup; `at` is behind the `=`. The text is the header's as it came (formats.md §13.3): the first
 * `<…>` counts, else the first word; what stands behind is dropped. `<>`, nothing and `unspecified` are no id: the rules
 * of displayMessageId, in bytes.
 */
export function parseMessageId(line: PostfixLine, at: number, sink: EventSink): Outcome {
  const { bytes, to } = line;
  const draft = line.begin(sink, KIND.opened, STATEMENT['message-id']);
  if (startsWith(bytes, at, to, ENCODED_WORD)) {
    draft.text(TEXT.messageId, displayMessageId(decodeEncodedWords(textOf(bytes, at, to))));
    sink.emit();
    return 'events';
  }
  let open = indexOfByte(bytes, ASCII.less, at, to);
  const close = open < 0 ? -1 : indexOfByte(bytes, ASCII.greater, open + 1, to);
  if (close >= 0) {
    // `<<a@b>>`: the inner pair
    open = lastIndexOfByte(bytes, ASCII.less, open, close);
    const from = skipBlanks(bytes, open + 1, close);
    draft.bytes(TEXT.messageId, bytes, from, trimEnd(bytes, from, close));
  } else {
    const from = skipBlanks(bytes, open < 0 ? at : open + 1, to);
    const blank = indexOfByte(bytes, ASCII.blank, from, to);
    const end = blank < 0 ? to : blank;
    const none = end === from + UNSPECIFIED.length && startsWith(bytes, from, end, UNSPECIFIED);
    if (!none) draft.bytes(TEXT.messageId, bytes, from, end);
  }
  sink.emit();
  return 'events';
}

function setOriginalQueueId(draft: EventDraft, bytes: Uint8Array, at: number, to: number, key: Uint8Array): boolean {
  const found = indexOfPattern(bytes, key, at, to);
  if (found < 0) return false;
  const from = found + key.length;
  draft.bytes(TEXT.originalQueueId, bytes, from, wordEnd(bytes, from, to));
  return true;
}
