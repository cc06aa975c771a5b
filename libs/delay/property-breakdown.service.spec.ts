import { QueryPool } from '../store/query-pool';
import { dropRollups, markInLine, rebuildRollups } from '../store/rollup';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { BreakdownService } from './breakdown.service';
import { FleetService } from './fleet.service';
import { storeJourneys, type StoredJourney } from './journeys.fixture';
import { PropertyBreakdownService } from './property-breakdown.service';
import { storeTime } from './store-time';

const FROM = Date.UTC(2026, 2, 27);
const HOUR = 3_600_000;
/** from 05:00 of the first day to 06:00 of the fourth: hours beside two whole days */
const RANGE = { from: FROM + 5 * HOUR, to: FROM + 78 * HOUR };

/** Journeys in pairs that share their first hop, each pair at one time; a dwell or a transfer here and there is unknown. */
function journeys(): StoredJourney[] {
  return Array.from({ length: 600 }, (_, i) => {
    const pair = i >> 1;
    const at = FROM + ((pair * 7919) % (96 * 60)) * 60_000;
    const shared = {
      mta: `mx${pair % 3}`,
      queue_id: `S${pair}`,
      received_ms: at,
      dwell_ms: (pair * 104_729) % 200_000,
      deferrals: pair % 5 === 0 ? 2 : 0,
    };
    const isUnknown = i % 11 === 0 && i % 13 !== 0;
    const own = {
      mta: `mbx${i % 4}`,
      queue_id: `O${i}`,
      received_ms: isUnknown ? -1 : at + shared.dwell_ms,
      dwell_ms: isUnknown ? -1 : (i * 31) % 5000,
      transfer_ms: (i * 17) % 900,
    };
    const hes_ms = i % 13 === 0 ? undefined : (i * 7907) % 700_000;
    return {
      id: i + 1,
      first_event_at: storeTime(at),
      via_hes: i % 13 === 0 ? 'no' : 'yes',
      hes_received_at: i % 13 === 0 ? undefined : storeTime(at),
      recipient: i % 17 === 0 ? undefined : `r@d${i % 9}.example`,
      sender: `s@p${pair % 25}.example`,
      hes_ms,
      downstream_ms: (i * 3571) % 90_000,
      // every sixth has one, every 30th two of them
      replies: i % 6 === 0 ? [`45${i % 7} words`, ...(i % 30 === 0 ? ['greylisted'] : [])] : [],
      total_ms: hes_ms === undefined ? undefined : hes_ms + ((i * 3571) % 90_000),
      hops: [shared, own],
    };
  });
}

let place: TemporaryStore;
let rolled: PropertyBreakdownService;

beforeAll(async () => {
  place = await openTemporaryStore();
  rolled = new PropertyBreakdownService(new QueryPool(place.store), 0);
  await storeJourneys(place.store, journeys());
  await rebuildRollups(place.store);
});
afterAll(() => place.close());

/** Quantiles and largest values apart: they are within 1/128 of those of the journeys. */
function exactly(answered: object, right: object): void {
  const estimated = /^(transfer_)?p\d+_ms$|^max_ms$/;
  const differing: unknown[] = [];
  const compared = JSON.parse(
    JSON.stringify(answered, (key, value: unknown) => (estimated.test(key) ? undefined : value)),
  ) as unknown;
  expect(compared).toEqual(
    JSON.parse(JSON.stringify(right, (key, value: unknown) => (estimated.test(key) ? undefined : value))),
  );
  const numbers = (of: object): [string, number | null][] => {
    const found: [string, number | null][] = [];
    JSON.stringify(of, (key, value: unknown) => {
      if (estimated.test(key)) found.push([key, value as number | null]);
      return value;
    });
    return found;
  };
  const [ours, theirs] = [numbers(answered), numbers(right)];
  expect(ours.length).toBe(theirs.length);
  for (const [i, [key, value]] of ours.entries()) {
    const [rightKey, wanted] = theirs[i];
    const isNear =
      value === wanted || (value !== null && wanted !== null && Math.abs(value - wanted) <= Math.abs(wanted) / 128);
    if (key !== rightKey || !isNear) differing.push([key, value, wanted]);
  }
  expect(differing).toEqual([]);
}

describe('PropertyBreakdownService', () => {
  it.each([
    ['recipient_domain', 'total', 4],
    ['sender_domain', 'hes', 50],
    ['mta', 'downstream', 3],
    ['reply', 'total', 3],
    ['reply', 'hes', 50],
  ] as const)('says what the journeys say by %s', async (by, segment, limit) => {
    const answer = await rolled.breakdown(RANGE, by, segment, limit);
    exactly(answer as object, await new BreakdownService(place.store).breakdown(RANGE, by, segment, limit));
  });

  it('counts a journey under each of its replies, of all delay', async () => {
    const inRange = journeys().filter(
      ({ first_event_at }) => first_event_at >= storeTime(RANGE.from) && first_event_at < storeTime(RANGE.to),
    );
    const sum = (of: readonly StoredJourney[]): number => of.reduce((ms, { total_ms = 0 }) => ms + total_ms, 0);
    const greylisted = inRange.filter(({ replies = [] }) => replies.includes('greylisted'));
    expect(greylisted.length).toBeGreaterThan(5);
    const answer = await rolled.breakdown(RANGE, 'reply', 'total', 10);
    expect(answer?.values.map(({ value }) => value).sort()).toEqual([
      ...['450 words', '451 words', '452 words', '453 words', '454 words', '455 words', '456 words', 'greylisted'],
    ]);
    expect(answer?.values.find(({ value }) => value === 'greylisted')).toMatchObject({
      journeys: greylisted.length,
      count: greylisted.filter(({ total_ms }) => total_ms !== undefined).length,
      sum_ms: sum(greylisted),
      share_of_delay: sum(greylisted) / sum(inRange),
    });
    expect(answer?.rest).toEqual({ values: 0, journeys: 0, count: 0, sum_ms: 0, share_of_delay: 0 });
  });

  it('says what the journeys say of hops and links, a shared hop once', async () => {
    const answer = await rolled.hops(RANGE);
    exactly(answer as object, await new FleetService(place.store).hops(RANGE));
    const inRange = new Set(
      journeys()
        .filter(({ first_event_at }) => first_event_at >= storeTime(RANGE.from) && first_event_at < storeTime(RANGE.to))
        .flatMap(({ hops: [{ mta, queue_id }] = [] }) => (mta === 'mx1' ? [queue_id] : [])),
    );
    expect(answer?.hops.find(({ mta }) => mta === 'mx1')?.count).toBe(inRange.size);
  });

  it('takes the longest delay away where it lies beside the range, and not from what the next one is', async () => {
    // Both are in one bucket, the longer one in the hours of the first day that are not of the range.
    const late = [
      { id: 8001, first_event_at: storeTime(FROM + 2 * HOUR), total_ms: 1_001_000 },
      { id: 8002, first_event_at: storeTime(FROM + 30 * HOUR), total_ms: 1_000_000 },
    ];
    const own = { recipient: 'r@late.example', replies: ['late'] };
    await storeJourneys(
      place.store,
      late.map((journey) => ({ ...journey, ...own })),
    );
    await rebuildRollups(place.store);
    for (const [by, value] of [
      ['recipient_domain', 'late.example'],
      ['reply', 'late'],
    ] as const) {
      const answer = await rolled.breakdown(RANGE, by, 'total', 50);
      exactly(answer as object, await new BreakdownService(place.store).breakdown(RANGE, by, 'total', 50));
      expect(answer?.values.find((row) => row.value === value)).toMatchObject({ journeys: 1, sum_ms: 1_000_000 });
    }
  });

  const SUMMED = ['count', 'known', 'sum_ms', 'under_1_min', 'under_5_min', 'under_10_min', 'deferrals'];

  it('counts what was taken away and added again once, while the rows of it lie apart', async () => {
    const table = 'hoptime_store.property_histograms';
    const before = [
      await rolled.breakdown(RANGE, 'mta', 'total', 9),
      await rolled.breakdown(RANGE, 'sender_domain', 'hes', 50),
    ];
    const [{ n }] = await place.store.rows<{ n: number }>({ sql: `SELECT count() AS n FROM ${table}` });
    await place.store.command({ sql: `SYSTEM STOP MERGES ${table}` });
    for (const sign of [-1, 1])
      await place.store.command({
        sql: `INSERT INTO ${table}
          SELECT * REPLACE (${SUMMED.map((name) => `${sign} * r.${name} AS ${name}`).join(', ')},
            arrayMap(n -> ${sign} * n, r.histogramMap.count) AS \`histogramMap.count\`, arrayMap(ms -> ${sign} * ms, r.histogramMap.sum_ms) AS \`histogramMap.sum_ms\`)
          FROM ${table} AS r WHERE r.count > 0`,
      });
    const [{ apart }] = await place.store.rows<{ apart: number }>({ sql: `SELECT count() AS apart FROM ${table}` });
    expect(apart).toBe(3 * n);
    expect([
      await rolled.breakdown(RANGE, 'mta', 'total', 9),
      await rolled.breakdown(RANGE, 'sender_domain', 'hes', 50),
    ]).toEqual(before);
    await place.store.command({ sql: `SYSTEM START MERGES ${table}` });
  });

  it('answers nothing of what it does not know', async () => {
    expect(await rolled.breakdown({ ...RANGE, state: ['complete'] }, 'recipient_domain', 'total', 5)).toBeUndefined();
    expect(await rolled.breakdown({ ...RANGE, via_hes: ['yes'] }, 'reply', 'total', 5)).toBeUndefined();
    expect(await rolled.breakdown(RANGE, 'verdict', 'total', 5)).toBeUndefined();
    expect(await rolled.hops({ ...RANGE, direction: ['in'] })).toBeUndefined();
    await dropRollups(place.store);
    expect(await rolled.hops(RANGE)).toBeUndefined();
    await markInLine(place.store);
  });

  it('leaves hops to the journeys where one may stand in two hours', async () => {
    // Its second hop began in the hour before its first, by a clock that was wrong.
    await storeJourneys(place.store, [
      {
        id: 9001,
        first_event_at: storeTime(FROM + 29.9 * HOUR),
        via_hes: 'no',
        hops: [
          { mta: 'mx1', queue_id: 'X', received_ms: FROM + 30.1 * HOUR, dwell_ms: 5 },
          { mta: 'mbx1', queue_id: 'Y', received_ms: FROM + 29.9 * HOUR, dwell_ms: 5 },
        ],
      },
    ]);
    await rebuildRollups(place.store);
    expect(await rolled.hops(RANGE)).toBeUndefined();
    // The day after has none such: it is answered, as the journeys answer.
    const day = { from: FROM + 48 * HOUR, to: FROM + 72 * HOUR };
    const answer = await rolled.hops(day);
    exactly(answer as object, await new FleetService(place.store).hops(day));
    expect(answer?.hops.map(({ mta }) => mta).sort()).toEqual(['mbx0', 'mbx1', 'mbx2', 'mbx3', 'mx0', 'mx1', 'mx2']);
  });
});
