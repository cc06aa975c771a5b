import { shareDifference } from './share-difference';

describe('shareDifference', () => {
  it('has the interval that Newcombe (1998), table II, prints for method 10', () => {
    // 56/70 − 48/80: 0.2 (0.0524, 0.3339); 9/10 − 3/10: 0.6 (0.1705, 0.8090)
    expect(shareDifference({ value: 'a', slow: 56, rest: 48 }, 70, 80).surely).toBeCloseTo(0.0524, 4);
    expect(shareDifference({ value: 'b', slow: 9, rest: 3 }, 10, 10).surely).toBeCloseTo(0.1705, 4);
    expect(shareDifference({ value: 'c', slow: 48, rest: 56 }, 80, 70).surely).toBeCloseTo(-0.0524, 4);
  });

  it('is 0 where it may be chance, and where there is nothing to compare', () => {
    // 5/56 − 0/29: 0.0893 (−0.0381, 0.1926)
    expect(shareDifference({ value: 'a', slow: 5, rest: 0 }, 56, 29)).toEqual({
      value: 'a',
      slow: 5,
      rest: 0,
      share_of_slow: 5 / 56,
      share_of_rest: 0,
      difference: 5 / 56,
      surely: 0,
    });
    expect(shareDifference({ value: 'a', slow: 5, rest: 0 }, 5, 0).surely).toBe(0);
  });
});
