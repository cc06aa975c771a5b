import type { MtaNames } from '../trace/mta-name';
import type { Followers } from './followers';
import { takenAt, type Leg } from './leg';
import { byPreference, candidate, maxApart, type Candidate, type KindOf } from './link-candidate';
import { namedKind, routeKind, routeOf } from './link-kind';
import { RECIPIENT, type RecipientMatch } from './recipient-match';
import { TimeLine } from './time-line';

/** See {@link routeKind}. */
const ROUTE_RANKS = [1, 2];

/**
 * Many legs of one message (bulk mail, a repeated Message-ID), found by what could link them: so that each leg looks at the few that can
 * precede it, nearest first, and not at all of them.
 */
export class LegIndex {
  private readonly byNextQueueId: Map<string, Pool>;
  private readonly byOwnQueueId: Map<string, Pool>;
  private readonly byEnd: Map<string, Pool>;
  private readonly routes: Pool[];

  constructor(
    legs: readonly Leg[],
    private readonly mtas: MtaNames,
    private readonly recipients: RecipientMatch,
    private readonly followers: Followers,
  ) {
    const hosts = new Set(legs.map((leg) => leg.mta));
    const pools = (keyOf: (leg: Leg) => string): Map<string, Pool> =>
      new Map([...groupedBy(legs, keyOf)].map(([key, group]) => [key, new Pool(group, recipients)]));
    this.byNextQueueId = pools((leg) => leg.nextQueueId);
    this.byOwnQueueId = pools((leg) => leg.queueId);
    this.byEnd = pools((leg) => String(leg.endedAt));
    this.routes = [...pools((leg) => routeOf(leg, hosts, mtas)).values()];
  }

  /** The legs that can precede `to`, in the order of preference, as comparing `to` with all legs would give them. */
  *candidatesOf(to: Leg): Generator<Candidate> {
    yield* this.candidatesIn(this.namedPools(to), to, namedKind);
    for (const linkRank of ROUTE_RANKS) {
      const pools = this.routes.filter((pool) => routeKind(pool.legs[0], to, this.mtas)?.linkRank === linkRank);
      yield* this.candidatesIn(pools, to, routeKind);
    }
  }

  private namedPools(to: Leg): Pool[] {
    const found = [
      to.queueId === '' ? undefined : this.byNextQueueId.get(to.queueId),
      to.originalQueueId === '' ? undefined : this.byOwnQueueId.get(to.originalQueueId),
      to.product === 'trace-headers' ? this.byEnd.get(String(to.receivedAt)) : undefined,
    ];
    return found.filter((pool) => pool !== undefined);
  }

  private *candidatesIn(pools: readonly Pool[], to: Leg, kindOf: KindOf): Generator<Candidate> {
    for (const rank of [RECIPIENT.exact, RECIPIENT.orig_to, RECIPIENT.sole]) {
      const lines = pools.flatMap((pool) => pool.timeLine(to, rank) ?? []);
      yield* merged(
        lines.flatMap((line) => [
          this.walk(line.ended(takenAt(to), maxApart(rank)), to, rank, kindOf),
          this.walk(line.open(takenAt(to)), to, rank, kindOf),
        ]),
      );
    }
  }

  /** Along a walk only the distance grows. */
  private *walk(legs: Iterable<Leg>, to: Leg, rank: number, kindOf: KindOf): Generator<Candidate> {
    for (const from of legs) {
      if (this.followers.has(from, to) || this.recipients.of(from, to) !== rank) continue;
      const found = candidate(from, to, this.mtas, this.recipients, kindOf);
      if (found) yield found;
    }
  }
}

/** Legs that are alike in what could link them to the next. */
class Pool {
  private readonly all: TimeLine;
  /** legs whose recipient another name may stand for */
  private readonly sole: TimeLine;
  private readonly byRecipient: Map<string, TimeLine>;

  constructor(
    readonly legs: readonly Leg[],
    recipients: RecipientMatch,
  ) {
    this.all = new TimeLine(legs);
    this.sole = new TimeLine(legs.filter((leg) => leg.recipient === '' || recipients.isSole(leg)));
    this.byRecipient = new Map(
      [...groupedBy(legs, (leg) => leg.recipient)].map(([recipient, group]) => [recipient, new TimeLine(group)]),
    );
  }

  /** The legs whose recipient can be that of `to` in the given way, and maybe others. */
  timeLine(to: Leg, recipientRank: number): TimeLine | undefined {
    if (recipientRank === RECIPIENT.exact) return this.byRecipient.get(to.recipient);
    if (recipientRank === RECIPIENT.orig_to) return this.byRecipient.get(to.originalRecipient);
    return to.recipient === '' ? this.all : this.sole;
  }
}

/** Sorted walks as one. */
function* merged(walks: readonly Iterator<Candidate>[]): Generator<Candidate> {
  const heads = walks.flatMap((walk) => {
    const first = walk.next();
    return first.done ? [] : [{ value: first.value, walk }];
  });
  while (heads.length) {
    let best = 0;
    for (let i = 1; i < heads.length; i++) if (byPreference(heads[i].value, heads[best].value) < 0) best = i;
    yield heads[best].value;
    const next = heads[best].walk.next();
    if (next.done) heads.splice(best, 1);
    else heads[best].value = next.value;
  }
}

function groupedBy(legs: readonly Leg[], keyOf: (leg: Leg) => string): Map<string, Leg[]> {
  const groups = new Map<string, Leg[]>();
  for (const leg of legs) {
    const key = keyOf(leg);
    const group = groups.get(key);
    if (group) group.push(leg);
    else groups.set(key, [leg]);
  }
  return groups;
}
