const MAGIC = 0xfd2fb528;
/** The lowest of sixteen magics of frames that hold no content (RFC 8878 §3.1.2). */
const SKIPPABLE = 0x184d2a50;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const CHECKSUM_BYTES = 4;
const HEADER_BYTES = { magic: 4, 'skip size': 4, descriptor: 1, block: 3, between: 0 };
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** Bytes of one frame, or of what has no content. */
export interface FramePiece {
  readonly bytes: Buffer;
  /** the frame ends here */
  readonly ends: boolean;
}

/**
 * Where the frames of zstd data end (RFC 8878 §3.1.1), from the sizes that headers and blocks tell. Node's decompressor reads one frame and is
 * content with a part of it, so neither a second frame nor a cut copy would show.
 */
export class ZstdFrames {
  private state: keyof typeof HEADER_BYTES = 'magic';
  private header = Buffer.alloc(0);
  /** bytes to pass over before the next header */
  private left = 0;
  private last = false;
  private checksum = 0;

  /** Nothing is missing behind what came so far. */
  get complete(): boolean {
    return this.state === 'magic' && this.left === 0 && this.header.length === 0;
  }

  /** Cuts the next bytes at the ends of frames. @throws Error for what is no zstd data */
  *cut(bytes: Buffer): Generator<FramePiece> {
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.left > 0) {
        const passed = Math.min(this.left, bytes.length - at);
        this.left -= passed;
        at += passed;
      } else {
        at += this.gather(bytes.subarray(at));
      }
      if (this.left > 0 || this.state !== 'between') continue;
      this.state = 'magic';
      yield { bytes: bytes.subarray(from, at), ends: true };
      from = at;
    }
    if (from < bytes.length) yield { bytes: bytes.subarray(from), ends: false };
  }

  /** Takes what a header lacks, and reads it when it is whole. */
  private gather(bytes: Buffer): number {
    const part = bytes.subarray(0, HEADER_BYTES[this.state] - this.header.length);
    this.header = Buffer.concat([this.header, part]);
    if (this.header.length === HEADER_BYTES[this.state]) {
      this.read(this.header);
      this.header = Buffer.alloc(0);
    }
    return part.length;
  }

  private read(header: Buffer): void {
    if (this.state === 'magic') {
      const magic = header.readUInt32LE(0);
      if (magic !== MAGIC && (magic & 0xfffffff0) >>> 0 !== SKIPPABLE) throw new Error('no zstd frame begins here');
      this.state = magic === MAGIC ? 'descriptor' : 'skip size';
    } else if (this.state === 'skip size') {
      this.left = header.readUInt32LE(0);
      this.state = 'between';
    } else if (this.state === 'descriptor') {
      const descriptor = header[0];
      const single = (descriptor & 0x20) !== 0;
      const contentSize = CONTENT_SIZE_BYTES[descriptor >> 6] || (single ? 1 : 0);
      this.left = (single ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3] + contentSize;
      this.checksum = (descriptor & 4) !== 0 ? CHECKSUM_BYTES : 0;
      this.state = 'block';
    } else {
      this.block(header.readUIntLE(0, 3));
    }
  }

  private block(header: number): void {
    const type = (header >> 1) & 3;
    if (type === RESERVED_BLOCK) throw new Error('a block of an unknown kind');
    this.last = (header & 1) === 1;
    this.left = type === RLE_BLOCK ? 1 : header >> 3;
    if (!this.last) return;
    this.left += this.checksum;
    this.state = 'between';
  }
}
