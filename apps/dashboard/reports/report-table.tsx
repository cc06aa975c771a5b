import { type ReactElement } from 'react';
import { counted, countText } from '../../../libs/delay/duration-text';
import { localText } from '../../../libs/delay/local-time';
import type { IssuedReport } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint } from '../api/ask';
import { DataTable, type Column } from '../parts/data-table';
import { exactText, secondText } from '../words/moment-text';

/** Each issued report with its period, what it covers, its place in the chain, and its documents. */
export function ReportTable({ reports }: { reports: readonly IssuedReport[] }): ReactElement {
  const { tz } = useNavigation().state;
  const columns: Column<IssuedReport>[] = [
    {
      title: 'period',
      cell: ({ id, from, to, tz: zone, filters }) => (
        <>
          <a href={endpoint(`reports/${id}`)} target="_blank" rel="noreferrer">
            {localText(from, zone)} to {localText(to, zone)}
          </a>{' '}
          <span className="soft">{[zone, ...Object.values(filters).flat()].join(', ')}</span>
        </>
      ),
    },
    { title: 'revision', number: true, cell: ({ revision }) => countText(revision) },
    {
      title: 'changed since the one before',
      cell: ({ changed }) =>
        changed ? `${counted(changed.figures, 'figure')}, ${counted(changed.inputs, 'input')}` : '–',
    },
    {
      title: 'passed HES',
      number: true,
      cell: ({ coverage }) => `${countText(coverage.via_hes)} of ${countText(coverage.journeys)}`,
    },
    {
      title: 'found again after it',
      number: true,
      cell: ({ coverage }) => `${countText(coverage.matched_downstream)} of ${countText(coverage.via_hes)}`,
    },
    { title: 'signed', cell: ({ signed }) => (signed ? '✓ signed' : 'not signed') },
    {
      title: 'chain',
      cell: ({ sequence, previous }) => (
        <>
          {countText(sequence)}
          <span className="soft">{previous === null ? ', the first' : `, after ${previous}`}</span>
        </>
      ),
    },
    {
      title: `issued (${tz})`,
      cell: ({ id, issued_at }) => (
        <span title={exactText(issued_at, tz)}>
          {secondText(issued_at, tz)} <span className="soft">{id}</span>
        </span>
      ),
    },
    { title: 'documents', cell: (report) => <Documents report={report} /> },
  ];
  return <DataTable caption="Issued reports" columns={columns} rows={reports} keyOf={({ id }) => id} />;
}

function Documents({ report: { id, signed } }: { report: IssuedReport }): ReactElement {
  const formats = ['pdf', 'csv', 'json', 'manifest', ...(signed ? ['signature'] : [])];
  return (
    <>
      {formats.map((format) => (
        <span key={format}>
          <a href={endpoint(`reports/${id}`, { format })} download aria-label={`${format} of report ${id}`}>
            {format}
          </a>{' '}
        </span>
      ))}
    </>
  );
}
