import { type ReactElement } from 'react';
import { countText, durationText, shareText } from '../../../libs/delay/duration-text';
import { localTime } from '../../../libs/delay/local-time';
import type { ParetoCause, ParetoFigures } from '../../../libs/delay/pareto';
import { verdictText } from '../../../libs/delay/verdict';
import type { Pareto } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Card } from '../parts/card';
import { DataTable } from '../parts/data-table';
import { ShareTrack } from '../parts/duration';
import { Empty, WhenReady } from '../parts/states';

/** What the delay is made of: causes of late mail by their share of all delay, each a link to its mail; the same per month and domain. */
export function ParetoCard(): ReactElement {
  const pareto = useAnswer<Pareto>(useScopedEndpoint('delays/pareto'));
  return (
    <Card
      title="What the delay is made of"
      aside={pareto.data && <span className="n">all delay: {durationText(pareto.data.delay_ms)}</span>}
    >
      <WhenReady answer={pareto} what="the causes" height={200}>
        {(data) =>
          data.causes.length === 0 ? (
            <Empty title="No mail was late">No part of a way took longer than the threshold.</Empty>
          ) : (
            <Causes pareto={data} />
          )
        }
      </WhenReady>
    </Card>
  );
}

function Causes({ pareto }: { pareto: Pareto }): ReactElement {
  const { months, domains, tz } = pareto;
  return (
    <>
      <CauseTable causes={pareto.causes} />
      {months.length > 1 && (
        <GroupTable
          title="By month"
          groups={months.map((month) => ({ name: localTime(month.at, tz).day.slice(0, 7), ...month }))}
        />
      )}
      {domains.length > 1 && (
        <GroupTable
          title="By recipient domain"
          groups={domains.map((domain) => ({ name: domain.recipient_domain, ...domain }))}
        />
      )}
    </>
  );
}

function CauseTable({ causes }: { causes: readonly ParetoCause[] }): ReactElement {
  const { state } = useNavigation();
  return (
    <DataTable
      caption="Causes by share of all delay"
      rows={causes}
      keyOf={({ verdict }) => verdict}
      columns={[
        {
          title: 'Cause',
          cell: ({ verdict }) => (
            <PageLink to={{ view: 'journey', filters: { ...state.filters, verdict: [verdict] } }}>
              {verdictText(verdict)}
            </PageLink>
          ),
        },
        { title: 'Journeys', number: true, cell: ({ journeys }) => countText(journeys) },
        { title: 'Delay', number: true, cell: ({ delay_ms }) => durationText(delay_ms) },
        { title: 'Of all delay', number: true, cell: ({ share_of_delay }) => shareText(share_of_delay) },
        {
          title: 'Together',
          number: true,
          cell: ({ cumulated_share }) => (
            <>
              {shareText(cumulated_share)} <ShareTrack share={cumulated_share} />
            </>
          ),
        },
      ]}
    />
  );
}

type Group = ParetoFigures & { readonly name: string };

/** One row per group and cause. */
function GroupTable({ title, groups }: { title: string; groups: readonly Group[] }): ReactElement {
  const rows = groups.flatMap(({ name, causes }) => causes.map((cause) => ({ name, ...cause })));
  return (
    <details>
      <summary>{title}</summary>
      <DataTable
        caption={`Causes ${title.toLowerCase()}`}
        rows={rows}
        keyOf={({ name, verdict }) => `${name} ${verdict}`}
        columns={[
          { title: title.replace('By ', ''), cell: ({ name }) => name },
          { title: 'Cause', cell: ({ verdict }) => verdictText(verdict) },
          { title: 'Journeys', number: true, cell: ({ journeys }) => countText(journeys) },
          { title: 'Delay', number: true, cell: ({ delay_ms }) => durationText(delay_ms) },
          { title: 'Of its delay', number: true, cell: ({ share_of_delay }) => shareText(share_of_delay) },
        ]}
      />
    </details>
  );
}
