import type { MtaNames } from '../trace/mta-name';
import type { Leg } from './leg';
import { LegIndex } from './leg-index';
import { byEvidence, byPreference, candidate, matchedBy, type Candidate } from './link-candidate';
import { Followers } from './followers';
import { linkKind } from './link-kind';
import { RecipientMatch } from './recipient-match';

export interface Link {
  readonly from: Leg;
  readonly matchedBy: number;
  /** the link goes from a host to itself: one hop, several queue ids (delay model §4.2) */
  readonly sameHost: boolean;
}

/** Almost every message has a handful of legs: comparing all of them costs less than indexing them. */
const COMPARED = 24;
/** So often a leg may find its best candidate taken since it was chosen; bulk mail that shares one moment must not cost n². */
const TRIES = 64;

/** The candidates of one leg in the order of preference; each is asked for once. */
type Candidates = Iterator<Candidate, unknown, undefined>;

/**
 * Finds the leg before each leg of one message (delay model §4.3 to §4.6). Each leg has at most one before it; a leg is followed at most
 * once per recipient. The best pair of all goes first. The result depends on the set of legs only, not on their order.
 * @param compared up to so many legs are compared with each other; more are found by index, with the same result
 */
export function linkLegs(legs: readonly Leg[], mtas: MtaNames, compared = COMPARED): Map<Leg, Link> {
  const links = new Map<Leg, Link>();
  const followers = new Followers();
  const free = ({ from, to }: Candidate): boolean => !followers.has(from, to) && !leadsTo(from, to, links);
  const waiting = new Waiting(free);
  const candidatesOf = finder(legs, mtas, compared, followers);
  for (const to of legs) if (!(to.isHes && to.receivedAt === null)) waiting.add(candidatesOf(to));
  for (let best = waiting.take(); best; best = waiting.take()) {
    followers.add(best.from, best.to);
    links.set(best.to, { from: best.from, matchedBy: matchedBy(best), sameHost: best.kind.sameHost });
  }
  return links;
}

function finder(legs: readonly Leg[], mtas: MtaNames, compared: number, followers: Followers): (to: Leg) => Candidates {
  const recipients = new RecipientMatch(legs);
  if (legs.length > compared) {
    const index = new LegIndex(legs, mtas, recipients, followers);
    return (to) => index.candidatesOf(to);
  }
  return (to) =>
    legs
      .flatMap((from) => candidate(from, to, mtas, recipients, linkKind) ?? [])
      .sort(byPreference)
      .values();
}

interface Entry {
  best: Candidate;
  readonly further: Candidates;
  tries: number;
}

/** Legs that wait for the leg before them, the one with the best candidate last. */
class Waiting {
  private readonly entries: Entry[] = [];

  constructor(private readonly free: (candidate: Candidate) => boolean) {}

  add(further: Candidates): void {
    const best = this.nextFree(further);
    if (best) this.insert({ best, further, tries: 0 });
  }

  /** The best pair whose leg before is still free. */
  take(): Candidate | undefined {
    for (let entry = this.entries.pop(); entry; entry = this.entries.pop()) {
      if (this.free(entry.best)) return entry.best;
      const next = this.nextFree(entry.further);
      // no other leg has a better one, when this one is as good as the one that was taken
      if (next && byEvidence(next, entry.best) === 0) return next;
      if (next && entry.tries < TRIES) this.insert({ best: next, further: entry.further, tries: entry.tries + 1 });
    }
    return undefined;
  }

  private insert(entry: Entry): void {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byPreference(this.entries[middle].best, entry.best) > 0) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
  }

  private nextFree(further: Candidates): Candidate | undefined {
    for (let next = further.next(); !next.done; next = further.next()) if (this.free(next.value)) return next.value;
    return undefined;
  }
}

/** Would a link from `from` to `to` close a circle? */
function leadsTo(from: Leg, to: Leg, links: ReadonlyMap<Leg, Link>): boolean {
  for (let leg: Leg | undefined = from; leg; leg = links.get(leg)?.from) if (leg === to) return true;
  return false;
}
