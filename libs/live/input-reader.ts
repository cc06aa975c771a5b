import type { IngestOptions } from '../ingest/ingest-report';
import { inputRecord } from '../ingest/bus-message';
import { ingestFile, parserOptions } from '../ingest/file-ingest';
import { Outbox } from '../ingest/outbox';
import { RecordIntake } from '../ingest/record-intake';
import type { Detection } from '../sources/detect';
import type { InputFile } from '../sources/readers/input-file';
import { sourceNamed } from '../sources/registry';
import type { Source } from '../sources/source';
import { NO_BOOKS, sumOf, type Checkpoint, type Place, type Progress } from './checkpoint';
import type { KnownInputs } from './known-inputs';
import type { LiveTarget } from './live-target';
import { continued, continuedPacked, type Continuation } from './stretch-bytes';
import { booksOf, readStretch, type FollowedFraming, type Stretch } from './stretch-reader';
import { WatchedInput } from './watched-input';

/** So much is read of one file before the next one has its turn. */
const TURN_BYTES = 16 * 1024 * 1024;
/** A last record without its end is taken when it is no longer than this. */
const MAX_TAIL_BYTES = 1024 * 1024;

/**
 * Reads what is new of watched files into the target. Events go first; `save` then writes books and checkpoints: a program that is killed
 * in between reads the same once more, which changes nothing.
 */
export class InputReader {
  private readonly unsaved = new Set<WatchedInput>();
  /** their checkpoints are saved, and their books are not yet */
  private readonly unbooked = new Set<WatchedInput>();
  /** what the files of one round bring goes into the store together */
  private readonly outbox: Outbox;
  private ids: Promise<Map<string, string[]>> | undefined;

  constructor(
    private readonly target: LiveTarget,
    private readonly known: KnownInputs,
    private readonly options: IngestOptions,
  ) {
    this.outbox = new Outbox(target.bus);
  }

  /** Takes up the checkpoints of earlier runs; answers whether the books of one of them still lack what was read. */
  async load(forgotten: ReadonlySet<string>, nameOf: (path: string) => string | undefined): Promise<boolean> {
    const rows = new Map((await this.target.books.find()).map((row) => [row.inputId, row]));
    for (const checkpoint of await this.target.checkpoints.load()) {
      const input = new WatchedInput(checkpoint, nameOf(checkpoint.path));
      this.known.add(input);
      const row = rows.get(checkpoint.inputId);
      // More records than the checkpoint's are those of an unfinished line, or of an `ingest`.
      const isBooked = row && row.path === checkpoint.path && Number(row.records) >= checkpoint.records;
      if (isBooked || forgotten.has(checkpoint.inputId)) continue;
      input.uncorrelated = true;
      this.changed(input);
    }
    return this.unsaved.size > 0;
  }

  /** Decimal ids of the inputs that this path had in the store when the round began. */
  async idsOf(path: string): Promise<string[]> {
    this.ids ??= this.allIds();
    return (await this.ids).get(path) ?? [];
  }

  /** Another round: between two, others may have read and forgotten files. */
  beginRound(): void {
    this.ids = undefined;
  }

  private async allIds(): Promise<Map<string, string[]>> {
    const ids = new Map<string, string[]>();
    for (const { path, inputId } of await this.target.books.find()) ids.set(path, [...(ids.get(path) ?? []), inputId]);
    return ids;
  }

  /** The checkpoint of the input is another one and waits for `save`. */
  changed(input: WatchedInput): void {
    this.unsaved.add(input);
  }

  /**
   * Writes what was read, and then the checkpoints of all inputs that have changed, and their books: those of an input that goes on growing as often as
   * the target wants them, or all.
   */
  async save(all = false): Promise<void> {
    const inputs = [...this.unsaved];
    await this.outbox.flush();
    // First: books without a checkpoint would be counted again, under another name if the file is rotated before the next start.
    if (inputs.length > 0) await this.target.checkpoints.save(inputs.map(({ checkpoint }) => checkpoint));
    for (const input of inputs) {
      this.unsaved.delete(input);
      this.unbooked.add(input);
    }
    const now = performance.now();
    const due = [...this.unbooked].filter(({ bookedAt }) => all || now - bookedAt >= this.target.booksMs);
    if (due.length === 0) return;
    await this.target.books.saveAll(due.map((input) => input.row()));
    for (const input of due) {
      input.bookedAt = now;
      this.unbooked.delete(input);
    }
  }

  /** Journeys show all that was saved. */
  correlated(): void {
    for (const input of this.known.all)
      if (!this.unsaved.has(input) && !this.unbooked.has(input)) input.uncorrelated = false;
  }

  /** Reads on from the checkpoint, whole records only. `replaced`: what the file says before the checkpoint is not what was read. */
  async follow(input: WatchedInput, place: Place): Promise<'idle' | 'read' | 'more' | 'replaced'> {
    const continuation = await continued(place.path, input.checkpoint);
    if (!continuation) return 'replaced';
    const isRead = place.size === input.checkpoint.position && place.size > 0;
    if (isRead) await continuation.close();
    const stretch = isRead
      ? { progress: progressOf(input.checkpoint), books: NO_BOOKS, more: false }
      : await this.read(input, place, continuation, { budget: TURN_BYTES, toEnd: false });
    const isNew = this.known.withId(input.checkpoint.inputId) !== input;
    const came = stretch.progress.position > input.checkpoint.position;
    if (came || isNew || input.tail || !input.looksLike(place)) this.changed(input);
    input.tail = undefined;
    input.hasMore = stretch.more;
    if (came) input.uncorrelated = true;
    this.accept(input, place, stretch);
    return stretch.more ? 'more' : came ? 'read' : 'idle';
  }

  /** Takes the last record although its end has not come. */
  async takeTail(input: WatchedInput, place: Place): Promise<'idle' | 'read'> {
    if (input.lagBytes > MAX_TAIL_BYTES) return 'idle';
    const continuation = await continued(place.path, input.checkpoint);
    if (!continuation) return 'idle';
    const { books, progress } = await this.read(input, place, continuation, { budget: Infinity, toEnd: true });
    input.tail = { books, progress };
    input.uncorrelated = true;
    this.changed(input);
    return 'read';
  }

  /** Reads what a gzip file has behind the checkpoint; nothing will follow it. */
  async finishPacked(input: WatchedInput, file: InputFile): Promise<'read'> {
    const { checkpoint } = input;
    const continuation = continuedPacked(file, checkpoint);
    const stretch = await this.read(input, checkpoint, continuation, { budget: Infinity, toEnd: true });
    input.tail = undefined;
    this.accept(input, checkpoint, stretch);
    input.uncorrelated = true;
    this.changed(input);
    return 'read';
  }

  /** Before an input is read from its beginning again: what it said when its records were read in another way is taken back. */
  async takeBack({ inputId, surveyed }: Checkpoint): Promise<void> {
    const before = this.known.withId(inputId)?.checkpoint;
    if (!before || before.surveyed === surveyed) return;
    await this.outbox.flush();
    await this.target.books.removeEvents([inputId]);
  }

  /** Reads a file as a whole, as `ingest` does. */
  async readDocument(input: WatchedInput, file: InputFile, detection: Detection, surveyed: object): Promise<'read'> {
    const { inputId } = input.checkpoint;
    input.uncorrelated = true;
    const { options, outbox: bus } = this;
    const { pseudonyms } = this.target;
    await bus.publish('trace-events', [inputRecord(bus, { ...input.row(), correlated: false, state: 'reading' })]);
    const run = { bus, file, inputId, detection, options, surveyed, pseudonyms, onProgress: () => undefined };
    const report = await ingestFile(run);
    const { records, parsed, skipped, rejected, events, content } = report;
    input.problem = report.problem;
    const { sha256 = '', sizeBytes: position = 0, lines = 0 } = content ?? {};
    const books = { records, parsed, skipped, rejected, events };
    this.place(input, { ...input.checkpoint, ...books, sha256, position, lines });
    this.changed(input);
    return 'read';
  }

  private async read(
    input: WatchedInput,
    place: Place,
    continuation: Continuation,
    limit: { budget: number; toEnd: boolean },
  ): Promise<Stretch> {
    const { inputId, framing, format, options, surveyed } = input.checkpoint;
    const source = known(sourceNamed(format));
    const bound = parserOptions(source, JSON.parse(options), Math.floor(place.modifiedMs), JSON.parse(surveyed));
    const kind = { source, framing: framing as FollowedFraming };
    const intake = new RecordIntake(this.outbox, inputId, kind, bound, input.zones, this.target.pseudonyms);
    try {
      const stretch = await readStretch(progressOf(input.checkpoint), continuation, kind.framing, intake, limit);
      return limit.toEnd ? { ...stretch, books: booksOf(intake) } : stretch;
    } finally {
      await continuation.close();
    }
  }

  private accept(input: WatchedInput, place: Place, { progress, books }: Stretch): void {
    input.verified = true;
    this.place(input, { ...input.checkpoint, ...place, ...progress, ...sumOf(input.checkpoint, books) });
  }

  private place(input: WatchedInput, checkpoint: Checkpoint): void {
    const other = this.known.withId(checkpoint.inputId);
    if (other !== input) {
      if (other) this.known.remove(other);
      input.checkpoint = checkpoint;
      this.known.add(input);
    }
    this.known.move(input, checkpoint);
    input.readAt = Date.now();
  }
}

const progressOf = (checkpoint: Checkpoint): Progress => {
  const { position, lines, prologue, headBytes, head, tail, sha256, hashState } = checkpoint;
  return { position, lines, prologue, headBytes, head, tail, sha256, hashState };
};

function known(source: Source | undefined): Source {
  if (!source)
    throw new Error('a checkpoint names a format that this version does not know: it was written by a newer one');
  return source;
}
