import { bucketIndexes, delayBuckets } from './delay-buckets';

describe('delayBuckets', () => {
  it('has the borders by hand: below 0, 0, whole milliseconds, then parts of octaves up to past 30 days', () => {
    const lowers = delayBuckets(4).map(([lower]) => lower);
    expect(lowers.slice(0, 20)).toEqual([null, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48]);
    // 30 days are 2,592,000,000 ms: 2^31 lies before them, 2^31 · 5/4 past them
    expect(lowers.slice(-3)).toEqual([1_879_048_192, 2_147_483_648, 2_684_354_560]);
    expect(delayBuckets(1).map(([lower]) => lower)).toEqual([null, 0, ...Array.from({ length: 33 }, (_, i) => 2 ** i)]);
    expect(
      delayBuckets(2)
        .map(([lower]) => lower)
        .slice(0, 9),
    ).toEqual([null, 0, 1, 2, 3, 4, 6, 8, 12]);
  });

  it.each([1, 2, 4] as const)('leaves no gap and no overlap with %i per octave', (perOctave) => {
    const buckets = delayBuckets(perOctave);
    expect(buckets[0]).toEqual([null, 0]);
    buckets.slice(1).forEach(([lower], i) => expect(lower).toBe(buckets[i][1]));
    expect(buckets[buckets.length - 1][1]).toBeNull();
  });

  it('finds buckets by the lower border; what is past the last border is in the last bucket', () => {
    const buckets = delayBuckets(1);
    const indexOf = bucketIndexes(buckets);
    expect([-1, 0, 1, 2, 2 ** 32, 2 ** 33].map(indexOf)).toEqual([0, 1, 2, 3, 34, 34]);
  });
});
