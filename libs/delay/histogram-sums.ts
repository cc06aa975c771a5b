import { nativeBlocks, type NativeBlock, type NativeNumbers } from '../store/native-blocks';

/** A bucket is at most 64 · 32 parts away from 0. */
const MOST = 64 * 32;
/** A hair smaller than they are called, since the rank of one that is no binary fraction may come out above a whole number; the last is the largest value. */
const LEVELS = [0.499999999999, 0.749999999999, 0.899999999999, 0.949999999999, 0.989999999999, 0.998999999999, 1];
/** By the numbers that the rollups give them. */
const SEGMENT_NAMES = ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total', 'dwell', 'transfer'] as const;
export type RolledSegment = (typeof SEGMENT_NAMES)[number];
export const segmentName = (number: number): RolledSegment => SEGMENT_NAMES[number - 1];

/** What a distribution is of. */
interface Place {
  readonly at_ms: number;
  readonly segment: RolledSegment;
  readonly value: string;
}

/** A histogram row that a distribution consists of, and whether it is added or taken away. */
interface Part {
  readonly block: HistogramColumns;
  readonly row: number;
  readonly sign: 1 | -1;
}

const COUNTS = ['count', 'known', 'sum_ms', 'deferrals', 'under_1_min', 'under_5_min', 'under_10_min'] as const;
/** Rows of histograms, column by column. */
export type HistogramColumns = ReturnType<typeof columnsOf>;

/** A distribution that was added up. */
export interface SummedFigures extends Place {
  readonly count: number;
  readonly of_all: number;
  readonly sum_ms: number;
  readonly deferrals: number;
  readonly counts_under: number[];
  /** the buckets with the nearest rank of 50, 75, 90, 95, 99 and 99.9 %, and of the largest value; nothing where the count is 0 */
  readonly quantile_buckets: number[];
  /** what the last bucket holds: durations, and their sum where the rows have it */
  readonly last: { readonly count: number; readonly sum_ms: number } | undefined;
}

/** How many durations of a distribution are in a cell. */
export interface SummedCell {
  readonly at_ms: number;
  readonly segment: RolledSegment;
  readonly bucket: number;
  readonly count: number;
}

/**
 * Distributions from rows of histograms (`rollup/day_histograms.sql` and those beside it): each row counts in one interval, is taken away from one, or both.
 * Adding them up here costs less than planning a statement that does.
 */
export class HistogramSums {
  private readonly groups = new Map<string, { place: Place; parts: Part[] }>();
  private readonly buckets = new Float64Array(2 * MOST + 1);
  private readonly sums = new Float64Array(2 * MOST + 1);

  /** @param by what is told apart beside segments */
  constructor(private readonly by: { readonly interval: boolean; readonly value: boolean }) {}

  /** @param bytes rows in the format Native */
  add(bytes: Uint8Array): void {
    for (const block of nativeBlocks(bytes)) this.addRows(columnsOf(block), block.rows);
  }

  addRows(columns: HistogramColumns, rows: number): void {
    for (let row = 0; row < rows; row++) {
      if (columns.added.at(row)) this.put(columns, row, 1, columns.added_at.at(row));
      if (columns.taken.at(row)) this.put(columns, row, -1, columns.taken_at.at(row));
    }
  }

  figures(): SummedFigures[] {
    return this.each(({ place, parts }, low, high) => {
      const of_all = sumOf(parts, 'count');
      if (of_all <= 0) return undefined;
      const count = sumOf(parts, 'known');
      const counts_under = [sumOf(parts, 'under_1_min'), sumOf(parts, 'under_5_min'), sumOf(parts, 'under_10_min')];
      const quantile_buckets = count > 0 ? this.quantileBuckets(count, low, high) : [];
      const at = quantile_buckets.length > 0 ? quantile_buckets[LEVELS.length - 1] + MOST : undefined;
      const last = at === undefined ? undefined : { count: this.buckets[at], sum_ms: this.sums[at] };
      const [sum_ms, deferrals] = [sumOf(parts, 'sum_ms'), sumOf(parts, 'deferrals')];
      const { at_ms, segment, value } = place;
      return { at_ms, segment, value, count, of_all, sum_ms, deferrals, counts_under, quantile_buckets, last };
    });
  }

  /**
   * How many durations are in each cell, where there are any: per distribution, in order of the cells.
   * @param cellOf of a bucket: never a smaller one for a higher bucket
   */
  histograms(cellOf: (bucket: number) => number): { readonly place: Place; readonly cells: readonly SummedCell[] }[] {
    const cellAt = Int32Array.from(this.buckets, (_, at) => cellOf(at - MOST));
    return this.each(({ place }, low, high) => {
      const { at_ms, segment } = place;
      const cells: SummedCell[] = [];
      let count = 0;
      for (let at = low; at <= high; at++) {
        count += this.buckets[at];
        if (at < high && cellAt[at + 1] === cellAt[at]) continue;
        if (count > 0) cells.push({ at_ms, segment, bucket: cellAt[at], count });
        count = 0;
      }
      return { place, cells };
    });
  }

  private put(block: HistogramColumns, row: number, sign: 1 | -1, seconds: number): void {
    const at_ms = this.by.interval ? seconds * 1000 : 0;
    const value = this.by.value ? block.value[row] : '';
    const number = block.segment_number.at(row);
    const key = `${at_ms} ${number} ${value}`;
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = { place: { at_ms, segment: segmentName(number), value }, parts: [] }));
    group.parts.push({ block, row, sign });
  }

  /** Adds up one group after the other; `low` and `high` are the places where its buckets may hold something. */
  private each<T>(of: (group: { place: Place; parts: Part[] }, low: number, high: number) => T | undefined): T[] {
    const found: T[] = [];
    for (const group of this.groups.values()) {
      let [low, high] = [2 * MOST, 0];
      for (const { block, row, sign } of group.parts) {
        const { buckets, counts, sums_ms } = block;
        const first = row === 0 ? 0 : buckets.ends.at(row - 1);
        const last = buckets.ends.at(row);
        for (let i = first; i < last; i++) {
          const at = buckets.values.at(i) + MOST;
          this.buckets[at] += sign * counts.values.at(i);
          if (at < low) low = at;
          if (at > high) high = at;
        }
        // Where they are asked for, there are as many as counts.
        if (sums_ms.values.length === 0) continue;
        for (let i = first; i < last; i++) this.sums[buckets.values.at(i) + MOST] += sign * sums_ms.values.at(i);
      }
      const one = of(group, low, high);
      if (one !== undefined) found.push(one);
      this.buckets.fill(0, low, high + 1);
      this.sums.fill(0, low, high + 1);
    }
    return found;
  }

  /** Of weights that add up to `count`; as ClickHouse's quantilesExactWeighted. */
  private quantileBuckets(count: number, low: number, high: number): number[] {
    const found: number[] = [];
    let passed = 0;
    for (let at = low; at <= high && found.length < LEVELS.length; at++) {
      passed += this.buckets[at];
      while (found.length < LEVELS.length && passed >= Math.ceil(count * LEVELS[found.length])) found.push(at - MOST);
    }
    return found;
  }
}

function sumOf(parts: readonly Part[], name: (typeof COUNTS)[number]): number {
  let sum = 0;
  for (const { block, row, sign } of parts) sum += sign * block[name].at(row);
  return sum;
}

function columnsOf(block: NativeBlock) {
  const numbers = (name: string): NativeNumbers => block.numbers(name);
  return {
    added: numbers('added'),
    added_at: numbers('added_at'),
    taken: numbers('taken'),
    taken_at: numbers('taken_at'),
    value: block.texts('value'),
    segment_number: numbers('segment_number'),
    buckets: block.arrays('buckets'),
    counts: block.arrays('counts'),
    sums_ms: block.arrays('sums_ms'),
    ...(Object.fromEntries(COUNTS.map((name) => [name, numbers(name)])) as Record<
      (typeof COUNTS)[number],
      NativeNumbers
    >),
  };
}
