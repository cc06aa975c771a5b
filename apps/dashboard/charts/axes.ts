import type { EChartsCoreOption } from 'echarts/core';
import { localTime } from '../../../libs/delay/local-time';
import { DURATION_TICKS } from '../words/moment-text';
import type { Palette } from './palette';

/** An instant as the milliseconds that a clock on the wall of the zone shows, so that an axis in "UTC" has its ticks at local midnight. */
export function wallClock(iso: string, tz: string): number {
  const { day, minute } = localTime(iso, tz);
  return Date.parse(`${day}T${minute}:${iso.slice(17, 23)}Z`);
}

const HOUR = 3_600_000;

/** The end of an interval that begins at `start`, wall-clock ms. */
export function intervalEnd(start: number, interval: 'hour' | 'day' | 'month'): number {
  if (interval !== 'month') return start + (interval === 'hour' ? HOUR : 24 * HOUR);
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

const textOf = new Map<number, string>(DURATION_TICKS);

/** Where an axis of durations may begin and end, ms. Under 1 ms lie 0 and what is negative (words/moment-text.ts). */
const BORDERS = [0.01, 0.1, ...DURATION_TICKS.flatMap(([ms]) => (ms >= 1 ? [ms] : []))];

/** The borders of an axis of durations that holds `least` and `most` ms, both greater than 0. */
export function axisBorders(least: number, most: number): readonly [min: number, max: number] {
  const min = BORDERS.findLast((border) => border <= least) ?? BORDERS[0];
  return [min, BORDERS.find((border) => border >= most && border > min) ?? BORDERS[BORDERS.length - 1]];
}

/** A logarithmic axis of durations with ticks at 1 s, 10 s, 1 min …, from `least` to `most` ms. */
export function durationAxis(palette: Palette, least: number, most: number, name?: string): EChartsCoreOption {
  const ticks = DURATION_TICKS.map(([ms]) => ms);
  const [min, max] = axisBorders(least, most);
  const shown = ticks.filter((tick) => tick >= min && tick <= max);
  return {
    type: 'log',
    min,
    max,
    name,
    nameTextStyle: { color: palette.soft },
    axisLabel: {
      color: palette.soft,
      hideOverlap: true,
      customValues: shown,
      formatter: (ms: number) => textOf.get(ms) ?? '',
    },
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
