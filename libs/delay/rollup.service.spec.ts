import { QueryPool } from '../store/query-pool';
import {
  dropRollups,
  latestMark,
  markChange,
  markInLine,
  rebuildHours,
  rebuildRollups,
  rebuilt,
} from '../store/rollup';
import { rowScope } from '../store/row-scope';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { BreakdownService } from './breakdown.service';
import { DelayService, type Interval } from './delay.service';
import { type JourneyFilter } from './journey-filter';
import { storeJourneys, type StoredJourney } from './journeys.fixture';
import { SEGMENTS } from './report';
import { bucketMiddleMs } from './rollup-bucket';
import { PropertyRollupService } from './property-rollup.service';
import { RollupService } from './rollup.service';
import { storeTime } from './store-time';

const FROM = Date.UTC(2026, 2, 27);
const DAY = 86_400_000;
/** over the change to summer time in Berlin, Sunday 29 March 2026 */
const RANGE = { from: FROM, to: FROM + 4 * DAY };
const STATES = ['complete', 'complete', 'relayed', 'in_flight', 'bounced'];
const VERDICTS = ['none', 'hes_processing', 'downstream:mx1', ''];

/** Multiplicative congruence (Park and Miller): the same journeys in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

function journeys(count: number, firstId: number, seed: number): StoredJourney[] {
  const next = numbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const size = 2 ** next(33);
    const hes_ms = [0, -next(5000), next(Math.ceil(size)), 60_000, 59_999][Math.min(next(12), 4) === 4 ? next(5) : 2];
    const downstream_ms = next(10) === 0 ? undefined : next(100_000);
    return {
      id: firstId + i,
      first_event_at: storeTime(FROM + next(4 * DAY)),
      state: STATES[next(5)],
      via_hes: next(10) === 0 ? 'no' : 'yes',
      verdict: VERDICTS[next(4)],
      direction: next(3) === 0 ? 'out' : 'in',
      hes_ms,
      hes_processing_ms: hes_ms,
      hes_waiting_ms: 0,
      downstream_ms,
      total_ms: downstream_ms === undefined ? undefined : hes_ms + downstream_ms,
      recipient: next(20) === 0 ? undefined : `r@${'abc'[Math.min(next(6), 2)]}.example`,
      sender: `s@partner${next(40)}.example`,
      hops: next(3) === 0 ? [] : [{ mta: 'mx1', queue_id: String(i), received_ms: FROM, dwell_ms: 1 }],
    };
  });
}

let place: TemporaryStore;
let rollups: RollupService;
let properties: PropertyRollupService;
let exact: DelayService;

beforeAll(async () => {
  place = await openTemporaryStore();
  rollups = new RollupService(place.store, 0);
  properties = new PropertyRollupService(new QueryPool(place.store), 0);
  exact = new DelayService(place.store);
  await storeJourneys(place.store, journeys(5000, 1, 7));
  await rebuildRollups(place.store);
});
afterAll(() => place.close());

const near = (answered: number | null, right: number | null): void => {
  if (answered === null || right === null) expect(answered).toBe(right);
  else expect(Math.abs(answered - right)).toBeLessThanOrEqual(Math.abs(right) / 128 + 1e-9);
};

/** What a source answers for a filter that it serves, in cuts that it knows; `isLargestExact`: its largest values are not within 0.8 % only. */
async function expectEqual(
  source: RollupService | PropertyRollupService,
  filter: JourneyFilter,
  {
    hours = {},
    isLargestExact = true,
    cuts = CUTS,
  }: { hours?: object; isLargestExact?: boolean; cuts?: typeof CUTS } = {},
): Promise<void> {
  const served = (await source.serves(filter)) as JourneyFilter;
  expect(served).toEqual({ ...filter, ...hours });
  expect(await source.coverage(served)).toEqual(await exact.coverage(filter));
  expect(await source.verdicts(served)).toEqual(await exact.verdicts(filter));
  const [ours, right] = [await source.figures(served), await exact.figures(filter)];
  for (const segment of SEGMENTS) {
    const { count, mean_ms, max_ms, share_under, ...quantiles } = ours[segment];
    const { count: n, mean_ms: mean, max_ms: max, share_under: under, ...rightQuantiles } = right[segment];
    expect([count, mean_ms, share_under]).toEqual([n, mean, under]);
    if (isLargestExact) expect(max_ms).toBe(max);
    else near(max_ms, max);
    for (const [name, value] of Object.entries(quantiles))
      near(value, rightQuantiles[name as keyof typeof rightQuantiles]);
  }
  for (const [interval, timeZone] of cuts) {
    const line = await source.timeline(served, interval, timeZone);
    const rightLine = await exact.timeline(filter, interval, timeZone);
    const counts = (points: typeof line) =>
      points.map(({ at, segment, count, mean_ms }) => [at, segment, count, mean_ms]).sort();
    expect(counts(line)).toEqual(counts(rightLine));
    const largest = (points: typeof line) => points.map(({ at, segment, max_ms }) => [at, segment, max_ms]).sort();
    if (isLargestExact) expect(largest(line)).toEqual(largest(rightLine));
    const over = { interval, timeZone };
    for (const perOctave of [1, 4] as const)
      expect(await source.histogram(served, SEGMENTS, perOctave, over)).toEqual(
        await exact.histogram(filter, SEGMENTS, perOctave, over),
      );
  }
  expect(await source.histogram(served, SEGMENTS, 2)).toEqual(await exact.histogram(filter, SEGMENTS, 2));
}

const CUTS: readonly (readonly [Interval, string])[] = [
  ['hour', 'Europe/Berlin'],
  ['day', 'Europe/Berlin'],
  ['day', 'America/Los_Angeles'],
  ['day', 'UTC'],
  ['month', 'Pacific/Auckland'],
];
/** Where it is not about zones. */
const FEW_CUTS = [CUTS[0], CUTS[4]];
const CUT_RANGE = { from: FROM + 5 * 3_600_000, to: FROM + 78 * 3_600_000 };

describe('PropertyRollupService', () => {
  it.each<[string, JourneyFilter]>([
    ['whole days', RANGE],
    ['hours beside whole days', CUT_RANGE],
    ['hours of one day', { from: FROM + 5 * 3_600_000, to: FROM + 20 * 3_600_000 }],
  ])('equals what the journeys say, but for quantiles, in any zone: %s', async (_, filter) => {
    await expectEqual(properties, filter);
  });

  it.each<[string, JourneyFilter]>([
    ['one', { ...CUT_RANGE, recipient_domain: ['a.example'] }],
    ['some and none', { ...CUT_RANGE, recipient_domain: ['B.example', 'unknown'] }],
    ['of senders', { ...RANGE, sender_domain: ['partner7.example'] }],
  ])('knows domains, with largest values within 0.8 %%: %s', async (_, filter) => {
    await expectEqual(properties, filter, { isLargestExact: false, cuts: [['day', 'UTC']] });
  });

  it('leaves the rest to others', async () => {
    const refused: [JourneyFilter, Parameters<PropertyRollupService['serves']>[1]][] = [
      [{ ...RANGE, recipient_domain: ['a.example'], sender_domain: ['partner7.example'] }, {}],
      [{ ...RANGE, recipient_domain: ['a.example'], state: ['complete'] }, {}],
      [
        { ...RANGE, recipient_domain: ['a.example'] },
        { interval: 'hour', timeZone: 'UTC' },
      ],
      [
        { ...RANGE, recipient_domain: ['a.example'] },
        { interval: 'day', timeZone: 'Europe/Berlin' },
      ],
      [{ ...RANGE, via_hes: ['yes'] }, {}],
      [RANGE, { interval: 'day', timeZone: 'Asia/Kolkata' }],
    ];
    for (const [filter, needs] of refused) expect(await properties.serves(filter, needs)).toBeUndefined();
  });
});

describe('RollupService', () => {
  it.each<[string, JourneyFilter]>([
    ['all', RANGE],
    ['some hours', { from: FROM + 5 * 3_600_000, to: FROM + 30 * 3_600_000 }],
    ['filters that it knows', { ...RANGE, state: ['complete', 'in_flight'], via_hes: ['yes'], direction: ['in'] }],
    ['verdicts, undecided ones too', { ...RANGE, verdict: ['downstream', 'unknown'] }],
  ])('equals what the journeys say, but for quantiles, which are within 0.8 %%: %s', async (_, filter) => {
    await expectEqual(rollups, filter);
  });

  it.each<['state' | 'verdict', JourneyFilter, number]>([
    ['state', RANGE, 10],
    ['verdict', { ...RANGE, state: ['complete', 'relayed'] }, 2],
  ])('breaks down by %s as the journeys do, but for quantiles', async (by, filter, limit) => {
    const answer = await rollups.breakdown(filter, by, 'downstream', limit);
    const right = await new BreakdownService(place.store).breakdown(filter, by, 'downstream', limit);
    const rough = { p50_ms: 0, p95_ms: 0, p99_ms: 0 };
    expect(right.values.length).toBe(by === 'state' ? 4 : 2);
    expect({ ...answer, values: answer.values.map((row) => ({ ...row, ...rough })) }).toEqual({
      ...right,
      values: right.values.map((row) => ({ ...row, ...rough })),
    });
    for (const [i, row] of answer.values.entries())
      for (const level of ['p50_ms', 'p95_ms', 'p99_ms'] as const) near(row[level], right.values[i][level]);
  });

  it('leaves to the journeys what it does not know', async () => {
    const refused: [JourneyFilter, Parameters<RollupService['serves']>[1]][] = [
      [{ ...RANGE, recipient_domain: ['corp.example'] }, {}],
      [{ ...RANGE, mta: ['mx1'] }, {}],
      // journeys of the first hour lie before the range
      [{ from: FROM + 1_800_000, to: RANGE.to }, {}],
      [{ from: undefined, to: RANGE.to }, {}],
      [RANGE, { limitsMs: [60_000, 61_000] }],
      [RANGE, { timeZone: 'Asia/Kolkata' }],
    ];
    for (const [filter, needs] of refused) expect(await rollups.serves(filter, needs)).toBeUndefined();
    expect(await new RollupService(place.store, 5000).serves(RANGE)).toBeUndefined();
    expect(await rollups.serves(RANGE, { limitsMs: [300_000], timeZone: 'Europe/Berlin' })).toEqual(RANGE);
  });

  it('serves a range whose ends cut hours where nothing lies beside it', async () => {
    const { first_at, last_at } = await exact.coverage(RANGE);
    const filter = { from: Date.parse(first_at as string), to: Date.parse(last_at as string) + 1 };
    // there is mail in the first hour of the range and in its last
    await expectEqual(rollups, filter, { hours: RANGE });
  });

  it('is not asked while it does not know all journeys, and knows them when their hours are rebuilt', async () => {
    await dropRollups(place.store);
    await storeJourneys(place.store, journeys(200, 10_001, 99));
    expect(await rollups.serves(RANGE)).toBeUndefined();
    const hours = await place.store.rows<{ hour: number }>({
      sql: 'SELECT DISTINCT toUnixTimestamp(toStartOfHour(first_event_at)) AS hour FROM hoptime_store.journeys WHERE journey_id > 10000',
    });
    await rebuildHours(
      place.store,
      hours.map(({ hour }) => hour),
    );
    await markInLine(place.store);
    await expectEqual(rollups, RANGE, { cuts: FEW_CUTS });
    await rebuildRollups(place.store);
    await expectEqual(properties, RANGE, { cuts: FEW_CUTS });
  });

  it('is asked once what it covers, until that may have changed, and not for who sees some domains only', async () => {
    const pool = new QueryPool(place.store);
    let asked = 0;
    const counted = {
      get rollupEdition() {
        return pool.rollupEdition;
      },
      rows: <T>(...[statement, parameters]: Parameters<QueryPool['rows']>) => {
        if (statement === 'queries/rollup_covers') asked++;
        return pool.rows<T>(statement, parameters);
      },
    };
    const service = new RollupService(counted, 0);
    const first = await service.serves(RANGE);
    expect(first).toEqual(RANGE);
    expect([await service.serves(RANGE), asked]).toEqual([first, 1]);
    expect([await rowScope.run(['a.example'], () => service.serves(RANGE)), asked]).toEqual([undefined, 2]);
    const shorter = { from: RANGE.from, to: RANGE.to - DAY };
    expect([await service.serves(shorter), asked]).toEqual([shorter, 3]);
    await dropRollups(place.store);
    expect([await service.serves(RANGE), asked]).toEqual([undefined, 4]);
    await markInLine(place.store);
    expect([await service.serves(RANGE), asked]).toEqual([RANGE, 5]);
    await pool.close();
  });

  it('is waited for while a correlation has it in hand', async () => {
    await markChange(place.store, await latestMark(place.store), [FROM / 1000]);
    const asked = rollups.serves(RANGE);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await markInLine(place.store);
    expect(await asked).toEqual(RANGE);
  });

  it('sees an hour that lost all its journeys as empty', async () => {
    const hour = FROM / 1000 + 7 * 3600;
    await place.store.command({
      sql: `DELETE FROM hoptime_store.journeys WHERE toUnixTimestamp(toStartOfHour(first_event_at)) = ${hour}`,
    });
    await rebuildHours(place.store, [hour]);
    await expectEqual(rollups, RANGE, { cuts: FEW_CUTS });
  });

  it('does not see what an interrupted rebuild left', async () => {
    await place.store.command(rebuilt('correlate/rollup_delays', 1_000_000n), {
      hours: [],
      keys: [],
      versions: [],
      from: '1970-01-02 00:00:00.000',
      to: '2106-01-01 00:00:00.000',
    });
    await expectEqual(rollups, RANGE, { cuts: FEW_CUTS });
    await rebuildRollups(place.store);
    await expectEqual(rollups, RANGE, { cuts: FEW_CUTS });
  });
});

describe('bucketMiddleMs', () => {
  it('is exact below 128 ms and within 1/128 above, on both sides of 0', () => {
    const bucketOf = (ms: number): number => {
      const octave = 2 ** Math.floor(Math.log2(Math.abs(ms)));
      const place = 1 + 64 * Math.log2(octave) + Math.floor(((Math.abs(ms) - octave) * 64) / octave);
      return ms < 0 ? -place : place;
    };
    expect(bucketMiddleMs(0)).toBe(0);
    for (let ms = 1; ms < 128; ms++)
      expect([bucketMiddleMs(bucketOf(ms)), bucketMiddleMs(bucketOf(-ms))]).toEqual([ms, -ms]);
    for (const ms of [128, 129, 1000, 59_999, 60_000, 2_592_000_000, -3599])
      expect(Math.abs(bucketMiddleMs(bucketOf(ms)) - ms)).toBeLessThanOrEqual(Math.abs(ms) / 128);
  });
});
