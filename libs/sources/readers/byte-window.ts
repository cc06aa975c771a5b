import { NONE } from './framer';

/**
 * The bytes of a stream from the beginning of the unfinished record to the end of what has come: [start, end) of `bytes`, of
 * which [start, at) have been looked at. Records that lie within one chunk are never copied.
 */
export class ByteWindow {
  bytes: Buffer = NONE;
  start = 0;
  at = 0;
  end = 0;
  private own: Buffer = NONE;

  /** Adds a chunk behind what is left. */
  push(chunk: Buffer): void {
    if (this.start === this.end) {
      this.bytes = chunk;
      this.start = this.at = 0;
      this.end = chunk.length;
      return;
    }
    this.reserve(chunk.length);
    chunk.copy(this.own, this.end);
    this.end += chunk.length;
  }

  /** Call when the chunk is used up: copies what is left of it, because the chunk's buffer will be used again. */
  hold(): void {
    if (this.bytes !== this.own && this.start < this.end) this.reserve(0);
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
