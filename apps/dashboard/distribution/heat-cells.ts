import { parseBound } from '../../../libs/delay/time-range';
import type { Heatmap, SegmentName } from '../../../libs/http/api-types';
import { intervalEnd, wallClock } from '../charts/axes';

/** A cell of the heat map in the units of its axes: wall-clock ms of the zone, and drawable ms of the delay. */
export interface HeatCell {
  readonly time: number;
  readonly timeEnd: number;
  readonly low: number;
  readonly high: number;
  readonly timeIndex: number;
  readonly bucketIndex: number;
  readonly count: number;
}

/**
 * Where a bucket is drawn on a logarithmic axis, which has no 0 and nothing below: the bucket of 0 fills the decade under 1 ms, the bucket of
 * negative delays (a clock is wrong) the one under that; one without an upper border ends two octaves above its lower one.
 */
export function drawnBucket([lower, upper]: Heatmap['buckets'][number]): readonly [low: number, high: number] {
  if (lower === null) return [0.01, 0.1];
  if (lower < 1) return [0.1, 1];
  return [lower, upper ?? lower * 4];
}

/** The cells of one segment that hold journeys. */
export function heatCells(map: Heatmap, segment: SegmentName): HeatCell[] {
  return (map.segments[segment] ?? []).map(([timeIndex, bucketIndex, count]) => {
    const time = wallClock(map.times[timeIndex], map.tz);
    const [low, high] = drawnBucket(map.buckets[bucketIndex]);
    return { time, timeEnd: intervalEnd(time, map.interval), low, high, timeIndex, bucketIndex, count };
  });
}

/** Wall-clock ms of a zone → ISO 8601 UTC. */
export function instantOf(wallClockMs: number, tz: string): string {
  const parsed = parseBound(new Date(wallClockMs).toISOString().slice(0, 23), tz);
  if (typeof parsed !== 'number') throw new Error(parsed.problem);
  return new Date(parsed).toISOString();
}

/**
 * The cells that a rectangle touches, as borders of the API: whole intervals and whole buckets. Null where it touches no cell that holds
 * journeys.
 */
export function patchOf(
  map: Heatmap,
  cells: readonly HeatCell[],
  area: { time: number; timeEnd: number; low: number; high: number },
): { from: string; to: string; min_ms: number | null; max_ms: number | null } | null {
  const inside = cells.filter(
    (cell) => cell.time < area.timeEnd && cell.timeEnd > area.time && cell.low < area.high && cell.high > area.low,
  );
  if (inside.length === 0) return null;
  const buckets = inside.map((cell) => cell.bucketIndex);
  return {
    from: instantOf(Math.min(...inside.map((cell) => cell.time)), map.tz),
    to: instantOf(Math.max(...inside.map((cell) => cell.timeEnd)), map.tz),
    min_ms: map.buckets[Math.min(...buckets)][0],
    max_ms: map.buckets[Math.max(...buckets)][1],
  };
}
