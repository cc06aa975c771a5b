import type { EChartsCoreOption } from 'echarts/core';
import { countText, durationText } from '../../../libs/delay/duration-text';
import type { Timeline, TimelinePoint } from '../../../libs/http/api-types';
import { axisBorders, durationAxis, intervalEnd, timeAxis, tooltip, wallClock } from '../charts/axes';
import type { Palette } from '../charts/palette';
import { exactMs, intervalText } from '../words/moment-text';
import { SEGMENT_TITLES } from '../words/segment-names';

/** The parts that add up to the total, in the order of the way. */
export const TIMELINE_SEGMENTS = ['hes_processing', 'hes_waiting', 'downstream'] as const;
export const FIGURES = ['p50', 'p95', 'p99'] as const;
export type Figure = (typeof FIGURES)[number];

const SYMBOLS = { hes_processing: 'circle', hes_waiting: 'triangle', downstream: 'rect' } as const;

/** A line per segment on a logarithmic axis of durations, and under it how many journeys each point speaks of. */
export function timelineOption(timeline: Timeline, figure: Figure, palette: Palette): EChartsCoreOption {
  const { points, tz } = timeline;
  const value = (point: TimelinePoint): number => point[`${figure}_ms`];
  const most = Math.max(...points.map(value), 60_000);
  const least = Math.min(...points.map(value).filter((ms) => ms > 0), 1000);
  const of = (segment: string): TimelinePoint[] => points.filter((point) => point.segment === segment);
  const [lowest] = axisBorders(least, most);
  const x = timeAxis(palette);
  return {
    useUTC: true,
    grid: [
      { left: 58, right: 12, top: 12, height: 215 },
      { left: 58, right: 12, top: 252, height: 38 },
    ],
    tooltip: tooltip(palette, {
      trigger: 'axis',
      formatter: (hits: readonly { data: readonly [number, number] }[]) => text(timeline, figure, hits[0]?.data[0]),
    }),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [
      { ...x, gridIndex: 0, axisLabel: { show: false } },
      { ...x, gridIndex: 1 },
    ],
    yAxis: [
      { ...durationAxis(palette, least, most), gridIndex: 0 },
      {
        type: 'value',
        gridIndex: 1,
        splitNumber: 1,
        axisLabel: { color: palette.soft },
        splitLine: { lineStyle: { color: palette.line } },
      },
    ],
    series: [
      ...TIMELINE_SEGMENTS.map((segment) => ({
        type: 'line',
        name: SEGMENT_TITLES[segment],
        data: withGaps(of(segment), timeline, (point) => Math.max(value(point), lowest)),
        symbol: SYMBOLS[segment],
        symbolSize: points.length > 300 ? 3 : 7,
        lineStyle: { width: 2, type: segment === 'hes_waiting' ? 'dashed' : 'solid' },
        color: palette.segments[segment],
      })),
      ...(['hes_processing', 'downstream'] as const).map((segment) => ({
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: of(segment).map((point) => [wallClock(point.at, tz), point.count]),
        barMaxWidth: 10,
        color: palette.segments[segment],
      })),
    ],
  };
}

/** The points of a line; where intervals hold no mail there is a gap, since nothing is known between. What is 0 lies on the lowest line. */
export function withGaps(
  points: readonly TimelinePoint[],
  { interval, tz }: Pick<Timeline, 'interval' | 'tz'>,
  value: (point: TimelinePoint) => number,
): (readonly [at: number, ms: number | null])[] {
  return points.flatMap((point, index) => {
    const at = wallClock(point.at, tz);
    const next = points[index + 1];
    const gap = next !== undefined && wallClock(next.at, tz) > intervalEnd(at, interval);
    const here = [at, value(point)] as const;
    return gap ? [here, [intervalEnd(at, interval), null] as const] : [here];
  });
}

function text(timeline: Timeline, figure: Figure, at: number | undefined): string {
  const here = timeline.points.filter((point) => wallClock(point.at, timeline.tz) === at);
  if (here.length === 0) return '';
  const lines = here.map((point) => {
    const ms = point[`${figure}_ms`];
    return `${SEGMENT_TITLES[point.segment]}: ${figure} ${durationText(ms)} (${exactMs(ms)}), n = ${countText(point.count)}`;
  });
  return [intervalText(here[0].at, timeline), ...lines].join('<br>');
}
