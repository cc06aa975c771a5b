import type { EChartsCoreOption } from 'echarts/core';
import { countText, shareText } from '../../../libs/delay/duration-text';
import type { Segment } from '../../../libs/delay/report';
import { durationAxis, tooltip } from '../charts/axes';
import type { Palette } from '../charts/palette';
import { SEGMENT_TITLES } from '../words/segment-names';
import { bucketText } from './heat-option';
import { type SpreadBucket } from './spread';

const countAxis = (palette: Palette): EChartsCoreOption => ({
  type: 'value',
  axisLabel: { color: palette.soft },
  splitLine: { lineStyle: { color: palette.line } },
});

/** Lines differ by more than their colour. */
const LINES: Readonly<Record<Segment, string | number[]>> = {
  hes: 'solid',
  hes_processing: [9, 3, 2, 3],
  hes_waiting: 'dashed',
  downstream: 'solid',
  total: 'dotted',
};

const GRID = { left: 52, right: 18, top: 12, bottom: 26 };

/** The histogram of one segment: steps on a logarithmic axis of durations. */
export function histogramOption(
  spread: readonly SpreadBucket[],
  segment: Segment,
  palette: Palette,
): EChartsCoreOption {
  const last = spread[spread.length - 1];
  const points = spread.map(({ low, count }) => [low, count]);
  return {
    grid: GRID,
    tooltip: tooltip(palette, {
      trigger: 'axis',
      formatter: ([hit]: readonly { dataIndex: number }[]) => {
        const bucket = spread[Math.min(hit.dataIndex, spread.length - 1)];
        return `${bucketText(bucket.lower_ms, bucket.upper_ms)}<br>n = ${countText(bucket.count)}`;
      },
    }),
    xAxis: durationAxis(palette, spread[0].low, last.high),
    yAxis: countAxis(palette),
    series: {
      type: 'line',
      step: 'end',
      symbol: 'none',
      data: [...points, [last.high, last.count]],
      lineStyle: { width: 1.5 },
      areaStyle: { opacity: 0.35 },
      color: palette.segments[segment],
    },
  };
}

/** The share of mail that took less than so long, for the chosen segment and, thinner, for the others. */
export function cumulativeOption(
  spreads: ReadonlyMap<Segment, readonly SpreadBucket[]>,
  chosen: Segment,
  palette: Palette,
): EChartsCoreOption {
  const all = [...spreads].filter(([, spread]) => spread.length > 0);
  const shareBelow = (spread: readonly SpreadBucket[], { below }: SpreadBucket): number =>
    below / spread[spread.length - 1].below;
  return {
    grid: GRID,
    tooltip: tooltip(palette, {
      trigger: 'item',
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const [segment, spread] = all[seriesIndex];
        const bucket = spread[Math.max(dataIndex - 1, 0)];
        return `${SEGMENT_TITLES[segment]}: ${shareText(shareBelow(spread, bucket))} took less than ${bucketText(bucket.upper_ms, null).replace(' or more', '')}<br>n = ${countText(bucket.below)}`;
      },
    }),
    xAxis: durationAxis(
      palette,
      Math.min(...all.map(([, spread]) => spread[0].low)),
      Math.max(...all.map(([, spread]) => spread[spread.length - 1].high)),
    ),
    yAxis: {
      ...countAxis(palette),
      max: 1,
      axisLabel: { color: palette.soft, formatter: (share: number) => `${Math.round(share * 100)} %` },
    },
    series: all.map(([segment, spread]) => ({
      type: 'line',
      symbolSize: 5,
      showSymbol: segment === chosen,
      data: [[spread[0].low, 0], ...spread.map((bucket) => [bucket.high, shareBelow(spread, bucket)])],
      lineStyle: {
        width: segment === chosen ? 3 : 1.5,
        opacity: segment === chosen ? 1 : 0.7,
        type: LINES[segment],
      },
      z: segment === chosen ? 5 : 2,
      color: palette.segments[segment],
    })),
  };
}
