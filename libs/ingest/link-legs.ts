import { isHesHost } from '../trace/hes-hosts';
import type { MtaNames } from '../trace/mta-name';

/** What one MTA says of one recipient of one message. Times are epoch ms; '' and null are unknown. */
export interface Leg {
  readonly id: string;
  /** the ownership: legs of one custody differ in the recipient */
  readonly custody: string;
  readonly messageKey: string;
  readonly isHes: boolean;
  readonly mta: string;
  readonly product: string;
  readonly queueId: string;
  readonly begunAt: number;
  readonly receivedAt: number | null;
  readonly endedAt: number | null;
  /** who handed it over: hes, mta, self, foreign, unnamed, pickup, '' */
  readonly client: string;
  readonly peer: string;
  readonly originalQueueId: string;
  readonly nextMta: string;
  readonly nextAddress: string;
  readonly nextQueueId: string;
  readonly recipient: string;
  readonly originalRecipient: string;
}

/** From the strongest to the weakest link a journey can rest on (delay model §3, `matched_by`). */
export const MATCH = { none: 0, message_id: 1, queue_id: 2, queued_as: 3, orig_to: 4, sole_recipient: 5 } as const;

export interface Link {
  readonly from: Leg;
  readonly matchedBy: number;
  /** the link goes from a host to itself: one hop, several queue ids (delay model §4.2) */
  readonly sameHost: boolean;
}

interface Candidate extends Link {
  readonly to: Leg;
  /** lower is better: kind of link, then kind of recipient match, then distance in time */
  readonly linkRank: number;
  readonly recipientRank: number;
  readonly distance: number;
}

/** Of a repeated Message-ID only so many neighbours in time are looked at, so that bulk mail does not cost n². */
const NEIGHBOURS = 8;

/**
 * The two ends of a transfer are one SMTP transaction. A log read in the wrong zone may put them a day apart, and must still be linked
 * so that the mistake is seen; where already the recipient is inferred, only a clock's error is believed.
 */
const MAX_APART_MS = 26 * 3_600_000;
const MAX_APART_GUESSED_MS = 3_600_000;

/**
 * Finds the leg before each leg of one message (delay model §4.3 to §4.6). Each leg has at most one before it; a leg is followed at most
 * once per recipient. The result depends on the set of legs only, not on their order.
 */
export function linkLegs(legs: readonly Leg[], mtas: MtaNames): Map<Leg, Link> {
  const candidates = legs.flatMap((to) => candidatesFor(to, legs, mtas));
  candidates.sort(byPreference);
  const links = new Map<Leg, Link>();
  const followed = new Set<string>();
  for (const { from, to, matchedBy, sameHost } of candidates) {
    const use = `${from.id} ${to.recipient}`;
    if (links.has(to) || followed.has(use) || leadsTo(from, to, links)) continue;
    followed.add(use);
    links.set(to, { from, matchedBy, sameHost });
  }
  return links;
}

function candidatesFor(to: Leg, legs: readonly Leg[], mtas: MtaNames): Candidate[] {
  if (to.isHes && to.receivedAt === null) return [];
  const found: Candidate[] = [];
  for (const from of legs) {
    if (from.custody === to.custody) continue;
    const kind = linkKind(from, to, mtas);
    if (!kind) continue;
    const recipientRank = recipientMatch(from, to, legs);
    if (recipientRank < 0) continue;
    const apart = distance(from, to);
    if (from.endedAt !== null && apart > (recipientRank === 2 ? MAX_APART_GUESSED_MS : MAX_APART_MS)) continue;
    found.push({
      from,
      to,
      ...kind,
      matchedBy: Math.max(kind.matchedBy, recipientRank === 0 ? 0 : recipientRank === 1 ? MATCH.orig_to : MATCH.sole_recipient),
      recipientRank,
      distance: apart,
    });
  }
  return found.sort(byPreference).slice(0, NEIGHBOURS);
}

type Kind = Pick<Candidate, 'linkRank' | 'matchedBy' | 'sameHost'>;

/** How `from` could have handed the message to `to`; undefined when nothing says so. */
function linkKind(from: Leg, to: Leg, mtas: MtaNames): Kind | undefined {
  const sameMessage = from.messageKey !== '' && from.messageKey === to.messageKey;
  const byId = sameMessage ? MATCH.message_id : MATCH.queued_as;
  if (from.mta === to.mta) return sameHostKind(from, to, sameMessage);
  const named = from.nextQueueId !== '' && from.nextQueueId === to.queueId;
  const knowsNext = mtas.means(from.nextMta, to.mta);
  const handedByHes = from.isHes && to.client === 'hes';
  const elsewhere = !knowsNext && mtas.knows(from.nextMta);
  if (named && !elsewhere && (knowsNext || handedByHes || (from.isHes && from.nextMta === ''))) {
    return { linkRank: 0, matchedBy: byId, sameHost: false };
  }
  if (!sameMessage || elsewhere) return undefined;
  if (to.isHes && isHesHost(from.nextMta)) return { linkRank: 1, matchedBy: byId, sameHost: false };
  if (knowsNext && inOneHeader(from, to)) return { linkRank: 0, matchedBy: byId, sameHost: false };
  if (to.client === 'foreign' || to.client === 'pickup' || to.client === 'self') return undefined;
  if (to.client === 'hes') return handedByHes ? { linkRank: 1, matchedBy: byId, sameHost: false } : undefined;
  if (to.client === 'mta' && mtas.means(to.peer, from.mta)) return { linkRank: 1, matchedBy: byId, sameHost: false };
  if (knowsNext && (to.client !== 'mta' || to.peer === '')) return { linkRank: 2, matchedBy: byId, sameHost: false };
  return undefined;
}

/** Neighbours in the trace header of one mail: the end of one is the stamp of the next. */
function inOneHeader(from: Leg, to: Leg): boolean {
  return to.product === 'trace-headers' && from.endedAt === to.receivedAt;
}

function sameHostKind(from: Leg, to: Leg, sameMessage: boolean): Kind | undefined {
  if (from.isHes) return undefined;
  if (to.originalQueueId !== '') {
    return to.originalQueueId === from.queueId && to.begunAt >= from.begunAt
      ? { linkRank: 0, matchedBy: sameMessage ? MATCH.message_id : MATCH.queue_id, sameHost: true }
      : undefined;
  }
  if (from.nextQueueId === '' || from.nextQueueId !== to.queueId) return undefined;
  if (to.client !== 'self' && to.client !== '' && !isLoopback(from) && !inOneHeader(from, to)) return undefined;
  return { linkRank: 0, matchedBy: sameMessage ? MATCH.message_id : MATCH.queued_as, sameHost: true };
}

function isLoopback(leg: Leg): boolean {
  return leg.nextAddress.startsWith('127.') || leg.nextAddress === '::1' || leg.nextMta === leg.mta || leg.nextMta === 'localhost';
}

/** 0 exact, 1 by orig_to, 2 the only recipient there is, −1 not the same (delay model §4.4). */
function recipientMatch(from: Leg, to: Leg, legs: readonly Leg[]): number {
  if (from.recipient === to.recipient) return 0;
  if (from.recipient === '' || to.recipient === '') return 2;
  if (to.originalRecipient === from.recipient) return 1;
  if (legs.some((leg) => leg.custody === to.custody && leg.recipient === from.recipient)) return -1;
  const alone = !legs.some(
    (leg) => leg !== from && leg.mta === from.mta && leg.recipient !== from.recipient && sameTransaction(leg, from),
  );
  return alone ? 2 : -1;
}

function sameTransaction(a: Leg, b: Leg): boolean {
  return a.custody === b.custody || (a.isHes && b.isHes && a.queueId === b.queueId && (a.queueId !== '' || a.receivedAt === b.receivedAt));
}

/** How far apart the two ends of the SMTP transaction are, in ms; where the release is not known, how long after the reception. */
function distance(from: Leg, to: Leg): number {
  const taken = to.receivedAt ?? to.begunAt;
  if (from.endedAt !== null) return Math.abs(taken - from.endedAt);
  const held = taken - (from.receivedAt ?? from.begunAt);
  return held >= 0 ? held : 1e12 - held;
}

function byPreference(a: Candidate, b: Candidate): number {
  return (
    a.linkRank - b.linkRank ||
    a.recipientRank - b.recipientRank ||
    a.distance - b.distance ||
    (a.from.endedAt ?? a.from.begunAt) - (b.from.endedAt ?? b.from.begunAt) ||
    a.to.begunAt - b.to.begunAt ||
    compare(a.from.id, b.from.id) ||
    compare(a.to.id, b.to.id)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Would a link from `from` to `to` close a circle? */
function leadsTo(from: Leg, to: Leg, links: ReadonlyMap<Leg, Link>): boolean {
  for (let leg: Leg | undefined = from; leg; leg = links.get(leg)?.from) if (leg === to) return true;
  return false;
}
