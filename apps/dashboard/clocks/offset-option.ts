import type { EChartsCoreOption } from 'echarts/core';
import { countText, durationText } from '../../../libs/delay/duration-text';
import type { Clocks } from '../../../libs/http/api-types';
import { timeAxis, tooltip, wallClock } from '../charts/axes';
import type { Palette } from '../charts/palette';
import { localText } from '../../../libs/delay/local-time';

export type ClockPair = Clocks['pairs'][number];
type Hour = ClockPair['hours'][number];

const HOUR_MS = 3_600_000;

/** The offset of one pair over time as a line, between its bounds as thin ones; hours without mail are gaps. */
export function offsetOption({ hours }: ClockPair, tz: string, palette: Palette): EChartsCoreOption {
  const line = (value: (hour: Hour) => number): (readonly [number, number | null])[] =>
    hours.flatMap((hour, i) => {
      const at = wallClock(hour.at, tz);
      const next = hours[i + 1];
      const gap = next !== undefined && Date.parse(next.at) - Date.parse(hour.at) > HOUR_MS;
      return gap ? [[at, value(hour)] as const, [at + HOUR_MS, null] as const] : [[at, value(hour)] as const];
    });
  const bound = (value: (hour: Hour) => number): object => ({
    type: 'line',
    step: 'middle',
    data: line(value),
    symbol: 'none',
    lineStyle: { width: 1, type: 'dashed' },
    color: palette.soft,
  });
  return {
    useUTC: true,
    grid: { left: 76, right: 12, top: 12, bottom: 28 },
    tooltip: tooltip(palette, {
      trigger: 'axis',
      formatter: (hits: readonly { data: readonly [number, number | null] }[]) => {
        const hour = hours.find(({ at }) => wallClock(at, tz) === hits[0]?.data[0]);
        return hour ? hourText(hour, tz) : '';
      },
    }),
    xAxis: timeAxis(palette),
    yAxis: {
      type: 'value',
      scale: true,
      axisLabel: { color: palette.soft, formatter: (ms: number) => durationText(Math.round(ms)) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      {
        type: 'line',
        data: line(({ estimate_ms }) => estimate_ms),
        symbolSize: hours.length > 300 ? 2 : 5,
        lineStyle: { width: 2 },
        color: palette.segments.downstream,
      },
      bound(({ lower_ms }) => lower_ms),
      bound(({ upper_ms }) => upper_ms),
    ],
  };
}

function hourText({ at, transfers, estimate_ms, lower_ms, upper_ms }: Hour, tz: string): string {
  return [
    `${localText(at, tz)} ${tz}`,
    `ahead by ${durationText(estimate_ms)}`,
    `between ${durationText(lower_ms)} and ${durationText(upper_ms)}`,
    `n = ${countText(transfers)}`,
  ].join('<br>');
}
