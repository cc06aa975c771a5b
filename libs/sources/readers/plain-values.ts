import type { RecordFields } from '../fields/record-fields';
import { ascii, startsWith } from '../log-text/byte-scan';
import { ByteWords } from './byte-words';

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const TRUE = ascii('true');
const FALSE = ascii('false');
const NULL = ascii('null');
const WORDS = [TRUE, FALSE, NULL];
/** A whole number of so many digits is written by JavaScript as it stands. */
const MOST_DIGITS = 15;
const DEEPEST = 8;

/** Reads the values of {@link PlainObjects} from bytes. Each method answers where the value ends, −1 when it is not plain. */
export class PlainValues {
  readonly words = new ByteWords();
  private bytes: Buffer = Buffer.alloc(0);
  private to = 0;
  /** fields of the object whose text has escapes */
  private readonly escaped: number[] = [];

  /** Starts an object whose bytes end at `to` at the latest. */
  begin(bytes: Buffer, to: number): void {
    this.bytes = bytes;
    this.words.attach(bytes);
    this.to = to;
    this.escaped.length = 0;
  }

  /** Adds the value at `at` as the next field. */
  read(fields: RecordFields, at: number): number {
    const { bytes, to } = this;
    const first = bytes[at];
    if (first === QUOTE) {
      let end = this.words.textEnd(at + 1, to);
      if (end < to && bytes[end] === BACKSLASH) {
        end = this.escapedEnd(end);
        this.escaped.push(fields.count);
      }
      if (end < 0 || end >= to || bytes[end] !== QUOTE) return -1;
      fields.add(at + 1, end);
      return end + 1;
    }
    const end = first === OPEN_ARRAY || first === OPEN_OBJECT ? this.nested(at, 1) : this.scalar(at);
    if (end < 0) return -1;
    fields.add(at, startsWith(bytes, at, end, NULL) ? at : end);
    return end;
  }

  /** Puts characters in the place of escapes, where there are any; `from` and `end` of the object. Answers whether all were sound. */
  unescape(fields: RecordFields, from: number, end: number): boolean {
    if (this.escaped.length === 0) return true;
    fields.makeOwn(from, end);
    const own = fields.bytes;
    for (const index of this.escaped) {
      const begin = fields.from[index];
      try {
        // Never longer than with escapes: six bytes for one of three at most.
        const text = JSON.parse(own.toString('utf8', begin - 1, fields.to[index] + 1)) as string;
        fields.to[index] = begin + own.write(text, begin, 'utf8');
      } catch {
        return false;
      }
    }
    return true;
  }

  /** The closing quote of a string with escapes, of which the first stands at `from`. */
  private escapedEnd(from: number): number {
    const { bytes, to } = this;
    let at = from;
    while (at < to && bytes[at] === BACKSLASH) {
      at = this.words.textEnd(at + 2, to);
    }
    return at;
  }

  private scalar(at: number): number {
    const { bytes, to } = this;
    if (bytes[at] > NINE) return this.word(at);
    let end = bytes[at] === MINUS ? at + 1 : at;
    const digits = end;
    while (end < to && bytes[end] >= ZERO && bytes[end] <= NINE) end++;
    if (end === digits || end - digits > MOST_DIGITS || (bytes[digits] === ZERO && end - at > 1)) return -1;
    return end;
  }

  /** `true`, `false` or `null`. */
  private word(at: number): number {
    for (const word of WORDS) if (startsWith(this.bytes, at, this.to, word)) return at + word.length;
    return -1;
  }

  private nested(at: number, depth: number): number {
    if (depth > DEEPEST) return -1;
    const { bytes, to } = this;
    const isArray = bytes[at] === OPEN_ARRAY;
    const close = isArray ? CLOSE_ARRAY : CLOSE_OBJECT;
    if (at + 1 < to && bytes[at + 1] === close) return at + 2;
    const keys: number[] = [];
    for (let end = at + 1; end < to;) {
      if (!isArray) {
        const key = end;
        end = this.plainString(key);
        if (end < 0 || bytes[end] !== COLON || end >= to || this.isOddKey(keys, key, end)) return -1;
        keys.push(key, end);
        end++;
      }
      end = this.element(end, depth);
      if (end < 0 || end >= to) return -1;
      if (bytes[end] === close) return end + 1;
      if (bytes[end] !== COMMA) return -1;
      end++;
    }
    return -1;
  }

  private element(at: number, depth: number): number {
    const first = this.bytes[at];
    if (first === QUOTE) return this.plainString(at);
    return first === OPEN_ARRAY || first === OPEN_OBJECT ? this.nested(at, depth + 1) : this.scalar(at);
  }

  private plainString(at: number): number {
    const { bytes, to } = this;
    if (at >= to || bytes[at] !== QUOTE) return -1;
    const end = this.words.textEnd(at + 1, to);
    return end < to && bytes[end] === QUOTE ? end + 1 : -1;
  }

  /** A key that JSON.parse would move (digits) or that comes twice. */
  private isOddKey(keys: readonly number[], key: number, end: number): boolean {
    const { bytes } = this;
    if (bytes[key + 1] >= ZERO && bytes[key + 1] <= NINE) return true;
    for (let i = 0; i < keys.length; i += 2) {
      if (bytes.compare(bytes, keys[i], keys[i + 1], key, end) === 0) return true;
    }
    return keys.length > 64;
  }
}
