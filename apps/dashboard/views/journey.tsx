import { useState, type FormEvent, type ReactElement } from 'react';
import { PageLink, useNavigation } from '../address/navigation';
import { useScopeQuery } from '../api/live-store';
import { AccountPanel } from '../journey/account-panel';
import { Card } from '../parts/card';
import { Choice } from '../parts/choice';
import { PagedJourneys } from '../parts/paged-journeys';

const PAGE = 50;

/** One mail: found by Message-ID, address or filter, then told hop by hop. */
export function JourneyView(): ReactElement {
  const { details } = useNavigation().state;
  return (
    <div className="grid">
      <Search key={details.search ?? ''} />
      {details.message ? (
        <>
          <AccountPanel messageId={details.message} recipient={details.recipient} />
          <p>
            <PageLink to={{ details: { search: details.search } }}>To the list of mail in this range</PageLink>
          </p>
        </>
      ) : (
        <JourneyList />
      )}
    </div>
  );
}

function Search(): ReactElement {
  const { state, go } = useNavigation();
  const [text, setText] = useState(state.details.search ?? '');
  const search = (event: FormEvent): void => {
    event.preventDefault();
    go({ details: { sort: state.details.sort, search: text.trim() || undefined } });
  };
  return (
    <form className="search" role="search" onSubmit={search}>
      <label>
        Message-ID, or an address of sender or recipient, complete
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="20260302.4711@mail.example or alice@corp.example"
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <button className="primary">Search</button>
    </form>
  );
}

function JourneyList(): ReactElement {
  const { state, go } = useNavigation();
  const scope = useScopeQuery();
  const { search } = state.details;
  const sort = state.details.sort === 'time' ? 'time' : 'slowest';
  return (
    <Card
      title={search ? 'What was found' : 'Mail in this range'}
      aside={
        <Choice
          name="Order"
          options={[
            ['slowest', 'Slowest first'],
            ['time', 'By time'],
          ]}
          value={sort}
          onChoose={(value) => go({ details: { ...state.details, sort: value === 'time' ? 'time' : undefined } })}
        />
      }
    >
      <PagedJourneys caption="Journeys" query={scope && { ...scope, sort, search, limit: PAGE }} />
    </Card>
  );
}
