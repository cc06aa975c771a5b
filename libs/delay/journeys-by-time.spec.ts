import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { JourneyService } from './journey.service';
import { storeJourneys, type StoredJourney } from './journeys.fixture';
import { isByTime, journeysByTime } from './journeys-by-time';

let temporary: TemporaryStore;
beforeAll(async () => {
  temporary = await openTemporaryStore();
  // in two parts of the table, the later ones first, with many in the same millisecond
  for (const part of [1, 0])
    await storeJourneys(
      temporary.store,
      Array.from({ length: 60 }, (_, n) => journey(2 * n + part)),
    );
});
afterAll(() => temporary.close());

/** Seven to a millisecond; every third one is late. */
const journey = (id: number): StoredJourney => ({
  id,
  first_event_at: `2026-03-02 10:00:00.${String(Math.floor(id / 7)).padStart(3, '0')}`,
  message_id: `m${id}@sender.example`,
  recipient: `r${id % 2}@${id % 5 ? 'corp' : 'other'}.example`,
  total_ms: id % 3 ? id : 60_000 + id,
  verdict: id % 3 ? 'none' : 'hes_processing',
});

const IDS = Array.from({ length: 120 }, (_, id) => id);

async function listed(pageSize: number, query: Partial<Parameters<JourneyService['journeys']>[0]>): Promise<number[]> {
  const service = new JourneyService(temporary.store, pageSize);
  const found: number[] = [];
  for await (const { message_id } of service.journeys({
    filter: {},
    sort: 'time',
    limit: Infinity,
    withHops: false,
    ...query,
  }))
    found.push(Number(/^m(\d+)@/.exec(message_id ?? '')?.[1]));
  return found;
}

it.each([3, 7, 50, 120, 500])('lists all in the order of time and id, %d to a page', async (pageSize) => {
  expect(await listed(pageSize, {})).toEqual(IDS);
});

it.each([4, 500])('and only those that match, %d to a page', async (pageSize) => {
  const late = {
    filter: { verdict: ['hes_processing'], recipient_domain: ['corp.example'] },
    minMs: 60_010,
    maxMs: 60_100,
  };
  const expected = IDS.filter((id) => id % 3 === 0 && id % 5 !== 0 && id >= 10 && id < 100);
  expect(await listed(pageSize, late)).toEqual(expected);
  expect(await listed(pageSize, { search: 'r1@corp.example' })).toEqual(
    IDS.filter((id) => id % 2 === 1 && id % 5 !== 0),
  );
  // a range that ends within the journeys of one second
  const from = Date.parse('2026-03-02T10:00:00.002Z');
  expect(await listed(pageSize, { filter: { from, to: from + 3 } })).toEqual(IDS.filter((id) => id >= 14 && id < 35));
});

it('ends with the limit', async () => {
  expect(await listed(4, { limit: 10 })).toEqual(IDS.slice(0, 10));
});

it('lists the slowest first, whatever the page', async () => {
  const expected = IDS.toSorted((a, b) => (b % 3 ? b : 60_000 + b) - (a % 3 ? a : 60_000 + a));
  expect(await listed(11, { sort: 'slowest' })).toEqual(expected);
});

it('is another statement than that of the slowest', () => {
  expect(isByTime(journeysByTime())).toBe(true);
  expect(isByTime('queries/journeys')).toBe(false);
});
