import {
  edgeDurations,
  histogramFigures,
  histogramRows,
  isDaily,
  overSums,
  type DomainProperty,
  type Property,
  type RollupParts,
} from '../store/property-rollup';
import type { QueryPool } from '../store/query-pool';
import { ROLLUP_FROM_JOURNEYS } from '../store/rollup';
import {
  type CoverageFigures,
  type FigureSource,
  type HistogramCell,
  type Interval,
  type TimelineFigures,
} from './delay.service';
import { bucketIndexes, delayBuckets, type PerOctave } from './delay-buckets';
import { atLimits, distributionOf, type SegmentFigures } from './distribution';
import { edgeHistograms, type EdgesOf } from './edge-histograms';
import { HistogramSums, segmentName, type RolledSegment, type SummedFigures } from './histogram-sums';
import { hoursApart } from './local-time';
import { FILTER_NAMES, type JourneyFilter } from './journey-filter';
import { SEGMENTS, SHARE_LIMITS_MS, type Distribution, type Segment } from './report';
import { bucketLowerMs, bucketMiddleMs } from './rollup-bucket';
import { canAnswer, coveredHours, type RollupNeeds, type RollupStore } from './rollup-coverage';
import { coverageOf, RollupService, verdictsOf, type CountRow } from './rollup.service';
import { isoFromStore, storeTime } from './store-time';

const DAY_MS = 86_400_000;
/** How many quantiles there are: 50, 75, 90, 95, 99 and 99.9 %. */
const LEVELS = 6;
/** A bucket below is one value wide. */
const EXACT_BELOW = 1 + 64 * 7;

/** One distribution. */
export interface PropertyRow extends SummedFigures {
  /** the largest value where it is alone in its bucket and sums are read, else the middle of that */
  max_ms: number;
}
/** One distribution of `queries/property_figures`. */
export type DetailRow = Omit<PropertyRow, 'at_ms' | 'last'> & { readonly detail: string };

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
/** What figures of histograms are asked of. */
export type HistogramStore = RollupStore & Pick<QueryPool, 'native'>;
const NO_CUT: Cut = { interval: '', timeZone: 'UTC' };

/**
 * What a statement over a range reads, and its parameters for that: the whole days of UTC that are nearest to the range, and the hours at its ends in which
 * it differs from these, at most 12 at either end.
 */
export function placesOf(
  { from, to, property, values }: PropertyRange,
  { interval, timeZone }: Cut = NO_CUT,
): { parts: RollupParts; parameters: Record<string, unknown>; edges: EdgesOf } {
  const nearest = [from, to].map((at) => Math.round(at / DAY_MS) * DAY_MS);
  const days = interval !== 'hour' && Math.abs(from - nearest[0]) + Math.abs(to - nearest[1]) < to - from;
  const [first, last] = days ? nearest : [to, to];
  const isWhole = first === from && last === to;
  return {
    edges: { from, to, daysFrom: first, daysTo: last },
    parts: { days, hours: !days || !isWhole || (interval !== '' && timeZone !== 'UTC') },
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
      // Where nothing is cut, nobody looks at the interval of a row.
      unit: interval || 'year',
      tz: timeZone,
      hours_apart: hoursApart(timeZone, from, to),
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
    private readonly store: HistogramStore,
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
    if (rows.length === 0) return known;
    const lastDay = rows
      .map(({ last_day }) => last_day)
      .sort()
      .at(-1);
    const [first_at, last_at, oldest_at] = await Promise.all([
      this.moment('queries/property_first', range, least(rows)),
      this.moment('queries/property_last', range, lastDay),
      this.moment('queries/property_first', range, least(flying), ['in_flight']),
    ]);
    return { ...known, in_flight: { count: known.in_flight.count, oldest_at }, first_at, last_at };
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
    const indexOf = bucketIndexes(buckets);
    const sums = await histogramSums(this.store, rangeOf(filter), segments, over);
    const cells = sums
      .histograms((bucket) => indexOf(bucketLowerMs(bucket, perOctave)))
      .sort(({ place: a }, { place: b }) => a.at_ms - b.at_ms || textOrder(a.segment, b.segment))
      .flatMap(({ cells: held }) => held as HistogramCell[]);
    return { buckets, cells };
  }

  /** When the first or last journey of a range begins, on a day (UTC) that is known to have one. */
  private async moment(
    statement: string,
    { from, to, property, values }: PropertyRange,
    day: string | undefined,
    states: readonly string[] = [],
  ): Promise<string | null> {
    if (day === undefined) return null;
    const begin = Date.parse(`${day.replace(' ', 'T')}Z`);
    const within = { from: storeTime(Math.max(from, begin)), to: storeTime(Math.min(to, begin + DAY_MS)) };
    const [found] = await this.store.rows<{ at: string }>(statement, { ...within, property, values, states });
    return isoFromStore(found?.at ?? null);
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
      range.property === 'all' ? this.all.largest(filter, over) : [],
    ]);
    const known = new Map(ofAll.map(({ at_ms, segment, max_ms }) => [`${at_ms} ${segment}`, max_ms]));
    for (const row of rows) row.max_ms = known.get(`${row.at_ms} ${row.segment}`) ?? row.max_ms;
    return rows;
  }
}

/** Distributions of a range: of all its values together, or by value; in order of interval, segment and value. */
export async function propertyRows(
  store: HistogramStore,
  range: PropertyRange,
  segments: readonly RolledSegment[],
  { over = NO_CUT, byValue = false }: { over?: Cut; byValue?: boolean } = {},
): Promise<PropertyRow[]> {
  const sums = await histogramSums(store, range, segments, over, byValue);
  return sums
    .figures()
    .map((row) => Object.assign(row, { max_ms: largestOfLast(row) }))
    .sort((a, b) => a.at_ms - b.at_ms || textOrder(a.segment, b.segment) || textOrder(a.value, b.value));
}

async function histogramSums(
  store: HistogramStore,
  range: PropertyRange,
  segments: readonly RolledSegment[],
  over: Cut = NO_CUT,
  byValue = false,
): Promise<HistogramSums> {
  const { parts, parameters, edges } = placesOf(range, over);
  const { property, values } = range;
  const sums = new HistogramSums({ interval: over.interval !== '', value: byValue });
  const isByDay = isDaily(property);
  const withSums = isByDay && !byValue;
  const asked = {
    ...parameters,
    segments,
    // All journeys have one value, '', which finds their rows.
    values: isByDay ? values : [''],
    with_sums: withSums ? 1 : 0,
  };
  const [rows, durations] = await Promise.all([
    !isByDay || parts.days
      ? store.native(histogramRows(isByDay ? { days: true, hours: false } : parts), asked)
      : undefined,
    isByDay && parts.hours ? store.native(edgeDurations(property, segments), asked) : undefined,
  ]);
  if (rows) sums.add(rows);
  if (durations)
    for (const { columns, rows: added } of edgeHistograms(durations, segments, edges, over.interval, withSums))
      sums.addRows(columns, added);
  return sums;
}

/** Distributions by value, and by detail, of all values of a property, in order of both. */
export async function figuresByValue(
  store: RollupStore,
  range: PropertyRange,
  segment: RolledSegment,
  byDetail: boolean,
): Promise<DetailRow[]> {
  const { parts, parameters } = placesOf(range);
  const rows = await store.rows<Omit<DetailRow, 'max_ms' | 'segment'> & { segment_number: number }>(
    histogramFigures(parts),
    { ...parameters, segments: [segment], with_sums: 0, by_detail: byDetail ? 1 : 0 },
  );
  return rows
    .map(({ segment_number, ...row }) => ({
      ...row,
      segment: segmentName(segment_number),
      max_ms: bucketMiddleMs(lastBucketOf(row)),
    }))
    .sort((a, b) => textOrder(a.value, b.value) || textOrder(a.detail, b.detail));
}

export const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The largest value (`max_ms`); null without any. */
export const largestOf = ({ count, max_ms }: Pick<PropertyRow, 'count' | 'max_ms'>): number | null =>
  count > 0 ? max_ms : null;

/** Quantiles 50, 75, 90, 95, 99 and 99.9 %. No quantile is larger than the largest value. */
export const quantilesOf = ({ quantile_buckets, max_ms }: Pick<PropertyRow, 'quantile_buckets' | 'max_ms'>): number[] =>
  quantile_buckets.slice(0, LEVELS).map((bucket) => Math.min(bucketMiddleMs(bucket), max_ms));

export const meanOf = ({ sum_ms, count }: Pick<PropertyRow, 'sum_ms' | 'count'>): number =>
  Math.floor(sum_ms / count + 0.5);

type DomainCountRow = CountRow & { first_day: string; last_day: string };

const least = (rows: readonly DomainCountRow[]): string | undefined => rows.map(({ first_day }) => first_day).sort()[0];
const lastBucketOf = ({ quantile_buckets }: Pick<PropertyRow, 'quantile_buckets'>): number => quantile_buckets[LEVELS];

/** A value that is alone in its bucket is what that adds up to. */
function largestOfLast(row: SummedFigures): number {
  const bucket = lastBucketOf(row);
  const { last } = row;
  const isKnown = last?.count === 1 && last.sum_ms !== 0 && Math.abs(bucket) >= EXACT_BELOW;
  return isKnown ? last.sum_ms : bucketMiddleMs(bucket);
}

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
