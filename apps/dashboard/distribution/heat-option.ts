import type { EChartsCoreOption } from 'echarts/core';
import { countText, durationText } from '../../../libs/delay/duration-text';
import type { Heatmap } from '../../../libs/http/api-types';
import { durationAxis, timeAxis, tooltip } from '../charts/axes';
import type { Palette } from '../charts/palette';
import { exactMs, intervalText } from '../words/moment-text';
import { type HeatCell } from './heat-cells';

interface CellApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
}

/** Opacity of a cell: by the logarithm of its count, so that one late mail is seen beside thousands of others. */
export function strength(count: number, most: number): number {
  return most <= 1 ? 1 : 0.16 + 0.84 * (Math.log(count) / Math.log(most));
}

/** Time × delay, both in their own units; a rectangle per cell. */
export function heatOption(
  map: Heatmap,
  cells: readonly HeatCell[],
  colour: string,
  palette: Palette,
): EChartsCoreOption {
  const most = Math.max(...cells.map(({ count }) => count), 1);
  const lowest = Math.min(...cells.map(({ low }) => low), 1000);
  const highest = Math.max(...cells.map(({ high }) => high), 60_000);
  return {
    useUTC: true,
    grid: { left: 58, right: 14, top: 10, bottom: 26 },
    tooltip: tooltip(palette, {
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => cellText(map, cells[dataIndex]),
    }),
    xAxis: {
      ...timeAxis(palette),
      min: Math.min(...cells.map(({ time }) => time)),
      max: Math.max(...cells.map(({ timeEnd }) => timeEnd)),
    },
    yAxis: durationAxis(palette, lowest, highest),
    series: {
      type: 'custom',
      clip: true,
      data: cells.map(({ time, low, timeEnd, high, count }) => [time, low, timeEnd, high, count]),
      encode: { x: [0, 2], y: [1, 3] },
      renderItem: (_parameters: unknown, api: CellApi) => {
        const [left, bottom] = api.coord([api.value(0), api.value(1)]);
        const [right, top] = api.coord([api.value(2), api.value(3)]);
        const gap = right - left > 4 ? 1 : 0;
        return {
          type: 'rect',
          shape: { x: left, y: top, width: Math.max(right - left - gap, 1), height: Math.max(bottom - top - 1, 1) },
          style: { fill: colour, opacity: strength(api.value(4), most) },
        };
      },
    },
  };
}

function cellText(map: Heatmap, cell: HeatCell): string {
  const [lower, upper] = map.buckets[cell.bucketIndex];
  return `${intervalText(map.times[cell.timeIndex], map)}<br>${bucketText(lower, upper)}<br>n = ${countText(cell.count)}`;
}

/** A bucket in words, with its exact borders. */
export function bucketText(lower: number | null, upper: number | null): string {
  if (lower === null) return 'below 0 ms (a clock is wrong)';
  if (upper === null) return `${durationText(lower)} or more (${exactMs(lower)})`;
  if (upper <= 1) return '0 ms';
  return `${durationText(lower)} to under ${durationText(upper)} (${exactMs(lower)} to under ${exactMs(upper)})`;
}
