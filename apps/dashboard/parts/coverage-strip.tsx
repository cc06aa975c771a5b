import { type ReactElement, type ReactNode } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import { localText } from '../../../libs/delay/local-time';
import type { Coverage, InFlight } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';

interface CoverageStripProps {
  coverage: Coverage;
  inFlight: InFlight;
  tz: string;
}

/** What the figures rest on, beside every distribution: mail seen, matched and complete, mail still in flight, records not understood. */
export function CoverageStrip({ coverage, inFlight, tz }: CoverageStripProps): ReactElement {
  const { filters } = useNavigation().state;
  const found = `of ${countText(coverage.via_hes)}`;
  return (
    <section aria-label="Coverage" className="card strip-card">
      <dl className="strip">
        <Item title="Journeys" name="journeys" count={coverage.journeys} />
        <Item title="Passed HES" name="via_hes" count={coverage.via_hes}>
          not {countText(coverage.not_via_hes)}, unknown {countText(coverage.unknown)}
        </Item>
        <Item title="Found again after HES" name="matched_downstream" count={coverage.matched_downstream}>
          {found}
        </Item>
        <Item title="Complete" name="complete" count={coverage.complete}>
          relayed beyond our logs {countText(coverage.relayed)}
        </Item>
        <Item title="In flight" name="in_flight" count={inFlight.count}>
          {inFlight.count === 0 ? (
            'none'
          ) : (
            <>
              in no figure here, the oldest since {localText(inFlight.oldest_at, tz)}.{' '}
              <PageLink to={{ view: 'journey', filters: { ...filters, state: ['in_flight'] } }}>Which?</PageLink>
            </>
          )}
        </Item>
        <Item title="Records not understood" name="rejected_records" count={coverage.rejected_records}>
          {coverage.rejected_records > 0 ? <PageLink to={{ view: 'input' }}>Why?</PageLink> : 'in all inputs'}
        </Item>
      </dl>
    </section>
  );
}

interface ItemProps {
  title: string;
  name: string;
  count: number;
  children?: ReactNode;
}

function Item({ title, name, count, children }: ItemProps): ReactElement {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span data-coverage={name}>{countText(count)}</span> {children && <span className="n wrap">{children}</span>}
      </dd>
    </div>
  );
}
