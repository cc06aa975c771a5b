import type { RecordFields } from '../fields/record-fields';
import { ascii, startsWith } from '../log-text/byte-scan';
import { ByteWindow } from './byte-window';
import { KEPT_OF_TOO_LONG, MIB, NONE } from './framer';
import { PlainObjects } from './plain-objects';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** begins each text of a JSON sequence (RFC 7464) */
const RECORD_SEPARATOR = 0x1e;

export const LARGEST_OBJECT = 16 * MIB;
const DEEPEST = 64;
/** The arrays of a page object that hold its records: Trend's REST log API, and OData (Microsoft Graph). */
const PAGE_KEYS = ['logs', 'value'].map(ascii);

/** What the scan is in. */
const BETWEEN = 0;
const OBJECT = 1;
/** in something that is no object, or a broken one: its record ends with the line */
const BROKEN_LINE = 2;

/**
 * Finds the objects of JSON bytes, whatever holds them: lines, a sequence, an array, a page object with an array `logs` or
 * `value` of objects, or nothing (one object). It matches braces and strings and leaves the rest to JSON.parse. What cannot be an
 * object is given up to the end of its line, or to the next line that begins an object.
 */
export class ObjectCutter {
  /** The record that `cut` found is bytes [from, to) of `bytes`, valid until the next call. */
  bytes: Buffer = NONE;
  from = 0;
  to = 0;
  /** physical line on which it begins */
  line = 0;
  problem: string | undefined;
  /** Its fields, where it is a plain object: see {@link PlainObjects}. */
  fields: RecordFields | undefined;

  private readonly plain = new PlainObjects(PAGE_KEYS);
  private readonly window = new ByteWindow();
  private ended = false;
  private mode = BETWEEN;
  private lineNow = 1;
  private holder: 'none' | 'array' | 'page' = 'none';
  /** After a broken object in an array: lines count only from one that begins an object. */
  private lost = false;
  private atLineStart = true;

  private readonly nesting = new Uint8Array(DEEPEST);
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** last byte outside strings that is no white space */
  private last = 0;
  /** where the current key of the outermost object begins, and whether it is one of PAGE_KEYS */
  private keyFrom = -1;
  private pageKey = false;
  /** from the record's beginning, where its last line began */
  private lineStart = -1;
  private broken: string | undefined;
  /** the beginning of an object that is too large to be held */
  private kept: Buffer | undefined;
  /** behind the records of a page: the rest of the page object is no record */
  private pageRest = false;

  push(chunk: Buffer): void {
    this.window.push(chunk);
  }

  end(): void {
    this.ended = true;
  }

  /** Finds the next record; false when it needs more bytes or there are no more. */
  cut(): boolean {
    const { window } = this;
    for (;;) {
      if (window.at === window.end) {
        if (this.mode === BETWEEN || this.kept || this.pageRest) window.start = window.at;
        if (window.more()) continue;
        if (this.ended) return this.atEnd();
        window.hold();
        return false;
      }
      if (this.mode === BETWEEN) {
        this.between();
        if (this.beganObject() && this.plainObject()) return true;
      } else if (this.mode === OBJECT ? this.object() : this.brokenLine()) {
        return true;
      }
    }
  }

  private beganObject(): boolean {
    return this.mode === OBJECT && !this.pageRest;
  }

  /** Finds an object that begins here at one go, if it is a plain one and all of it has come. */
  private plainObject(): boolean {
    const { window, plain } = this;
    const end = plain.read(window.bytes, window.start, Math.min(window.end, window.start + LARGEST_OBJECT));
    if (end < 0) return false;
    this.lineNow += plain.lineEnds;
    this.fields = plain.fields;
    return this.finish(end, end, false);
  }

  private between(): void {
    const { window } = this;
    while (window.at < window.end && this.mode === BETWEEN) {
      const byte = window.bytes[window.at];
      if (byte === LF) this.newLine();
      else if (byte === OPEN_OBJECT && (!this.lost || this.atLineStart)) return this.begin(OBJECT);
      else if (byte !== COMMA && byte !== RECORD_SEPARATOR && byte > 32) this.other(byte);
      if (this.mode === BETWEEN) window.at++;
    }
  }

  /** A byte between objects that is neither white space nor the beginning of one. */
  private other(byte: number): void {
    this.atLineStart = false;
    if (this.lost) return;
    if (byte === OPEN_ARRAY && this.holder === 'none') {
      this.holder = 'array';
    } else if (byte === CLOSE_ARRAY && this.holder === 'array') {
      this.holder = 'none';
    } else if (byte === CLOSE_ARRAY && this.holder === 'page') {
      this.holder = 'none';
      this.begin(OBJECT);
      this.pageRest = true;
      this.depth = 1;
      this.nesting[0] = OPEN_OBJECT;
      this.window.at++;
    } else {
      this.begin(BROKEN_LINE);
      this.broken = 'not a JSON object';
    }
  }

  private begin(mode: number): void {
    this.mode = mode;
    this.fields = undefined;
    this.window.start = this.window.at;
    this.line = this.lineNow;
    this.lost = false;
    this.depth = 0;
    this.inString = this.escaped = this.pageKey = this.pageRest = false;
    this.last = 0;
    this.lineStart = -1;
    this.broken = undefined;
    this.kept = undefined;
  }

  private newLine(): void {
    this.lineNow++;
    this.atLineStart = true;
  }

  /** Goes on in an object; true when a record is found. */
  private object(): boolean {
    const { window } = this;
    const held = !this.kept && !this.pageRest;
    const limit = held ? Math.min(window.end, window.start + LARGEST_OBJECT) : window.end;
    while (window.at < limit) {
      if (this.inString && !this.escaped) {
        window.at = plainEnd(window.bytes, window.at, limit);
        if (window.at === limit) break;
      }
      const byte = window.bytes[window.at++];
      if (this.inString) {
        if (byte === LF) {
          // JSON has no line ends in strings, so the object is broken and the next line may begin a sound one.
          window.at--;
          return this.breakLine('a string is not closed');
        }
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.stringEnd();
      } else if (byte === QUOTE) {
        this.inString = true;
        this.keyFrom = this.depth === 1 && this.last !== COLON ? window.at - window.start : -1;
      } else if (byte === LF) {
        this.lineNow++;
        this.lineStart = window.at - window.start;
      } else if (byte > 32) {
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
          if (!this.mayOpen()) return this.misplaced();
          if (byte === OPEN_OBJECT && this.isPage()) return this.enterPage();
          if (this.depth === DEEPEST) return this.breakLine(`nested deeper than ${DEEPEST}`);
          this.nesting[this.depth++] = byte;
        } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
          if (byte === CLOSE_ARRAY && this.last === OPEN_ARRAY && this.isPage()) return this.enterPage();
          if (this.nesting[this.depth - 1] !== byte - 2) return this.breakLine('brackets do not match');
          if (--this.depth === 0) return this.objectEnd();
        }
        this.last = byte;
      }
    }
    if (held && window.at - window.start === LARGEST_OBJECT) {
      this.kept = Buffer.from(window.bytes.subarray(window.start, window.start + KEPT_OF_TOO_LONG));
      this.broken = 'object larger than 16 MiB';
    }
    return false;
  }

  private stringEnd(): void {
    const { window } = this;
    this.inString = false;
    this.last = QUOTE;
    if (this.keyFrom < 0) return;
    const from = window.start + this.keyFrom;
    this.pageKey =
      !this.kept &&
      !this.pageRest &&
      PAGE_KEYS.some((key) => key.length === window.at - 1 - from && startsWith(window.bytes, from, window.at, key));
  }

  private mayOpen(): boolean {
    if (this.depth === 0) return true;
    if (this.nesting[this.depth - 1] === OPEN_OBJECT) return this.last === COLON;
    return this.last === COMMA || this.last === OPEN_ARRAY;
  }

  private isPage(): boolean {
    return this.pageKey && this.depth === 2 && this.last === OPEN_ARRAY && this.nesting[1] === OPEN_ARRAY;
  }

  /** Leaves the page object, whose array begins here, and goes on between its records. */
  private enterPage(): boolean {
    this.holder = 'page';
    this.mode = BETWEEN;
    this.atLineStart = false;
    this.window.at--;
    this.window.start = this.window.at;
    return false;
  }

  /** An object or array where none can be. If it begins a line, the object before it has lost its end; else the line is lost. */
  private misplaced(): boolean {
    const { window } = this;
    const before = window.start + this.lineStart;
    const held = !this.kept && !this.pageRest;
    if (!held || this.lineStart < 0 || window.bytes.toString('latin1', before, window.at - 1).trim() !== '') {
      return this.breakLine('not valid JSON');
    }
    this.broken = 'the object is not closed';
    this.lineNow--;
    return this.finish(before - 1, before - 1, true);
  }

  private breakLine(problem: string): false {
    this.broken ??= problem;
    this.mode = BROKEN_LINE;
    return false;
  }

  private objectEnd(): boolean {
    const { window } = this;
    if (!this.pageRest) return this.finish(window.at, window.at, false);
    this.pageRest = false;
    this.mode = BETWEEN;
    return false;
  }

  /** Goes on to the end of the line, which ends the record too. */
  private brokenLine(): boolean {
    const { window } = this;
    const end = window.bytes.subarray(0, window.end).indexOf(LF, window.at);
    window.at = end < 0 ? window.end : end;
    if (end >= 0) return this.finish(end, end, true);
    if (window.at - window.start > MIB) {
      this.kept ??= Buffer.from(window.bytes.subarray(window.start, window.start + KEPT_OF_TOO_LONG));
    }
    return false;
  }

  /** `lost`: what follows may be the rest of a broken object. */
  private finish(to: number, next: number, lost: boolean): true {
    const { window } = this;
    this.bytes = this.kept ?? window.bytes;
    this.from = this.kept ? 0 : window.start;
    this.to = this.kept ? this.kept.length : to;
    if (this.pageRest) this.from = this.to;
    if (this.broken !== undefined && this.to - this.from > MIB) this.to = this.from + KEPT_OF_TOO_LONG;
    else if (this.to > this.from && this.bytes[this.to - 1] === CR) this.to--;
    this.problem = this.broken;
    this.lost = lost && this.holder !== 'none';
    this.pageRest = this.atLineStart = false;
    this.kept = undefined;
    this.mode = BETWEEN;
    window.start = window.at = next;
    return true;
  }

  /** No more bytes: what is not complete is broken. */
  private atEnd(): boolean {
    if (this.mode === BETWEEN) {
      if (this.holder === 'none' || this.lost) return false;
      this.begin(BROKEN_LINE);
      this.broken = 'the file ends before the array does';
    }
    this.broken ??= 'the file ends before the object does';
    this.holder = 'none';
    return this.finish(this.window.end, this.window.end, true);
  }
}

/** Where in a string the first byte stands that may end it or change what the next one means; `limit` where none does. */
function plainEnd(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH && bytes[at] !== LF) at++;
  return at;
}
