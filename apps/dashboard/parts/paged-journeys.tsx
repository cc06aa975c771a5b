import { useState, type ReactElement } from 'react';
import type { Journeys } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint, type Query } from '../api/ask';
import { useAnswer } from '../api/use-answer';
import { JourneyTable } from './journey-table';
import { Empty, WhenReady } from './states';

interface PagedJourneysProps {
  caption: string;
  /** parameters of `journeys` without the cursor; null while there is no range to ask for */
  query: Query | null;
}

/** The journeys of a query, a page at a time. A cursor only leads onwards, so the way back is kept here. */
export function PagedJourneys({ caption, query }: PagedJourneysProps): ReactElement {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { addressWith } = useNavigation();
  // back to the first page when the reader asks something else, not when a range that ends now moves on
  const question = addressWith({});
  const [asked, setAsked] = useState(question);
  if (asked !== question) {
    setAsked(question);
    setCursors([]);
  }
  const cursor = cursors[cursors.length - 1];
  const journeys = useAnswer<Journeys>(query && endpoint('journeys', { ...query, cursor }));
  return (
    <WhenReady answer={journeys} what="the mail" height={400}>
      {(data) =>
        data.journeys.length === 0 ? (
          <Empty title="No mail matches">
            Write a Message-ID or an address in full, and see whether the range and the filters above leave it out.
          </Empty>
        ) : (
          <>
            <JourneyTable caption={caption} journeys={data.journeys} tz={data.tz} />
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
  );
}
