import { KIB, NONE } from './framer';

/** So much of a chunk is copied behind an unfinished record at a time: most records end in it. */
const PIECE = 16 * KIB;

/**
 * The bytes of a stream from the beginning of the unfinished record on: [start, end) of `bytes`, of which [start, at) have been looked at.
 * Of a chunk only what belongs to the record that the one before left unfinished is copied, and the few bytes that are left at its end.
 */
export class ByteWindow {
  bytes: Buffer = NONE;
  start = 0;
  at = 0;
  end = 0;
  private own: Buffer = NONE;
  /** the chunk that came last, as long as not all of it can be seen */
  private chunk: Buffer = NONE;
  /** how much of it stands at the end of the own bytes */
  private copied = 0;

  /** Adds a chunk behind what is left. */
  push(chunk: Buffer): void {
    if (this.start === this.end) return this.see(chunk, 0, 0);
    this.chunk = chunk;
    this.copied = 0;
    this.more();
  }

  /** Moves `end` on to further bytes of the chunk; answers false when all of them are seen. What `bytes` are, and all places in them, may change. */
  more(): boolean {
    const { chunk, copied } = this;
    if (copied === chunk.length) return false;
    // Where the chunk begins in the own bytes: what lies behind can be seen in the chunk itself.
    const seam = this.end - copied;
    if (this.start >= seam) {
      this.see(chunk, this.start - seam, this.at - seam);
      return true;
    }
    const length = Math.min(chunk.length - copied, Math.max(PIECE, copied));
    this.reserve(length);
    chunk.copy(this.own, this.end, copied, copied + length);
    this.end += length;
    this.copied = copied + length;
    return true;
  }

  /** Call when the chunk is used up: copies what is left of it, because the chunk's buffer will be used again. */
  hold(): void {
    if (this.bytes !== this.own && this.start < this.end) this.reserve(0);
  }

  private see(chunk: Buffer, start: number, at: number): void {
    this.bytes = chunk;
    this.start = start;
    this.at = at;
    this.end = chunk.length;
    this.chunk = NONE;
    this.copied = 0;
  }

  /** Moves what is left to the front of the own buffer, with room for `more` bytes. */
  private reserve(more: number): void {
    const length = this.end - this.start;
    if (this.bytes === this.own && this.end + more <= this.own.length) return;
    const target =
      length + more <= this.own.length
        ? this.own
        : Buffer.allocUnsafe(Math.max(length + more, 2 * this.own.length, 4096));
    this.bytes.copy(target, 0, this.start, this.end);
    this.own = this.bytes = target;
    this.at -= this.start;
    this.start = 0;
    this.end = length;
  }
}
