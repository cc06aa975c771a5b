import type { Distribution, SegmentName } from '../../../libs/http/api-types';
import { drawnBucket } from './heat-cells';

/** A bucket of a histogram as it is drawn, with all that lies below its upper border. */
export interface SpreadBucket {
  readonly lower_ms: number | null;
  readonly upper_ms: number | null;
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** journeys in this bucket and all before it */
  readonly below: number;
}

/** The buckets of a segment without the empty ones at both ends. Counts are the API's; `below` adds them up. */
export function spreadOf(distribution: Distribution, segment: SegmentName): SpreadBucket[] {
  const buckets = distribution.segments[segment]?.buckets ?? [];
  const first = buckets.findIndex(([, , count]) => count > 0);
  const last = buckets.findLastIndex(([, , count]) => count > 0);
  if (first < 0) return [];
  let below = 0;
  return buckets.slice(first, last + 1).map(([lower_ms, upper_ms, count]) => {
    const [low, high] = drawnBucket([lower_ms, upper_ms]);
    below += count;
    return { lower_ms, upper_ms, low, high, count, below };
  });
}
