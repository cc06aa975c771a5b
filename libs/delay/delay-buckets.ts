/** Buckets per doubling of the delay that a histogram may have. */
export type PerOctave = 1 | 2 | 4;

/** Half-open [lower, upper) in ms; null = no border on that side. */
export type Bucket = readonly [lower: number | null, upper: number | null];

const THIRTY_DAYS_MS = 30 * 86_400_000;

/**
 * The buckets of histograms and heat maps, the same for every segment and range: all below 0 (a negative number is clock skew and is not
 * hidden), 0 itself, then each octave from 1 ms cut into `perOctave` equal parts, up to 30 days, and all beyond. Durations are whole
 * milliseconds, so parts of the lowest octaves that hold no whole number do not exist: 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, … for 4.
 */
export function delayBuckets(perOctave: PerOctave): Bucket[] {
  const borders: number[] = [];
  for (let octave = 1; borders.length === 0 || borders[borders.length - 1] < THIRTY_DAYS_MS; octave *= 2) {
    for (let part = 0; part < perOctave; part++) {
      const border = octave + (octave * part) / perOctave;
      if (Number.isInteger(border)) borders.push(border);
      if (border >= THIRTY_DAYS_MS) break;
    }
  }
  const lowers = [null, 0, ...borders];
  return lowers.map((lower, i) => [lower, lowers[i + 1] ?? null]);
}

/** Lower border as `queries/delay_histogram.sql` names a bucket (-1: all below 0) → index in {@link delayBuckets}. */
export function bucketIndexes(buckets: readonly Bucket[]): (lowerMs: number) => number {
  const byLower = new Map(buckets.map(([lower], i) => [lower ?? -1, i]));
  return (lowerMs) => byLower.get(lowerMs) ?? buckets.length - 1;
}
