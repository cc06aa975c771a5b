import { ASCII, ascii, isDigit, lastIndexOfByte, startsWith } from './byte-scan';

const QUEUED_AS = ascii('queued as ');

/** Where a reply says its enhanced status and the queue id, which ends it. */
export interface PlainReply {
  readonly status: number;
  readonly statusEnd: number;
  readonly queueId: number;
}

/**
 * Reads the reply that most MTAs give, `250 2.0.0 Ok: queued as 4fPq1x0Zk3z1Tn` at bytes [from, to), without a string. undefined for every other one,
 * which readReply knows; where it answers, it answers the same.
 */
export function plainReply(bytes: Uint8Array, from: number, to: number): PlainReply | undefined {
  const isSuccess = bytes[from] === 0x32 && bytes[from + 1] >= ASCII.zero && bytes[from + 1] <= 0x35;
  if (to - from < 25 || !isSuccess || !isDigit(bytes[from + 2]) || bytes[from + 3] !== ASCII.blank) return undefined;
  const status = from + 4;
  const statusEnd = bytes[status] === 0x32 ? statusEndAt(bytes, status + 1) : -1;
  if (statusEnd < 0 || bytes[statusEnd] !== ASCII.blank) return undefined;
  const queueId = lastIndexOfByte(bytes, ASCII.blank, statusEnd, to) + 1;
  const words = queueId - QUEUED_AS.length;
  if (words <= statusEnd || !isQueueId(bytes, queueId, to) || !startsWith(bytes, words, queueId, QUEUED_AS))
    return undefined;
  const before = bytes[words - 1];
  return before === ASCII.blank || before === ASCII.colon ? { status, statusEnd, queueId } : undefined;
}

/** Behind `.1.22`; −1 for anything else. */
function statusEndAt(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let part = 0; part < 2; part++) {
    if (bytes[at] !== ASCII.dot) return -1;
    const digits = ++at;
    while (isDigit(bytes[at])) at++;
    if (at === digits || at - digits > 3) return -1;
  }
  return at;
}

/** Letters and digits, and not a word in small letters. */
function isQueueId(bytes: Uint8Array, from: number, to: number): boolean {
  let small = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    const isSmall = byte >= 97 && byte <= 122;
    if (!isSmall && !isDigit(byte) && !(byte >= 65 && byte <= 90)) return false;
    if (!isSmall) small = false;
  }
  return !small && to - from >= 4;
}
