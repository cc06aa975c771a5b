import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import { SEGMENTS, type Segment } from '../../../libs/delay/report';
import type { SegmentFigures, Summary } from '../../../libs/http/api-types';
import { DataTable, type Column } from '../parts/data-table';
import { Duration, Share } from '../parts/duration';
import { limitText } from '../words/moment-text';
import { SEGMENT_TITLES } from '../words/segment-names';

type Row = SegmentFigures & { segment: Segment };

const QUANTILES = [
  ['p50', 'p50_ms'],
  ['p75', 'p75_ms'],
  ['p90', 'p90_ms'],
  ['p95', 'p95_ms'],
  ['p99', 'p99_ms'],
  ['p99.9', 'p999_ms'],
  ['max', 'max_ms'],
] as const;

/** Every figure of every segment. */
export function SegmentTable({ segments }: { segments: Summary['segments'] }): ReactElement {
  const rows = SEGMENTS.flatMap((segment): Row[] => {
    const figures = segments[segment];
    return figures ? [{ ...figures, segment }] : [];
  });
  const limits = Object.keys(rows[0]?.share_under ?? {});
  const columns: Column<Row>[] = [
    {
      title: 'segment',
      cell: ({ segment }) => (
        <span className={`segment-${segment}`} data-row={segment}>
          <span className={`key ${segment === 'hes_waiting' ? 'hatched' : ''}`} aria-hidden="true" />
          {SEGMENT_TITLES[segment]}
        </span>
      ),
    },
    { title: 'n', number: true, cell: ({ count }) => countText(count) },
    { title: 'mean', number: true, cell: ({ mean_ms }) => <Duration ms={mean_ms} /> },
    ...QUANTILES.map(([title, name]): Column<Row> => ({
      title,
      number: true,
      cell: (row) => <Duration ms={row[name]} />,
    })),
    ...limits.map((limit): Column<Row> => ({
      title: `< ${limitText(Number(limit))}`,
      number: true,
      cell: ({ share_under }) => <Share share={share_under[limit]} />,
    })),
  ];
  return <DataTable caption="Figures of all segments" columns={columns} rows={rows} keyOf={({ segment }) => segment} />;
}
