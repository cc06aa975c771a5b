import type { EChartsCoreOption } from 'echarts/core';
import { localTime } from '../../../libs/delay/local-time';
import { DURATION_TICKS } from '../words/moment-text';
import type { Palette } from './palette';

/** An instant as the milliseconds that a clock on the wall of the zone shows, so that an axis in "UTC" has its ticks at local midnight. */
export function wallClock(iso: string, tz: string): number {
  const { day, minute } = localTime(iso, tz);
  return Date.parse(`${day}T${minute}:${iso.slice(17, 23)}Z`);
}

const textOf = new Map<number, string>(DURATION_TICKS);

/** A logarithmic axis of durations has no 0: what is 0 is drawn at the lowest line, 1 ms; tables and tooltips say 0. */
export const drawable = (ms: number): number => Math.max(ms, 1);

/** A logarithmic axis of durations with ticks at 1 s, 10 s, 1 min …, from `least` to `most` ms. */
export function durationAxis(palette: Palette, least: number, most: number, name?: string): EChartsCoreOption {
  const ticks = DURATION_TICKS.map(([ms]) => ms);
  const min = ticks.findLast((tick) => tick <= least) ?? ticks[0];
  const max = ticks.find((tick) => tick >= most && tick > min) ?? ticks[ticks.length - 1];
  const shown = ticks.filter((tick) => tick >= min && tick <= max);
  return {
    type: 'log',
    min,
    max,
    name,
    nameTextStyle: { color: palette.soft },
    axisLabel: { color: palette.soft, customValues: shown, formatter: (ms: number) => textOf.get(ms) ?? '' },
    axisTick: { customValues: shown },
    minorTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
    splitLine: { show: true, lineStyle: { color: palette.line } },
  };
}

/** An axis of wall-clock times ({@link wallClock}); its chart needs `useUTC`. */
export function timeAxis(palette: Palette): EChartsCoreOption {
  return {
    type: 'time',
    axisLabel: {
      color: palette.soft,
      hideOverlap: true,
      formatter: { year: '{yyyy}', month: '{d} {MMM}', day: '{d} {MMM}', hour: '{HH}:{mm}', minute: '{HH}:{mm}' },
    },
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { lineStyle: { color: palette.line } },
    splitLine: { show: false },
  };
}

/** What all charts share: a quiet tooltip of plain text. */
export function tooltip(palette: Palette, more: Record<string, unknown>): EChartsCoreOption {
  return {
    confine: true,
    backgroundColor: palette.card,
    borderColor: palette.line,
    textStyle: { color: palette.ink, fontSize: 12.5 },
    ...more,
  };
}

/** Text from logs and mails, made safe to stand in a tooltip, which is HTML. */
export function plain(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
