const NO_BYTES = Buffer.alloc(0);
/** of bytes that lie askew in memory */
export const NO_WORDS = new Int32Array(0);
const LOWEST = 0x01010101;
const HIGHEST = 0x80808080 | 0;

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

  /** Looks at these bytes from now on. */
  attach(bytes: Buffer): void {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
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

  /** Passes over words that hold neither quote nor backslash nor control bytes: the plain text of a JSON string. */
  passOverText(at: number, to: number): number {
    const { words } = this;
    const end = Math.min(to >> 2, words.length);
    let word = at >> 2;
    for (; word < end; word++) {
      const four = words[word];
      const quote = four ^ QUOTES;
      const backslash = four ^ BACKSLASHES;
      const found = ((quote - LOWEST) & ~quote) | ((backslash - LOWEST) & ~backslash) | ((four - BLANKS) & ~four);
      if ((found & HIGHEST) !== 0) break;
    }
    return word << 2;
  }
}

const QUOTES = fourTimes(34);
const BACKSLASHES = fourTimes(92);
const BLANKS = fourTimes(32);
