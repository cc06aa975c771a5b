import { storeJourneys, type StoredHop, type StoredJourney } from './journeys.fixture';
import { ReportService } from './report.service';
import { parseClauses } from './sla/clause';
import { SlaService } from './sla/sla.service';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';

// Journeys that share a mail or a hop are few among those that do not, and only they are grouped: here each figure is computed the plain way, over all of them.
const MAILS = 300;
const FROM = Date.parse('2026-03-02T00:00:00Z');
let store: TemporaryStore;

/** The same numbers in every run. */
let state = 20260302;
const random = (below: number): number => {
  state = (state * 1103515245 + 12345) % 2 ** 31;
  return Math.floor((state / 2 ** 31) * below);
};
const stamp = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);

/** A mail that HES took once, and what lists made of it: up to three journeys, which go apart at the first hop, at the second, or at none. */
function journeysOfMail(n: number): StoredJourney[] {
  const at = FROM + n * 1000;
  const fromHes = random(10) > 0;
  const held = random(5) === 0 ? null : random(40) * 500;
  const first: StoredHop = {
    mta: `mx${random(2)}`,
    queue_id: `A${n}`,
    received_ms: at,
    dwell_ms: random(5000),
    deferrals: random(3),
  };
  return Array.from({ length: fromHes && random(4) === 0 ? 2 + random(2) : 1 }, (_, i): StoredJourney => {
    const second: StoredHop = {
      mta: 'mbx',
      queue_id: `B${n} ${random(2)}`,
      received_ms: at + 1,
      dwell_ms: 7 * n,
      deferrals: 0,
    };
    return {
      id: 1 + n * 3 + i,
      first_event_at: stamp(at),
      message_id: `m${n % 250}@sender.example`,
      recipient: `to${i}@corp${random(3)}.example`,
      original_recipient: random(8) === 0 ? undefined : 'list@corp.example',
      sender: 'bob@sender.example',
      via_hes: fromHes ? 'yes' : 'no',
      state: held === null ? (['in_flight', 'bounced', 'complete'] as const)[random(3)] : 'complete',
      ...(fromHes
        ? { hes_received_at: stamp(at), hes_waiting_ms: held === null ? undefined : random(2) * 250 * i }
        : {}),
      hes_ms: held === null || !fromHes ? undefined : held + 250 * i,
      hops: [[], [first], [first, second]][random(3)],
    };
  });
}

const journeys = Array.from({ length: MAILS }, (_, n) => journeysOfMail(n)).flat();

beforeAll(async () => {
  store = await openTemporaryStore();
  await storeJourneys(store.store, journeys);
});
afterAll(() => store.close());

/** Items by a key of theirs. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const nearestRank = (values: readonly number[], share: number): number =>
  ascending(values)[Math.ceil(values.length * share) - 1];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('journeys that share a mail or a hop', () => {
  const mails = grouped(journeys, ({ id, message_id, original_recipient, hes_received_at }) =>
    hes_received_at === undefined ? String(id) : `${message_id} ${original_recipient} ${hes_received_at}`,
  );

  it('are there, and others are too', () => {
    const shared = mails.filter((mail) => mail.length > 1).length;
    expect([shared > 20, mails.length - shared > 150]).toEqual([true, true]);
  });

  it('count once in a clause, alone or beside clauses over the same sample', async () => {
    const known = mails
      .filter(([{ via_hes }]) => via_hes === 'yes')
      .map((mail) => ({
        longest: mail.filter(({ hes_ms }) => hes_ms !== undefined).map(({ hes_ms }) => hes_ms as number),
        waiting: Math.max(0, ...mail.map(({ hes_waiting_ms }) => hes_waiting_ms ?? 0)),
        states: mail.map((journey) => journey.state),
      }));
    const values = known
      .filter(({ longest }) => longest.length > 0)
      .map(({ longest, waiting }) => Math.max(...longest) - waiting);
    const without = known.filter(({ longest }) => longest.length === 0);
    const undelivered = without.filter(({ states }) => states.every((each) => each === 'bounced')).length;
    const inFlight = without.filter(({ states }) => states.includes('in_flight')).length;
    const unknown = without.length - undelivered;
    const taken = Math.ceil(values.length * 0.9);
    const clauses = parseClauses(
      ['mean\n    fastest: 0.9', 'percentile\n    level: 0.75', 'share_under\n    under_ms: 9000']
        .map((measure, i) => {
          const tiers = i === 2 ? '[{ below_share: 0.5 }]' : '[{ over_ms: 1 }]';
          return `  - name: c${i}\n    title: C\n    source: test\n    segment: hes\n    exclude: { waiting: true }\n    tiers: ${tiers}\n    measure: ${measure}`;
        })
        .reduce((text, clause) => `${text}\n${clause}`, 'clauses:'),
      'c.yaml',
    );
    const range = { from: FROM, to: FROM + 86_400_000 };
    const results = await new SlaService(store.store).evaluate(clauses, range, 'UTC');
    const mean = sum(ascending(values).slice(0, taken)) / taken;
    const withUnknown = ascending([...values, ...Array<number>(unknown).fill(0)]);
    const best = withUnknown.slice(0, Math.ceil(withUnknown.length * 0.9));
    expect(results).toMatchObject([
      {
        value: Math.floor(mean + 0.5),
        best: Math.floor(sum(best) / best.length + 0.5),
        counted: values.length,
        measured: taken,
        left_out: {
          not_via_hes: mails.length - known.length,
          not_delivered: undelivered,
          in_flight: inFlight,
          not_matched: unknown - inFlight,
        },
      },
      { value: nearestRank(values, 0.75), best: nearestRank(withUnknown, 0.75) },
      {
        value: values.filter((value) => value < 9000).length / values.length,
        worst: values.filter((value) => value < 9000).length / (values.length + unknown),
      },
    ]);
    const alone = await Promise.all(
      clauses.map(async (clause) => new SlaService(store.store).evaluate([clause], range, 'UTC')),
    );
    expect(alone.flat()).toEqual(results);
  });

  it('count the hops they share once', async () => {
    const hops = grouped(
      journeys.flatMap((journey) => journey.hops ?? []),
      ({ mta, queue_id }) => `${mta} ${queue_id}`,
    ).map(([hop]) => hop);
    const report = await new ReportService(store.store).report({ filter: {}, timeZone: 'UTC', version: '1', now: 0 });
    const expected = grouped(hops, ({ mta }) => mta).map((own) => {
      const dwells = own.map(({ dwell_ms }) => dwell_ms);
      return {
        mta: own[0].mta,
        count: own.length,
        p50_ms: nearestRank(dwells, 0.5),
        p95_ms: nearestRank(dwells, 0.95),
        p99_ms: nearestRank(dwells, 0.99),
        deferrals: sum(own.map(({ deferrals = 0 }) => deferrals)),
      };
    });
    expect(report.hops.length).toBe(3);
    for (const hop of report.hops) expect(hop).toMatchObject(expected.find(({ mta }) => mta === hop.mta) as object);
  });
});
