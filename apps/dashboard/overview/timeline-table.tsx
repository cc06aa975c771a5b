import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { Timeline, TimelinePoint } from '../../../libs/http/api-types';
import { DataTable, type Column } from '../parts/data-table';
import { Duration } from '../parts/duration';
import { intervalText } from '../words/moment-text';
import { SEGMENT_TITLES } from '../words/segment-names';

/** The time line in figures. */
export function TimelineTable({ timeline }: { timeline: Timeline }): ReactElement {
  const columns: Column<TimelinePoint>[] = [
    { title: `${timeline.interval} (${timeline.tz})`, cell: ({ at }) => intervalText(at, timeline) },
    { title: 'segment', cell: ({ segment }) => SEGMENT_TITLES[segment] },
    { title: 'n', number: true, cell: ({ count }) => countText(count) },
    { title: 'mean', number: true, cell: ({ mean_ms }) => <Duration ms={mean_ms} /> },
    { title: 'p50', number: true, cell: ({ p50_ms }) => <Duration ms={p50_ms} /> },
    { title: 'p95', number: true, cell: ({ p95_ms }) => <Duration ms={p95_ms} /> },
    { title: 'p99', number: true, cell: ({ p99_ms }) => <Duration ms={p99_ms} /> },
    { title: 'max', number: true, cell: ({ max_ms }) => <Duration ms={max_ms} /> },
  ];
  return (
    <DataTable
      caption="Time line in figures"
      columns={columns}
      rows={timeline.points}
      keyOf={({ at, segment }) => `${at} ${segment}`}
    />
  );
}
