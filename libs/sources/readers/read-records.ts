import type { Framing, RawRecord } from '../source';
import { CsvFramer } from './csv-framer';
import type { Framer, RecordBatch } from './framer';
import { HeaderFramer } from './header-framer';
import type { InputFile, ReadError } from './input-file';
import { JsonFramer } from './json-framer';
import { LineFramer } from './line-framer';
import { openBytes, type ByteDigest, type ReadOptions } from './open-bytes';
import { XmlFramer } from './xml-framer';

/** How far reading came. */
export interface ReadResult {
  /** bytes read from disk (of a gzip file: compressed bytes) */
  readonly bytesRead: number;
  /** why it ended before the end of the file; all records before were handed on */
  readonly problem?: ReadError;
  /** the file itself, where `digest` asked for it and all of it was read */
  readonly digest?: ByteDigest;
  /** lines of the text, the last one with or without its end; undefined where records are lines */
  readonly lines?: number;
  /** the consumer asked to stop */
  readonly stopped: boolean;
}

/** Returns false to stop reading. While a promise is pending nothing more is handed on (back pressure). */
export type BatchConsumer = (batch: RecordBatch, bytesRead: number) => boolean | void | Promise<boolean | void>;

const FRAMERS: Readonly<Record<Framing, () => Framer>> = {
  lines: () => new LineFramer(),
  csv: () => new CsvFramer(),
  xml: () => new XmlFramer(),
  json: () => new JsonFramer(),
  headers: () => new HeaderFramer(),
};

const LF = 10;

class LineCount {
  private ends = 0;
  private open = 0;

  get count(): number {
    return this.ends + this.open;
  }

  see(chunk: Buffer): void {
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) this.ends++;
    if (chunk.length > 0) this.open = chunk[chunk.length - 1] === LF ? 0 : 1;
  }
}

/** A new framer for one file. */
export function framerFor(framing: Framing): Framer {
  return FRAMERS[framing]();
}

/**
 * Reads a file from beginning to end and hands its records on in batches, one per chunk of bytes. The consumer loops over a
 * batch synchronously, which is what makes it fast, and may await before it returns:
 *
 * ```ts
 * const result = await readRecords(file, 'lines', async (batch, bytesRead) => {
 *   for (let record = batch.next(); record; record = batch.next()) tally(parser.parse(record, sink));
 *   await sink.flush();
 * });
 * ```
 * What the consumer leaves in a batch is lost, except after it returned false. Never throws for the file's sake: see
 * {@link ReadResult.problem}. What the consumer throws passes through, and the file is closed.
 */
export async function readRecords(
  file: InputFile,
  framing: Framing,
  onBatch: BatchConsumer,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const bytes = openBytes(file, options);
  const framer = framerFor(framing);
  const lines = framing === 'lines' ? undefined : new LineCount();
  const result = (stopped: boolean): ReadResult => ({
    bytesRead: bytes.bytesRead,
    problem: bytes.problem,
    digest: bytes.digest,
    lines: lines?.count,
    stopped,
  });
  for await (const chunk of bytes) {
    lines?.see(chunk);
    framer.push(chunk);
    if ((await onBatch(framer, bytes.bytesRead)) === false) return result(true);
    while (framer.next()) continue;
  }
  framer.end();
  return result((await onBatch(framer, bytes.bytesRead)) === false);
}

/**
 * The records of a file one by one, for a survey or a test; ends early, without a word, where reading fails. A record is valid
 * until the next one is asked for. Several times slower than {@link readRecords}.
 */
export async function* recordsOf(
  file: InputFile,
  framing: Framing,
  options: ReadOptions = {},
): AsyncGenerator<RawRecord, void, undefined> {
  const framer = framerFor(framing);
  for await (const chunk of openBytes(file, options)) {
    framer.push(chunk);
    for (let record = framer.next(); record; record = framer.next()) yield record;
  }
  framer.end();
  for (let record = framer.next(); record; record = framer.next()) yield record;
}
