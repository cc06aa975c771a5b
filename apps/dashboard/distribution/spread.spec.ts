import type { Distribution } from '../../../libs/http/api-types';
import { spreadOf } from './spread';

const distribution: Distribution = {
  from: '2026-03-02T00:00:00.000Z',
  to: '2026-03-03T00:00:00.000Z',
  tz: 'UTC',
  clock: 'raw',
  exact: true,
  filters: {},
  per_octave: 1,
  segments: {
    hes: {
      count: 10,
      cumulated: null,
      buckets: [
        [null, 0, 0],
        [0, 1, 3],
        [1, 2, 0],
        [2, 4, 5],
        [4, 8, 2],
        [8, null, 0],
      ],
    },
    total: { count: 0, cumulated: null, buckets: [[null, 0, 0]] },
  },
};

describe('the spread of a segment', () => {
  it('leaves out the empty ends, keeps what is empty between, and adds up', () => {
    const spread = spreadOf(distribution, 'hes');
    expect(spread.map(({ lower_ms, upper_ms, count, below }) => [lower_ms, upper_ms, count, below])).toEqual([
      [0, 1, 3, 3],
      [1, 2, 0, 3],
      [2, 4, 5, 8],
      [4, 8, 2, 10],
    ]);
  });

  it('is nothing without values and for a segment that was not asked', () => {
    expect(spreadOf(distribution, 'total')).toEqual([]);
    expect(spreadOf(distribution, 'downstream')).toEqual([]);
  });
});
