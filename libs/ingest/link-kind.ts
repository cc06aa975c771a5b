import { isHesHost } from '../trace/hes-hosts';
import type { MtaNames } from '../trace/mta-name';
import { takenAt, type Leg } from './leg';

/** From the strongest to the weakest link a journey can rest on (delay model §3, `matched_by`). */
export const MATCH = { none: 0, message_id: 1, queue_id: 2, queued_as: 3, orig_to: 4, sole_recipient: 5 } as const;

/** How one leg could have handed the message to another. */
export interface LinkKind {
  /** lower is better; 0 when an id or a stamp names the next leg */
  readonly linkRank: number;
  readonly matchedBy: number;
  /** the link goes from a host to itself: one hop, several queue ids (delay model §4.2) */
  readonly sameHost: boolean;
}

/** How `from` could have handed the message to `to`; undefined when nothing says so. */
export function linkKind(from: Leg, to: Leg, mtas: MtaNames): LinkKind | undefined {
  return namedKind(from, to, mtas) ?? routeKind(from, to, mtas);
}

/** The link that a queue id, or the stamp of a trace header, tells (delay model §4.2, §4.3). Its rank is 0. */
export function namedKind(from: Leg, to: Leg, mtas: MtaNames): LinkKind | undefined {
  const sameMessage = from.messageKey !== '' && from.messageKey === to.messageKey;
  if (from.mta === to.mta) return sameHostKind(from, to, sameMessage);
  const knowsNext = mtas.means(from.nextMta, to.mta);
  const inHeader = sameMessage && knowsNext && inOneHeader(from, to) && !handedToHes(from, to);
  if (inHeader) return { linkRank: 0, matchedBy: MATCH.message_id, sameHost: false };
  if (from.nextQueueId === '' || from.nextQueueId !== to.queueId) return undefined;
  const byHes = from.isHes && (to.client === 'hes' || from.nextMta === '') && !mtas.knows(from.nextMta);
  // under an address, or a name of the service, that no MTA of ours has: the same message under the same id is there nevertheless
  const byMessage = sameMessage && !mtas.knows(from.nextMta);
  if (!knowsNext && !byHes && !byMessage) return undefined;
  return { linkRank: 0, matchedBy: sameMessage ? MATCH.message_id : MATCH.queued_as, sameHost: false };
}

/**
 * The link between two hosts that the Message-ID tells, their own or one that queue ids lend them, with what the hosts say of each other. Of `from` nothing counts but what
 * {@link routeOf} names.
 */
export function routeKind(from: Leg, to: Leg, mtas: MtaNames): LinkKind | undefined {
  if (from.mta === to.mta || from.knownKey === '' || from.knownKey !== to.knownKey) return undefined;
  const linkRank = routeRank(from, to, mtas);
  if (linkRank === undefined) return undefined;
  const sameMessage = from.messageKey === to.messageKey && from.messageKey !== '';
  return { linkRank, matchedBy: sameMessage ? MATCH.message_id : MATCH.queued_as, sameHost: false };
}

/** Legs of one route are alike to {@link routeKind}. A name that means no MTA of ours is as good as any other. */
export function routeOf(leg: Leg, hosts: ReadonlySet<string>, mtas: MtaNames): string {
  const counts = hosts.has(leg.nextMta) || mtas.knows(leg.nextMta) || isHesHost(leg.nextMta);
  return JSON.stringify([leg.messageKey, leg.knownKey, leg.mta, leg.isHes, counts ? leg.nextMta : '']);
}

function routeRank(from: Leg, to: Leg, mtas: MtaNames): number | undefined {
  const knowsNext = mtas.means(from.nextMta, to.mta);
  if (!knowsNext && mtas.knows(from.nextMta)) return undefined;
  if (handedToHes(from, to)) return 1;
  if (to.client === 'foreign' || to.client === 'pickup' || to.client === 'self') return undefined;
  if (to.client === 'hes') return from.isHes ? 1 : undefined;
  if (to.client === 'mta' && mtas.means(to.peer, from.mta)) return 1;
  return knowsNext && (to.client !== 'mta' || to.peer === '') ? 2 : undefined;
}

function sameHostKind(from: Leg, to: Leg, sameMessage: boolean): LinkKind | undefined {
  if (from.isHes) return undefined;
  if (to.originalQueueId !== '') {
    return to.originalQueueId === from.queueId && to.begunAt >= earliestOf(from)
      ? { linkRank: 0, matchedBy: sameMessage ? MATCH.message_id : MATCH.queue_id, sameHost: true }
      : undefined;
  }
  if (from.nextQueueId === '' || from.nextQueueId !== to.queueId) return undefined;
  if (to.client !== 'self' && to.client !== '' && !isLoopback(from) && !inOneHeader(from, to)) return undefined;
  return { linkRank: 0, matchedBy: sameMessage ? MATCH.message_id : MATCH.queued_as, sameHost: true };
}

/**
 * When a custody can have begun at the earliest. Where the log starts in the middle of it, its first line is late, and its reception comes
 * from the delays of its delivery line, whose sum and stamp may each be rounded.
 */
const earliestOf = (leg: Leg): number => (takenAt(leg) < leg.begunAt ? takenAt(leg) - 1000 : leg.begunAt);

const handedToHes = (from: Leg, to: Leg): boolean => to.isHes && isHesHost(from.nextMta);

/**
 * Neighbours in the trace header of one mail: the end of one is the stamp of the next. Where both name a queue id it has to be the same
 * one: a host may be visited twice within a second.
 */
function inOneHeader(from: Leg, to: Leg): boolean {
  if (to.product !== 'trace-headers' || from.endedAt !== to.receivedAt) return false;
  return from.nextQueueId === '' || to.queueId === '' || from.nextQueueId === to.queueId;
}

function isLoopback(leg: Leg): boolean {
  return (
    leg.nextAddress.startsWith('127.') ||
    leg.nextAddress === '::1' ||
    leg.nextMta === leg.mta ||
    leg.nextMta === 'localhost'
  );
}
