import { RecordFields } from '../fields/record-fields';
import { startsWith } from '../log-text/byte-scan';
import { BytePattern } from './byte-words';
import { PlainValues } from './plain-values';

const LF = 10;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const NO_BYTES = new BytePattern(new Uint8Array(0));
/** Of a file whose objects have ever new keys no more are remembered. */
const MOST_KEYS = 2048;

/** One more key behind those of the node before: objects of one file have few different sequences of keys. */
class KeyNode {
  private names: readonly string[] | undefined;
  readonly next: KeyNode[] = [];
  /** which of `next` came last */
  latest: KeyNode | undefined;

  constructor(
    readonly before: KeyNode | undefined,
    readonly name: string,
    /** the key and its closing quote */
    readonly bytes: BytePattern,
    /** its value may be the array that holds the records of a page */
    readonly holdsPage: boolean,
  ) {}

  has(name: string): boolean {
    return this.name === name || (this.before?.has(name) ?? false);
  }

  allNames(): readonly string[] {
    this.names ??= this.before === undefined ? [] : [...this.before.allNames(), this.name];
    return this.names;
  }
}

/**
 * Reads JSON objects (RFC 8259) at one go, from bytes to the ranges of their values, as long as they are plain: all of it is there; keys are ASCII
 * without escapes, different from each other, and begin with no digit; numbers are whole and short; arrays and objects within have no blanks and no
 * escapes. For such an object the fields are those that JSON.parse gives, in a third of the time; every other one, sound or not, is left to it.
 */
export class PlainObjects {
  /** of the last object read */
  readonly fields = new RecordFields();
  /** line ends within it */
  lineEnds = 0;

  private readonly values = new PlainValues();
  private root = new KeyNode(undefined, '', NO_BYTES, false);
  private keys = 0;

  /** @param pageKeys keys whose array holds records: such an object is not plain */
  constructor(private readonly pageKeys: readonly Uint8Array[]) {}

  /** Reads the object that begins at `from`; answers where it ends, −1 when it is not plain or not all before `to`. */
  read(bytes: Buffer, from: number, to: number): number {
    const { fields, values } = this;
    fields.begin(bytes);
    values.begin(bytes, to);
    this.lineEnds = 0;
    let node = this.root;
    let at = this.skipBlanks(bytes, from + 1, to);
    while (at < to && bytes[at] === QUOTE) {
      const key = this.keyAt(node, bytes, at + 1, to);
      if (key === undefined) return -1;
      node = key;
      at += 1 + key.bytes.length;
      // Most programs write no blanks: no call where none stands.
      if (bytes[at] <= BLANK) at = this.skipBlanks(bytes, at, to);
      if (at >= to || bytes[at] !== COLON) return -1;
      if (bytes[++at] <= BLANK) at = this.skipBlanks(bytes, at, to);
      const first = bytes[at];
      if (at >= to || (key.holdsPage && (first === OPEN_ARRAY || first === OPEN_OBJECT))) return -1;
      const end = values.read(fields, at);
      if (end < 0) return -1;
      at = bytes[end] <= BLANK ? this.skipBlanks(bytes, end, to) : end;
      if (at >= to) return -1;
      if (bytes[at] === CLOSE_OBJECT) {
        fields.names = node.allNames();
        return values.unescape(fields, from, at + 1) ? at + 1 : -1;
      }
      if (bytes[at] !== COMMA) return -1;
      if (bytes[++at] <= BLANK) at = this.skipBlanks(bytes, at, to);
    }
    return -1;
  }

  private skipBlanks(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    for (; at < to && bytes[at] <= 32; at++) {
      if (bytes[at] === LF) this.lineEnds++;
      else if (bytes[at] !== 32 && bytes[at] !== 9 && bytes[at] !== 13) return to;
    }
    return at;
  }

  private keyAt(node: KeyNode, bytes: Buffer, from: number, to: number): KeyNode | undefined {
    const { latest } = node;
    if (latest !== undefined && this.values.words.holds(latest.bytes, from, to)) return latest;
    return this.otherKey(node, bytes, from, to);
  }

  /** Not in {@link keyAt}, which would have to make room for the variables of the function within at each key. */
  private otherKey(node: KeyNode, bytes: Buffer, from: number, to: number): KeyNode | undefined {
    const known = node.next.find((key) => this.values.words.holds(key.bytes, from, to));
    if (known === undefined) return this.learn(node, bytes, from, to);
    node.latest = known;
    return known;
  }

  private learn(node: KeyNode, bytes: Buffer, from: number, to: number): KeyNode | undefined {
    let end = from;
    while (end < to && bytes[end] >= 32 && bytes[end] < 127 && bytes[end] !== 92 && bytes[end] !== QUOTE) end++;
    if (end >= to || bytes[end] !== QUOTE || (bytes[from] >= 48 && bytes[from] <= 57)) return undefined;
    const name = bytes.toString('latin1', from, end);
    if (node.before !== undefined && node.has(name)) return undefined;
    if (this.keys++ >= MOST_KEYS) {
      this.keys = 0;
      this.root = new KeyNode(undefined, '', NO_BYTES, false);
      return undefined;
    }
    const holdsPage = this.pageKeys.some((key) => key.length === end - from && startsWith(bytes, from, end, key));
    const key = new KeyNode(node, name, new BytePattern(Uint8Array.from(bytes.subarray(from, end + 1))), holdsPage);
    node.latest = key;
    node.next.push(key);
    return key;
  }
}
