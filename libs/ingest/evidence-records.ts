import { stat } from 'node:fs/promises';
import { detect } from '../sources/detect';
import type { InputFile } from '../sources/readers/input-file';
import { readRecords } from '../sources/readers/read-records';
import type { RawRecord } from '../sources/source';
import type { Pseudonyms } from '../trace/pseudonyms';
import { keptText, withoutContent } from './kept-text';

/** What an event says of where it comes from, and by what that record is known. */
export interface EvidenceOf {
  readonly file: string;
  /** on which the record begins, from 1 */
  readonly line: number;
  readonly queue_id: string | null;
  readonly recipient: string | null;
}

/** A record of an input as it stands in the file. */
export interface EvidenceRecord {
  readonly file: string;
  readonly line: number;
  /** without subject and body of the mail; null: it cannot be shown */
  readonly text: string | null;
  /** why not */
  readonly problem: string | null;
}

/** Reading on for longer is not worth the wait. */
const MOST_MS = 5000;
const MOST_CHARACTERS = 4000;
/** What stands further in a record is neither searched nor shown. */
const LOOKED_AT = 65_536;

const CHANGED = 'the file has changed since it was read';
const GONE = 'the file cannot be read any more';
const TOO_LONG = 'the file is too long to look it up';

/**
 * The records that the events of a message come from, by file and line: a line of a log, a row, an object, the header of a mail. A record that names
 * neither the message nor queue id or recipient of its event is another one, of a file that was rotated or rewritten since, and is not shown. Never
 * throws: what cannot be shown says why.
 */
export async function evidenceRecords(
  events: readonly EvidenceOf[],
  messageId: string | null,
  pseudonyms?: Pseudonyms,
): Promise<EvidenceRecord[]> {
  const files = new Map<string, Map<number, Set<string>>>();
  for (const { file, line, queue_id, recipient } of events) {
    const lines = files.get(file) ?? new Map<number, Set<string>>();
    const names = lines.get(line) ?? new Set<string>();
    for (const name of [messageId, queue_id, recipient]) if (name) names.add(name.toLowerCase());
    files.set(file, lines.set(line, names));
  }
  const records: EvidenceRecord[] = [];
  for (const [file, lines] of files) {
    const found = new Map<number, string>();
    const problem = await find(file, lines, found, pseudonyms);
    for (const line of [...lines.keys()].sort((a, b) => a - b)) {
      const text = found.get(line) ?? null;
      records.push({ file, line, text, problem: text === null ? (problem ?? CHANGED) : null });
    }
  }
  return records;
}

/** Fills `found`; answers why it looked no further, where it did not see all of the file's part. */
async function find(
  path: string,
  wanted: ReadonlyMap<number, ReadonlySet<string>>,
  found: Map<number, string>,
  pseudonyms?: Pseudonyms,
): Promise<string | undefined> {
  if (path === '-') return 'it was read from standard input';
  try {
    if (!(await stat(path)).isFile()) return GONE;
    const file: InputFile = { path, display: path, modifiedAt: 0 };
    const detection = await detect(file);
    const isKnown = !('problem' in detection);
    const framing = isKnown ? detection.framing : 'lines';
    const shownOf = (record: RawRecord, text: string): string => {
      // Of what nobody can tell the subject in, no more is shown than is kept where it is rejected.
      const isSound = isKnown && record.problem === undefined && (framing !== 'csv' || namesSubject(record));
      return isSound
        ? withoutContent(text, framing, record.fields)
        : Buffer.from(keptText(record, { framing, hasRows: true }, pseudonyms)).toString('utf8');
    };
    const last = Math.max(...wanted.keys());
    const deadline = Date.now() + MOST_MS;
    const result = await readRecords(file, framing, (batch) => {
      for (let record = batch.next(); record; record = batch.next()) {
        if (record.line > last) return false;
        const names = wanted.get(record.line);
        if (names === undefined) continue;
        const text = textOf(record);
        const hidden = (shown: string): string => (pseudonyms ? pseudonyms.inText(shown) : shown);
        if (!mentions(hidden(text), names)) continue;
        const shown = hidden(shownOf(record, text));
        // a line may hold several records of the message, as a page of JSON does
        const before = found.get(record.line);
        found.set(record.line, (before === undefined ? shown : `${before}\n${shown}`).slice(0, MOST_CHARACTERS));
      }
      return Date.now() < deadline;
    });
    if (result.problem) return GONE;
    return result.stopped && Date.now() >= deadline ? TOO_LONG : undefined;
  } catch {
    return GONE;
  }
}

const namesSubject = ({ fields }: RawRecord): boolean => fields?.names.some((name) => /subject/i.test(name)) ?? false;

function textOf({ bytes, from, to }: RawRecord): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, LOOKED_AT)).toString('utf8');
}

/** An event of a record that names nothing is taken for what it says it is. */
function mentions(text: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return true;
  const lower = text.toLowerCase();
  return [...names].some((name) => lower.includes(name));
}
