import { nativeBlocks, type NativeArrays, type NativeNumbers } from '../store/native-blocks';
import type { HistogramColumns } from './histogram-sums';
import { SEGMENTS, SHARE_LIMITS_MS } from './report';
import { bucketOf } from './rollup-bucket';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Epoch ms: a range, and the whole days of UTC that are read for it. */
export interface EdgesOf {
  readonly from: number;
  readonly to: number;
  readonly daysFrom: number;
  readonly daysTo: number;
}

/**
 * Rows as those of `rollup/hour_histograms.sql`, of the durations in hours in which a range differs from its days (`rollup/edge_durations.sql`).
 * @param interval that the answer is cut into, in UTC
 * @param withSums beside counts the sum of each bucket, where the rows of days have them
 */
export function edgeHistograms(
  bytes: Uint8Array,
  segments: readonly string[],
  { from, to, daysFrom, daysTo }: EdgesOf,
  interval: 'hour' | 'day' | 'month' | '',
  withSums: boolean,
): { columns: HistogramColumns; rows: number }[] {
  return nativeBlocks(bytes).map((block) => {
    const begins = listed(block.numbers('begins'), 0, block.rows).map((seconds) => seconds * 1000);
    const values = block.texts('value');
    const rows = SEGMENTS.flatMap((segment, i) => {
      if (!segments.includes(segment)) return [];
      const durations = durationsOf(block.arrays(segment));
      return begins.map((at, row) => ({ at, value: values[row], segment: i + 1, durations: durations(row) }));
    });
    const column = (of: (row: (typeof rows)[number]) => number): NativeNumbers => numbersOf(rows.map(of));
    const under = (limitMs: number): NativeNumbers =>
      column(({ durations }) => durations.filter((ms) => ms < limitMs).length);
    const all = rows.flatMap(({ durations }) => durations);
    const each = (of: (ms: number) => number): NativeNumbers => numbersOf(all.map(of));
    let end = 0;
    const ends = column(({ durations }) => (end += durations.length));
    const count = column(({ durations }) => durations.length);
    const columns: HistogramColumns = {
      added: column(({ at }) => Number(at >= from && at < to)),
      added_at: column(({ at }) => startOf(at, interval) / 1000),
      taken: column(({ at }) => Number(at >= daysFrom && at < daysTo)),
      taken_at: column(({ at }) => startOf(at - (at % DAY_MS), interval) / 1000),
      value: rows.map(({ value }) => value),
      segment_number: column(({ segment }) => segment),
      count,
      known: count,
      sum_ms: column(({ durations }) => durations.reduce((sum, ms) => sum + ms, 0)),
      deferrals: column(() => 0),
      under_1_min: under(SHARE_LIMITS_MS[0]),
      under_5_min: under(SHARE_LIMITS_MS[1]),
      under_10_min: under(SHARE_LIMITS_MS[2]),
      buckets: { ends, values: each(bucketOf) },
      counts: { ends, values: each(() => 1) },
      sums_ms: { ends, values: withSums ? each((ms) => ms) : numbersOf([]) },
    };
    return { columns, rows: rows.length };
  });
}

const numbersOf = (values: readonly number[]): NativeNumbers => ({
  length: values.length,
  at: (index) => values[index],
});

const listed = (numbers: NativeNumbers, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => numbers.at(from + i));

const durationsOf =
  ({ ends, values }: NativeArrays): ((row: number) => number[]) =>
  (row) =>
    listed(values, row === 0 ? 0 : ends.at(row - 1), ends.at(row));

/** The begin of an interval of UTC. */
function startOf(at: number, interval: 'hour' | 'day' | 'month' | ''): number {
  if (interval === '' || interval === 'hour') return at - (at % HOUR_MS);
  if (interval === 'day') return at - (at % DAY_MS);
  const day = new Date(at);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
}
