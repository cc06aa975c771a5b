import { ROLLUP_FROM_JOURNEYS } from '../store/rollup';
import { filteredStatement } from '../store/rollup-filter';
import { type Breakdown, type BreakdownValue } from './breakdown';
import { breakdownOf } from './breakdown.service';
import { cellsOf, type CoverageFigures, type FigureSource, type Interval, type TimelineFigures } from './delay.service';
import { delayBuckets, type PerOctave } from './delay-buckets';
import { atLimits, distributionOf, type SegmentFigures } from './distribution';
import { filterParameters, type JourneyFilter } from './journey-filter';
import { SEGMENTS, SHARE_LIMITS_MS, type Distribution, type Segment } from './report';
import { bucketMiddleMs } from './rollup-bucket';
import { canAnswer, coveredHours, type RollupNeeds, type RollupStore } from './rollup-coverage';
import { isoFromStore } from './store-time';

const DAY_MS = 86_400_000;

interface FigureRow {
  at_ms: number;
  /** the state or verdict, where it is by one */
  value: string;
  segment: Segment;
  count: number;
  sum_ms: number;
  quantile_buckets: number[];
  max_ms: number;
  counts_under: number[];
}

/** The largest delay of each segment; null where no journey has one. */
type LargestRow = Record<`${Segment}_max_ms`, number | null>;

/** The histogram of an interval and segment: lower border (ms; -1: all below 0) and count of each part that holds any. */
interface HistogramRow {
  at_ms: number;
  segment: Segment;
  parts: [lower_ms: number, count: number][];
}

/** One row for each part. */
const partsOf = ({ at_ms, segment, parts }: HistogramRow): Parameters<typeof cellsOf>[0][number][] =>
  parts.map(([lower_ms, count]) => ({ at_ms, segment, lower_ms, count }));

export interface CountRow {
  state: string;
  via_hes: string;
  verdict: string;
  matched: number;
  journeys: number;
  first_at: string;
  last_at: string;
}

/**
 * Figures from the hourly rollups: they cost what the range holds in hours, not in journeys. Counts, sums, shares under 1, 5 and 10 minutes
 * and histograms are exact, quantiles within 0.8 %.
 */
export class RollupService implements FigureSource {
  readonly exact = false;
  private readonly asked = new WeakMap<JourneyFilter, Promise<(CountRow & LargestRow)[]>>();

  constructor(
    private readonly store: RollupStore,
    /** so many journeys are computed exactly in less time than anyone waits; quantiles of more come from the rollups */
    private readonly exactUpTo = ROLLUP_FROM_JOURNEYS,
  ) {}

  /**
   * The filter over whole hours when the rollups can answer it: many journeys, no filter that they do not know, hours that they know in
   * full, and nothing beside the range in its first and last hour. Else undefined.
   */
  async serves(filter: JourneyFilter, needs: RollupNeeds = {}): Promise<JourneyFilter | undefined> {
    const { from, to, recipient_domain, sender_domain, mta } = filter;
    if (from === undefined || to === undefined) return undefined;
    if (recipient_domain?.length || sender_domain?.length || mta?.length) return undefined;
    if (!canAnswer(needs, { from, to })) return undefined;
    const hours = await coveredHours(this.store, { from, to }, this.exactUpTo);
    return hours && { ...filter, ...hours };
  }

  async coverage(filter: JourneyFilter): Promise<CoverageFigures> {
    const [rows, [{ records }]] = await Promise.all([
      this.counts(filter),
      this.store.rows<{ records: number }>('queries/rejected_count'),
    ]);
    return coverageOf(rows, records);
  }

  async verdicts(filter: JourneyFilter): Promise<Record<string, number>> {
    return verdictsOf(await this.counts(filter));
  }

  async figures<S extends Segment = Segment>(
    filter: JourneyFilter,
    segments: readonly S[] = SEGMENTS as readonly Segment[] as readonly S[],
    limitsMs: readonly number[] = SHARE_LIMITS_MS,
  ): Promise<Record<S, Distribution>> {
    const rows = await this.rows(filter, segments);
    const figuresOf = (row: FigureRow): SegmentFigures => ({
      ...row,
      mean_ms: meanOf(row),
      quantiles_ms: quantilesOf(row),
      counts_under: atLimits(row.counts_under, limitsMs),
    });
    const bySegment = new Map(rows.map((row) => [row.segment, figuresOf(row)]));
    const entries = segments.map((name) => [name, distributionOf(bySegment.get(name), limitsMs)]);
    return Object.fromEntries(entries) as Record<S, Distribution>;
  }

  async timeline(
    filter: JourneyFilter,
    interval: Interval,
    timeZone: string,
    segments: readonly Segment[] = SEGMENTS,
  ): Promise<TimelineFigures[]> {
    const rows = await this.rows(filter, segments, { interval, timeZone });
    return rows.map((row) => {
      const [p50_ms, , , p95_ms, p99_ms] = quantilesOf(row);
      const { at_ms, segment, count, max_ms } = row;
      const at = new Date(at_ms).toISOString();
      return { at, segment, count, mean_ms: meanOf(row), p50_ms, p95_ms, p99_ms, max_ms };
    });
  }

  async histogram(
    filter: JourneyFilter,
    segments: readonly Segment[],
    perOctave: PerOctave,
    over?: { interval: Interval; timeZone: string },
  ): ReturnType<FigureSource['histogram']> {
    const buckets = delayBuckets(perOctave);
    const rows = await this.store.rows<HistogramRow>(filteredStatement('queries/rollup_histogram', filter), {
      ...filterParameters(filter),
      span: spanOf(filter, over),
      segments,
      per_octave: perOctave,
      interval: over?.interval ?? '',
      tz: over?.timeZone ?? 'UTC',
    });
    return { buckets, cells: cellsOf(rows.flatMap(partsOf), buckets) };
  }

  /** As `BreakdownService`, of a filter that is served: by what the rollups tell apart. */
  async breakdown(filter: JourneyFilter, by: 'state' | 'verdict', segment: Segment, limit: number): Promise<Breakdown> {
    const [counted, figures] = await Promise.all([
      this.counts(filter),
      this.rows(filter, [segment], { interval: '', timeZone: 'UTC' }, by),
    ]);
    const known = new Map(figures.map((row) => [row.value, row]));
    const journeys = new Map<string, number>();
    for (const row of counted) journeys.set(row[by], (journeys.get(row[by]) ?? 0) + row.journeys);
    const rows = [...journeys].map(([value, of]) => valueRow(value, of, known.get(value)));
    return breakdownOf(rows, limit);
  }

  /** The largest delay of each segment, of a filter that is served: of all its journeys, or per interval. */
  async largest(
    filter: JourneyFilter,
    over?: { interval: Interval | ''; timeZone: string },
  ): Promise<{ at_ms: number; segment: Segment; max_ms: number }[]> {
    const rows: readonly (LargestRow & { at_ms?: number })[] = over?.interval
      ? await this.store.rows<LargestRow & { at_ms: number }>('queries/rollup_largest', {
          ...filterParameters(filter),
          interval: over.interval,
          tz: over.timeZone,
        })
      : await this.counts(filter);
    return SEGMENTS.flatMap((segment) => {
      const largest = new Map<number, number>();
      for (const row of rows) {
        const [at, max] = [row.at_ms ?? 0, row[`${segment}_max_ms`]];
        if (max !== null) largest.set(at, Math.max(max, largest.get(at) ?? max));
      }
      return [...largest].map(([at_ms, max_ms]) => ({ at_ms, segment, max_ms }));
    });
  }

  /** Coverage, verdicts and largest delays of one question come from the same rows. */
  private counts(filter: JourneyFilter): Promise<(CountRow & LargestRow)[]> {
    const asked =
      this.asked.get(filter) ??
      this.store.rows<CountRow & LargestRow>(
        filteredStatement('queries/rollup_journeys', filter),
        filterParameters(filter),
      );
    this.asked.set(filter, asked);
    return asked;
  }

  private rows(
    filter: JourneyFilter,
    segments: readonly Segment[],
    over?: { interval: Interval | ''; timeZone: string },
    by = '',
  ): Promise<FigureRow[]> {
    return this.store.rows<FigureRow>(filteredStatement('queries/rollup_figures', filter), {
      ...filterParameters(filter),
      segments,
      by,
      interval: over?.interval ?? '',
      tz: over?.timeZone ?? 'UTC',
      span: spanOf(filter, over?.interval ? { ...over, interval: over.interval } : undefined),
    });
  }
}

/** Days where they suffice: the range has their borders, and so has what it is cut into. */
function spanOf({ from = 0, to = 0 }: JourneyFilter, over?: { interval: Interval; timeZone: string }): 'hour' | 'day' {
  const whole = from % DAY_MS === 0 && to % DAY_MS === 0;
  return whole && (!over || (over.interval !== 'hour' && over.timeZone === 'UTC')) ? 'day' : 'hour';
}

const meanOf = ({ sum_ms, count }: FigureRow): number => Math.floor(sum_ms / count + 0.5);

function valueRow(value: string, journeys: number, row: FigureRow | undefined): Omit<BreakdownValue, 'share_of_delay'> {
  const [p50_ms, , , p95_ms, p99_ms] = row ? quantilesOf(row) : [null, null, null, null, null];
  return {
    value: value || null,
    journeys,
    count: row?.count ?? 0,
    sum_ms: row?.sum_ms ?? 0,
    mean_ms: row ? meanOf(row) : null,
    p50_ms,
    p95_ms,
    p99_ms,
    max_ms: row?.max_ms ?? null,
  };
}

/** No quantile is larger than the largest value, which is known exactly. */
function quantilesOf({ quantile_buckets, max_ms }: FigureRow): number[] {
  return quantile_buckets.map((bucket) => Math.min(bucketMiddleMs(bucket), max_ms));
}

/** What coverage says of journeys that are counted by origin, state and verdict. */
export function coverageOf(rows: readonly CountRow[], records: number): CoverageFigures {
  const sum = (matches: (row: CountRow) => boolean): number =>
    rows.reduce((total, row) => total + (matches(row) ? row.journeys : 0), 0);
  const inState = (state: string): number => sum((row) => row.state === state);
  const first = (among: readonly CountRow[]): string | null =>
    isoFromStore(among.map((row) => row.first_at).sort()[0] ?? null);
  const matched = (row: CountRow): boolean => row.via_hes === 'yes' && row.matched === 1;
  return {
    coverage: {
      journeys: sum(() => true),
      via_hes: sum((row) => row.via_hes === 'yes'),
      not_via_hes: sum((row) => row.via_hes === 'no'),
      unknown: sum((row) => row.via_hes === 'unknown'),
      matched_downstream: sum(matched),
      complete: inState('complete'),
      relayed: inState('relayed'),
      in_flight: inState('in_flight'),
      bounced: inState('bounced'),
      rejected: inState('rejected'),
      expired: inState('expired'),
      quarantined: inState('quarantined'),
      deleted: inState('deleted'),
      rejected_records: records,
    },
    in_flight: { count: inState('in_flight'), oldest_at: first(rows.filter((row) => row.state === 'in_flight')) },
    matched_complete: sum((row) => matched(row) && ['complete', 'relayed'].includes(row.state)),
    first_at: first(rows),
    last_at: isoFromStore(
      rows
        .map((row) => row.last_at)
        .sort()
        .at(-1) ?? null,
    ),
  };
}

/** Journeys by verdict, the commonest first; those without a verdict are left out. */
export function verdictsOf(rows: readonly CountRow[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { verdict, journeys } of rows) if (verdict !== '') sums.set(verdict, (sums.get(verdict) ?? 0) + journeys);
  return Object.fromEntries([...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
