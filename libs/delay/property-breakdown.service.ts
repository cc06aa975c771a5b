import { overSums } from '../store/property-rollup';
import { ROLLUP_FROM_JOURNEYS } from '../store/rollup';
import { mtaBreakdown, restOf, share } from './breakdown.service';
import { type Breakdown, type BreakdownBy } from './breakdown';
import { type HopSums } from './delay.service';
import { fleetHops, type FleetHops } from './fleet-hops';
import { isFiltered, type JourneyFilter } from './journey-filter';
import {
  figuresByValue,
  largestOf,
  meanOf,
  placesOf,
  propertyRows,
  quantilesOf,
  textOrder,
  type DetailRow,
  type HistogramStore,
} from './property-rollup.service';
import { durationColumn, type Segment } from './report';
import { canAnswer, coveredHours, type Hours } from './rollup-coverage';
import { storeTime } from './store-time';

const MOST_LINKS = 500;

/** A value with its sums, and beside it those of all values. */
interface ValueRow {
  value: string;
  journeys: number;
  count: number;
  sum_ms: number;
  all_values: number;
  all_journeys: number;
  all_count: number;
  all_sum_ms: number;
}

/**
 * Breakdowns of all journeys of a range by domain, reply or MTA, and the MTAs themselves, from the rollups by property. Counts and sums are exact, quantiles and
 * largest values within 0.8 %. Undefined where the rollups cannot answer.
 */
export class PropertyBreakdownService {
  constructor(
    private readonly store: HistogramStore,
    private readonly exactUpTo = ROLLUP_FROM_JOURNEYS,
  ) {}

  async breakdown(
    filter: JourneyFilter,
    by: BreakdownBy,
    segment: Segment,
    limit: number,
  ): Promise<Breakdown | undefined> {
    if (by === 'state' || by === 'verdict') return undefined;
    const hours = await this.hoursOf(filter, by === 'mta');
    if (!hours) return undefined;
    if (by === 'mta') return mtaBreakdown(await this.hopSums(hours), limit);
    const range = { ...hours, property: by, values: [] };
    const duration = durationColumn(segment);
    const { parts, parameters } = placesOf(range);
    const [rows, all] = await Promise.all([
      this.store.rows<ValueRow>(overSums('queries/property_values', by, parts), {
        ...parameters,
        duration,
        count: duration.replace(/_ms$/, '_count'),
        limit,
      }),
      // A journey counts under each of its replies, and most have none.
      by === 'reply' ? propertyRows(this.store, { ...range, property: 'all' }, [segment]) : [],
    ]);
    const listed = rows.map(({ value }) => value);
    const figures =
      listed.length === 0
        ? []
        : await propertyRows(this.store, { ...range, values: listed }, [segment], { byValue: true });
    const known = new Map(figures.map((row) => [row.value, row]));
    const [first] = rows;
    const allMs = (by === 'reply' ? all[0]?.sum_ms : first?.all_sum_ms) ?? 0;
    const values = rows.map(({ value, journeys, count, sum_ms }) => {
      const row = known.get(value);
      const [p50_ms, , , p95_ms, p99_ms] = row?.count ? quantilesOf(row) : [null, null, null, null, null];
      const mean_ms = row?.count ? meanOf(row) : null;
      const max_ms = row ? largestOf(row) : null;
      return {
        value: value || null,
        journeys,
        count,
        sum_ms,
        mean_ms,
        p50_ms,
        p95_ms,
        p99_ms,
        max_ms,
        share_of_delay: share(sum_ms, allMs),
      };
    });
    const sums = {
      values: first?.all_values ?? 0,
      journeys: first?.all_journeys ?? 0,
      count: first?.all_count ?? 0,
      sum_ms: first?.all_sum_ms ?? 0,
    };
    return { values, rest: restOf(sums, values, allMs) };
  }

  /** As `FleetService.hops`. */
  async hops(filter: JourneyFilter): Promise<FleetHops | undefined> {
    const hours = await this.hoursOf(filter, true);
    if (!hours) return undefined;
    const range = { ...hours, values: [] };
    const [[hes], hops, links] = await Promise.all([
      propertyRows(this.store, { ...range, property: 'all' }, ['hes']),
      this.hopSums(hours),
      figuresByValue(this.store, { ...range, property: 'link' }, 'transfer', true),
    ]);
    const [p50_ms, , , p95_ms, p99_ms] = hes?.count ? quantilesOf(hes) : [null, null, null, null, null];
    return fleetHops(
      { count: hes?.count ?? 0, p50_ms, p95_ms, p99_ms, sum_ms: hes?.count ? hes.sum_ms : null },
      hops,
      links
        .map((row) => {
          const [transfer_p50_ms, , , transfer_p95_ms] = row.count ? quantilesOf(row) : [null, null, null, null];
          return {
            mta: row.value,
            next_mta: row.detail || null,
            journeys: row.of_all,
            transfer_p50_ms,
            transfer_p95_ms,
          };
        })
        .sort(
          (a, b) => b.journeys - a.journeys || textOrder(a.mta, b.mta) || textOrder(a.next_mta ?? '', b.next_mta ?? ''),
        )
        .slice(0, MOST_LINKS),
    );
  }

  private async hopSums(hours: Hours): Promise<HopSums[]> {
    const range = { ...hours, property: 'mta', values: [] } as const;
    const byProduct = await figuresByValue(this.store, range, 'dwell', true);
    // In order of the product: the last one is the largest.
    const products = new Map(byProduct.map(({ value, detail }) => [value, detail]));
    const rows =
      products.size === byProduct.length ? byProduct : await figuresByValue(this.store, range, 'dwell', false);
    const total = rows.reduce((sum, row) => sum + row.sum_ms, 0);
    return rows
      .map((row) => hopOf(row, products.get(row.value) ?? '', total))
      .sort((a, b) => (b.sum_ms ?? -Infinity) - (a.sum_ms ?? -Infinity) || textOrder(a.mta, b.mta));
  }

  private async hoursOf(filter: JourneyFilter, ofHops: boolean): Promise<Hours | undefined> {
    const { from, to } = filter;
    if (from === undefined || to === undefined || isFiltered(filter) || !canAnswer({}, { from, to })) return undefined;
    const hours = await coveredHours(this.store, { from, to }, this.exactUpTo);
    if (!hours || !ofHops) return hours;
    const [{ crossings }] = await this.store.rows<{ crossings: number }>('queries/rollup_crossings', {
      from: storeTime(hours.from),
      to: storeTime(hours.to),
    });
    return crossings === 0 ? hours : undefined;
  }
}

function hopOf(row: DetailRow, product: string, total: number): HopSums {
  const isKnown = row.count > 0;
  const [p50_ms, , , p95_ms, p99_ms] = isKnown ? quantilesOf(row) : [null, null, null, null, null];
  return {
    mta: row.value,
    product,
    count: row.of_all,
    p50_ms,
    p95_ms,
    p99_ms,
    deferrals: row.deferrals,
    share_of_downstream: total > 0 && isKnown ? row.sum_ms / total : null,
    mean_ms: isKnown ? meanOf(row) : null,
    max_ms: largestOf(row),
    sum_ms: isKnown ? row.sum_ms : null,
    known: row.count,
  };
}
