import { startsWith } from '../log-text/byte-scan';

const NO_BYTES = Buffer.alloc(0);
/** of bytes that lie askew in memory */
export const NO_WORDS = new Int32Array(0);
const LOWEST = 0x01010101;
const HIGHEST = 0x80808080 | 0;

const NO_VIEW = new DataView(new ArrayBuffer(0));

/** A byte four times: what {@link ByteWords} compares with. */
export const fourTimes = (byte: number): number => (byte * LOWEST) | 0;

/**
 * Looks at four bytes at a time for the few that mean something, which is several times faster than one at a time. Words lie at multiples of four from
 * the beginning of the bytes; of bytes that lie askew in memory nothing is passed over, which costs time only.
 */
export class ByteWords {
  private bytes: Buffer = NO_BYTES;
  /** the bytes attached, four at a time */
  words: Int32Array = NO_WORDS;
  /** the bytes attached, four from any place on */
  view: DataView = NO_VIEW;

  /** Looks at these bytes from now on. */
  attach(bytes: Buffer): void {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.words =
      bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : NO_WORDS;
  }

  /** Passes over words without `byte` (given {@link fourTimes}) in [at, to), where `at` is a multiple of four; answers where the first one begins that may hold it, or is not whole. */
  passOver(byte: number, at: number, to: number): number {
    const { words } = this;
    const end = Math.min(to >> 2, words.length);
    let word = at >> 2;
    for (; word < end; word++) {
      const difference = words[word] ^ byte;
      if (((difference - LOWEST) & ~difference & HIGHEST) !== 0) break;
    }
    return word << 2;
  }

  /** The same for two bytes: neither is in what is passed over. */
  passOverBoth(byte: number, other: number, at: number, to: number): number {
    const { words } = this;
    const end = Math.min(to >> 2, words.length);
    let word = at >> 2;
    for (; word < end; word++) {
      const difference = words[word] ^ byte;
      const otherwise = words[word] ^ other;
      const found = ((difference - LOWEST) & ~difference) | ((otherwise - LOWEST) & ~otherwise);
      if ((found & HIGHEST) !== 0) break;
    }
    return word << 2;
  }

  /** Where in [from, to) the plain text of a JSON string ends: at a quote, a backslash or a control byte; `to` where none stands. */
  textEnd(from: number, to: number): number {
    const { view, bytes } = this;
    let at = from;
    for (const last = to - 4; at <= last; at += 4) {
      const four = view.getInt32(at, true);
      const quote = four ^ QUOTES;
      const backslash = four ^ BACKSLASHES;
      const flags = ((quote - LOWEST) & ~quote) | ((backslash - LOWEST) & ~backslash) | ((four - BLANKS) & ~four);
      // The lowest of the bits that are set is always right, those above it may come from a borrow.
      const found = flags & HIGHEST;
      if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3);
    }
    while (at < to && bytes[at] !== 34 && bytes[at] !== 92 && bytes[at] >= 32) at++;
    return at;
  }

  /** Whether `pattern` stands at `at` and ends at or before `to`. */
  holds(pattern: BytePattern, at: number, to: number): boolean {
    const { view } = this;
    const { fours, length } = pattern;
    const end = at + length;
    if (end > to) return false;
    if (length < 4) return startsWith(this.bytes, at, to, pattern.bytes);
    const last = fours.length - 1;
    for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i, true) !== fours[i]) return false;
    return view.getInt32(end - 4, true) === fours[last];
  }
}

/** Bytes to compare with, four at a time: see {@link ByteWords.holds}. */
export class BytePattern {
  readonly length: number;
  /** from the beginning on; the last four are those at the end */
  readonly fours: Int32Array;

  constructor(readonly bytes: Uint8Array) {
    this.length = bytes.length;
    this.fours = new Int32Array((bytes.length + 3) >> 2);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 0; bytes.length >= 4 && i < this.fours.length; i++)
      this.fours[i] = view.getInt32(Math.min(4 * i, bytes.length - 4), true);
  }
}

const QUOTES = fourTimes(34);
const BACKSLASHES = fourTimes(92);
const BLANKS = fourTimes(32);
