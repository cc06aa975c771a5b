import { useState, type FormEvent, type ReactElement } from 'react';
import type { Journeys } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { AccountPanel } from '../journey/account-panel';
import { Card } from '../parts/card';
import { Choice } from '../parts/choice';
import { JourneyTable } from '../parts/journey-table';
import { Empty, WhenReady } from '../parts/states';

const PAGE = 50;

/** One mail: found by Message-ID, address or filter, then told hop by hop. */
export function JourneyView(): ReactElement {
  const { details } = useNavigation().state;
  return (
    <div className="grid">
      <Search key={details.search ?? ''} />
      {details.message && <AccountPanel messageId={details.message} recipient={details.recipient} />}
      <JourneyList />
    </div>
  );
}

function Search(): ReactElement {
  const { state, go } = useNavigation();
  const [text, setText] = useState(state.details.search ?? '');
  const search = (event: FormEvent): void => {
    event.preventDefault();
    go({ details: { by: state.details.by, search: text.trim() || undefined } });
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
  const { search, by } = state.details;
  const sort = by === 'time' ? 'time' : 'slowest';
  // a page after the first is reached by its cursor; the way back is kept here, since a cursor only leads onwards
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const first = useScopedEndpoint('journeys', { sort, search, limit: PAGE });
  const [asked, setAsked] = useState(first);
  if (asked !== first) {
    setAsked(first);
    setCursors([]);
  }
  const here = useScopedEndpoint('journeys', { sort, search, limit: PAGE, cursor: cursors[cursors.length - 1] });
  const journeys = useAnswer<Journeys>(here);
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
          onChoose={(value) => go({ details: { ...state.details, by: value === 'time' ? 'time' : undefined } })}
        />
      }
    >
      <WhenReady answer={journeys} what="the mail" height={400}>
        {(data) =>
          data.journeys.length === 0 ? (
            <Empty title="No mail matches">
              Write the Message-ID or the address in full, and see whether the range and the filters above leave it out.
            </Empty>
          ) : (
            <>
              <JourneyTable caption="Journeys" journeys={data.journeys} tz={data.tz} />
              <div className="fields after">
                {cursors.length > 0 && (
                  <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
                    Page before
                  </button>
                )}
                {data.next_cursor && (
                  <button type="button" onClick={() => setCursors([...cursors, data.next_cursor as string])}>
                    Next page
                  </button>
                )}
              </div>
            </>
          )
        }
      </WhenReady>
    </Card>
  );
}
