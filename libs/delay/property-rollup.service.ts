import {
  overHistograms,
  overSums,
  type DomainProperty,
  type Property,
  type RollupColumns,
  type RollupParts,
} from '../store/property-rollup';
import { ROLLUP_FROM_JOURNEYS } from '../store/rollup';
import { type Store } from '../store/store';
import { cellsOf, type CoverageFigures, type FigureSource, type Interval, type TimelineFigures } from './delay.service';
import { delayBuckets, type PerOctave } from './delay-buckets';
import { atLimits, distributionOf, type SegmentFigures } from './distribution';
import { FILTER_NAMES, type JourneyFilter } from './journey-filter';
import { SEGMENTS, SHARE_LIMITS_MS, type Distribution, type Segment } from './report';
import { bucketMiddleMs } from './rollup-bucket';
import { canAnswer, coveredHours, type RollupNeeds, type RollupStore } from './rollup-coverage';
import { coverageOf, partsOf, RollupService, verdictsOf, type CountRow, type HistogramRow } from './rollup.service';
import { isoFromStore, storeTime } from './store-time';

const DAY_MS = 86_400_000;
/** How many quantiles there are: 50, 75, 90, 95, 99 and 99.9 %. */
const LEVELS = 6;
/** A bucket below is one value wide. */
const EXACT_BELOW = 1 + 64 * 7;

/** One distribution of `queries/property_figures`. */
export interface PropertyRow {
  at_ms: number;
  value: string;
  detail: string;
  segment: Segment | 'dwell' | 'transfer';
  count: number;
  /** with those whose duration is not known */
  of_all: number;
  sum_ms: number;
  deferrals: number;
  /** of {@link LEVELS}, and the bucket of the largest value; nothing where the count is 0 */
  quantile_buckets: number[];
  /** the middle of the bucket of the largest value, or that value */
  max_ms: number;
  counts_under: number[];
}

/** A range that the rollups by property can answer for, in whole hours, and by what. */
export interface PropertyRange {
  from: number;
  to: number;
  property: Property;
  /** empty: all */
  values: readonly string[];
}

interface Cut {
  readonly interval: Interval | '';
  readonly timeZone: string;
}
const NO_CUT: Cut = { interval: '', timeZone: 'UTC' };

/**
 * What a statement over a range reads, and its parameters for that: the whole days of UTC that are nearest to the range, and the hours at its ends in which
 * it differs from these, at most 12 at either end.
 */
export function placesOf(
  { from, to, property, values }: PropertyRange,
  { interval, timeZone }: Cut = NO_CUT,
): { parts: RollupParts; parameters: Record<string, unknown> } {
  const nearest = [from, to].map((at) => Math.round(at / DAY_MS) * DAY_MS);
  const days = interval !== 'hour' && Math.abs(from - nearest[0]) + Math.abs(to - nearest[1]) < to - from;
  const [first, last] = days ? nearest : [to, to];
  const isWhole = first === from && last === to;
  return {
    parts: { days, edges: !days || !isWhole, others: days && interval !== '' && timeZone !== 'UTC' },
    parameters: {
      property,
      values,
      from: storeTime(from),
      to: storeTime(to),
      days_from: storeTime(first),
      days_to: storeTime(last),
      first_from: storeTime(Math.min(from, first)),
      first_to: storeTime(Math.max(from, first)),
      last_from: storeTime(Math.min(to, last)),
      last_to: storeTime(Math.max(to, last)),
      interval,
      tz: timeZone,
    },
  };
}

/**
 * Figures of all journeys of a range, or of those of some recipient or sender domains, from the histograms by property: they cost what days and values there
 * are, not journeys. Counts, sums, shares under 1, 5 and 10 minutes and histograms are exact, quantiles within 0.8 %; so is the largest value of domains,
 * where several share its bucket.
 */
export class PropertyRollupService implements FigureSource {
  readonly exact = false;
  private readonly asked = new WeakMap<JourneyFilter, Promise<DomainCountRow[]>>();
  private readonly all: RollupService;

  constructor(
    private readonly store: RollupStore,
    private readonly exactUpTo = ROLLUP_FROM_JOURNEYS,
  ) {
    this.all = new RollupService(store, exactUpTo);
  }

  /** The filter over whole hours when these rollups can answer it; else undefined. */
  async serves(filter: JourneyFilter, needs: RollupNeeds = {}): Promise<JourneyFilter | undefined> {
    const { from, to } = filter;
    const property = propertyOf(filter);
    if (from === undefined || to === undefined || !property || !canAnswer(needs, { from, to })) return undefined;
    // Per hour only all journeys are added up.
    if (property !== 'all' && needs.interval !== undefined && (needs.interval === 'hour' || needs.timeZone !== 'UTC'))
      return undefined;
    const hours = await coveredHours(this.store, { from, to }, this.exactUpTo);
    return hours && { ...filter, ...hours };
  }

  async coverage(filter: JourneyFilter): Promise<CoverageFigures> {
    const range = rangeOf(filter);
    if (range.property === 'all') return this.all.coverage(filter);
    const [rows, [{ records }]] = await Promise.all([
      this.counts(filter),
      this.store.rows<{ records: number }>('queries/rejected_count'),
    ]);
    const known = coverageOf(rows, records);
    const flying = rows.filter(({ state }) => state === 'in_flight');
    const days = [
      least(rows),
      least(flying),
      rows
        .map(({ last_day }) => last_day)
        .sort()
        .at(-1),
    ];
    const parameters = { ...placesOf(range).parameters, days: days.filter((day) => day !== undefined) };
    const [moments] = await this.store.rows<Record<'first_at' | 'last_at' | 'oldest_at', string | null>>(
      'queries/property_moments',
      parameters,
    );
    if (rows.length === 0) return known;
    return {
      ...known,
      in_flight: { count: known.in_flight.count, oldest_at: isoFromStore(moments.oldest_at) },
      first_at: isoFromStore(moments.first_at),
      last_at: isoFromStore(moments.last_at),
    };
  }

  async verdicts(filter: JourneyFilter): Promise<Record<string, number>> {
    return rangeOf(filter).property === 'all' ? this.all.verdicts(filter) : verdictsOf(await this.counts(filter));
  }

  async figures<S extends Segment = Segment>(
    filter: JourneyFilter,
    segments: readonly S[] = SEGMENTS as readonly Segment[] as readonly S[],
    limitsMs: readonly number[] = SHARE_LIMITS_MS,
  ): Promise<Record<S, Distribution>> {
    const rows = await this.figureRows(filter, segments);
    const figuresOf = (row: PropertyRow): SegmentFigures => ({
      ...row,
      mean_ms: meanOf(row),
      quantiles_ms: quantilesOf(row),
      counts_under: atLimits(row.counts_under, limitsMs),
    });
    const bySegment = new Map(rows.map((row) => [row.segment as Segment, figuresOf(row)]));
    const entries = segments.map((name) => [name, distributionOf(bySegment.get(name), limitsMs)]);
    return Object.fromEntries(entries) as Record<S, Distribution>;
  }

  async timeline(
    filter: JourneyFilter,
    interval: Interval,
    timeZone: string,
    segments: readonly Segment[] = SEGMENTS,
  ): Promise<TimelineFigures[]> {
    const rows = await this.figureRows(filter, segments, { interval, timeZone });
    return rows.map((row) => {
      const [p50_ms, , , p95_ms, p99_ms] = quantilesOf(row);
      const { at_ms, count, max_ms } = row;
      const at = new Date(at_ms).toISOString();
      return { at, segment: row.segment as Segment, count, mean_ms: meanOf(row), p50_ms, p95_ms, p99_ms, max_ms };
    });
  }

  async histogram(
    filter: JourneyFilter,
    segments: readonly Segment[],
    perOctave: PerOctave,
    over?: { interval: Interval; timeZone: string },
  ): ReturnType<FigureSource['histogram']> {
    const buckets = delayBuckets(perOctave);
    const range = rangeOf(filter);
    const { parts, parameters } = placesOf(range, over);
    const rows = await this.store.rows<HistogramRow>(
      overHistograms('queries/property_histogram', range.property, parts, columnsOf(range)),
      { ...parameters, segments, per_octave: perOctave },
    );
    return { buckets, cells: cellsOf(rows.flatMap(partsOf), buckets) };
  }

  private counts(filter: JourneyFilter): Promise<DomainCountRow[]> {
    const range = rangeOf(filter);
    const { parts, parameters } = placesOf(range);
    const asked =
      this.asked.get(filter) ??
      this.store.rows<DomainCountRow>(
        overSums('queries/property_counts', range.property as DomainProperty, parts),
        parameters,
      );
    this.asked.set(filter, asked);
    return asked;
  }

  private async figureRows(filter: JourneyFilter, segments: readonly Segment[], over?: Cut): Promise<PropertyRow[]> {
    const range = rangeOf(filter);
    const [rows, ofAll] = await Promise.all([
      propertyRows(this.store, range, segments, { over }),
      range.property === 'all' ? this.all.largest(filter, over) : undefined,
    ]);
    const known = ofAll
      ? new Map(ofAll.map(({ at_ms, segment, max_ms }) => [placeOf({ at_ms, segment }), max_ms]))
      : await this.largestAlone(range, segments, over, rows);
    return rows.map((row) => ({ ...row, max_ms: known.get(placeOf(row)) ?? row.max_ms }));
  }

  /** The largest values that are alone in their buckets, whose sums they are. */
  private async largestAlone(
    range: PropertyRange,
    segments: readonly Segment[],
    over: Cut | undefined,
    rows: readonly PropertyRow[],
  ): Promise<Largest> {
    const buckets = new Set(rows.map(lastBucketOf).filter((bucket) => Math.abs(bucket) >= EXACT_BELOW));
    if (buckets.size === 0) return new Map();
    const { parts, parameters } = placesOf(range, over);
    const held = await this.store.rows<HeldRow>(
      overHistograms('queries/property_held', range.property, parts, columnsOf(range)),
      { ...parameters, segments, buckets: [...buckets] },
    );
    const single = new Map(
      held.filter(({ count }) => count === 1).map((row) => [placeOf(row, row.bucket), row.sum_ms]),
    );
    return new Map(rows.map((row) => [placeOf(row), single.get(placeOf(row, lastBucketOf(row))) ?? row.max_ms]));
  }
}

const columnsOf = ({ values }: PropertyRange, byValue = false, byDetail = false): RollupColumns => ({
  byValue,
  byDetail,
  someValues: values.length > 0,
});

/** Distributions of a range: of all its values together, or by value, and by detail; in order of interval, segment, value and detail. */
export async function propertyRows(
  store: Pick<Store, 'rows'>,
  range: PropertyRange,
  segments: readonly PropertyRow['segment'][],
  { over = NO_CUT, byValue = false, byDetail = false }: { over?: Cut; byValue?: boolean; byDetail?: boolean } = {},
): Promise<PropertyRow[]> {
  const { parts, parameters } = placesOf(range, over);
  const rows = await store.rows<Omit<PropertyRow, 'max_ms'>>(
    overHistograms('queries/property_figures', range.property, parts, columnsOf(range, byValue, byDetail)),
    { ...parameters, segments },
  );
  return rows
    .map((row) => ({ ...row, max_ms: bucketMiddleMs(lastBucketOf(row)) }))
    .sort(
      (a, b) =>
        a.at_ms - b.at_ms ||
        textOrder(a.segment, b.segment) ||
        textOrder(a.value, b.value) ||
        textOrder(a.detail, b.detail),
    );
}

export const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The largest value (`max_ms`); null without any. */
export const largestOf = ({ count, max_ms }: PropertyRow): number | null => (count > 0 ? max_ms : null);

/** Quantiles 50, 75, 90, 95, 99 and 99.9 %. No quantile is larger than the largest value. */
export const quantilesOf = ({ quantile_buckets, max_ms }: PropertyRow): number[] =>
  quantile_buckets.slice(0, LEVELS).map((bucket) => Math.min(bucketMiddleMs(bucket), max_ms));

export const meanOf = ({ sum_ms, count }: PropertyRow): number => Math.floor(sum_ms / count + 0.5);

/** ms by {@link placeOf} */
type Largest = ReadonlyMap<string, number>;
interface HeldRow extends Pick<PropertyRow, 'at_ms' | 'segment' | 'count' | 'sum_ms'> {
  bucket: number;
}
type DomainCountRow = CountRow & { first_day: string; last_day: string };

const least = (rows: readonly DomainCountRow[]): string | undefined => rows.map(({ first_day }) => first_day).sort()[0];
const lastBucketOf = ({ quantile_buckets }: Pick<PropertyRow, 'quantile_buckets'>): number => quantile_buckets[LEVELS];
const placeOf = ({ at_ms, segment }: Pick<PropertyRow, 'at_ms' | 'segment'>, bucket?: number): string =>
  `${at_ms} ${segment} ${bucket}`;

function propertyOf(filter: JourneyFilter): Property | undefined {
  const used = FILTER_NAMES.filter((name) => (filter[name] ?? []).length > 0);
  if (used.length === 0) return 'all';
  return used.length === 1 && (used[0] === 'recipient_domain' || used[0] === 'sender_domain') ? used[0] : undefined;
}

/** Of a filter that is served. `unknown` is what has no domain. */
function rangeOf(filter: JourneyFilter): PropertyRange {
  const { from = 0, to = 0 } = filter;
  const property = propertyOf(filter) ?? 'all';
  const given = property === 'all' ? [] : (filter[property as DomainProperty] ?? []);
  return {
    from,
    to,
    property,
    values: given.map((text) => (text.toLowerCase() === 'unknown' ? '' : text.toLowerCase())),
  };
}
