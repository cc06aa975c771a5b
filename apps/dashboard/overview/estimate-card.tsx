import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import { ESTIMATE_NOTE, ESTIMATE_TITLES, estimateRows } from '../../../libs/delay/in-flight/estimate-text';
import { type Segment } from '../../../libs/delay/report';
import type { Summary } from '../../../libs/http/api-types';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Card } from '../parts/card';
import { DataTable, type Column } from '../parts/data-table';
import { WhenReady } from '../parts/states';
import { SEGMENT_TITLES } from '../words/segment-names';

type Row = readonly [Segment, readonly string[]];

/** The figures with mail in flight counted in, and how far the shares could be off by mail of which nothing is known. */
export function EstimateCard(): ReactElement {
  const address = useScopedEndpoint('delays/summary', { segment: 'hes,downstream,total', estimate: 'true' });
  const summary = useAnswer<Summary>(address);
  return (
    <Card
      title="With mail in flight counted in"
      aside={summary.data && <span className="n">in flight: {countText(summary.data.in_flight.count)}</span>}
    >
      <WhenReady answer={summary} what="the estimates" height={140}>
        {({ estimates }) => <EstimateTable rows={estimates ? estimateRows({ estimates }) : []} />}
      </WhenReady>
    </Card>
  );
}

function EstimateTable({ rows }: { rows: readonly Row[] }): ReactElement {
  const columns: Column<Row>[] = [
    { title: 'segment', cell: ([segment]) => <span data-estimate={segment}>{SEGMENT_TITLES[segment]}</span> },
    ...ESTIMATE_TITLES.map((title, i): Column<Row> => ({ title, number: true, cell: ([, cells]) => cells[i] })),
  ];
  return (
    <>
      <DataTable caption="Estimates with mail in flight" columns={columns} rows={rows} keyOf={([segment]) => segment} />
      <p className="soft small">{ESTIMATE_NOTE}</p>
    </>
  );
}
