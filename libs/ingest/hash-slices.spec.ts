import { hashSlices, sliceCount } from './hash-slices';

describe('sliceCount', () => {
  it.each([
    [0, 10, 1],
    [1, 10, 1],
    [10, 10, 1],
    [11, 10, 2],
    [1_000_001, 1000, 1001],
  ])('%i rows, at most %i each: %i', (rows, perSlice, count) => expect(sliceCount(rows, perSlice)).toBe(count));
});

describe('hashSlices', () => {
  it('one slice is the whole range of 64-bit hashes', () => {
    expect(hashSlices(1)).toEqual([{ slice: 0, from: '0', to: '18446744073709551615' }]);
  });

  it('two slices meet in the middle', () => {
    expect(hashSlices(2)).toEqual([
      { slice: 0, from: '0', to: '9223372036854775807' },
      { slice: 1, from: '9223372036854775808', to: '18446744073709551615' },
    ]);
  });

  it('a count that does not divide the range: the last slice takes the rest', () => {
    // 2^64 = 7 × 2635249153387078802 + 2
    const slices = hashSlices(7);
    expect(slices[0]).toEqual({ slice: 0, from: '0', to: '2635249153387078801' });
    expect(slices[6]).toEqual({ slice: 6, from: '15811494920322472812', to: '18446744073709551615' });
  });

  it.each([2, 3, 10, 997])('%i slices leave no gap and do not overlap', (count) => {
    const slices = hashSlices(count);
    expect(slices).toHaveLength(count);
    for (let i = 1; i < count; i++) expect(BigInt(slices[i].from)).toBe(BigInt(slices[i - 1].to) + 1n);
  });
});
