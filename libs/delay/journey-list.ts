import { csvLine } from './csv';
import { durationText, UNKNOWN } from './duration-text';
import { JOURNEY_COLUMNS, type Journey, type JourneyWithHops } from './journey';
import { textTable, type TextColumn } from './text-table';
import { verdictText } from './verdict';

export const JOURNEY_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type JourneyFormat = (typeof JOURNEY_FORMATS)[number];

/** Journeys in one of the formats of `hoptime journeys`, piece by piece, so that any number fits. CSV has the columns of interfaces.md §3. */
export async function* listJourneys(
  journeys: AsyncIterable<JourneyWithHops>,
  format: JourneyFormat,
): AsyncIterable<string> {
  if (format === 'table') return yield* table(journeys);
  if (format === 'csv') yield csvLine(JOURNEY_COLUMNS);
  let first = true;
  for await (const journey of journeys) {
    if (format === 'csv') yield csvLine(JOURNEY_COLUMNS.map((column) => journey[column]));
    else if (format === 'ndjson') yield `${JSON.stringify(journey)}\n`;
    else yield `${first ? '[\n' : ',\n'}${JSON.stringify(journey)}`;
    first = false;
  }
  if (format === 'json') yield first ? '[]\n' : '\n]\n';
}

const COLUMNS: readonly TextColumn[] = [
  { title: 'first seen (UTC)' },
  { title: 'message id', most: 44 },
  { title: 'recipient', most: 32 },
  { title: 'state' },
  { title: 'held by HES', align: 'right' },
  { title: 'after HES', align: 'right' },
  { title: 'total', align: 'right' },
  { title: 'why late' },
];
const ROWS_AT_ONCE = 500;

async function* table(journeys: AsyncIterable<JourneyWithHops>): AsyncIterable<string> {
  let rows: string[][] = [];
  let any = false;
  for await (const journey of journeys) {
    any = true;
    rows.push(tableRow(journey));
    if (rows.length === ROWS_AT_ONCE) {
      yield textTable(COLUMNS, rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield textTable(COLUMNS, rows);
  if (!any) yield 'No journey matches.\n';
}

function tableRow(journey: Journey & Partial<Pick<JourneyWithHops, 'hops'>>): string[] {
  const seen = journey.hes_received_at ?? journey.hops?.[0]?.received_at ?? journey.delivered_at;
  return [
    seen ? seen.slice(0, 19).replace('T', ' ') : UNKNOWN,
    journey.message_id ?? UNKNOWN,
    journey.recipient ?? UNKNOWN,
    journey.state ?? UNKNOWN,
    durationText(journey.hes_ms),
    durationText(journey.downstream_ms),
    durationText(journey.total_ms),
    journey.verdict === 'none' ? '' : verdictText(journey.verdict),
  ];
}
