import type { RecordFields } from '../fields/record-fields';
import { ByteWords, fourTimes } from './byte-words';

const DELIMITERS = [',', ';', '\t'] as const;
const QUOTE = 34;
const FOUR_QUOTES = fourTimes(QUOTE);

/** The field delimiter of a header row: of `,` `;` and tab the one that occurs most outside quotes; `,` where none does. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/**
 * Splits the rows of a file into fields (RFC 4180 with any ASCII delimiter). A row is complete and its quotes are balanced: see csv-framer.ts.
 */
export class RowSplitter {
  private readonly words = new ByteWords();
  private readonly ownWords = new ByteWords();
  private readonly fourDelimiters: number;

  constructor(readonly delimiter: number) {
    this.fourDelimiters = fourTimes(delimiter);
  }

  /** Splits the row at bytes [from, to) into `fields`. `quoted`: it has quoted fields; `doubled`: and quotes within them. */
  split(fields: RecordFields, bytes: Buffer, from: number, to: number, quoted: boolean, doubled: boolean): void {
    fields.begin(bytes);
    if (doubled) {
      // Doubled quotes are written as one, in a copy.
      fields.makeOwn(from, to);
      return this.splitQuoted(fields, this.ownWords, 0, to - from);
    }
    if (quoted) return this.splitQuoted(fields, this.words, from, to);
    const { delimiter, words, fourDelimiters } = this;
    words.attach(bytes);
    let start = from;
    for (let at = from; at < to; at++) {
      if ((at & 3) === 0) at = words.passOver(fourDelimiters, at, to);
      if (bytes[at] !== delimiter || at >= to) continue;
      fields.add(start, at);
      start = at + 1;
    }
    fields.add(start, to);
  }

  private splitQuoted(fields: RecordFields, words: ByteWords, from: number, end: number): void {
    const { bytes } = fields;
    words.attach(bytes);
    for (let at = from; at <= end; at++) {
      let begin = at;
      if (at < end && bytes[at] === QUOTE) {
        begin++;
        at = passTo(bytes, words, QUOTE, FOUR_QUOTES, begin, end);
        let value = at;
        // A quote behind the quote: one of both stays.
        while (at + 1 < end && bytes[at + 1] === QUOTE) {
          bytes[value++] = QUOTE;
          for (at += 2; at < end && bytes[at] !== QUOTE; at++) bytes[value++] = bytes[at];
        }
        fields.add(begin, value);
        at = passTo(bytes, words, this.delimiter, this.fourDelimiters, at, end);
      } else {
        at = passTo(bytes, words, this.delimiter, this.fourDelimiters, at, end);
        fields.add(begin, at);
      }
    }
  }
}

/** Where in [from, end) the first `byte` stands; `end` where none does. */
function passTo(bytes: Uint8Array, words: ByteWords, byte: number, four: number, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if ((at & 3) === 0 && (at = words.passOver(four, at, end)) >= end) return end;
    if (bytes[at] === byte) return at;
  }
  return end;
}
