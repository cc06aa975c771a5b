import { doublingBar } from './bar';
import { countText, durationText } from './duration-text';
import { localTime } from './local-time';
import { type Report, type Segment, type TimelinePoint } from './report';
import { textTable, type TextColumn } from './text-table';

const SHOWN: readonly Segment[] = ['hes_processing', 'hes_waiting', 'downstream'];
const BAR_WIDTH = 13;
/** A day stands out when its 95 % is this many times the usual one (the median of all days), and not just a matter of seconds. */
const OUTSTANDING_TIMES = 4;
const OUTSTANDING_LEAST_MS = 10_000;
const MOST_LINES = 62;

/** The days (or hours) one below the other with bars for HES at work, HES waiting and the hops after it, so that an incident is seen at once. */
export function timelineText(report: Report): string {
  const points = new Map(report.timeline.map((point) => [`${point.at} ${point.segment}`, point]));
  const moments = [...new Set(report.timeline.map((point) => point.at))].sort();
  if (moments.length < 2) return '';
  const usual = SHOWN.map((segment) =>
    median(report.timeline.filter((p) => p.segment === segment).map((p) => p.p95_ms)),
  );
  const shown = moments.slice(-MOST_LINES);
  const rows = shown.map((at) => {
    const those = SHOWN.map((segment) => points.get(`${at} ${segment}`));
    const mail = Math.max(...those.map((point) => point?.count ?? 0));
    return [moment(at, report), countText(mail), ...those.flatMap((point, i) => cells(point, usual[i]))];
  });
  const left = moments.length - shown.length;
  const legend = `The ${report.interval}s: 95 of 100 mails took at most this long. A bar grows by one block each time the time doubles from 1 s; ${MARK} is far above the usual ${report.interval}.`;
  const cut =
    left > 0
      ? `(the last ${shown.length} of ${moments.length} ${report.interval}s; narrow with --from and --to)\n`
      : '';
  return `${legend}\n${cut}${textTable(columns(report.interval), rows)}`;
}

const MARK = '◄';

const columns = (interval: string): TextColumn[] => [
  { title: interval },
  { title: 'mail', align: 'right' },
  ...['HES at work', 'HES waiting', 'after HES'].flatMap((title): TextColumn[] => [
    { title, align: 'right' },
    { title: '' },
  ]),
];

function moment(at: string, { tz, interval }: Report): string {
  const { day, weekday, minute } = localTime(at, tz);
  return interval === 'hour' ? `${day} ${minute}` : `${day} ${weekday}`;
}

function cells(point: TimelinePoint | undefined, usual: number | null): string[] {
  const bar = doublingBar(point?.p95_ms ?? null, 1, BAR_WIDTH);
  return [durationText(point?.p95_ms), stands(point, usual) ? `${bar} ${MARK}` : bar];
}

function stands(point: TimelinePoint | undefined, usual: number | null): boolean {
  return (
    point !== undefined &&
    usual !== null &&
    point.p95_ms >= OUTSTANDING_LEAST_MS &&
    point.p95_ms >= usual * OUTSTANDING_TIMES
  );
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.ceil(sorted.length / 2) - 1];
}
