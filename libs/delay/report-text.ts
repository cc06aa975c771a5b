import { clockText } from './clocks/clock-text';
import { countText, counted, durationText, shareText } from './duration-text';
import { headlines } from './report-headlines';
import { ESTIMATE_NOTE, ESTIMATE_TITLES, estimateRows } from './in-flight/estimate-text';
import { paretoText } from './pareto-text';
import { type Report, type Segment } from './report';
import { timelineText } from './report-timeline';
import { shellWord } from './shell-word';
import { localText } from './local-time';
import { slaText } from './sla/sla-text';
import { textTable, type TextColumn } from './text-table';
import { verdictText } from './verdict';

/** What the reader may have to add to a command so that it answers about the same mail. */
export interface NextCommands {
  /** how the program is called, e.g. `npx hoptime` */
  readonly program: string;
  /** options as the user gave them (store, filters, range), without the format */
  readonly options: readonly string[];
}

/** The report for people: what it says in sentences first, then the figures, then how to follow them down to a log line. */
export function reportText(report: Report, next: NextCommands): string {
  if (report.coverage.journeys === 0) return nothing(report, next);
  return [
    title(report),
    headlines(report),
    segments(report),
    timelineText(report),
    hops(report),
    verdicts(report),
    paretoText(report),
    slaText(report.sla),
    coverage(report, next),
    drillDown(report, next),
  ]
    .filter(Boolean)
    .join('\n');
}

function title(report: Report): string {
  const range = `${localText(report.from, report.tz)} to ${localText(report.to, report.tz)} ${report.tz}`;
  const filters = Object.entries(report.filters).map(([name, values]) => `${name} = ${values.join(' or ')}`);
  const only = filters.length > 0 ? `Only: ${filters.join('; ')}\n` : '';
  return `How long did the mail wait, and where?\n${counted(report.coverage.journeys, 'journey')} (one per message and recipient), ${range}\n${only}`;
}

const SEGMENT_TITLES: Readonly<Record<Segment, string>> = {
  hes: 'held by HES',
  hes_processing: '  HES at work',
  hes_waiting: '  HES waiting for the next MTA',
  downstream: 'after HES',
  total: 'total',
};

const SEGMENT_COLUMNS: readonly TextColumn[] = [
  { title: 'where' },
  ...['count', 'mean', 'median', '95 %', '99 %', 'slowest', '< 1 min', '< 5 min', '< 10 min'].map(
    (name): TextColumn => ({ title: name, align: 'right' }),
  ),
];

function segments(report: Report): string {
  const { segments: all, raw_segments, in_flight, tz } = report;
  const raw = raw_segments ? `As the logs say it (raw):\n${segmentTable(raw_segments)}` : '';
  const clocks = raw_segments ? `Clocks: ${clockText(report)}\n` : '';
  const stuck =
    in_flight.count === 0
      ? 'In flight: none.'
      : `In flight: ${counted(in_flight.count, 'journey')} not in these figures, the oldest since ${localText(in_flight.oldest_at, tz)}.`;
  return `${segmentTable(all)}${stuck}\n${estimateTable(report)}${clocks}${raw}`;
}

function estimateTable(report: Report): string {
  const rows = estimateRows(report).map(([segment, cells]) => [SEGMENT_TITLES[segment], ...cells]);
  if (rows.length === 0) return '';
  const columns: TextColumn[] = [
    { title: 'with mail in flight' },
    ...ESTIMATE_TITLES.map((title): TextColumn => ({ title, align: 'right' })),
  ];
  return `${textTable(columns, rows)}${ESTIMATE_NOTE}\n`;
}

function segmentTable(all: Report['segments']): string {
  const rows = (Object.entries(SEGMENT_TITLES) as [Segment, string][]).map(([name, text]) => {
    const d = all[name];
    const times = [d.mean_ms, d.p50_ms, d.p95_ms, d.p99_ms, d.max_ms].map(durationText);
    return [text, countText(d.count), ...times, ...Object.values(d.share_under).map(shareText)];
  });
  return textTable(SEGMENT_COLUMNS, rows);
}

function hops({ hops: all }: Report): string {
  if (all.length === 0) return 'No MTA after HES has been seen: ingest the logs of the mail servers behind HES.\n';
  const rows = all.map((hop) => [
    hop.mta,
    hop.product ?? '',
    countText(hop.count),
    durationText(hop.p50_ms),
    durationText(hop.p95_ms),
    durationText(hop.p99_ms),
    countText(hop.deferrals),
    shareText(hop.share_of_downstream),
  ]);
  const columns: TextColumn[] = [
    { title: 'MTA after HES' },
    { title: 'product' },
    ...['mail', 'median', '95 %', '99 %', 'deferrals', 'share of time'].map((name): TextColumn => ({
      title: name,
      align: 'right',
    })),
  ];
  return textTable(columns, rows);
}

function verdicts({ verdicts: all, coverage: { journeys } }: Report): string {
  const decided = Object.values(all).reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(all).map(([verdict, count]) => [verdictText(verdict), countText(count), verdict]);
  if (decided < journeys) rows.push(['not decided', countText(journeys - decided), 'unknown']);
  return textTable([{ title: 'why late' }, { title: 'journeys', align: 'right' }, { title: '--verdict' }], rows);
}

function coverage({ coverage: c }: Report, { program, options }: NextCommands): string {
  const states = [
    'complete',
    'relayed',
    'in_flight',
    'bounced',
    'rejected',
    'expired',
    'quarantined',
    'deleted',
  ] as const;
  const ends = states
    .filter((state) => c[state] > 0)
    .map((state) => `${state.replace('_', ' ')} ${countText(c[state])}`);
  const lines = [
    `Passed HES: ${countText(c.via_hes)} of ${countText(c.journeys)} (not: ${countText(c.not_via_hes)}, unknown: ${countText(c.unknown)}).`,
    `Found again after HES: ${countText(c.matched_downstream)} of ${countText(c.via_hes)}; not found: ${countText(c.via_hes - c.matched_downstream)}.`,
    `How they ended: ${ends.join(', ') || 'nothing known'}.`,
    c.rejected_records === 0
      ? 'Every record of the inputs was understood.'
      : `Not understood: ${counted(c.rejected_records, 'record')} of the inputs (see them: ${[program, 'rejected', ...options.filter(isStoreOption)].map(shellWord).join(' ')}).`,
  ];
  return `${lines.join('\n')}\n`;
}

function drillDown(report: Report, { program, options }: NextCommands): string {
  const call = (...words: string[]): string => [program, ...words].map(shellWord).join(' ');
  const worst = Object.keys(report.verdicts).find((verdict) => verdict !== 'none' && verdict !== 'not_via_hes');
  const slowest = report.slowest.find((journey) => journey.message_id !== null);
  const only = slowest?.recipient ? ['--recipient', slowest.recipient] : [];
  const lines = [
    worst
      ? ['the mail behind a figure', call('journeys', '--sort', 'slowest', '--verdict', worst, ...options)]
      : ['the slowest mail', call('journeys', '--sort', 'slowest', ...options)],
    slowest
      ? [
          'the slowest one, down to file and line',
          call('journey', slowest.message_id as string, ...only, ...options.filter(isStoreOption)),
        ]
      : [],
  ].filter((line) => line.length > 0);
  return `Next:\n${lines.map(([what, command]) => `  # ${what}\n  ${command}\n`).join('')}`;
}

// `journey` takes no filters: a message is named, not searched
const isStoreOption = (option: string, index: number, all: readonly string[]): boolean =>
  option === '--store-url' || all[index - 1] === '--store-url';

function nothing(report: Report, { program }: NextCommands): string {
  const rejected = report.coverage.rejected_records;
  const because =
    rejected > 0 ? `, and ${counted(rejected, 'record')} of the inputs were not understood (${program} rejected)` : '';
  return `No journey ${Object.keys(report.filters).length > 0 || report.from !== null ? 'matches' : 'is in the store'}${because}.\nRead your files first: ${program} ingest PATH…   or see made-up mail: ${program} demo\n`;
}
