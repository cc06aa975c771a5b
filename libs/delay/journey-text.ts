import { spanBar } from './bar';
import { type RawFigures } from './clocks/journey-accounts';
import { durationText, UNKNOWN } from './duration-text';
import { type Hop } from './journey';
import { type JourneyAccount } from './journey.service';
import { utcText } from './local-time';
import { printable, textTable } from './text-table';
import { verdictText } from './verdict';

/** One journey for people: what became of it, the verdict and its advice, the hops as a waterfall, and every event with its file and line. */
export function journeyText(journey: JourneyAccount & { raw?: RawFigures | null }): string {
  return [head(journey), waterfall(journey), replies(journey.hops), evidence(journey)].filter(Boolean).join('\n');
}

function head(journey: JourneyAccount & { raw?: RawFigures | null }): string {
  const { explanation, raw } = journey;
  const rewritten = journey.original_recipient !== null && journey.original_recipient !== journey.recipient;
  const step = explanation.kb_step === null ? '' : ` (step ${explanation.kb_step} of the KB)`;
  const lines: [string, string][] = [
    ['message', journey.message_id ?? UNKNOWN],
    ['from', journey.sender ?? UNKNOWN],
    ['to', `${journey.recipient ?? UNKNOWN}${rewritten ? ` (HES saw ${journey.original_recipient})` : ''}`],
    [
      'state',
      `${(journey.state ?? UNKNOWN).replace('_', ' ')}${journey.delivered_at ? `, delivered ${utcText(journey.delivered_at)} UTC` : ''}`,
    ],
    [
      'took',
      `${durationText(journey.total_ms)} = held by HES ${durationText(journey.hes_ms)} + after HES ${durationText(journey.downstream_ms)}`,
    ],
    ...(raw ? [['raw', rawText(journey, raw)] as [string, string]] : []),
    ['verdict', `${verdictText(journey.verdict)}${step}`],
    ['', explanation.finding],
    ...(explanation.advice ? [['do', explanation.advice] as [string, string]] : []),
  ];
  return lines.map(([name, text]) => `${name.padEnd(8)} ${printable(text)}\n`).join('');
}

function rawText({ clock_correction_ms }: JourneyAccount, raw: RawFigures): string {
  const took = `${durationText(raw.total_ms)} = held by HES ${durationText(raw.hes_ms)} + after HES ${durationText(raw.downstream_ms)}`;
  const how =
    clock_correction_ms === null
      ? 'not corrected: the offset between its clocks is not known'
      : `as the logs say it; corrected by ${durationText(clock_correction_ms)}`;
  return `${took} (${how})`;
}

interface Span {
  label: string;
  start: number;
  end: number;
  fill: string;
  took: string;
  transfer: string;
}
const WIDTH = 40;

function waterfall(journey: JourneyAccount): string {
  const spans = [...journey.upstream_hops.flatMap(hopSpan), ...hesSpans(journey), ...journey.hops.flatMap(hopSpan)];
  if (spans.length === 0) return '';
  const begin = Math.min(...spans.map((span) => span.start));
  const total = Math.max(...spans.map((span) => span.end)) - begin;
  const rows = spans.map((span) => [
    span.label,
    utcText(new Date(span.start).toISOString()),
    span.took,
    span.transfer,
    spanBar(span.start - begin, span.end - begin, total, WIDTH, span.fill),
  ]);
  return textTable(
    [
      { title: 'hop' },
      { title: 'from (UTC)' },
      { title: 'held', align: 'right' },
      { title: 'transfer', align: 'right' },
      { title: `0 … ${durationText(total)}` },
    ],
    rows,
  );
}

function hesSpans(journey: JourneyAccount): Span[] {
  if (journey.hes_received_at === null || journey.hes_released_at === null) return [];
  const start = Date.parse(journey.hes_received_at);
  const end = Date.parse(journey.hes_released_at);
  const attempt = journey.hes_first_attempt_at === null ? end : Date.parse(journey.hes_first_attempt_at);
  const atWork = durationText(journey.hes_processing_ms ?? journey.hes_ms);
  const spans: Span[] = [{ label: 'HES', start, end: attempt, fill: '█', took: atWork, transfer: '' }];
  const waiting = durationText(journey.hes_waiting_ms);
  if (journey.hes_waiting_ms)
    spans.push({ label: 'HES waiting', start: attempt, end, fill: '░', took: waiting, transfer: '' });
  return spans;
}

function hopSpan(hop: Hop): Span[] {
  if (hop.received_at === null) return [];
  const start = Date.parse(hop.received_at);
  const queue = hop.queue_id ? ` ${hop.queue_id}` : '';
  const end = start + Math.max(hop.dwell_ms ?? 0, 0);
  return [
    {
      label: `${hop.mta ?? UNKNOWN}${queue}`,
      start,
      end,
      fill: '▓',
      took: durationText(hop.dwell_ms),
      transfer: hop.transfer_ms === null ? '' : durationText(hop.transfer_ms),
    },
  ];
}

function replies(hops: readonly Hop[]): string {
  const lines = hops
    .filter((hop) => hop.smtp_reply)
    .map(
      (hop) =>
        `${hop.mta ?? UNKNOWN} ${(hop.outcome ?? '').replace('_', ' ')}${hop.next_mta ? ` to ${hop.next_mta}` : ''}: ${hop.smtp_reply}`,
    );
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function evidence({ events }: JourneyAccount): string {
  const rows = events.map((event) => [
    utcText(event.event_time),
    event.mta ?? UNKNOWN,
    event.kind,
    event.queue_id ?? '',
    event.smtp_reply ?? '',
    `${event.file}:${event.line}`,
  ]);
  const columns = [
    { title: 'event (UTC)' },
    { title: 'MTA' },
    { title: 'what' },
    { title: 'queue id' },
    { title: 'reply', most: 60 },
    { title: 'file:line' },
  ];
  return rows.length > 0 ? textTable(columns, rows) : '';
}
