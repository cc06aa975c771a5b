import { type ReactElement } from 'react';
import { verdictText } from '../../../libs/delay/verdict';
import type { JourneyWithHops } from '../../../libs/http/api-types';
import { PageLink } from '../address/navigation';
import { secondText } from '../words/moment-text';
import { DataTable, type Column } from './data-table';
import { Duration } from './duration';

interface JourneyTableProps {
  caption: string;
  journeys: readonly JourneyWithHops[];
  tz: string;
}

/** A list of journeys; each opens its account. */
export function JourneyTable({ caption, journeys, tz }: JourneyTableProps): ReactElement {
  const columns: Column<JourneyWithHops>[] = [
    { title: 'message', long: true, cell: (journey) => <MessageLink journey={journey} /> },
    { title: 'recipient', cell: ({ recipient }) => recipient ?? '–' },
    { title: `first seen (${tz})`, cell: (journey) => secondText(firstSeen(journey), tz) },
    { title: 'state', cell: ({ state }) => state?.replaceAll('_', ' ') ?? '–' },
    { title: 'held by HES', number: true, cell: ({ hes_ms }) => <Duration ms={hes_ms} /> },
    { title: 'after HES', number: true, cell: ({ downstream_ms }) => <Duration ms={downstream_ms} /> },
    { title: 'total', number: true, cell: ({ total_ms }) => <Duration ms={total_ms} /> },
    { title: 'why late', cell: ({ verdict }) => (verdict === 'none' ? 'not late' : verdictText(verdict)) },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={journeys}
      keyOf={(journey, at) => `${at} ${journey.message_id} ${journey.recipient}`}
    />
  );
}

function MessageLink({ journey: { message_id, recipient } }: { journey: JourneyWithHops }): ReactElement {
  if (message_id === null) return <span className="soft">without Message-ID</span>;
  return (
    <PageLink to={{ view: 'journey', details: { message: message_id, recipient: recipient ?? undefined } }}>
      {message_id}
    </PageLink>
  );
}

const firstSeen = ({ hes_received_at, hops, delivered_at }: JourneyWithHops): string | null =>
  hes_received_at ?? hops[0]?.received_at ?? delivered_at;
