import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../store/store';
import { JourneyService } from './journey.service';
import { type JourneyFilter } from './journey-filter';
import { storeJourneys, type StoredJourney } from './journeys.fixture';
import { ReportService } from './report.service';

const folder = mkdtempSync(join(tmpdir(), 'hoptime-report-'));
const at = (text: string): number => Date.parse(text);
let store: Store;

/** Twenty mails on 2 March, held 1 s, 2 s … 20 s by HES and then as long again by mx1, so that every quantile can be read off. */
const series: StoredJourney[] = Array.from({ length: 20 }, (_, i) => {
  const seconds = i + 1;
  const hour = String(i % 10).padStart(2, '0');
  return {
    id: seconds,
    first_event_at: `2026-03-02 ${hour}:00:00.000`,
    message_id: `m${seconds}@sender.example`,
    recipient: 'alice@corp.example',
    sender: 'bob@sender.example',
    direction: 'in',
    verdict: 'none',
    hes_ms: seconds * 1000,
    hes_processing_ms: seconds * 1000,
    hes_waiting_ms: 0,
    downstream_ms: seconds * 1000,
    total_ms: seconds * 2000,
    hops: [
      {
        mta: 'mx1',
        queue_id: `Q${seconds}`,
        received_ms: at('2026-03-02T00:00:00Z') + seconds,
        dwell_ms: seconds * 1000,
      },
    ],
  };
});

const shared = {
  mta: 'mx1',
  queue_id: 'SHARED',
  received_ms: at('2026-03-04T08:00:00Z'),
  dwell_ms: 100_000,
  deferrals: 2,
};
const others: StoredJourney[] = [
  {
    // 60.000 s is not strictly under a minute; the same hop appears in the next journey too
    id: 101,
    first_event_at: '2026-03-04 08:00:00.000',
    message_id: "It's\\odd@Sender.example",
    recipient: 'carol@other.example',
    sender: 'bob@sender.example',
    verdict: 'downstream:mx2',
    hes_ms: 60_000,
    hes_processing_ms: 20_000,
    hes_waiting_ms: 40_000,
    downstream_ms: 400_000,
    total_ms: 460_000,
    hops: [shared, { mta: 'mx2', queue_id: 'A1', received_ms: at('2026-03-04T08:02:00Z'), dwell_ms: 300_000 }],
  },
  {
    id: 102,
    first_event_at: '2026-03-04 08:30:00.000',
    recipient: 'carol@other.example',
    state: 'in_flight',
    hops: [shared],
  },
  {
    id: 103,
    first_event_at: '2026-03-04 22:30:00.000',
    recipient: 'dave@corp.example',
    state: 'bounced',
    direction: 'in',
  },
  {
    id: 104,
    first_event_at: '2026-03-04 23:30:00.000',
    recipient: 'dave@corp.example',
    state: 'complete',
    via_hes: 'no',
    verdict: 'not_via_hes',
  },
];

beforeAll(async () => {
  store = await Store.open(`chdb:${folder}`);
  await storeJourneys(store, [...series, ...others]);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const report = (filter: JourneyFilter = {}, timeZone = 'UTC') =>
  new ReportService(store).report({ filter, timeZone, version: '9.9.9', now: at('2026-04-01T00:00:00Z') });

describe('ReportService', () => {
  it('computes the exact quantiles by nearest rank, the mean and the shares of one series', async () => {
    const { segments } = await report({ to: at('2026-03-03T00:00:00Z') });
    expect(segments.hes).toEqual({
      count: 20,
      mean_ms: 10_500,
      p50_ms: 10_000,
      p75_ms: 15_000,
      p90_ms: 18_000,
      p95_ms: 19_000,
      p99_ms: 20_000,
      p999_ms: 20_000,
      max_ms: 20_000,
      share_under: { '60000': 1, '300000': 1, '600000': 1 },
    });
    expect(segments.hes_waiting).toMatchObject({ count: 20, mean_ms: 0, p50_ms: 0, max_ms: 0 });
    expect(segments.total).toMatchObject({ count: 20, p50_ms: 20_000, p95_ms: 38_000, max_ms: 40_000 });
  });

  it('counts shares strictly under a limit, over the known values only', async () => {
    const { segments } = await report();
    expect(segments.hes.count).toBe(21);
    expect(segments.hes.share_under).toEqual({ '60000': 20 / 21, '300000': 1, '600000': 1 });
    expect(segments.downstream.share_under).toEqual({ '60000': 20 / 21, '300000': 20 / 21, '600000': 1 });
    // (1 + … + 20 + 60) s / 21 = 12.857142… s, rounded to the millisecond
    expect(segments.hes.mean_ms).toBe(12_857);
  });

  it('shows coverage and what is in flight beside the distributions', async () => {
    const { coverage, in_flight, from, to } = await report();
    expect(coverage).toEqual({
      journeys: 24,
      via_hes: 23,
      not_via_hes: 1,
      unknown: 0,
      matched_downstream: 22,
      complete: 22,
      relayed: 0,
      in_flight: 1,
      bounced: 1,
      rejected: 0,
      expired: 0,
      quarantined: 0,
      deleted: 0,
      rejected_records: 0,
    });
    expect(in_flight).toEqual({ count: 1, oldest_at: '2026-03-04T08:30:00.000Z' });
    expect([from, to]).toEqual(['2026-03-02T00:00:00.000Z', '2026-03-04T23:30:00.001Z']);
  });

  it('counts a hop that two journeys to one recipient share once, and shares out the time inside the MTAs', async () => {
    const { hops } = await report();
    // mx1: 1 + … + 20 s and the shared 100 s = 310 s; mx2: 300 s
    expect(hops).toEqual([
      {
        mta: 'mx1',
        product: 'postfix',
        count: 21,
        p50_ms: 11_000,
        p95_ms: 20_000,
        p99_ms: 100_000,
        deferrals: 2,
        share_of_downstream: 310 / 610,
      },
      {
        mta: 'mx2',
        product: 'postfix',
        count: 1,
        p50_ms: 300_000,
        p95_ms: 300_000,
        p99_ms: 300_000,
        deferrals: 0,
        share_of_downstream: 300 / 610,
      },
    ]);
  });

  it('counts verdicts, the commonest first, and lists the ten slowest', async () => {
    const { verdicts, slowest } = await report();
    expect(Object.entries(verdicts)).toEqual([
      ['none', 20],
      ['downstream:mx2', 1],
      ['not_via_hes', 1],
    ]);
    expect(slowest.length).toBe(10);
    expect(slowest[0]).toEqual({
      message_id: "It's\\odd@Sender.example",
      recipient: 'carol@other.example',
      total_ms: 460_000,
      verdict: 'downstream:mx2',
    });
    expect(slowest[1]).toMatchObject({ message_id: 'm20@sender.example', total_ms: 40_000 });
  });

  it('draws the borders of days in the zone asked for', async () => {
    const points = async (zone: string) =>
      (await report({}, zone)).timeline
        .filter(({ segment }) => segment === 'hes')
        .map(({ at: day, count }) => [day, count]);
    expect(await points('UTC')).toEqual([
      ['2026-03-02T00:00:00.000Z', 20],
      ['2026-03-04T00:00:00.000Z', 1],
    ]);
    // in Auckland (UTC+13) 2 March 00:00 to 09:59 UTC is 13:00 to 22:59 of the same day, which began at 11:00 UTC the day before
    expect(await points('Pacific/Auckland')).toEqual([
      ['2026-03-01T11:00:00.000Z', 20],
      ['2026-03-03T11:00:00.000Z', 1],
    ]);
  });

  it('goes by the hour when the range is two days or less', async () => {
    const { interval, timeline } = await report({ from: at('2026-03-02T00:00:00Z'), to: at('2026-03-04T00:00:00Z') });
    expect(interval).toBe('hour');
    // at 00:00 the mails held 1 s and 11 s
    expect(timeline[0]).toEqual({
      at: '2026-03-02T00:00:00.000Z',
      segment: 'downstream',
      count: 2,
      p50_ms: 1000,
      p95_ms: 11_000,
      max_ms: 11_000,
    });
    expect(timeline.filter(({ segment }) => segment === 'hes').length).toBe(10);
    expect((await report()).interval).toBe('day');
  });

  it.each<[string, JourneyFilter, number]>([
    ['from is in', { from: at('2026-03-04T08:00:00Z') }, 4],
    ['to is out', { to: at('2026-03-04T08:00:00Z') }, 20],
    ['a recipient domain, in any case', { recipient_domain: ['OTHER.example'] }, 2],
    ['several values of one filter', { recipient_domain: ['other.example', 'corp.example'] }, 24],
    ['a sender domain', { sender_domain: ['sender.example'] }, 21],
    ['a direction', { direction: ['in'] }, 21],
    ['an unknown direction', { direction: ['unknown'] }, 3],
    ['states', { state: ['in_flight', 'bounced'] }, 2],
    ['a verdict', { verdict: ['none'] }, 20],
    ['any MTA as verdict', { verdict: ['downstream'] }, 1],
    ['one MTA as verdict', { verdict: ['downstream:mx1'] }, 0],
    ['no verdict', { verdict: ['unknown'] }, 2],
    ['via_hes', { via_hes: ['no'] }, 1],
    ['an MTA on the way', { mta: ['mx2'] }, 1],
    ['two filters, both of which must match', { mta: ['mx1'], state: ['in_flight'] }, 1],
  ])('filters: %s', async (_name, filter, count) => {
    expect((await report(filter)).coverage.journeys).toBe(count);
  });

  it('keeps hops to the journeys of the filter', async () => {
    const { hops, filters } = await report({ recipient_domain: ['other.example'] });
    expect(hops.map(({ mta, count }) => [mta, count])).toEqual([
      ['mx2', 1],
      ['mx1', 1],
    ]);
    expect(filters).toEqual({ recipient_domain: ['other.example'] });
  });

  it('answers an empty range with nulls, not zeros', async () => {
    const { segments, hops, timeline, coverage } = await report({ from: at('2030-01-01T00:00:00Z') });
    expect(segments.hes).toMatchObject({
      count: 0,
      mean_ms: null,
      p50_ms: null,
      max_ms: null,
      share_under: { '60000': null },
    });
    expect([hops, timeline, coverage.journeys]).toEqual([[], [], 0]);
  });
});

describe('JourneyService', () => {
  const ids = async (
    sort: 'time' | 'slowest',
    limit: number,
    filter: JourneyFilter = {},
  ): Promise<(string | null)[]> => {
    const found: (string | null)[] = [];
    const query = { filter, sort, limit, withHops: false };
    for await (const { message_id } of new JourneyService(store, 3).journeys(query)) found.push(message_id);
    return found;
  };

  it('pages through all of them, each once, whatever the page', async () => {
    const all = await ids('time', Infinity);
    expect(all.length).toBe(24);
    expect(new Set(all.filter(Boolean)).size).toBe(21);
    expect(all.slice(0, 3)).toEqual(['m1@sender.example', 'm11@sender.example', 'm2@sender.example']);
  });

  it('sorts the slowest first, the unknown last', async () => {
    const all = await ids('slowest', Infinity);
    expect(all.slice(0, 3)).toEqual(["It's\\odd@Sender.example", 'm20@sender.example', 'm19@sender.example']);
    expect(all.slice(-3)).toEqual([null, null, null]);
    expect(await ids('slowest', 2)).toEqual(all.slice(0, 2));
  });

  it('gives the columns of the contract, times in ISO 8601, and the hops after HES', async () => {
    const journeys = [];
    const query = { filter: { mta: ['mx2'] }, sort: 'time' as const, limit: 5, withHops: true };
    for await (const journey of new JourneyService(store).journeys(query)) journeys.push(journey);
    expect(journeys.length).toBe(1);
    expect(Object.keys(journeys[0])).toEqual(
      (
        'message_id, recipient, original_recipient, sender, direction, state, via_hes, verdict, hes_received_at, hes_first_attempt_at, ' +
        'hes_released_at, released_by, delivered_at, hes_ms, hes_processing_ms, hes_waiting_ms, hes_quarantine_ms, downstream_ms, total_ms, ' +
        'upstream_ms, hop_count, slowest_hop_mta, slowest_hop_ms, deferrals, clock_correction_ms, matched_by, hops'
      ).split(', '),
    );
    expect(journeys[0]).toMatchObject({ hop_count: 2, direction: null, hes_received_at: null, upstream_ms: null });
    expect(journeys[0].hops[1]).toEqual({
      segment: 'downstream',
      mta: 'mx2',
      product: 'postfix',
      queue_id: 'A1',
      received_at: '2026-03-04T08:02:00.000Z',
      relayed_at: '2026-03-04T08:07:00.000Z',
      dwell_ms: 300_000,
      transfer_ms: 0,
      deferrals: 0,
      outcome: 'relayed',
      next_mta: null,
      next_queue_id: null,
      reported_delay_ms: null,
      parts_ms: null,
      smtp_reply: null,
    });
  });

  it.each(["it's\\ODD@sender.example", "<It's\\odd@Sender.example>"])(
    'finds the message %s whatever its case and brackets',
    async (id) => {
      const [account, ...more] = await new JourneyService(store).account(id);
      expect(more).toEqual([]);
      expect(account).toMatchObject({
        message_id: "It's\\odd@Sender.example",
        explanation: { kb_step: 5 },
        upstream_hops: [],
      });
      expect(account.hops.map(({ mta }) => mta)).toEqual(['mx1', 'mx2']);
    },
  );

  it('answers for one recipient alone when asked', async () => {
    const service = new JourneyService(store);
    expect((await service.account('m1@sender.example', 'ALICE@corp.example')).length).toBe(1);
    expect(await service.account('m1@sender.example', 'carol@corp.example')).toEqual([]);
  });

  it('answers a message that is not known with nothing', async () => {
    expect(await new JourneyService(store).account('nobody@knows.example')).toEqual([]);
  });
});
