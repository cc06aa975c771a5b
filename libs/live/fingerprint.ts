import { createHash } from 'node:crypto';
import type { Fingerprint } from './checkpoint';

export const HEAD_BYTES = 4096;
export const TAIL_BYTES = 256;
const NONE: Buffer = Buffer.alloc(0);

/** Hash of bytes, as fingerprints hold it. */
export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** Where the bytes begin that the tail of a stretch [0, position) is the hash of. */
export const tailFrom = (position: number): number => Math.max(0, position - TAIL_BYTES);

/** The fingerprint of the empty stretch. */
export const NO_PRINT: Fingerprint = { headBytes: 0, head: digest(NONE), tail: digest(NONE) };

/**
 * Fingerprints of stretches that end within the bytes being read. Taken from the very bytes that were read, never from the file
 * again: that may be another one a moment later.
 */
export class StretchPrint {
  private before = NONE;
  private chunk = NONE;
  private chunkFrom: number;

  /** @param position where reading goes on; @param head the file's first bytes, at most HEAD_BYTES and none behind the position; @param tail those before the position */
  constructor(
    position: number,
    private head: Buffer = NONE,
    public tail: Buffer = NONE,
  ) {
    this.chunkFrom = position;
  }

  /** The next bytes; they must stay as they are until the next call. */
  push(chunk: Buffer): void {
    this.chunkFrom += this.chunk.length;
    this.chunk = chunk;
    this.before = this.tail;
    this.tail = lastBytes(this.before, chunk);
    if (this.head.length < HEAD_BYTES)
      this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD_BYTES - this.head.length)]);
  }

  /** The fingerprint of [0, position), where the position lies in the last chunk; otherwise undefined. */
  at(position: number): Fingerprint | undefined {
    const length = position - this.chunkFrom;
    if (length < 0 || length > this.chunk.length) return undefined;
    const head = this.head.subarray(0, position);
    return {
      headBytes: head.length,
      head: digest(head),
      tail: digest(lastBytes(this.before, this.chunk.subarray(0, length))),
    };
  }
}

function lastBytes(before: Buffer, bytes: Buffer): Buffer {
  if (bytes.length >= TAIL_BYTES) return Buffer.from(bytes.subarray(bytes.length - TAIL_BYTES));
  const all = Buffer.concat([before, bytes]);
  return all.subarray(Math.max(0, all.length - TAIL_BYTES));
}
