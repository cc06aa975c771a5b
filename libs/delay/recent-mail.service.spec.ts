import { QueryPool } from '../store/query-pool';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { storeJourneys } from './journeys.fixture';
import { RecentMailService } from './recent-mail.service';

const NOW = Date.parse('2026-03-10T12:00:00Z');
let temporary: TemporaryStore;
let pool: QueryPool;

beforeAll(async () => {
  temporary = await openTemporaryStore();
  pool = new QueryPool(temporary.store);
});
afterAll(async () => {
  await pool.close();
  await temporary.close();
});

it('says of an empty store that nothing is known', async () => {
  const mail = await new RecentMailService(pool).at(NOW);
  expect(mail.segments.hes).toMatchObject({ count: 0, p95_ms: null });
  expect(mail).toMatchObject({ journeys: 0, verdicts: {}, inFlight: { count: 0, oldest_at: null }, newestAt: null });
});

it('tells of mail of the last hour, of what is in flight for up to five days, and when the newest was', async () => {
  const hes = (seconds: number): object => ({
    hes_ms: seconds * 1000,
    hes_processing_ms: seconds * 1000,
    verdict: seconds > 60 ? 'hes_processing' : 'none',
  });
  await storeJourneys(temporary.store, [
    // five days and a millisecond ago, and exactly five days ago
    { id: 1, first_event_at: '2026-03-05 11:59:59.999', state: 'in_flight' },
    { id: 2, first_event_at: '2026-03-05 12:00:00.000', state: 'in_flight' },
    { id: 3, first_event_at: '2026-03-10 10:59:59.999', ...hes(900) },
    { id: 4, first_event_at: '2026-03-10 11:00:00.000', ...hes(2) },
    { id: 5, first_event_at: '2026-03-10 11:30:00.000', ...hes(59) },
    { id: 6, first_event_at: '2026-03-10 11:45:00.000', ...hes(400) },
    { id: 7, first_event_at: '2026-03-10 11:59:59.999', state: 'in_flight' },
    // by a clock that is ahead
    { id: 8, first_event_at: '2026-03-10 12:00:00.000', ...hes(5000) },
  ]);
  const mail = await new RecentMailService(pool).at(NOW);
  expect(mail.journeys).toBe(4);
  expect(mail.verdicts).toEqual({ none: 2, hes_processing: 1 });
  // of 2, 59 and 400 s
  expect(mail.segments.hes).toMatchObject({
    count: 3,
    p50_ms: 59_000,
    p95_ms: 400_000,
    share_under: { '60000': 2 / 3, '300000': 2 / 3, '600000': 1 },
  });
  expect(mail.segments.downstream.count).toBe(0);
  expect(mail.inFlight).toEqual({ count: 2, oldest_at: '2026-03-05T12:00:00.000Z' });
  expect(mail.newestAt).toBe('2026-03-10T11:59:59.999Z');
});
