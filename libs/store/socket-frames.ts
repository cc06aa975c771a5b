/**
 * What passes between a command and the process that holds the store: frames of a kind (one letter), a length (32 bits, highest first) and
 * content.
 */
export interface SocketFrame {
  readonly kind: FrameKind;
  readonly content: Buffer;
}

/** Hello; take the turn, and the gate; end what was taken last; query; read-only SQL of a user; head, bytes and end of an answer; failure. */
export type FrameKind = 'H' | 'T' | 'G' | 'E' | 'Q' | 'S' | 'A' | 'B' | 'Z' | 'X';

const KINDS = 'HTGEQSABZX';
const HEAD_BYTES = 5;
/** Longer content is refused: no statement is near it, and an answer comes in pieces of {@link PIECE_BYTES}. */
const MOST_BYTES = 64 * 1024 * 1024;
export const PIECE_BYTES = 1024 * 1024;

/** A frame as bytes. */
export function frameOf(kind: FrameKind, content: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(kind, 'latin1');
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Finds frames in bytes that come in pieces of any size. */
export class FrameReader {
  private pieces: Buffer[] = [];
  private have = 0;
  private need = HEAD_BYTES;

  /** Takes bytes, which may be used again afterwards, and gives the frames that are whole. @throws Error for what is no frame, or too long */
  *push(bytes: Buffer): Generator<SocketFrame> {
    this.pieces.push(Buffer.from(bytes));
    this.have += bytes.length;
    while (this.have >= this.need) {
      const all = this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces);
      this.pieces = [all];
      const kind = all.toString('latin1', 0, 1);
      const length = all.readUInt32BE(1);
      if (!KINDS.includes(kind) || length > MOST_BYTES) throw new Error('no frame of a hoptime store');
      this.need = HEAD_BYTES + length;
      if (this.have < this.need) return;
      const content = all.subarray(HEAD_BYTES, this.need);
      this.pieces = [all.subarray(this.need)];
      this.have -= this.need;
      this.need = HEAD_BYTES;
      yield { kind: kind as FrameKind, content };
    }
  }
}
