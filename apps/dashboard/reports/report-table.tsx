import { type ReactElement } from 'react';
import { counted, countText } from '../../../libs/delay/duration-text';
import type { IssuedReport } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint } from '../api/ask';
import { DataTable, type Column } from '../parts/data-table';
import { exactText, secondText } from '../words/moment-text';
import { periodText } from './period-text';

/** Each issued report with its period, its documents, what it covers, and its place in the chain. */
export function ReportTable({ reports }: { reports: readonly IssuedReport[] }): ReactElement {
  const { tz } = useNavigation().state;
  const columns: Column<IssuedReport>[] = [
    {
      title: 'period',
      cell: ({ id, from, to, tz: zone }) => (
        <a href={endpoint(`reports/${id}`)} target="_blank" rel="noreferrer" title={`report ${id}`}>
          {periodText(from, to, zone)} {zone}
        </a>
      ),
    },
    { title: 'documents', cell: (report) => <Documents report={report} /> },
    {
      title: 'revision',
      cell: ({ revision, changed }) =>
        changed
          ? `${revision}: ${counted(changed.figures, 'figure')}, ${counted(changed.inputs, 'input')} differ`
          : countText(revision),
    },
    {
      title: 'of what',
      long: true,
      cell: ({ filters, clauses, clock }) =>
        [...Object.values(filters).flat(), ...clauses, ...(clock === 'corrected' ? ['corrected clocks'] : [])].join(
          ', ',
        ) || 'all mail',
    },
    {
      title: 'passed HES',
      number: true,
      cell: ({ coverage }) => `${countText(coverage.via_hes)} of ${countText(coverage.journeys)}`,
    },
    {
      title: 'found after it',
      number: true,
      cell: ({ coverage }) => countText(coverage.matched_downstream),
    },
    { title: 'signed', cell: ({ signed }) => (signed ? '✓ signed' : 'not signed') },
    {
      title: 'chain',
      cell: ({ sequence, previous }) => (
        <span title={previous === null ? 'the first' : `follows ${previous}`}>
          {previous === null ? `${sequence}, the first` : `${sequence}, after ${sequence - 1}`}
        </span>
      ),
    },
    {
      title: `issued (${tz})`,
      cell: ({ issued_at }) => <span title={exactText(issued_at, tz)}>{secondText(issued_at, tz)}</span>,
    },
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
