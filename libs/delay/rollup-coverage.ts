import { setTimeout as sleep } from 'node:timers/promises';
import { rowScope } from '../store/row-scope';
import { type Store } from '../store/store';
import { type Interval } from './delay.service';
import { SHARE_LIMITS_MS } from './report';
import { storeTime } from './store-time';

const HOUR_MS = 3_600_000;
/** What hours of the rollups can say (`ALWAYS` of `store/rollup.ts`): a journey beside it is in none. */
const FIRST = Date.UTC(1970, 0, 2);
const LAST = Date.UTC(2106, 0, 1);
/** A correlation of touched messages puts the rollups in line again within about so long; one that was interrupted does not. */
const SOON_MS = 5000;
const ASK_AGAIN_MS = 100;

/** What a question needs of the rollups beside its filter. */
export interface RollupNeeds {
  limitsMs?: readonly number[];
  /** IANA zone whose borders cut the answer */
  timeZone?: string;
  /** what the answer is cut into */
  interval?: Interval;
}

/** Epoch ms. */
export interface Hours {
  from: number;
  to: number;
}

/** Whether the rollups hold what a question needs, in any range where they are in line: known limits, a zone of whole hours. */
export function canAnswer({ limitsMs, timeZone }: RollupNeeds, { from, to }: Hours): boolean {
  if (from < FIRST || to > LAST) return false;
  if (limitsMs?.some((limit) => !SHARE_LIMITS_MS.some((known) => known === limit))) return false;
  return timeZone === undefined || hasWholeHours(timeZone, from, to);
}

interface Covered {
  readonly in_line: number;
  /** when that was said, epoch ms */
  readonly marked_ms: number;
  /** journeys that the rollups count in the hours */
  readonly rolled: number;
}

/** What answers of the rollups are asked of; where it knows when they may have changed, what they cover is asked once until then. */
export type RollupStore = Pick<Store, 'rows'> & { readonly rollupEdition?: number };

const MOST_REMEMBERED = 1000;
const remembered = new WeakMap<RollupStore, { edition: number; ranges: Map<string, Covered> }>();

/** As {@link asked}, of a store that says when that may have changed, from memory. */
async function covered(store: RollupStore, hours: Hours, exactUpTo: number): Promise<Covered> {
  const edition = store.rollupEdition;
  // Who sees some domains only is shown no rollups.
  if (edition === undefined || (rowScope.getStore() ?? []).length > 0) return asked(store, hours, exactUpTo);
  let known = remembered.get(store);
  if (known?.edition !== edition || known.ranges.size >= MOST_REMEMBERED) {
    known = { edition, ranges: new Map() };
    remembered.set(store, known);
  }
  const range = `${hours.from} ${hours.to}`;
  const before = known.ranges.get(range);
  if (before) return before;
  const found = await asked(store, hours, exactUpTo);
  // Remembered under the edition in which it was asked for.
  if (found.in_line === 1) known.ranges.set(range, found);
  return found;
}

/**
 * What the rollups know of whole hours. While a correlation has them in hand they are waited for: to compute millions of journeys exactly takes longer, and
 * takes the machine from it.
 */
async function asked(store: RollupStore, { from, to }: Hours, exactUpTo: number): Promise<Covered> {
  const range = { from: storeTime(from), to: storeTime(to) };
  for (;;) {
    const [found] = await store.rows<Covered>('queries/rollup_covers', range);
    const isInHand = found.in_line !== 1 && Math.abs(Date.now() - found.marked_ms) < SOON_MS;
    if (!isInHand || found.rolled <= exactUpTo) return found;
    await sleep(ASK_AGAIN_MS);
  }
}

/**
 * The whole hours that answer for a range, when the rollups are in line, more than `exactUpTo` journeys lie in these hours, and none of them beside the
 * range. Else undefined.
 */
export async function coveredHours(
  store: RollupStore,
  { from, to }: Hours,
  exactUpTo: number,
): Promise<Hours | undefined> {
  const hours = { from: Math.floor(from / HOUR_MS) * HOUR_MS, to: Math.ceil(to / HOUR_MS) * HOUR_MS };
  const { in_line, rolled } = await covered(store, hours, exactUpTo);
  if (in_line !== 1 || rolled <= exactUpTo) return undefined;
  if (hours.from === from && hours.to === to) return hours;
  const [{ beside }] = await store.rows<{ beside: number }>('queries/rollup_beside', {
    from: storeTime(from),
    to: storeTime(to),
    hours_from: storeTime(hours.from),
    hours_to: storeTime(hours.to),
  });
  return beside === 0 ? hours : undefined;
}

/** Whether hours of the zone begin when hours of UTC do, throughout a range. */
function hasWholeHours(timeZone: string, from: number, to: number): boolean {
  if (timeZone === 'UTC') return true;
  const minutes = new Intl.DateTimeFormat('en-GB', { timeZone, minute: '2-digit' });
  const step = Math.max(HOUR_MS * 24 * 7, (to - from) / 200);
  for (let at = Math.floor(from / HOUR_MS) * HOUR_MS; at < to + step; at += Math.ceil(step / HOUR_MS) * HOUR_MS)
    if (Number(minutes.format(at)) !== 0) return false;
  return true;
}
