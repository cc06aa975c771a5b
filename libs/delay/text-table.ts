/** How a column of a text table stands. */
export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** longest text in characters; what is longer ends in `…` */
  readonly most?: number;
}

/**
 * Rows as aligned text: titles, a line, rows, each ending in a line feed, columns two spaces apart, no space at the end of a line.
 * Control characters, which a Message-ID from outside may hold, become `?`.
 */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => columns.map((column, c) => cut(printable(row[c] ?? ''), column.most ?? Infinity)));
  const widths = columns.map((column, c) => Math.max(length(column.title), ...cells.map((row) => length(row[c]))));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, c) =>
        columns[c].align === 'right'
          ? ' '.repeat(widths[c] - length(text)) + text
          : text + ' '.repeat(widths[c] - length(text)),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map((column) => column.title)), rule, ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** Text without control characters, so that log contents cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

const length = (text: string): number => [...text].length;

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
