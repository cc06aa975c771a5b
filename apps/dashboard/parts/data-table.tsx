import { type ReactElement, type ReactNode } from 'react';

export interface Column<Row> {
  title: string;
  /** numbers stand at the right */
  number?: boolean;
  /** may be long: breaks anywhere */
  long?: boolean;
  cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** what the table shows, for screen readers */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, index: number) => string;
}

/** A table whose first column names the row. Wide tables scroll inside themselves, by keyboard too; the page never does. */
export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>): ReactElement {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" className={number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.title} scope="row" className={column.long ? 'long' : undefined}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf({ number, long }: { number?: boolean; long?: boolean }): string | undefined {
  if (number) return 'number';
  return long ? 'long' : undefined;
}
