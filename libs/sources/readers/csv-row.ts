import type { RecordFields } from '../fields/record-fields';
import { ByteWords, fourTimes } from './byte-words';

const DELIMITERS = [',', ';', '\t'] as const;
const QUOTE = 34;

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

  /** Splits the row at bytes [from, to) into `fields`. `quoted`: it has quotes. */
  split(fields: RecordFields, bytes: Buffer, from: number, to: number, quoted: boolean): void {
    fields.begin(bytes);
    if (quoted) return this.splitQuoted(fields, from, to);
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

  /** In a copy of the row, where doubled quotes are written as one. */
  private splitQuoted(fields: RecordFields, from: number, to: number): void {
    fields.makeOwn(from, to);
    const { bytes } = fields;
    const end = to - from;
    this.ownWords.attach(bytes);
    for (let at = 0; at <= end; at++) {
      let begin = at;
      if (at < end && bytes[at] === QUOTE) {
        begin++;
        let value = begin;
        for (at = begin; at < end && (bytes[at] !== QUOTE || (at + 1 < end && bytes[at + 1] === QUOTE)); at++) {
          if (bytes[at] === QUOTE) at++;
          bytes[value++] = bytes[at];
        }
        fields.add(begin, value);
        at = this.fieldEnd(bytes, at, end);
      } else {
        at = this.fieldEnd(bytes, at, end);
        fields.add(begin, at);
      }
    }
  }

  private fieldEnd(bytes: Uint8Array, from: number, end: number): number {
    const { delimiter, ownWords, fourDelimiters } = this;
    for (let at = from; at < end; at++) {
      if ((at & 3) === 0) at = ownWords.passOver(fourDelimiters, at, end);
      if (at >= end || bytes[at] === delimiter) return Math.min(at, end);
    }
    return end;
  }
}
