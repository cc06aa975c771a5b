import type { Bucket } from '../delay/delay-buckets';
import type { HistogramCell } from '../delay/delay.service';
import { countText, durationText, shareText } from '../delay/duration-text';
import { localTime } from '../delay/local-time';
import { html, type Html } from './html';
import { DRAWN, type Drawn, type Histogram } from './report-document';

const WIDTH = 680;
const LEFT = 56;
const RIGHT = 12;
/** Shorter delays are drawn at the left edge, longer ones at the right. */
const FIRST_MS = 10;
const LAST_MS = 30 * 86_400_000;
const TICKS_MS = [10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000];
export const NAMES: Readonly<Record<Drawn, string>> = { hes: 'held by HES', downstream: 'after HES' };

const across = (ms: number): number => {
  const share = Math.log(Math.min(Math.max(ms, FIRST_MS), LAST_MS) / FIRST_MS) / Math.log(LAST_MS / FIRST_MS);
  return LEFT + share * (WIDTH - LEFT - RIGHT);
};
const round = (n: number): string => n.toFixed(1);

/** The share of mail that took at most so long, per segment, over a log axis. The steps lie at the upper borders of the buckets. */
export function cdfChart({ buckets, cells }: Histogram): Html {
  const height = 260;
  const bottom = height - 28;
  const up = (share: number): number => bottom - share * (bottom - 12);
  const lines = DRAWN.map((segment) => ({ segment, points: cumulated(buckets, cells, segment) }));
  const path = (points: readonly [number, number][]): string =>
    points.map(([ms, share], i) => `${i === 0 ? 'M' : 'L'}${round(across(ms))} ${round(up(share))}`).join('');
  const told = lines
    .filter(({ points }) => points.length > 0)
    .map(
      ({ segment, points }) =>
        `${NAMES[segment]}: half within ${durationText(at(points, 0.5))}, 95 % within ${durationText(at(points, 0.95))}`,
    );
  return html`<figure>
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${`Cumulated distribution. ${told.join('; ')}`}">
      ${[0, 0.25, 0.5, 0.75, 0.95, 1].map((share) => html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(up(share))}" y2="${round(up(share))}" class="grid" /><text x="${LEFT - 6}" y="${round(up(share) + 4)}" class="right">${shareText(share)}</text>`)}
      ${timeAxis(bottom)}
      ${lines.map(({ segment, points }) => html`<path d="${path(points)}" class="line ${segment}" />`)}
    </svg>
    <figcaption>
      ${DRAWN.map((segment) => html`<span class="key ${segment}"></span> ${NAMES[segment]} `)} – share of mail that took
      at most so long; borders of buckets are within 25 % of each other.
    </figcaption>
  </figure>`;
}

function timeAxis(bottom: number): Html {
  return html`${TICKS_MS.map((ms) => html`<line x1="${round(across(ms))}" x2="${round(across(ms))}" y1="12" y2="${bottom}" class="grid" /><text x="${round(across(ms))}" y="${bottom + 16}" class="middle">${tick(ms)}</text>`)}`;
}

const tick = (ms: number): string =>
  ms < 1000
    ? `${ms} ms`
    : ms < 60_000
      ? `${ms / 1000} s`
      : ms < 3_600_000
        ? `${ms / 60_000} min`
        : ms < 86_400_000
          ? `${ms / 3_600_000} h`
          : `${ms / 86_400_000} d`;

/** (upper border, share at most that), rising. */
function cumulated(buckets: readonly Bucket[], cells: readonly HistogramCell[], segment: Drawn): [number, number][] {
  const own = cells.filter((cell) => cell.segment === segment).sort((a, b) => a.bucket - b.bucket);
  const all = own.reduce((sum, { count }) => sum + count, 0);
  let sum = 0;
  return own.map(({ bucket, count }) => [buckets[bucket][1] ?? LAST_MS, (sum += count) / all]);
}

const at = (points: readonly [number, number][], share: number): number =>
  (points.find(([, reached]) => reached >= share) ?? points[points.length - 1])[0];

/** Mail per day or hour and delay: the darker, the more (logarithmic). One row for each octave of the delay. */
export function heatMap({ cells, buckets }: Histogram, segment: Drawn, tz: string, interval: string): Html {
  const own = cells.filter((cell) => cell.segment === segment);
  if (own.length === 0) return html`<p>Nothing is known of the time ${NAMES[segment]}.</p>`;
  const moments = [...new Set(own.map(({ at_ms }) => at_ms))].sort((a, b) => a - b);
  const octaves = [...new Set(own.map(({ bucket }) => bucket))].sort((a, b) => a - b);
  const [lowest, highest] = [octaves[0], octaves[octaves.length - 1]];
  const rows = highest - lowest + 1;
  const cellHeight = 13;
  const cellWidth = Math.min(24, (WIDTH - LEFT - RIGHT - 20) / moments.length);
  const most = Math.max(...own.map(({ count }) => count));
  const shade = (count: number): string =>
    (0.12 + 0.88 * (most === 1 ? 1 : Math.log(count) / Math.log(most))).toFixed(2);
  const y = (bucket: number): number => (highest - bucket) * cellHeight + 4;
  const labelWidth = interval === 'hour' ? 66 : 34;
  const every = Math.ceil(labelWidth / cellWidth);
  const label = (ms: number): string => {
    const { day, minute } = localTime(new Date(ms).toISOString(), tz);
    return interval === 'hour' ? `${day.slice(5)} ${minute}` : day.slice(5);
  };
  const from = (bucket: number): string => (buckets[bucket][0] === null ? '< 0' : durationText(buckets[bucket][0]));
  const height = rows * cellHeight + 26;
  return html`<figure>
    <svg
      viewBox="0 0 ${WIDTH} ${height}"
      role="img"
      aria-label="${`Mail per ${interval} and delay, ${NAMES[segment]}: from ${from(lowest)} to ${durationText(buckets[highest][1])}`}"
    >
      ${Array.from({ length: rows }, (_, i) => lowest + i)
        .filter((bucket) => (bucket - lowest) % 2 === 0)
        .map((bucket) => html`<text x="${LEFT + 14}" y="${y(bucket) + 10}" class="right">${from(bucket)}</text>`)}
      ${own.map(({ at_ms, bucket, count }) => html`<rect x="${round(LEFT + 20 + moments.indexOf(at_ms) * cellWidth)}" y="${y(bucket)}" width="${round(cellWidth - 0.6)}" height="${cellHeight - 0.6}" class="cell ${segment}" style="opacity:${shade(count)}"><title>${label(at_ms)}, from ${from(bucket)}: ${countText(count)}</title></rect>`)}
      ${moments.filter((_, i) => i % every === 0).map((ms) => html`<text x="${round(LEFT + 20 + moments.indexOf(ms) * cellWidth)}" y="${height - 6}">${label(ms)}</text>`)}
    </svg>
    <figcaption>
      ${NAMES[segment]}: mail per ${interval} (${tz}) and delay, each row twice the one below; darker is more, up to
      ${countText(most)}.
    </figcaption>
  </figure>`;
}

/** A bar for a share, as a part of a table's cell. */
export function shareBar(share: number | null, segment: string): Html {
  if (share === null) return html`–`;
  return html`<span class="bar"><span class="${segment}" style="width:${(share * 100).toFixed(1)}%"></span></span>
    ${shareText(share)}`;
}
