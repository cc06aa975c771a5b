/** Parts of an octave in the hourly histograms: a value is known within half a part, 1/128 of it. */
const PARTS = 64;

/** The middle of a bucket of `delays_hourly` in ms (migration 0030); exact below 128 ms, else at most 0.8 % off any value in it. */
export function bucketMiddleMs(bucket: number): number {
  if (bucket === 0) return 0;
  const place = Math.abs(bucket) - 1;
  const octaveMs = 2 ** Math.floor(place / PARTS);
  const lower = octaveMs + ((place % PARTS) * octaveMs) / PARTS;
  const width = Math.max(1, octaveMs / PARTS);
  return Math.sign(bucket) * (lower + Math.floor((width - 1) / 2));
}

/** 2^32 ms are 50 days: what takes longer is counted there. */
const LONGEST_MS = 2 ** 32 - 1;

/** The bucket of a duration, as `rollup/add_histograms.sql` has it. */
export function bucketOf(ms: number): number {
  if (ms === 0) return 0;
  const size = Math.min(Math.abs(ms), LONGEST_MS);
  const octave = 31 - Math.clz32(size);
  return Math.sign(ms) * (1 + PARTS * octave + Math.floor(((size - 2 ** octave) * PARTS) / 2 ** octave));
}

/** The lower border of the part of a histogram with 1, 2 or 4 parts an octave that a bucket lies in, ms, as `queries/delay_histogram.sql` names it; -1: all below 0. */
export function bucketLowerMs(bucket: number, perOctave: number): number {
  if (bucket <= 0) return bucket < 0 ? -1 : 0;
  const part = Math.floor(((bucket - 1) * perOctave) / PARTS);
  const octaveMs = 2 ** Math.floor(part / perOctave);
  return octaveMs + Math.floor(((part % perOctave) * octaveMs) / perOctave);
}
