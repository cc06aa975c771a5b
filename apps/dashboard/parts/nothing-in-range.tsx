import { type ReactElement } from 'react';
import { FILTER_NAMES } from '../../../libs/delay/journey-filter';
import { PageLink, useNavigation } from '../address/navigation';
import { useLiveStore } from '../api/live-store';
import { rangeText } from '../words/moment-text';
import { Empty } from './states';

/** The range and filters match no mail: what the store does hold, and a way there. */
export function NothingInRange(): ReactElement {
  const { state } = useNavigation();
  const { range } = useLiveStore();
  const filtered = FILTER_NAMES.some((name) => state.filters[name]);
  const held = range?.from && range.to ? rangeText(range.from, range.to, state.tz) : null;
  return (
    <Empty title={filtered ? 'No mail matches the range and filters' : 'No mail in this range'}>
      {held && <p>The store holds mail from {held}.</p>}
      <p className="fields after">
        <PageLink to={{ range: { named: 'all' } }} className="button">
          Show everything
        </PageLink>
        {filtered && (
          <PageLink to={{ filters: {} }} className="button">
            Without filters
          </PageLink>
        )}
      </p>
    </Empty>
  );
}
