import { Parser } from 'papaparse';

const DELIMITERS = [',', ';', '\t'] as const;

/** The field delimiter of a header row: of `,` `;` and tab the one that occurs most outside quotes; `,` where none does. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** Splits rows of one file (RFC 4180 with any delimiter). The row is complete and its quotes are balanced: see csv-framer.ts. */
export class RowSplitter {
  private readonly quoted: Parser;

  constructor(readonly delimiter: string) {
    this.quoted = new Parser({ delimiter, newline: '\n', quoteChar: '"', fastMode: false });
  }

  split(row: string, quoted: boolean): string[] {
    if (!quoted) return row.split(this.delimiter);
    return (this.quoted.parse(row, 0, false).data as string[][])[0];
  }
}
