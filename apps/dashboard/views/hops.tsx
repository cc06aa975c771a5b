import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { CoverageAnswer, HopFigures, Hops } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { PathPicture } from '../hops/path-picture';
import { Card } from '../parts/card';
import { CoverageStrip } from '../parts/coverage-strip';
import { DataTable, type Column } from '../parts/data-table';
import { Duration, Share, ShareTrack } from '../parts/duration';
import { NothingInRange } from '../parts/nothing-in-range';
import { WhenReady } from '../parts/states';

/** Where the time went, MTA by MTA. */
export function HopsView(): ReactElement {
  const hops = useAnswer<Hops>(useScopedEndpoint('hops'));
  const coverage = useAnswer<CoverageAnswer>(useScopedEndpoint('coverage'));
  if (coverage.data?.coverage.journeys === 0) return <NothingInRange />;
  return (
    <div className="grid">
      <WhenReady answer={coverage} what="the coverage" height={70}>
        {(data) => <CoverageStrip coverage={data.coverage} inFlight={data.in_flight} tz={data.tz} />}
      </WhenReady>
      <WhenReady answer={hops} what="the hops" height={480}>
        {(data) => (
          <div className="grid">
            <Card
              title="The way of the mail"
              aside={<span className="soft small">lines: journeys; bars: share of the total delay</span>}
            >
              <PathPicture hops={data} />
            </Card>
            <Card
              title="HES and the MTAs after it"
              aside={<span className="soft small">dwell: time inside one MTA</span>}
            >
              <HopTable hops={data} />
            </Card>
            <Card
              title="From one to the next"
              aside={<span className="soft small">a transfer is close to 0 where the clocks agree</span>}
            >
              <LinkTable links={data.links} />
            </Card>
          </div>
        )}
      </WhenReady>
    </div>
  );
}

type Row = Pick<
  HopFigures,
  'mta' | 'product' | 'count' | 'p50_ms' | 'p95_ms' | 'p99_ms' | 'sum_ms' | 'share_of_total'
> & {
  deferrals: number | null;
  share_of_downstream: number | null;
};

function HopTable({ hops }: { hops: Hops }): ReactElement {
  const { filters } = useNavigation().state;
  const rows: Row[] = [
    { ...hops.hes, mta: 'hes', product: null, deferrals: null, share_of_downstream: null },
    ...hops.hops,
  ];
  const columns: Column<Row>[] = [
    {
      title: 'MTA',
      cell: ({ mta, product }) => (
        <span className={`segment-${mta === 'hes' ? 'hes' : 'downstream'}`} data-hop={mta}>
          <span className="key" aria-hidden="true" />
          {mta === 'hes' ? (
            'HES'
          ) : (
            <PageLink to={{ view: 'journey', filters: { ...filters, mta: [mta] } }}>{mta}</PageLink>
          )}{' '}
          {product && <span className="soft small">{product}</span>}
        </span>
      ),
    },
    { title: 'n', number: true, cell: ({ count }) => countText(count) },
    { title: 'p50', number: true, cell: ({ p50_ms }) => <Duration ms={p50_ms} /> },
    { title: 'p95', number: true, cell: ({ p95_ms }) => <Duration ms={p95_ms} /> },
    { title: 'p99', number: true, cell: ({ p99_ms }) => <Duration ms={p99_ms} /> },
    { title: 'deferrals', number: true, cell: ({ deferrals }) => (deferrals === null ? '–' : countText(deferrals)) },
    { title: 'all of it together', number: true, cell: ({ sum_ms }) => <Duration ms={sum_ms} /> },
    { title: 'share after HES', number: true, cell: (row) => <Share share={row.share_of_downstream} /> },
    {
      title: 'share of total delay',
      number: true,
      cell: ({ mta, share_of_total }) => (
        <span className={`stack segment-${mta === 'hes' ? 'hes' : 'downstream'}`}>
          <Share share={share_of_total} />
          <ShareTrack share={share_of_total} />
        </span>
      ),
    },
  ];
  return <DataTable caption="HES and the MTAs after it" columns={columns} rows={rows} keyOf={({ mta }) => mta} />;
}

type Link = Hops['links'][number];

function LinkTable({ links }: { links: Hops['links'] }): ReactElement {
  const columns: Column<Link>[] = [
    { title: 'from', cell: ({ mta }) => (mta === 'hes' ? 'HES' : mta) },
    { title: 'to', cell: ({ next_mta }) => next_mta ?? <span className="soft">the journey ends here</span> },
    { title: 'n', number: true, cell: ({ journeys }) => countText(journeys) },
    { title: 'transfer p50', number: true, cell: (link) => <Duration ms={link.transfer_p50_ms} /> },
    { title: 'transfer p95', number: true, cell: (link) => <Duration ms={link.transfer_p95_ms} /> },
  ];
  return (
    <DataTable
      caption="From one MTA to the next"
      columns={columns}
      rows={links}
      keyOf={({ mta, next_mta }) => `${mta} ${next_mta}`}
    />
  );
}
