import { type EventDraft } from '../../../trace/event-draft';
import { ASCII, indexOfByte, lastIndexOfByte } from '../../log-text/byte-scan';
import { type Range } from './fields';

/**
 * Sets name and address columns from `H=`: `name [ip]`, `name (helo) [ip]` (the name was verified), `(helo) [ip]` and `[ip]` (it was not,
 * formats.md §13.29). Answers whether there is a host at all.
 */
export function setHost(draft: EventDraft, name: number, address: number, bytes: Uint8Array, host: Range): boolean {
  const { from, to } = host;
  if (to <= from) return false;
  const open = lastIndexOfByte(bytes, ASCII.openBracket, from, to);
  if (open >= 0 && bytes[to - 1] === ASCII.closeBracket) draft.bytes(address, bytes, open + 1, to - 1);
  if (bytes[from] === ASCII.openParenthesis || bytes[from] === ASCII.openBracket) return true;
  const blank = indexOfByte(bytes, ASCII.blank, from, to);
  draft.bytes(name, bytes, from, blank < 0 ? to : blank);
  return true;
}
