import { type ReactElement } from 'react';
import type { Journeys } from '../../../libs/http/api-types';
import { PageLink } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Card } from '../parts/card';
import { JourneyTable } from '../parts/journey-table';
import { WhenReady } from '../parts/states';

/** The mail that took longest, each a link to its account. */
export function SlowestCard(): ReactElement {
  const slowest = useAnswer<Journeys>(useScopedEndpoint('journeys', { sort: 'slowest', limit: 5 }));
  return (
    <Card title="Slowest mail" aside={<PageLink to={{ view: 'journey' }}>All of it</PageLink>}>
      <WhenReady answer={slowest} what="the slowest mail" height={200}>
        {({ journeys, tz }) => <JourneyTable caption="Slowest mail" journeys={journeys} tz={tz} />}
      </WhenReady>
    </Card>
  );
}
