import type { RecordFields } from '../fields/record-fields';
import { ByteWindow } from './byte-window';
import { ByteWords, fourTimes } from './byte-words';
import { KEPT_OF_TOO_LONG, MIB, NONE } from './framer';
import { readPlainRow } from './plain-row';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const FOUR_LF = fourTimes(LF);
const FOUR_QUOTES = fourTimes(QUOTE);
/** A row of 1 MiB and its line end. */
const LIMIT = MIB + 2;

/** Where in a row the scan stands. */
const FIELD_START = 0;
const BARE = 1;
const QUOTED = 2;
/** behind a quote in a quoted field: its end, or the first of a doubled one */
const AFTER_QUOTE = 3;
/** behind a quoted field and CR: only LF can follow */
const AFTER_CR = 4;
/** in a row that is broken on its first line: only the end of the line is of interest */
const BROKEN = 5;

/**
 * Finds the rows of CSV bytes (RFC 4180: a quote counts only at the beginning of a field, and inside doubled). Of a row whose
 * quote is not closed within 1 MiB, or not doubled, only the first physical line is given up: the scan goes on at the second, so
 * that one stray quote does not swallow the rows behind it.
 */
export class RowCutter {
  /** The row that `cut` found is bytes [from, to) of `bytes`, valid until the next call. */
  bytes: Buffer = NONE;
  from = 0;
  to = 0;
  /** physical line on which it begins */
  line = 0;
  /** it has quoted fields */
  quoted = false;
  /** and quotes within them, which are doubled */
  doubled = false;
  problem: string | undefined;
  /** byte of the field delimiter; 0 while it is not known: comma, semicolon and tab then count */
  delimiter = 0;

  private readonly window = new ByteWindow();
  private readonly words = new ByteWords();
  private ended = false;
  private state = FIELD_START;
  private nextLine = 1;
  /** line ends in quoted fields, and where the first of them is, from the row's beginning */
  private innerLines = 0;
  private firstLineEnd = -1;
  private hasQuotes = false;
  private hasDoubled = false;
  private broken: string | undefined;
  /** the beginning of a broken line that is too long to be held */
  private kept: Buffer | undefined;

  /** Bytes of a row whose end has not come; of a broken line that is too long, those that are still held. */
  get pendingBytes(): number {
    return this.window.end - this.window.start;
  }

  /** Physical lines of the rows found so far. */
  get lines(): number {
    return this.nextLine - 1;
  }

  push(chunk: Buffer): void {
    this.window.push(chunk);
  }

  end(): void {
    this.ended = true;
  }

  /** Finds the next row, blank ones included; false when it needs more bytes or there are no more. */
  cut(): boolean {
    const { window } = this;
    for (;;) {
      const rowEnd = this.scan(Math.min(window.end, window.start + LIMIT));
      if (rowEnd >= 0) return this.finish(rowEnd, rowEnd + 1);
      if (this.broken !== undefined && this.state !== BROKEN) {
        if (this.giveUp()) return true;
      } else if (window.at - window.start >= LIMIT) {
        if (this.tooLong()) return true;
      } else if (window.more()) {
        continue;
      } else if (!this.ended) {
        window.hold();
        return false;
      } else if (this.state === QUOTED) {
        this.broken = 'a quoted field is not closed';
        if (this.giveUp()) return true;
      } else {
        return (window.start < window.end || this.kept !== undefined) && this.finish(window.end, window.end);
      }
    }
  }

  /** Finds the next row and reads it into `fields` at one go, if it is a plain one of `count` fields; false for any other, also a blank one, which `cut` finds. */
  cutPlain(fields: RecordFields, count: number): boolean {
    const { window, words } = this;
    const { bytes, start } = window;
    if (this.state !== FIELD_START || window.at !== start || this.kept || this.broken !== undefined) return false;
    if (bytes[start] === LF || bytes[start] === CR) return false;
    const limit = Math.min(window.end, start + LIMIT);
    words.attach(bytes);
    const rowEnd = readPlainRow(fields, bytes, words.words, start, limit, this.delimiter, count);
    if (rowEnd < 0) return false;
    // Nothing of a row before is left: `state`, quotes and inner lines are as `finish` leaves them.
    this.bytes = bytes;
    this.from = start;
    this.to = rowEnd > start && bytes[rowEnd - 1] === CR ? rowEnd - 1 : rowEnd;
    this.line = this.nextLine++;
    this.problem = undefined;
    window.start = window.at = rowEnd + 1;
    return true;
  }

  /** Looks at the bytes up to `limit`; answers where the row ends, or −1. Sets `broken` where the row breaks the rules. */
  private scan(limit: number): number {
    const { window, words, delimiter } = this;
    const { bytes } = window;
    const fourDelimiters = fourTimes(delimiter);
    words.attach(bytes);
    let { state } = this;
    let { at } = window;
    let rowEnd = -1;
    for (; at < limit && rowEnd < 0; at++) {
      if ((at & 3) === 0 && (state === QUOTED || (state === BARE && delimiter !== 0))) {
        at = words.passOverBoth(state === QUOTED ? FOUR_QUOTES : fourDelimiters, FOUR_LF, at, limit);
        if (at >= limit) break;
      }
      const byte = bytes[at];
      if (byte === LF) {
        if (state === QUOTED) {
          if (this.innerLines++ === 0) this.firstLineEnd = at - window.start;
        } else {
          rowEnd = at;
        }
      } else if (state === QUOTED) {
        if (byte === QUOTE) state = AFTER_QUOTE;
      } else if (state === BROKEN) {
        continue;
      } else if (byte === delimiter || (delimiter === 0 && (byte === 44 || byte === 59 || byte === 9))) {
        if (state === AFTER_CR) break;
        state = FIELD_START;
      } else if (byte === QUOTE && state !== BARE) {
        if (state === AFTER_CR) break;
        if (state === AFTER_QUOTE) this.hasDoubled = true;
        this.hasQuotes = true;
        state = QUOTED;
      } else if (state === AFTER_QUOTE || state === AFTER_CR) {
        if (state === AFTER_CR || byte !== CR) break;
        state = AFTER_CR;
      } else {
        state = BARE;
      }
    }
    if (rowEnd < 0 && at < limit) this.broken = 'a quote in a quoted field is not doubled';
    this.state = state;
    window.at = at;
    return rowEnd;
  }

  /** Gives the first line of a broken row up, if its end is known; otherwise goes on to it. */
  private giveUp(): boolean {
    if (this.firstLineEnd < 0) {
      this.state = BROKEN;
      return false;
    }
    this.innerLines = 0;
    const end = this.window.start + this.firstLineEnd;
    return this.finish(end, end + 1);
  }

  private tooLong(): boolean {
    this.broken ??= this.state === QUOTED ? 'a quoted field is not closed within 1 MiB' : 'row longer than 1 MiB';
    if (this.firstLineEnd >= 0) return this.giveUp();
    const { window } = this;
    this.state = BROKEN;
    this.kept ??= Buffer.from(window.bytes.subarray(window.start, window.start + KEPT_OF_TOO_LONG));
    window.start = window.at;
    return false;
  }

  private finish(to: number, next: number): true {
    const { window } = this;
    this.bytes = this.kept ?? window.bytes;
    this.from = this.kept ? 0 : window.start;
    this.to = this.kept ? this.kept.length : to;
    if (this.to > this.from && this.bytes[this.to - 1] === CR) this.to--;
    this.line = this.nextLine;
    this.quoted = this.hasQuotes;
    this.doubled = this.hasDoubled;
    this.problem = this.broken;
    this.nextLine += 1 + this.innerLines;
    this.innerLines = 0;
    this.firstLineEnd = -1;
    this.hasQuotes = this.hasDoubled = false;
    this.broken = undefined;
    this.kept = undefined;
    this.state = FIELD_START;
    window.start = window.at = next;
    return true;
  }
}
