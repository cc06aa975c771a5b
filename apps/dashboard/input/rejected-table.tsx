import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { Inputs } from '../../../libs/http/api-types';
import { DataTable, type Column } from '../parts/data-table';

type Rejected = Inputs['rejected'][number];

/** Records that should have been understood and were not, the commonest reason first, with the first of them. */
export function RejectedTable({ rejected }: { rejected: readonly Rejected[] }): ReactElement {
  const columns: Column<Rejected>[] = [
    {
      title: 'file and line',
      long: true,
      cell: ({ file, first_line }) => (
        <code title={`${file}:${first_line}`}>
          {file}:{first_line}
        </code>
      ),
    },
    { title: 'reason', long: true, cell: ({ reason }) => reason },
    { title: 'records', number: true, cell: ({ count }) => <span data-rejected>{countText(count)}</span> },
    { title: 'format', cell: ({ source }) => source ?? '–' },
    {
      title: 'the first of them',
      long: true,
      cell: ({ first_text }) => (
        <details>
          <summary>show</summary>
          <pre className="mono record">{first_text}</pre>
        </details>
      ),
    },
  ];
  return (
    <>
      <DataTable
        caption="Records not understood, by file and reason"
        columns={columns}
        rows={rejected}
        keyOf={({ file, reason }) => `${file} ${reason}`}
      />
      <p className="soft small after">
        After a fix, read them again: <code>npx hoptime replay</code>. Stamps without a zone need{' '}
        <code>--timezone Europe/Berlin</code>.
      </p>
    </>
  );
}
