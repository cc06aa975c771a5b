import { ZipFile } from 'yazl';
import { csvLine } from '../delay/csv';
import { type JourneyEvent } from '../delay/journey';
import { journeyText } from '../delay/journey-text';
import { type JourneyAccount } from '../delay/journey.service';
import { evidenceRecords, type EvidenceRecord } from '../ingest/evidence-records';
import type { Pseudonyms } from '../trace/pseudonyms';

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
 * (one row per event), and evidence.txt with the records of the inputs that the events come from, as far as the files are still there.
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
  add('evidence.txt', evidenceText(await evidenceRecords(events, journeys[0].message_id, pseudonyms)));
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

/** Records come file by file. */
function evidenceText(records: readonly EvidenceRecord[]): string {
  return records
    .map(
      (record, at) =>
        (record.file === records[at - 1]?.file ? '' : `${at ? '\n' : ''}== ${record.file}\n`) + evidenceLine(record),
    )
    .join('');
}

function evidenceLine({ line, text, problem }: EvidenceRecord): string {
  return `${line}: ${text ?? `(not shown: ${problem})`}\n`;
}
