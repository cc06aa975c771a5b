import type { EventDraft } from '../../trace/event-draft';
import { displayMessageId } from '../../trace/message-id';
import { ASCII } from '../log-text/byte-scan';
import type { RecordFields } from './record-fields';

/** Column `column` becomes the value of a field as it stands; nothing where there is no such field. */
export function setField(draft: EventDraft, column: number, fields: RecordFields, index: number): void {
  if (!fields.isEmpty(index)) draft.bytes(column, fields.bytes, fields.from[index], fields.to[index]);
}

/** Column `column` becomes the Message-ID in a field: {@link displayMessageId}, without a string where it is an ordinary one. */
export function setMessageId(draft: EventDraft, column: number, fields: RecordFields, index: number): void {
  if (fields.isEmpty(index)) return;
  const { bytes } = fields;
  const from = fields.from[index];
  const to = fields.to[index];
  if (isBracketed(bytes, from, to)) draft.bytes(column, bytes, from + 1, to - 1);
  else draft.text(column, displayMessageId(fields.text(index)));
}

/** Whether bytes [from, to) are `<…>` and hold no further bracket, no blank, and nothing that is not ASCII. */
export function isBracketed(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 3 || bytes[from] !== ASCII.less || bytes[to - 1] !== ASCII.greater) return false;
  for (let at = from + 1; at < to - 1; at++) if ((CLASS[bytes[at]] & PLAIN_ID) === 0) return false;
  return true;
}

/** Whether bytes [from, to) are an address as normaliseAddress leaves it: visible ASCII without capitals, brackets, prefix and route. */
export function isPlainAddress(bytes: Uint8Array, from: number, to: number): boolean {
  if (from >= to || bytes[from] === AT_SIGN) return false;
  for (let at = from; at < to; at++) if ((CLASS[bytes[at]] & PLAIN_ADDRESS) === 0) return false;
  return true;
}

const AT_SIGN = 64;
const SEMICOLON = 59;
const CAPITAL_A = 65;
const CAPITAL_Z = 90;
/** What a byte may be part of. One look-up costs less than the comparisons. */
const CLASS = new Uint8Array(256);
const PLAIN_ID = 1;
const PLAIN_ADDRESS = 2;
for (let byte = ASCII.blank + 1; byte <= 126; byte++) {
  if (byte === ASCII.less || byte === ASCII.greater) continue;
  const isCapital = byte >= CAPITAL_A && byte <= CAPITAL_Z;
  CLASS[byte] = isCapital || byte === SEMICOLON ? PLAIN_ID : PLAIN_ID | PLAIN_ADDRESS;
}
