import { NONE } from './framer';

/** Bytes gathered piece by piece; grows by doubling. */
export class GrowingBytes {
  private buffer: Buffer = NONE;
  length = 0;

  append(bytes: Buffer, from: number, to: number): void {
    const needed = this.length + to - from;
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length, 4096));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
    bytes.copy(this.buffer, this.length, from, to);
    this.length = needed;
  }

  /** All bytes so far, as a view that is valid until the next `append`; the gathering begins anew. */
  take(): Buffer {
    const all = this.buffer.subarray(0, this.length);
    this.length = 0;
    return all;
  }
}
