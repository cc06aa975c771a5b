import { type EventDraft, KIND, TEXT } from '../../../trace/event-draft';
import { nextQueueId } from '../../../trace/smtp-reply';
import { AGENT } from './agent';
import { ASCII, ascii, indexOfByte, indexOfPattern, isDigit, startsWith, textOf } from '../../log-text/byte-scan';
import { wholeNumber } from '../../log-text/decimal';
import { setQueuedAs } from '../../log-text/queued-as';
import { type PostfixLine } from './log-line';
import { type Relay } from './relay';

const FORWARDED_AS = ascii('forwarded as ');
const SAVED = ascii('Saved');
const NO_RELAY = ascii('none');
/** amavisd's answer for what it took and throws away or quarantines. */
const DISCARDED = ascii('Ok, discarded');

/** Ports on which LMTP servers listen: 24 (RFC 2033), Dovecot's 2424, Cyrus' 2003, Zimbra's 7025. */
const LMTP_PORTS: readonly number[] = [24, 2424, 2003, 7025];

/**
 * What `status=sent` with the reply at [from, to) means, and the queue id that the reply names. Mailboxes (local, virtual,
 * pipe, LMTP) are the end of the way: `delivered`; but an LMTP server that queues (a content filter) and an alias that is
 * forwarded pass the message on: `relayed`, as all that smtp sends. discard(8) and a filter that says so throw away: `deleted`.
 */
export function kindOfSent(line: PostfixLine, draft: EventDraft, from: number, to: number): number {
  const { bytes, agent, relay } = line;
  if (startsWith(bytes, from, to, FORWARDED_AS)) {
    // local(8) gave it a new queue id at this same host.
    draft.bytes(TEXT.nextQueueId, bytes, from + FORWARDED_AS.length, to);
    draft.bytes(TEXT.nextMta, line.mta, line.mtaFrom, line.mtaTo);
    return KIND.relayed;
  }
  if (agent === AGENT.discard) return KIND.deleted;
  const host = draft.to[TEXT.nextMta] > draft.from[TEXT.nextMta] || relay.open >= 0;
  if (agent === AGENT.mailbox && !host) return KIND.delivered;
  const queued = setNextQueueId(draft, bytes, from, to);
  if (!queued && host && indexOfPattern(bytes, DISCARDED, from, to) >= 0) return KIND.deleted;
  if (agent === AGENT.smtp && host) return KIND.relayed;
  if (agent === AGENT.lmtp) return queued ? KIND.relayed : KIND.delivered;
  if (!host) return isNone(bytes, relay) ? KIND.deleted : KIND.delivered;
  if (relay.open < 0) return KIND.relayed;
  return isMailboxRelay(bytes, relay, queued, from, to) ? KIND.delivered : KIND.relayed;
}

/** Sent without any relay: only discard(8) does that. A name without brackets is local(8), virtual(8) or a pipe(8). */
function isNone(bytes: Uint8Array, relay: Relay): boolean {
  return relay.to - relay.from === NO_RELAY.length && startsWith(bytes, relay.from, relay.to, NO_RELAY);
}

/** Final delivery told by a socket, an LMTP port, or `Saved` (Dovecot) in the reply: formats.md §13.16. */
function isMailboxRelay(bytes: Uint8Array, relay: Relay, queued: boolean, from: number, to: number): boolean {
  if (to - from >= SAVED.length && startsWith(bytes, to - SAVED.length, to, SAVED)) return true;
  if (queued) return false;
  if (indexOfByte(bytes, ASCII.slash, relay.open, relay.close) >= 0) return true;
  return LMTP_PORTS.includes(wholeNumber(bytes, relay.close + 2, relay.to));
}

/** Sets the queue id that the reply names and answers whether it says that the message was queued. */
function setNextQueueId(draft: EventDraft, bytes: Uint8Array, from: number, to: number): boolean {
  if (setQueuedAs(draft, bytes, from, to)) return true;
  if (to <= from || !isDigit(bytes[from])) return false;
  const reply = textOf(bytes, from, to);
  draft.text(TEXT.nextQueueId, nextQueueId(reply));
  return reply.toLowerCase().includes('queued');
}
