import type { Distribution } from '../../../libs/http/api-types';
import type { Palette } from '../charts/palette';
import { borderShares, inFlightOption } from './in-flight-option';

const DISTRIBUTION = {
  segments: {
    hes: {
      count: 4,
      buckets: [
        [null, 0, 1],
        [0, 1, 0],
        [1000, 1280, 1],
        [1280, 1536, 0],
        [3_600_000, 4_000_000, 2],
      ],
      cumulated: [
        [0, 0.2, 0.1, 0.4],
        [1, 0.2, 0.1, 0.4],
        [1280, 0.4, 0.2, 0.6],
        [1536, 0.4, 0.2, 0.6],
        [4_000_000, 0.8, 0.5, 0.9],
      ],
    },
  },
} as unknown as Distribution;

it('draws each share at the border that it lies under, and names borders once', () => {
  const shares = borderShares(DISTRIBUTION, 'hes') ?? [];
  expect(shares).toEqual([
    { upper_ms: 0, plain: 0.25, estimate: 0.2, lower: 0.1, upper: 0.4 },
    { upper_ms: 1280, plain: 0.5, estimate: 0.4, lower: 0.2, upper: 0.6 },
    { upper_ms: 4_000_000, plain: 1, estimate: 0.8, lower: 0.5, upper: 0.9 },
  ]);
  const option = inFlightOption(shares, 'hes', { segments: {} } as Palette) as {
    xAxis: { min: number; max: number };
    series: { data: [number, number][] }[];
  };
  expect(option.series[2].data).toEqual([
    [0.1, 0.2],
    [1280, 0.4],
    [4_000_000, 0.8],
  ]);
  expect(option.series[3].data.map(([at]) => at)).toEqual([0.1, 1280, 4_000_000]);
  // from under 0 ms to 6 h
  expect([option.xAxis.min, option.xAxis.max]).toEqual([0.1, 21_600_000]);
});
