import { CANNOT_READ_ALL_DATA, INCORRECT_DATA, WireError } from './wire-error';

/** A walk over bytes that pauses (yields) whenever it needs more of them. */
export type Walk<T = void> = Generator<undefined, T, undefined>;

/** More than any name, type or dictionary that an engine writes; a longer one means that the walk has lost its way. */
const LONGEST_TEXT = 1024 * 1024;

/**
 * Bytes that come in chunks cut anywhere and leave as they came, with others put in between: the walk moves over them; nothing is copied or
 * held back but the number or text it is just reading.
 */
export class ByteWalk {
  private chunk: Buffer = Buffer.alloc(0);
  /** next byte to walk over */
  private at = 0;
  /** first byte that has not left yet */
  private from = 0;
  private leaving: Buffer[] = [];
  private ended = false;

  /** Goes on with `walk` over these bytes, which are the next ones. What has been walked over leaves. */
  feed(bytes: Uint8Array, walk: Walk): Buffer[] {
    this.chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
    this.from = 0;
    walk.next();
    this.letGo();
    return this.leave();
  }

  /** No bytes follow. @throws WireError where the walk needs some */
  end(walk: Walk): Buffer[] {
    this.ended = true;
    walk.next();
    return this.leave();
  }

  /** Puts bytes in front of those not walked over yet. */
  insert(bytes: Buffer): void {
    this.letGo();
    this.leaving.push(bytes);
  }

  /** Whether there is another byte. */
  *hasMore(): Walk<boolean> {
    while (this.at >= this.chunk.length) {
      if (this.ended) return false;
      yield;
    }
    return true;
  }

  *skip(count: number): Walk {
    let left = count;
    while (left > this.chunk.length - this.at) {
      left -= this.chunk.length - this.at;
      this.at = this.chunk.length;
      yield* this.more();
    }
    this.at += left;
  }

  *byte(): Walk<number> {
    if (this.at >= this.chunk.length) yield* this.more();
    return this.chunk[this.at++];
  }

  /** An unsigned integer of 7 bits a byte, lowest first. */
  *varint(): Walk<number> {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = yield* this.byte();
      value += (byte & 0x7f) * weight;
      if (value > Number.MAX_SAFE_INTEGER)
        throw new WireError(INCORRECT_DATA, 'a number in the Native stream is too large');
      if (byte < 0x80) return value;
    }
  }

  /** Little-endian, 8 bytes. */
  *uint64(): Walk<bigint> {
    let value = 0n;
    for (let i = 0n; i < 64n; i += 8n) value |= BigInt(yield* this.byte()) << i;
    return value;
  }

  *text(): Walk<string> {
    const size = yield* this.varint();
    if (size > LONGEST_TEXT) throw new WireError(INCORRECT_DATA, 'a name in the Native stream is too long');
    const bytes = Buffer.alloc(size);
    for (let i = 0; i < size; i++) bytes[i] = yield* this.byte();
    return bytes.toString();
  }

  /** Strings: length and bytes, one after the other. */
  *skipStrings(count: number): Walk {
    for (let i = 0; i < count; i++) {
      // Nearly every string is short and lies in one chunk: no generator for those.
      const size = this.at < this.chunk.length ? this.chunk[this.at] : 0x80;
      if (size < 0x80 && this.at + 1 + size <= this.chunk.length) this.at += 1 + size;
      else yield* this.skip(yield* this.varint());
    }
  }

  /** How often each byte value occurs among the next `count` bytes. */
  *countBytes(count: number): Walk<Uint32Array> {
    const counts = new Uint32Array(256);
    for (let i = 0; i < count; i++) counts[yield* this.byte()]++;
    return counts;
  }

  private *more(): Walk {
    if (!(yield* this.hasMore())) {
      throw new WireError(CANNOT_READ_ALL_DATA, 'the Native stream of the engine ends within a block');
    }
  }

  private letGo(): void {
    if (this.at > this.from) this.leaving.push(this.chunk.subarray(this.from, this.at));
    this.from = this.at;
  }

  private leave(): Buffer[] {
    const leaving = this.leaving;
    this.leaving = [];
    return leaving;
  }
}
