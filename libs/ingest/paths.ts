import type { MtaNames } from '../trace/mta-name';
import { linkLegs, type Leg, type Link } from './link-legs';

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
 * Legs shared by several final recipients stand in each of their journeys.
 */
export function pathsOf(legs: readonly Leg[], mtas: MtaNames): PathStep[] {
  const links = linkLegs(legs, mtas);
  const followed = new Set([...links.values()].map((link) => link.from));
  return legs.filter((leg) => !followed.has(leg)).flatMap((last) => pathTo(last, links));
}

function pathTo(last: Leg, links: ReadonlyMap<Leg, Link>): PathStep[] {
  const chain: { leg: Leg; link?: Link }[] = [];
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
