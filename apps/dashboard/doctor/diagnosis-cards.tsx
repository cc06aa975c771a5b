import { type ReactElement } from 'react';
import { countText, durationText } from '../../../libs/delay/duration-text';
import { localText } from '../../../libs/delay/local-time';
import type { Diagnosis } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { Card } from '../parts/card';
import { DataTable } from '../parts/data-table';
import { FindingList } from './finding-list';

/** What was found, check by check: MX records, addresses, refusals. */
export function DiagnosisCards({ diagnosis }: { diagnosis: Diagnosis }): ReactElement {
  const { mx, seen_addresses: seen, refusals } = diagnosis;
  const { tz } = useNavigation().state;
  const of = (check: Diagnosis['findings'][number]['check']): Diagnosis['findings'] =>
    diagnosis.findings.filter((finding) => finding.check === check);
  return (
    <>
      <Card title="Do the MX records send the mail through HES?">
        <FindingList findings={of('mx')} />
        {mx.records.length > 0 && <MxTable records={mx.records} />}
      </Card>
      <Card title="What do the logs say of refused connections?">
        <FindingList findings={of('refusals')} />
        {refusals && refusals.length > 0 && <RefusalTable refusals={refusals} tz={tz} />}
      </Card>
      <Card title="From where did HES come?">
        <FindingList findings={of('seen_addresses')} />
        {seen && seen.length > 0 && <SeenTable seen={seen} tz={tz} />}
      </Card>
      <p className="soft small">
        Hosts of HES as known on {diagnosis.data_as_of.mail_exchangers}, ranges as of {diagnosis.data_as_of.networks}.
        Allow-lists are checked on the command line: <code>hoptime doctor {diagnosis.domain} --acl FILE</code>
      </p>
    </>
  );
}

function MxTable({ records }: { records: Diagnosis['mx']['records'] }): ReactElement {
  return (
    <DataTable
      caption="MX records"
      rows={records}
      keyOf={({ preference, exchange }) => `${preference} ${exchange}`}
      columns={[
        { title: 'Host', long: true, cell: ({ exchange }) => exchange },
        { title: 'Preference', number: true, cell: ({ preference }) => String(preference) },
        { title: 'Service', cell: ({ service }) => service?.toUpperCase() ?? 'not HES' },
        { title: 'Region', cell: ({ region }) => region ?? '–' },
        {
          title: 'Addresses',
          long: true,
          cell: ({ addresses, address_status }) => addresses.join(', ') || address_status.replace('_', ' '),
        },
      ]}
    />
  );
}

function RefusalTable({ refusals, tz }: { refusals: NonNullable<Diagnosis['refusals']>; tz: string }): ReactElement {
  return (
    <DataTable
      caption="Replies that turned HES away"
      rows={refusals}
      keyOf={({ told_by, mta, reply }) => `${told_by} ${mta} ${reply}`}
      columns={[
        { title: 'Reply', long: true, cell: ({ reply }) => reply },
        { title: 'MTA', cell: ({ mta }) => mta ?? '–' },
        { title: 'Kind', cell: ({ kind }) => kind.replace('_', ' ') },
        { title: 'Told by', cell: ({ told_by }) => (told_by === 'hes' ? 'HES' : 'its log') },
        { title: 'Times', number: true, cell: ({ refusals: count }) => countText(count) },
        { title: 'Mail held', number: true, cell: ({ journeys }) => countText(journeys) },
        { title: 'Delay', number: true, cell: ({ waiting_ms }) => durationText(waiting_ms) },
        { title: 'Last', cell: ({ last_at }) => localText(last_at, tz) },
      ]}
    />
  );
}

function SeenTable({ seen, tz }: { seen: NonNullable<Diagnosis['seen_addresses']>; tz: string }): ReactElement {
  return (
    <details>
      <summary>All addresses</summary>
      <DataTable
        caption="Addresses from which HES came"
        rows={seen}
        keyOf={({ address, name }) => `${address} ${name}`}
        columns={[
          { title: 'Address', cell: ({ address }) => address },
          { title: 'Name', long: true, cell: ({ name }) => name ?? '–' },
          {
            title: 'Published',
            cell: ({ published, configured }) => (published ? 'yes' : configured ? 'configured' : 'no'),
          },
          { title: 'Met by', long: true, cell: ({ mtas }) => mtas.join(', ') },
          { title: 'Last', cell: ({ last_at }) => localText(last_at, tz) },
        ]}
      />
    </details>
  );
}
