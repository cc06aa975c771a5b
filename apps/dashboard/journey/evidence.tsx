import { type ReactElement } from 'react';
import type { JourneyEvent } from '../../../libs/delay/journey';
import { DataTable, type Column } from '../parts/data-table';
import { exactText, secondText } from '../words/moment-text';

/** Every trace event of a journey with the file and line that holds it: the proof. */
export function Evidence({ events, tz }: { events: readonly JourneyEvent[]; tz: string }): ReactElement {
  const columns: Column<JourneyEvent>[] = [
    {
      title: `time (${tz})`,
      cell: ({ event_time }) => <span title={exactText(event_time, tz)}>{secondText(event_time, tz)}</span>,
    },
    { title: 'MTA', cell: ({ mta }) => mta ?? '–' },
    { title: 'kind', cell: ({ kind }) => <KindOf kind={kind} /> },
    { title: 'queue id', cell: ({ queue_id }) => (queue_id ? <code>{queue_id}</code> : '–') },
    { title: 'next MTA', cell: ({ next_mta }) => next_mta ?? '–' },
    { title: 'reply', long: true, cell: ({ smtp_reply }) => smtp_reply ?? <span className="soft">–</span> },
    {
      title: 'file and line',
      long: true,
      cell: ({ file, line }) => (
        <code data-evidence title={`${file}:${line}`}>
          {file.split('/').slice(-2).join('/')}:{line}
        </code>
      ),
    },
  ];
  return (
    <DataTable
      caption="Trace events with file and line"
      columns={columns}
      rows={events}
      keyOf={(event, at) => `${at} ${event.file}:${event.line}`}
    />
  );
}

function KindOf({ kind }: { kind: string }): ReactElement {
  const bad = kind === 'deferred' || kind === 'rejected' || kind === 'bounced' || kind === 'expired';
  return bad ? <strong className="bad">▲ {kind}</strong> : <>{kind}</>;
}
