import { storeJourneys, type StoredJourney } from '../../libs/delay/journeys.fixture';
import type { Store } from '../../libs/store/store';

const at = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`);
const A = '2026-03-02 10:00:00.000';
const B = '2026-03-02 10:20:00.000';
const C = '2026-03-02 10:40:00.000';

/** Three mails of one hour with all numbers, one that is still on its way, and one that did not pass HES. Answers about them are computed by hand. */
const JOURNEYS: readonly StoredJourney[] = [
  {
    id: 1,
    message_id: 'a@one.example',
    sender: 's@one.example',
    recipient: 'ann@corp.example',
    verdict: 'none',
    first_event_at: A,
    hes_received_at: A,
    released_by: 'tracking',
    ...{ hes_ms: 3000, hes_processing_ms: 3000, hes_waiting_ms: 0, downstream_ms: 2000, total_ms: 5000 },
    hops: [
      { mta: 'hes', segment: 'hes', queue_id: '', received_ms: at(A), dwell_ms: 3000 },
      { mta: 'mx1', queue_id: 'Q1', received_ms: at(A) + 3100, dwell_ms: 1900, transfer_ms: 100 },
    ],
  },
  {
    id: 2,
    message_id: 'b@two.example',
    sender: 's@two.example',
    recipient: 'bob@corp.example',
    verdict: 'downstream:mx1',
    first_event_at: B,
    hes_received_at: B,
    released_by: 'tracking',
    ...{ hes_ms: 5000, hes_processing_ms: 5000, hes_waiting_ms: 0, downstream_ms: 60_000, total_ms: 65_000 },
    hops: [
      { mta: 'hes', segment: 'hes', queue_id: '', received_ms: at(B), dwell_ms: 5000 },
      { mta: 'mx1', queue_id: 'Q2', received_ms: at(B) + 5100, dwell_ms: 59_900, transfer_ms: 100, deferrals: 2 },
    ],
  },
  {
    id: 3,
    message_id: "o'c@two.example",
    sender: 's@two.example',
    recipient: 'ann@corp.example',
    verdict: 'hes_waiting_on_downstream',
    first_event_at: C,
    hes_received_at: C,
    released_by: 'tracking',
    ...{ hes_ms: 400_000, hes_processing_ms: 1000, hes_waiting_ms: 399_000, downstream_ms: 1000, total_ms: 401_000 },
    hops: [
      { mta: 'hes', segment: 'hes', queue_id: '', received_ms: at(C), dwell_ms: 400_000 },
      { mta: 'mx2', queue_id: 'Q3', received_ms: at(C) + 399_950, dwell_ms: 1050, transfer_ms: -50 },
    ],
  },
  {
    id: 4,
    message_id: 'd@one.example',
    sender: 's@one.example',
    recipient: 'bob@corp.example',
    state: 'in_flight',
    first_event_at: '2026-03-03 09:00:00.000',
    hes_received_at: '2026-03-03 09:00:00.000',
  },
  {
    id: 5,
    message_id: 'e@corp.example',
    sender: 'eve@corp.example',
    recipient: 'ann@corp.example',
    via_hes: 'no',
    verdict: 'not_via_hes',
    first_event_at: '2026-03-03 09:30:00.000',
  },
];

export const storeFiveJourneys = (store: Store): Promise<void> => storeJourneys(store, JOURNEYS);
