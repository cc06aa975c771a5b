import type { EChartsCoreOption } from 'echarts/core';
import { drawnRange } from '../../../libs/delay/clocks/drawn-range';
import { countText, durationText } from '../../../libs/delay/duration-text';
import type { Clocks } from '../../../libs/http/api-types';
import { timeAxis, tooltip, wallClock } from '../charts/axes';
import type { Palette } from '../charts/palette';
import { localText } from '../../../libs/delay/local-time';

export type ClockPair = Clocks['pairs'][number];
type Hour = ClockPair['hours'][number];

const HOUR_MS = 3_600_000;

/**
 * The offset of one pair over time as a line, between its bounds as thin ones; hours without mail are gaps. What lies beyond the drawn range is a triangle at its
 * border.
 */
export function offsetOption({ hours }: ClockPair, tz: string, palette: Palette): EChartsCoreOption {
  const line = (value: (hour: Hour) => number): (readonly [number, number | null])[] =>
    hours.flatMap((hour, i) => {
      const at = wallClock(hour.at, tz);
      const next = hours[i + 1];
      const gap = next !== undefined && Date.parse(next.at) - Date.parse(hour.at) > HOUR_MS;
      return gap ? [[at, value(hour)] as const, [at + HOUR_MS, null] as const] : [[at, value(hour)] as const];
    });
  const { from_ms, to_ms, beyond } = drawnRange(hours);
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
      formatter: (hits: readonly { axisValue: number }[]) => {
        const hour = hours.find(({ at }) => wallClock(at, tz) === hits[0]?.axisValue);
        return hour ? hourText(hour, tz) : '';
      },
    }),
    xAxis: timeAxis(palette),
    yAxis: {
      type: 'value',
      min: from_ms,
      max: to_ms,
      // the ends of the range are no round numbers, and would stand upon the next ones
      axisLabel: {
        showMinLabel: false,
        showMaxLabel: false,
        color: palette.soft,
        formatter: (ms: number) => durationText(Math.round(ms)),
      },
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
      {
        type: 'line',
        lineStyle: { width: 0 },
        clip: false,
        color: palette.segments.downstream,
        symbolSize: 9,
        data: beyond.map((hour) => {
          const isAbove = hour.estimate_ms > to_ms;
          return {
            value: [wallClock(hour.at, tz), isAbove ? to_ms : from_ms],
            symbol: 'triangle',
            symbolRotate: isAbove ? 0 : 180,
          };
        }),
      },
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
