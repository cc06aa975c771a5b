import type { RecordIntake } from '../ingest/record-intake';
import { CsvFramer } from '../sources/readers/csv-framer';
import { LineFramer } from '../sources/readers/line-framer';
import type { Framer } from '../sources/readers/framer';
import { NO_BOOKS, NO_DIGEST, type Books, type Progress, type StretchDigest } from './checkpoint';
import type { Continuation } from './stretch-bytes';
import { StretchHash } from './stretch-hash';

const LF = 10;
const NOTHING = Buffer.alloc(0);
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where reading on has come. */
export interface Stretch {
  readonly progress: Progress;
  /** of the records before the new position that were not before the old one */
  readonly books: Books;
  /** there were more bytes than could be taken at once */
  readonly more: boolean;
}

/** Ways of cutting that can go on in mid-file; all others are read as a whole. */
export type FollowedFraming = 'lines' | 'csv';

/**
 * Takes what has come behind `progress`: whole lines or rows only, what is unfinished waits, unless `toEnd` says that nothing will
 * follow. Stops at a record's end after about `budget` bytes. The records are in the store when it resolves.
 */
export async function readStretch(
  from: Progress,
  continuation: Continuation,
  framing: FollowedFraming,
  intake: RecordIntake,
  limit: { readonly budget: number; readonly toEnd: boolean },
): Promise<Stretch> {
  const cutter = framing === 'csv' ? new Rows(from) : new Lines(from);
  const { print } = continuation;
  let hash: StretchHash | undefined;
  let fed = from.position;
  let taken: Pick<Stretch, 'progress' | 'books'> = { progress: from, books: NO_BOOKS };
  let more = false;
  const take = async (): Promise<void> => {
    intake.take(cutter.framer, cutter.linesBefore);
    await intake.handOver();
  };
  const settle = (position: number, digest: StretchDigest = NO_DIGEST): void => {
    const fingerprint = position > taken.progress.position ? print.at(position) : undefined;
    // Where a record began in an earlier chunk there is none: then what is settled stays as it was, and is read once more.
    if (fingerprint)
      taken = {
        progress: { position, lines: cutter.lines(intake), prologue: cutter.prologue(), ...fingerprint, ...digest },
        books: booksOf(intake),
      };
  };
  for await (const chunk of continuation.chunks) {
    if (fed > from.position && fed - from.position >= limit.budget && taken.progress.position > from.position) {
      more = true;
      break;
    }
    if (fed === from.position) hash = await StretchHash.from(from.hashState, from.position, print.tail);
    print.push(chunk);
    const marked = fed === 0 && chunk.subarray(0, MARK.length).equals(MARK);
    cutter.push(marked ? chunk.subarray(MARK.length) : chunk);
    await take();
    const ended = Math.max(0, chunk.length - cutter.unfinished());
    fed += chunk.length;
    settle(fed - cutter.unfinished(), hash?.push(chunk, ended));
  }
  if (limit.toEnd) {
    cutter.framer.end();
    await take();
    settle(fed, hash?.push(NOTHING, 0));
  }
  await intake.finish();
  return { ...taken, more };
}

/** What an intake has taken so far. */
export const booksOf = ({ tally, events, lastEventMs }: RecordIntake): Books => ({
  records: tally.records,
  parsed: tally.parsed,
  skipped: tally.skipped,
  rejected: tally.rejected,
  events,
  lastEventMs,
});

/** A framer that goes on in mid-file. */
interface Cutter {
  readonly framer: Framer;
  /** lines of the file before those that the framer counts */
  readonly linesBefore: number;
  push(chunk: Buffer): void;
  /** bytes pushed that belong to a record whose end has not come */
  unfinished(): number;
  /** lines of the file before the first unfinished one */
  lines(intake: RecordIntake): number;
  prologue(): string;
}

class Lines implements Cutter {
  readonly framer = new LineFramer();
  readonly linesBefore: number;
  private behindLastEnd = 0;

  constructor(from: Progress) {
    this.linesBefore = from.lines;
  }

  push(chunk: Buffer): void {
    this.framer.push(chunk);
    const last = chunk.lastIndexOf(LF);
    this.behindLastEnd = last < 0 ? this.behindLastEnd + chunk.length : chunk.length - 1 - last;
  }

  unfinished(): number {
    return this.behindLastEnd;
  }

  /** Every line is a record. */
  lines(intake: RecordIntake): number {
    return this.linesBefore + intake.tally.records;
  }

  prologue(): string {
    return '';
  }
}

class Rows implements Cutter {
  readonly framer = new CsvFramer();
  readonly linesBefore: number;

  constructor(from: Progress) {
    this.framer.push(Buffer.from(from.prologue));
    while (this.framer.next()) continue;
    this.linesBefore = from.lines - this.framer.lines;
  }

  push(chunk: Buffer): void {
    this.framer.push(chunk);
  }

  unfinished(): number {
    return this.framer.pendingBytes;
  }

  lines(): number {
    return this.linesBefore + this.framer.lines;
  }

  prologue(): string {
    return this.framer.prologue;
  }
}
