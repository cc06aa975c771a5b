import type { EChartsCoreOption } from 'echarts/core';
import { durationText, shareText } from '../../../libs/delay/duration-text';
import type { Segment } from '../../../libs/delay/report';
import type { Distribution } from '../../../libs/http/api-types';
import { durationAxis, tooltip } from '../charts/axes';
import type { Palette } from '../charts/palette';
import { drawnBucket } from './heat-cells';

/** The shares of a segment under one border of its buckets: of the mail whose duration is known, and with mail in flight counted in, with its band. */
export interface BorderShares {
  readonly upper_ms: number;
  readonly plain: number;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** The shares at each border at which mail ended or left; null where the segment has no estimate. */
export function borderShares(distribution: Distribution, segment: Segment): BorderShares[] | null {
  const { buckets, count, cumulated } = distribution.segments[segment] ?? { buckets: [], count: 0, cumulated: null };
  if (!cumulated) return null;
  const estimates = new Map(cumulated.map(([border, ...shares]) => [border, shares]));
  let below = 0;
  let before = '';
  return buckets.flatMap(([, upper_ms, own]) => {
    below += own;
    const shares = upper_ms === null ? undefined : estimates.get(upper_ms);
    if (upper_ms === null || !shares) return [];
    const plain = count > 0 ? below / count : 0;
    const changed = [plain, ...shares].join(' ');
    if (changed === before || (plain === 0 && shares[0] === 0)) return [];
    before = changed;
    return [{ upper_ms, plain, estimate: shares[0], lower: shares[1], upper: shares[2] }];
  });
}

/** The plain cumulative share, dashed, beside the estimate within its band. */
export function inFlightOption(shares: readonly BorderShares[], segment: Segment, palette: Palette): EChartsCoreOption {
  // What is under 0 ms, where a clock is wrong, ends where the other charts draw its end.
  const at = ({ upper_ms }: BorderShares): number => (upper_ms > 0 ? upper_ms : drawnBucket([null, upper_ms])[1]);
  const colour = palette.segments[segment];
  const line = (value: (border: BorderShares) => number): object => ({
    type: 'line',
    // A border at which nothing changed is not among them: a slope up to the next one would show mail where there is none.
    step: 'end',
    symbol: 'none',
    data: shares.map((border) => [at(border), value(border)]),
    color: colour,
  });
  const band = { stack: 'band', lineStyle: { width: 0 }, silent: true };
  return {
    grid: { left: 52, right: 18, top: 12, bottom: 26 },
    tooltip: tooltip(palette, {
      trigger: 'axis',
      formatter: ([hit]: readonly { dataIndex: number }[]) => sharesText(shares[hit.dataIndex]),
    }),
    xAxis: durationAxis(palette, at(shares[0]), at(shares[shares.length - 1])),
    yAxis: {
      type: 'value',
      max: 1,
      axisLabel: { color: palette.soft, formatter: (share: number) => `${Math.round(share * 100)} %` },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      { ...line(({ lower }) => lower), ...band },
      { ...line(({ lower, upper }) => upper - lower), ...band, areaStyle: { opacity: 0.25 } },
      { ...line(({ estimate }) => estimate), lineStyle: { width: 3 }, z: 5 },
      { ...line(({ plain }) => plain), lineStyle: { width: 1.5, type: 'dashed' }, color: palette.ink, z: 4 },
    ],
  };
}

function sharesText({ upper_ms, plain, estimate, lower, upper }: BorderShares): string {
  return [
    `took less than ${durationText(upper_ms)}`,
    `with mail in flight: ${shareText(estimate)} (${shareText(lower)}–${shareText(upper)})`,
    `without: ${shareText(plain)}`,
  ].join('<br>');
}
