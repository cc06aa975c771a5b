import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { storeJourneys } from './journeys.fixture';
import { paretoText } from './pareto-text';
import { ParetoService } from './pareto.service';

let place: TemporaryStore;

beforeAll(async () => {
  place = await openTemporaryStore();
  const journey = (id: number, at: string, recipient: string, verdict: string, total_ms: number) => ({
    id,
    first_event_at: `${at}.000`,
    recipient,
    verdict,
    total_ms,
  });
  await storeJourneys(place.store, [
    journey(1, '2026-03-02 10:00:00', 'a@corp.example', 'none', 10_000),
    journey(2, '2026-03-02 10:00:00', 'a@corp.example', 'hes_processing', 100_000),
    journey(3, '2026-03-02 10:00:00', 'b@shop.example', 'downstream:mx1', 300_000),
    // In Berlin this is April already.
    journey(4, '2026-03-31 22:30:00', 'a@corp.example', 'downstream:mx1', 400_000),
    journey(5, '2026-04-02 10:00:00', 'a@corp.example', 'hes_waiting_on_downstream', 190_000),
    { id: 6, first_event_at: '2026-04-02 10:00:00.000', recipient: 'a@corp.example', state: 'in_flight' },
    { id: 7, first_event_at: '2026-04-02 10:00:00.000', recipient: 'c@new.example', verdict: 'not_via_hes' },
  ]);
});
afterAll(() => place.close());

const cause = (verdict: string, journeys: number, delay_ms: number, share: number, cumulated: number) => ({
  verdict,
  journeys,
  delay_ms,
  share_of_delay: share,
  cumulated_share: cumulated,
});

describe('ParetoService', () => {
  it('ranks causes by their share of all delay, of everything, per month and per domain', async () => {
    expect(await new ParetoService(place.store).pareto({}, 'UTC')).toEqual({
      // 10 + 100 + 300 + 400 + 190 s; what has no total has no part
      journeys: 5,
      delay_ms: 1_000_000,
      causes: [
        cause('downstream:mx1', 2, 700_000, 0.7, 0.7),
        cause('hes_waiting_on_downstream', 1, 190_000, 0.19, 0.89),
        cause('hes_processing', 1, 100_000, 0.1, 0.99),
      ],
      months: [
        {
          at: '2026-03-01T00:00:00.000Z',
          journeys: 4,
          delay_ms: 810_000,
          causes: [
            cause('downstream:mx1', 2, 700_000, 700 / 810, 700 / 810),
            cause('hes_processing', 1, 100_000, 100 / 810, 800 / 810),
          ],
        },
        {
          at: '2026-04-01T00:00:00.000Z',
          journeys: 1,
          delay_ms: 190_000,
          causes: [cause('hes_waiting_on_downstream', 1, 190_000, 1, 1)],
        },
      ],
      domains: [
        {
          recipient_domain: 'corp.example',
          journeys: 4,
          delay_ms: 700_000,
          causes: [
            cause('downstream:mx1', 1, 400_000, 4 / 7, 4 / 7),
            cause('hes_waiting_on_downstream', 1, 190_000, 19 / 70, 59 / 70),
            cause('hes_processing', 1, 100_000, 1 / 7, 69 / 70),
          ],
        },
        {
          recipient_domain: 'shop.example',
          journeys: 1,
          delay_ms: 300_000,
          causes: [cause('downstream:mx1', 1, 300_000, 1, 1)],
        },
      ],
    });
  });

  it('begins months in the zone, and heeds filters', async () => {
    const { months, delay_ms } = await new ParetoService(place.store).pareto(
      { recipient_domain: ['corp.example'], verdict: ['downstream'] },
      'Europe/Berlin',
    );
    expect(delay_ms).toBe(400_000);
    expect(months.map(({ at, journeys }) => [at, journeys])).toEqual([['2026-03-31T22:00:00.000Z', 1]]);
  });

  it('has no causes where there is no mail', async () => {
    const pareto = await new ParetoService(place.store).pareto({ from: 0, to: 1 }, 'UTC');
    expect(pareto).toEqual({ journeys: 0, delay_ms: 0, causes: [], months: [], domains: [] });
    expect(paretoText({ pareto, tz: 'UTC' })).toBe('');
  });

  it('says it in words', async () => {
    const pareto = await new ParetoService(place.store).pareto({}, 'UTC');
    expect(paretoText({ pareto, tz: 'UTC' }))
      .toBe(`late mail                    journeys        delay  of all delay  together
───────────────────────────  ────────  ───────────  ────────────  ────────
slow at mx1                         2  11 min 40 s        70.0 %    70.0 %
HES waited for the next MTA         1   3 min 10 s        19.0 %    89.0 %
HES itself                          1   1 min 40 s        10.0 %    99.0 %

month    journeys        delay  of it in late mail
───────  ────────  ───────────  ─────────────────────────────────────
2026-03         4  13 min 30 s  slow at mx1 86.4 %, HES itself 12.3 %
2026-04         1   3 min 10 s  HES waited for the next MTA 100 %

to            journeys        delay  of it in late mail
────────────  ────────  ───────────  ─────────────────────────────────────────────────────────────────────────
corp.example         4  11 min 40 s  slow at mx1 57.1 %, HES waited for the next MTA 27.1 %, HES itself 14.3 %
shop.example         1    5 min 0 s  slow at mx1 100 %
`);
  });
});
