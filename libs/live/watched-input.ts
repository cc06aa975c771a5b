import { ZoneCheck } from '../ingest/zone-check';
import type { InputRow } from '../store/input.repository';
import { NO_BOOKS, placeKey, sumOf, type Books, type Checkpoint, type Place, type Progress } from './checkpoint';

/** An unfinished last record that was taken because nothing more came. It stays out of the checkpoint: should it go on, it is read again. */
export interface TakenTail {
  readonly books: Books;
  /** how far the file is in the store with it */
  readonly progress: Progress;
}

/** A file whose records are in the store, and what is known of it in this run. */
export class WatchedInput {
  readonly zones = new ZoneCheck();
  /** it was found at the checkpoint's place */
  attached = false;
  /** it was compared with its fingerprint since this program began */
  verified = false;
  tail: TakenTail | undefined;
  /** its last turn ended before the file did */
  hasMore = false;
  /** it brought events that are not in the journeys yet */
  uncorrelated = false;
  problem: string | undefined;
  /** when its books were last written, ms of `performance.now()` */
  bookedAt = -Infinity;
  /** epoch ms of the last reading in this run; 0 = none */
  readAt = 0;

  constructor(
    public checkpoint: Checkpoint,
    /** how people call it, where that is not its path */
    public name?: string,
  ) {}

  get key(): string {
    return placeKey(this.checkpoint);
  }

  get books(): Books {
    return sumOf(this.checkpoint, this.tail?.books ?? NO_BOOKS);
  }

  /** bytes of the file that are not read yet, as far as it was seen */
  get lagBytes(): number {
    return this.lagAt(this.checkpoint.size);
  }

  /** Bytes that are not read yet, of a file that has `size` bytes: what was written while it was read may be read already. */
  lagAt(size: number): number {
    const { manner, packed, position } = this.checkpoint;
    return manner === 'document' || packed ? 0 : Math.max(0, size - position);
  }

  /** The file looks as it did when it was read. */
  looksLike(place: Place): boolean {
    const { size, modifiedMs } = this.checkpoint;
    return size === place.size && Math.floor(modifiedMs) === Math.floor(place.modifiedMs);
  }

  /** Its row in `inputs`: what it brought is in the store. */
  row(): InputRow {
    const { inputId, path, format, options, modifiedMs, manner } = this.checkpoint;
    const { sha256, position, lines } = this.tail?.progress ?? this.checkpoint;
    // A document that could not be read to its end has neither.
    const known = manner === 'followed' || sha256 !== '';
    const { records, parsed, skipped, rejected, events } = this.books;
    const books = { records, parsed, skipped, rejected, events };
    return {
      inputId,
      path,
      format,
      options,
      state: 'read',
      correlated: !this.uncorrelated,
      ...books,
      problem: this.problem ?? '',
      content: {
        sha256,
        sizeBytes: known ? position : -1,
        lines: known ? lines : -1,
        modifiedMs: Math.floor(modifiedMs),
        followed: manner === 'followed',
      },
    };
  }
}
