import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { Inputs } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { DataTable, type Column } from '../parts/data-table';
import { exactText, secondText } from '../words/moment-text';

type Input = Inputs['inputs'][number];

/** Each file that was read, with its books: records = parsed + skipped + rejected. */
export function InputTable({ inputs }: { inputs: readonly Input[] }): ReactElement {
  const { tz } = useNavigation().state;
  const columns: Column<Input>[] = [
    { title: 'input', long: true, cell: ({ path }) => path },
    { title: 'format', cell: ({ format }) => format },
    { title: 'records', number: true, cell: ({ records }) => countText(records) },
    { title: 'parsed', number: true, cell: ({ parsed }) => countText(parsed) },
    { title: 'skipped', number: true, cell: ({ skipped }) => countText(skipped) },
    {
      title: 'rejected',
      number: true,
      cell: ({ rejected }) =>
        rejected > 0 ? <strong className="bad">▲ {countText(rejected)}</strong> : countText(rejected),
    },
    { title: 'events', number: true, cell: ({ events }) => countText(events) },
    {
      title: `read (${tz})`,
      cell: ({ ingested_at }) => <span title={exactText(ingested_at, tz)}>{secondText(ingested_at, tz)}</span>,
    },
    {
      title: 'state',
      long: true,
      cell: ({ state, correlated, problem }) =>
        problem ??
        (state === 'reading' ? 'being read' : correlated ? 'in the figures' : 'read, not in the figures yet'),
    },
  ];
  return <DataTable caption="Inputs" columns={columns} rows={inputs} keyOf={({ input_id }) => input_id} />;
}
