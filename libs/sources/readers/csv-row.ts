const DELIMITERS = [',', ';', '\t'] as const;

/** The field delimiter of a header row: of `,` `;` and tab the one that occurs most outside quotes; `,` where none does. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** Splits rows of one file (RFC 4180 with any delimiter). The row is complete and its quotes are balanced: see csv-framer.ts. */
export class RowSplitter {
  constructor(readonly delimiter: string) {}

  split(row: string, quoted: boolean): string[] {
    if (!quoted) return row.split(this.delimiter);
    const values: string[] = [];
    for (let at = 0; at <= row.length;) {
      const begin = at;
      if (row.charCodeAt(at) === 0x22) {
        const close = closingQuote(row, at + 1);
        values.push(unquoted(row, at + 1, close));
        at = close + 1;
        if (at < row.length && row[at] !== this.delimiter) at = this.fieldEnd(row, at);
      } else {
        at = this.fieldEnd(row, at);
        values.push(row.slice(begin, at));
      }
      at++;
    }
    return values;
  }

  private fieldEnd(row: string, from: number): number {
    const end = row.indexOf(this.delimiter, from);
    return end < 0 ? row.length : end;
  }
}

/** Where the quote is that closes a field whose text begins at `from`; the row's end without one. */
function closingQuote(row: string, from: number): number {
  let at = row.indexOf('"', from);
  while (at >= 0 && row.charCodeAt(at + 1) === 0x22) at = row.indexOf('"', at + 2);
  return at < 0 ? row.length : at;
}

function unquoted(row: string, from: number, to: number): string {
  const value = row.slice(from, to);
  return value.includes('"') ? value.replaceAll('""', '"') : value;
}
