import type { InputFile } from './readers/input-file';
import { openBytes } from './readers/open-bytes';
import { framerFor } from './readers/read-records';
import { SOURCES } from './registry';
import type { Framing, RawRecord, Source } from './source';

/** One way to read a file, and how well it fits (see `Likeness`). */
export interface Candidate {
  readonly source: Source;
  readonly framing: Framing;
  /** 0 … 1 */
  readonly score: number;
  readonly reason: string;
}

export interface Detection extends Candidate {
  /** the other ways that are not out of the question, best first */
  readonly alternatives: readonly Candidate[];
}

export interface Undetected {
  /** why, and what to do */
  readonly problem: string;
  /** the file has no bytes, so there is nothing to read and nothing wrong */
  readonly empty: boolean;
  readonly alternatives: readonly Candidate[];
}

/** Below this a likeness is an accident. */
const ENOUGH = 0.3;
/** How much of a file is looked at; the second look is for files that begin with something else, or with one huge record. */
const LOOKS = [
  { bytes: 64 * 1024, records: 200 },
  { bytes: 4 * 1024 * 1024, records: 20_000 },
] as const;

/**
 * Finds out what a file is: its first bytes tell how it may be cut into records, its first records which source knows them. With
 * `forced` (`--format NAME`) only the way of cutting is looked for. Never throws for the file's sake.
 */
export async function detect(file: InputFile, forced?: string): Promise<Detection | Undetected> {
  const asked = forced === undefined ? SOURCES : SOURCES.filter((source) => source.name === forced);
  if (asked.length === 0) return undetected(`there is no format ${forced}; the formats are ${sourceNames()}`);
  let candidates: Candidate[] = [];
  let unreadable: string | undefined;
  for (const look of LOOKS) {
    const start = await startOf(file, look.bytes);
    if (start.bytes.length === 0 && start.problem) return undetected(start.problem);
    if (start.bytes.length === 0 && forced === undefined) return { ...undetected('the file is empty'), empty: true };
    candidates = candidatesIn(start, look.records, asked);
    unreadable = sampleOf(start, framingsOf(start.bytes)[0], 1)[0]?.problem;
    if ((candidates[0]?.score ?? 0) >= ENOUGH || start.whole) break;
  }
  const [best, ...rest] = candidates;
  if (best && best.score >= ENOUGH) return { ...best, alternatives: rest.filter((other) => other.score > 0) };
  if (forced !== undefined)
    return { ...(best ?? unlooked(asked[0])), alternatives: rest.filter((other) => other.score > 0) };
  const nearest =
    best?.score > 0 ? `the nearest is ${best.source.name}: ${best.reason}` : (unreadable ?? 'nothing in it is known');
  return {
    ...undetected(`looks like none of the known formats (${nearest}); name it with --format: ${sourceNames()}`),
    alternatives: candidates,
  };
}

/** The ways of cutting that the first bytes of a file allow, likeliest first. `lines` is always one. */
export function framingsOf(start: Buffer): Framing[] {
  const text = start
    .subarray(0, 64 * 1024)
    .toString('latin1')
    .trimStart();
  const firstLine = /^(?:#.*\n|\s+)*(.*)/.exec(text)?.[1] ?? '';
  const framings: Framing[] = [];
  if (['{', '[', '\x1e'].includes(text[0])) framings.push('json');
  // A syslog priority (<22>) is no tag.
  if (/^<[A-Za-z_?!]/.test(text)) framings.push('xml');
  if (/^(?:From |[A-Za-z][!-9;-~]*[ \t]*:)/.test(text)) framings.push('headers');
  if (/[,;\t]/.test(firstLine) || /^(?:#Fields:|sep=)/im.test(text.slice(0, 2000))) framings.push('csv');
  return [...framings, 'lines'];
}

interface Start {
  readonly bytes: Buffer;
  /** nothing follows */
  readonly whole: boolean;
  readonly problem?: string;
}

async function startOf(file: InputFile, length: number): Promise<Start> {
  const stream = openBytes(file, { chunkBytes: length });
  const chunks: Buffer[] = [];
  let gathered = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    gathered += chunk.length;
    if (gathered > length) break;
  }
  const { problem } = stream;
  return {
    bytes: Buffer.concat(chunks).subarray(0, length),
    whole: gathered <= length,
    ...(problem && { problem: `${problem.reason}; ${problem.advice}` }),
  };
}

function candidatesIn(start: Start, limit: number, asked: readonly Source[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const framing of framingsOf(start.bytes)) {
    const able = asked.filter((source) => source.framings.includes(framing));
    if (able.length === 0) continue;
    const sample = sampleOf(start, framing, limit);
    for (const source of able) candidates.push({ source, framing, ...source.looksLike(sample, framing) });
  }
  // Stable: of equals the likelier way of cutting stays first.
  return candidates.sort((a, b) => b.score - a.score);
}

function sampleOf(start: Start, framing: Framing, limit: number): RawRecord[] {
  const framer = framerFor(framing);
  const records: RawRecord[] = [];
  const take = (): void => {
    for (let record = framer.next(); record && records.length < limit; record = framer.next()) {
      const bytes = Buffer.from(record.bytes.subarray(record.from, record.to));
      records.push({ ...record, bytes, from: 0, to: bytes.length, fields: record.fields?.copy() });
    }
  };
  framer.push(start.bytes);
  take();
  // A mail has no end but the file's; of all others the last record of a piece is not whole.
  if (start.whole || (framing === 'headers' && records.length === 0)) {
    framer.end();
    take();
  }
  return records;
}

const sourceNames = (): string => SOURCES.map((source) => source.name).join(', ');

const undetected = (problem: string): Undetected => ({ problem, empty: false, alternatives: [] });

const unlooked = (source: Source): Candidate => ({
  source,
  framing: source.framings[0],
  score: 0,
  reason: 'named by the user',
});
