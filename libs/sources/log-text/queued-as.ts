import { type EventDraft, TEXT } from '../../trace/event-draft';
import { nextQueueId } from '../../trace/smtp-reply';
import { ASCII, ascii, lastIndexOfByte, startsWith, textOf } from './byte-scan';

const QUEUED_AS = ascii('queued as ');
/** As nextQueueId has it. */
const SHORTEST_QUEUE_ID = 4;

/**
 * Sets the queue id of a reply at [from, to) that ends in `queued as ID`, as Postfix says it, and filters that pass its reply on; without a
 * string. Answers whether it does.
 */
export function setQueuedAs(draft: EventDraft, bytes: Uint8Array, from: number, to: number): boolean {
  const id = lastIndexOfByte(bytes, ASCII.blank, from, to) + 1;
  const words = id - QUEUED_AS.length;
  if (words < from || !isQueueId(bytes, id, to) || !startsWith(bytes, words, id, QUEUED_AS)) return false;
  draft.bytes(TEXT.nextQueueId, bytes, id, to);
  return true;
}

/** Sets the queue id that a reply names in whatever words (see {@link nextQueueId}). */
export function setNextQueueId(draft: EventDraft, bytes: Uint8Array, from: number, to: number): void {
  if (to > from && !setQueuedAs(draft, bytes, from, to))
    draft.text(TEXT.nextQueueId, nextQueueId(textOf(bytes, from, to)));
}

function isQueueId(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (!((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122))) return false;
  }
  return to - from >= SHORTEST_QUEUE_ID;
}
