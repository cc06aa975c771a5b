import { ZipFile } from 'yazl';
import { csvLine } from '../delay/csv';
import { type JourneyEvent } from '../delay/journey';
import { journeyText } from '../delay/journey-text';
import { type JourneyAccount } from '../delay/journey.service';
import type { Pseudonyms } from '../trace/pseudonyms';
import { readLines, type LinesOfFile } from './evidence-lines';

const EVENT_COLUMNS = [
  'event_time',
  'kind',
  'mta',
  'product',
  'queue_id',
  'recipient',
  'next_mta',
  'next_queue_id',
  'smtp_reply',
  'delay_ms',
  'file',
  'line',
] as const satisfies readonly (keyof JourneyEvent)[];

/**
 * What a vendor's support needs of one message, as a ZIP: README.txt, verdict.txt (as `hoptime journey` says it), journeys.json, timeline.csv
 * (one row per event), and evidence.txt with the lines of the inputs that the events come from, as far as the files are still there.
 */
export async function supportBundle(
  journeys: readonly JourneyAccount[],
  { version, now, pseudonyms }: { version: string; now: number; pseudonyms?: Pseudonyms },
): Promise<NodeJS.ReadableStream> {
  const events = journeys.flatMap((journey) => journey.events);
  const zip = new ZipFile();
  const add = (name: string, text: string): void =>
    zip.addBuffer(Buffer.from(text, 'utf8'), name, { mtime: new Date(now), mode: 0o100644 });
  add('README.txt', readme(journeys[0].message_id ?? 'unknown', version, now));
  add('verdict.txt', journeys.map(journeyText).join(`\n${'═'.repeat(80)}\n\n`));
  add('journeys.json', `${JSON.stringify(journeys, null, 2)}\n`);
  const rows = events.map((event) => csvLine(EVENT_COLUMNS.map((column) => event[column])));
  add('timeline.csv', [csvLine(EVENT_COLUMNS), ...rows].join(''));
  add('evidence.txt', await evidence(events, pseudonyms));
  zip.end();
  return zip.outputStream;
}

function readme(messageId: string, version: string, now: number): string {
  return `Support bundle for the message ${messageId}
Made by hoptime ${version} at ${new Date(now).toISOString()}. All times are UTC, durations in ms.

verdict.txt    where the mail waited, and why, hop by hop
journeys.json  the same for programs; one journey per recipient
timeline.csv   every event of the message, in order, with file and line
evidence.txt   those lines as they stand in the files

This bundle holds addresses and names of hosts: read it before you send it on.
`;
}

async function evidence(events: readonly JourneyEvent[], pseudonyms?: Pseudonyms): Promise<string> {
  const wanted = new Map<string, Set<number>>();
  for (const { file, line } of events) wanted.set(file, (wanted.get(file) ?? new Set()).add(line));
  const texts: string[] = [];
  for (const [file, lines] of wanted)
    texts.push(
      section(
        file,
        [...lines].sort((a, b) => a - b),
        await readLines(file, lines, pseudonyms),
      ),
    );
  return texts.join('\n');
}

function section(file: string, lines: readonly number[], found: LinesOfFile): string {
  const rows = lines.flatMap((line) => {
    const text = found.lines.get(line);
    return text === undefined ? [] : [`${line}: ${text}\n`];
  });
  const missing = lines.length - rows.length;
  const note =
    missing > 0 ? `(${missing} of ${lines.length} lines not shown: ${found.problem ?? 'the file has changed'})\n` : '';
  return `== ${file}\n${rows.join('')}${note}`;
}
