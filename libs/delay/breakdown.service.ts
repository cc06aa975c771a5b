import { type Store } from '../store/store';
import { DelayService, type HopSums } from './delay.service';
import { type Breakdown, type BreakdownBy, type BreakdownValue } from './breakdown';
import { filterParameters, type JourneyFilter } from './journey-filter';
import { durationColumn, type Segment } from './report';

interface Row {
  value: string | null;
  journeys: number;
  count: number;
  sum_ms: number;
  quantiles_ms: number[];
  max_ms: number;
  all_values: number;
  all_journeys: number;
  all_count: number;
  all_sum_ms: number;
}

/** Who or what has which part of the delay. */
export class BreakdownService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /**
   * The `limit` values with the largest share of all delay. By `mta` it is the hops after HES and their dwell that are counted, whatever the
   * segment, since a journey has several MTAs; by `reply` a journey counts under each reply that deferred it.
   */
  async breakdown(filter: JourneyFilter, by: BreakdownBy, segment: Segment, limit: number): Promise<Breakdown> {
    if (by === 'mta') return this.byMta(filter, limit);
    const statement = by === 'reply' ? 'queries/breakdown_by_reply' : 'queries/breakdown';
    const rows = await this.store.rows<Row>(statement, {
      ...filterParameters(filter),
      by,
      duration: durationColumn(segment),
      limit,
    });
    // a journey counts under each of its replies, so the sum over replies is not that of the journeys
    const allMs = by === 'reply' ? await this.allDelay(filter, segment) : (rows[0]?.all_sum_ms ?? 0);
    const values = rows.map((row) => valueOf(row, allMs));
    const [first] = rows;
    const all = {
      values: first?.all_values ?? 0,
      journeys: first?.all_journeys ?? 0,
      count: first?.all_count ?? 0,
      sum_ms: first?.all_sum_ms ?? 0,
    };
    return { values, rest: restOf(all, values, allMs) };
  }

  private async allDelay(filter: JourneyFilter, segment: Segment): Promise<number> {
    const parameters = { ...filterParameters(filter), by: 'state', duration: durationColumn(segment), limit: 1 };
    const [row] = await this.store.rows<Row>('queries/breakdown', parameters);
    return row?.all_sum_ms ?? 0;
  }

  private async byMta(filter: JourneyFilter, limit: number): Promise<Breakdown> {
    const hops = await new DelayService(this.store).hops(filter);
    return mtaBreakdown(hops, limit);
  }
}

/** MTAs, the one where mail spent most time first, as a breakdown of their dwell. */
export function mtaBreakdown(hops: readonly HopSums[], limit: number): Breakdown {
  const rows = hops.map((hop) => ({
    value: hop.mta,
    journeys: hop.count,
    count: hop.known,
    sum_ms: hop.sum_ms ?? 0,
    mean_ms: hop.mean_ms,
    p50_ms: hop.p50_ms,
    p95_ms: hop.p95_ms,
    p99_ms: hop.p99_ms,
    max_ms: hop.max_ms,
  }));
  return breakdownOf(rows, limit);
}

/** All values of a property as a breakdown: those with the largest part of all delay, and the rest together. */
export function breakdownOf(all: readonly Omit<BreakdownValue, 'share_of_delay'>[], limit: number): Breakdown {
  const add = (field: 'journeys' | 'count' | 'sum_ms'): number => all.reduce((total, value) => total + value[field], 0);
  const sums = { values: all.length, journeys: add('journeys'), count: add('count'), sum_ms: add('sum_ms') };
  const values = all
    .toSorted((a, b) => b.sum_ms - a.sum_ms || b.journeys - a.journeys || compared(a.value, b.value))
    .slice(0, limit)
    .map((value) => ({ ...value, share_of_delay: share(value.sum_ms, sums.sum_ms) }));
  return { values, rest: restOf(sums, values, sums.sum_ms) };
}

/** Nothing comes last, as in the statements. */
function compared(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a > b) ? 1 : -1;
}

function valueOf({ value, journeys, count, sum_ms, quantiles_ms, max_ms }: Row, all: number): BreakdownValue {
  const [p50_ms, p95_ms, p99_ms] = count === 0 ? [null, null, null] : quantiles_ms;
  return {
    value,
    journeys,
    count,
    sum_ms,
    mean_ms: count === 0 ? null : Math.floor(sum_ms / count + 0.5),
    p50_ms,
    p95_ms,
    p99_ms,
    max_ms: count === 0 ? null : max_ms,
    share_of_delay: share(sum_ms, all),
  };
}

/** What is not listed, together. */
export function restOf(
  all: Omit<Breakdown['rest'], 'share_of_delay'>,
  listed: readonly BreakdownValue[],
  allMs: number,
): Breakdown['rest'] {
  const left = (field: 'journeys' | 'count' | 'sum_ms'): number =>
    listed.reduce((rest, value) => rest - value[field], all[field]);
  const sum_ms = left('sum_ms');
  return {
    values: all.values - listed.length,
    journeys: left('journeys'),
    count: left('count'),
    sum_ms,
    share_of_delay: share(sum_ms, allMs),
  };
}

/** Negative sums come from clock skew: a share that is none is not shown as one. */
export function share(part: number, all: number): number | null {
  return all > 0 ? Math.min(1, Math.max(0, part / all)) : null;
}
