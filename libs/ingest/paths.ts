import type { MtaNames } from '../trace/mta-name';
import type { Leg } from './leg';
import { matchedBy } from './link-candidate';
import { namedKind } from './link-kind';
import { linkLegs, type Link } from './link-legs';
import { RECIPIENT } from './recipient-match';

/** One leg of a journey. `position` counts hops from 1; `part` counts the queue ids of one hop from 1. */
export interface PathStep {
  readonly leg: Leg;
  /** the id of the journey: that of its last leg */
  readonly journey: string;
  readonly position: number;
  readonly part: number;
  readonly matchedBy: number;
}

/**
 * The journeys of one message: a path ends at each leg that nothing follows, and leads back to the leg that nothing precedes.
 * Legs shared by several final recipients stand in each of their journeys. A leg that only repeats what an MTA's own log says gets the
 * journey {@link NO_JOURNEY}.
 */
export function pathsOf(all: readonly Leg[], mtas: MtaNames): PathStep[] {
  const echoes = echoesIn(all, mtas);
  const legs = all.filter((leg) => !echoes.has(leg));
  const links = linkLegs(legs, mtas);
  const followed = new Set([...links.values()].map((link) => link.from));
  const ends = legs.filter((leg) => !followed.has(leg));
  const shared = sharedEnds(ends, links, mtas);
  return [
    ...ends.flatMap((last) => pathTo(last, links, shared.get(last))),
    ...[...echoes].map((leg) => ({ leg, journey: NO_JOURNEY, position: 0, part: 0, matchedBy: 0 })),
  ];
}

export const NO_JOURNEY = '0';

/** A trace header's stamps are coarser than a log's. */
const ECHO_TOLERANCE_MS = 2000;

/**
 * Legs known from a trace header whose MTA's own log tells of the same custody, under the same or the other name of the MTA: by its queue
 * id, or within its time (a mailbox server's own Received field has an id that no log of the MTA knows).
 */
function echoesIn(legs: readonly Leg[], mtas: MtaNames): Set<Leg> {
  const logged = legs.filter((leg) => leg.product !== 'trace-headers' && !leg.isHes);
  const echoes = (leg: Leg, log: Leg): boolean => {
    if (!mtas.means(leg.mta, log.mta)) return false;
    if (leg.queueId === log.queueId) return true;
    const [at, from, to] = [leg.receivedAt ?? leg.begunAt, log.receivedAt ?? log.begunAt, log.endedAt ?? Infinity];
    return at >= from - ECHO_TOLERANCE_MS && at <= to + ECHO_TOLERANCE_MS;
  };
  return new Set(
    legs.filter((leg) => leg.product === 'trace-headers' && !leg.isHes && logged.some((log) => echoes(leg, log))),
  );
}

/** A leg and the link to the one before it. */
interface Step {
  readonly leg: Leg;
  readonly link?: Link;
}

/**
 * What else a journey ends with. A message in a queue, of whose recipients no line tells yet, was handed over for all of those whose reply
 * names its queue id, and one that is delivered once for several aliases of its recipient, for all of these; a link is for one of them.
 */
function sharedEnds(ends: readonly Leg[], links: ReadonlyMap<Leg, Link>, mtas: MtaNames): Map<Leg, Step> {
  const found = new Map<Leg, Step>();
  const open = ends.filter((leg) => leg.recipient !== '' && leg.nextQueueId !== '');
  if (open.length === 0) return found;
  const named = new Map<string, Leg[]>();
  for (const leg of ends) {
    if (leg.queueId === '' || !links.has(leg)) continue;
    const legs = named.get(leg.queueId);
    if (legs) legs.push(leg);
    else named.set(leg.queueId, [leg]);
  }
  for (const from of open) {
    for (const leg of named.get(from.nextQueueId) ?? []) {
      if (leg.recipient !== '' && leg.recipient !== from.recipient) continue;
      if ((found.get(from)?.leg.id ?? leg.id) < leg.id) continue;
      const kind = namedKind(from, leg, mtas);
      if (!kind || !inOneReply(from, links.get(leg)?.from)) continue;
      const recipientRank = leg.recipient === '' ? RECIPIENT.sole : RECIPIENT.exact;
      found.set(from, { leg, link: { from, matchedBy: matchedBy({ kind, recipientRank }), sameHost: kind.sameHost } });
    }
  }
  return found;
}

/** One reply to DATA is logged once per recipient, at once; what is named again later is another message under the same id. */
const ONE_REPLY_MS = 2000;

const inOneReply = (a: Leg, b: Leg | undefined): boolean =>
  a.endedAt === b?.endedAt || Math.abs((a.endedAt ?? Infinity) - (b?.endedAt ?? Infinity)) <= ONE_REPLY_MS;

function pathTo(last: Leg, links: ReadonlyMap<Leg, Link>, shared?: Step): PathStep[] {
  const chain: Step[] = shared ? [shared] : [];
  for (let leg: Leg | undefined = last; leg; leg = links.get(leg)?.from) chain.unshift({ leg, link: links.get(leg) });
  let position = 0;
  let part = 0;
  return chain.map(({ leg, link }) => {
    if (link?.sameHost) part++;
    else {
      position++;
      part = 1;
    }
    return { leg, journey: last.id, position, part, matchedBy: link?.matchedBy ?? 0 };
  });
}
