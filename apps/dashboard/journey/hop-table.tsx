import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import { DataTable, type Column } from '../parts/data-table';
import { Duration } from '../parts/duration';
import { exactText, secondText } from '../words/moment-text';
import { type WaterfallRow } from './waterfall-rows';

const PART_NAMES = {
  before_queue: 'before its queue',
  in_queue: 'in its queue',
  connect: 'connecting',
  transmit: 'handing over',
} as const;

/** The hops of a journey as a table: when each took the mail, when it let go, how long it had it and what it says about that. */
export function HopTable({ rows, tz }: { rows: readonly WaterfallRow[]; tz: string }): ReactElement {
  const time = (iso: string | null): ReactElement => (
    <span title={iso === null ? undefined : exactText(iso, tz)}>{secondText(iso, tz)}</span>
  );
  const columns: Column<WaterfallRow>[] = [
    { title: 'hop', cell: (row) => row.name },
    { title: 'queue id', cell: (row) => <code>{row.hop?.queue_id ?? '–'}</code> },
    { title: `received (${tz})`, cell: (row) => time(row.received_at) },
    { title: `relayed or delivered (${tz})`, cell: (row) => time(row.relayed_at) },
    { title: 'dwell', number: true, cell: (row) => <Duration ms={row.dwell_ms} /> },
    { title: 'transfer', number: true, cell: (row) => <Duration ms={row.hop?.transfer_ms ?? null} /> },
    { title: 'deferrals', number: true, cell: (row) => countText(row.hop?.deferrals ?? row.marks.length) },
    {
      title: 'its own account of the dwell',
      cell: ({ hop }) => {
        if (!hop?.parts_ms) return <span className="soft">–</span>;
        const parts = Object.entries(hop.parts_ms) as [keyof typeof PART_NAMES, number | null][];
        return parts
          .filter(([, ms]) => ms !== null)
          .map(([part, ms], index) => (
            <span key={part}>
              {index > 0 && ', '}
              {PART_NAMES[part]} <Duration ms={ms} />
            </span>
          ));
      },
    },
    { title: 'reply', long: true, cell: (row) => row.hop?.smtp_reply ?? <span className="soft">–</span> },
  ];
  return (
    <DataTable caption="Hops of this journey" columns={columns} rows={rows} keyOf={(row, at) => `${at} ${row.name}`} />
  );
}
