import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type * as api from '../../libs/http/api-types';
import { ReportService } from '../../libs/delay/report.service';
import type { TrueJourney } from '../../libs/simulate/truth';
import { nearestRank, ServedStore } from './api.fixture';

const FROM = Date.UTC(2026, 2, 9);
const TO = Date.UTC(2026, 2, 16);
const RANGE = 'from=2026-03-09&to=2026-03-16T00:00:00Z';
const ALL = 'from=2026-01-01&to=2027-01-01';

let served: ServedStore;
let truth: TrueJourney[];

beforeAll(async () => {
  served = await ServedStore.open();
  truth = await served.fill(600, 11);
});
afterAll(() => served.close());

/** A journey lies in the range that contains its first event: HES's reception where known, else the first hop's (delay model §6). */
const firstEvent = (journey: TrueJourney): number =>
  Math.min(
    ...[journey.hes_received_at, ...journey.hops.map((hop) => hop.received_at)].flatMap((at) =>
      at ? [Date.parse(at)] : [],
    ),
  );
const values = (journeys: readonly TrueJourney[], column: 'hes_ms' | 'downstream_ms' | 'total_ms'): number[] =>
  journeys.flatMap((journey) => (journey[column] === null ? [] : [journey[column]]));
const domain = (address: string): string => address.split('@')[1];

/** What the simulation knows about a set of its journeys, as the API would say it. */
function figures(numbers: readonly number[], limits: readonly number[]): api.SegmentFigures {
  const rank = (share: number): number | null => nearestRank(numbers, share);
  return {
    count: numbers.length,
    mean_ms: Math.floor(numbers.reduce((sum, n) => sum + n, 0) / numbers.length + 0.5),
    p50_ms: rank(0.5),
    p75_ms: rank(0.75),
    p90_ms: rank(0.9),
    p95_ms: rank(0.95),
    p99_ms: rank(0.99),
    p999_ms: rank(0.999),
    max_ms: Math.max(...numbers),
    share_under: Object.fromEntries(
      limits.map((limit) => [limit, numbers.filter((n) => n < limit).length / numbers.length]),
    ),
  };
}

describe('figures of a range, as the simulation knows them', () => {
  it('GET /delays/summary: all journeys', async () => {
    const summary = await served.ask<api.Summary>(
      `delays/summary?${ALL}&segment=hes,total&segment=downstream&under=5000,60000`,
    );
    expect(Object.keys(summary.segments)).toEqual(['hes', 'total', 'downstream']);
    for (const segment of ['hes', 'downstream', 'total'] as const)
      expect(summary.segments[segment]).toEqual(figures(values(truth, `${segment}_ms`), [5000, 60_000]));
    expect(summary.coverage.journeys).toBe(truth.length);
    expect(summary.in_flight.count).toBe(truth.filter(({ state }) => state === 'in_flight').length);
    expect(summary).toMatchObject({
      from: '2026-01-01T00:00:00.000Z',
      tz: 'UTC',
      clock: 'raw',
      exact: true,
      filters: {},
    });
    expect(summary.verdicts.none).toBe(truth.filter(({ verdict }) => verdict === 'none').length);
  });

  it('GET /delays/summary: filters, each repeatable, all of which must match', async () => {
    const query = 'state=complete&state=relayed&recipient_domain=CORP.example&via_hes=yes';
    const summary = await served.ask<api.Summary>(`delays/summary?${ALL}&${query}&segment=total`);
    const matching = truth.filter(
      ({ state, recipient, via_hes }) =>
        ['complete', 'relayed'].includes(state) && domain(recipient) === 'corp.example' && via_hes === 'yes',
    );
    expect(matching.length).toBeGreaterThan(100);
    expect(summary.coverage.journeys).toBe(matching.length);
    expect(summary.segments.total).toEqual(figures(values(matching, 'total_ms'), [60_000, 300_000, 600_000]));
  });

  it('equal those of the report, for any range and filter', async () => {
    for (const [query, filter] of [
      [RANGE, {}],
      [`${RANGE}&mta=mx1`, { mta: ['mx1'] }],
      [`${RANGE}&verdict=downstream`, { verdict: ['downstream'] }],
    ] as const) {
      const report = await new ReportService(served.store).report({
        filter: { from: FROM, to: TO, ...filter },
        timeZone: 'Europe/Berlin',
        version: '',
        now: 0,
      });
      const summary = await served.ask<api.Summary>(`delays/summary?${query}`);
      expect(summary.segments).toEqual(report.segments);
      expect([summary.coverage, summary.in_flight, summary.verdicts]).toEqual([
        report.coverage,
        report.in_flight,
        report.verdicts,
      ]);
      const timeline = await served.ask<api.Timeline>(`delays/timeline?${query}&tz=Europe/Berlin`);
      expect(timeline.points.map(({ mean_ms: _mean, p99_ms: _p99, ...point }) => point)).toEqual(report.timeline);
      const hops = await served.ask<api.Hops>(`hops?${query}`);
      expect(hops.hops.map(({ sum_ms: _sum, share_of_total: _share, ...hop }) => hop)).toEqual(report.hops);
    }
  });

  it('GET /delays/distribution and /heatmap count every journey once, in the buckets that hold its delay', async () => {
    const distribution = await served.ask<api.Distribution>(
      `delays/distribution?${ALL}&segment=total,hes&per_octave=2`,
    );
    for (const segment of ['total', 'hes'] as const) {
      const numbers = values(truth, `${segment}_ms`);
      const histogram = distribution.segments[segment];
      expect(histogram?.count).toBe(numbers.length);
      for (const [lower, upper, count] of histogram?.buckets ?? [])
        expect(count).toBe(numbers.filter((n) => n >= (lower ?? -Infinity) && n < (upper ?? Infinity)).length);
    }
    const heatmap = await served.ask<api.Heatmap>(
      `delays/heatmap?${ALL}&segment=hes&per_octave=2&interval=day&tz=Asia/Tokyo`,
    );
    expect(heatmap.buckets).toEqual(distribution.segments.hes?.buckets.map(([lower, upper]) => [lower, upper]));
    const cells = new Map<string, number>();
    for (const journey of truth) {
      if (journey.hes_ms === null) continue;
      const tokyo = new Date(firstEvent(journey) + 9 * 3_600_000).toISOString().slice(0, 10);
      const at = new Date(Date.parse(`${tokyo}T00:00:00+09:00`)).toISOString();
      const bucket = heatmap.buckets.findIndex(
        ([lower, upper]) =>
          (journey.hes_ms as number) >= (lower ?? -Infinity) && (journey.hes_ms as number) < (upper ?? Infinity),
      );
      cells.set(`${at} ${bucket}`, (cells.get(`${at} ${bucket}`) ?? 0) + 1);
    }
    const answered = heatmap.segments.hes?.map(([at, bucket, count]) => [`${heatmap.times[at]} ${bucket}`, count]);
    expect(Object.fromEntries(answered ?? [])).toEqual(Object.fromEntries(cells));
  });

  it('GET /delays/breakdown: by recipient domain, with the rest beyond the limit', async () => {
    const breakdown = await served.ask<api.Breakdown>(`delays/breakdown?${ALL}&by=recipient_domain&limit=2`);
    const domains = [...new Set(truth.map(({ recipient }) => domain(recipient)))];
    const total = values(truth, 'total_ms').reduce((sum, n) => sum + n, 0);
    const expected = domains
      .map((value) => {
        const mine = truth.filter(({ recipient }) => domain(recipient) === value);
        const numbers = values(mine, 'total_ms');
        const sum_ms = numbers.reduce((sum, n) => sum + n, 0);
        return { value, journeys: mine.length, count: numbers.length, sum_ms, p95_ms: nearestRank(numbers, 0.95) };
      })
      .sort((a, b) => b.sum_ms - a.sum_ms);
    expect(breakdown.values).toMatchObject(expected.slice(0, 2));
    expect(breakdown.values[0].share_of_delay).toBeCloseTo(expected[0].sum_ms / total, 12);
    const rest = expected.slice(2);
    expect(breakdown.rest).toMatchObject({
      values: rest.length,
      journeys: rest.reduce((sum, { journeys }) => sum + journeys, 0),
      sum_ms: rest.reduce((sum, { sum_ms }) => sum + sum_ms, 0),
    });
  });

  it('GET /delays/breakdown by mta equals the hops; by reply, verdict and state answer', async () => {
    const byMta = await served.ask<api.Breakdown>(`delays/breakdown?${ALL}&by=mta`);
    const { hops } = await served.ask<api.Hops>(`hops?${ALL}`);
    const mtas = [...new Set(truth.flatMap(({ hops: own }) => own.map(({ mta }) => mta)))].sort();
    expect(hops.map(({ mta }) => mta).sort()).toEqual(mtas);
    expect(
      byMta.values.map(({ value, journeys, sum_ms, share_of_delay }) => [value, journeys, sum_ms, share_of_delay]),
    ).toEqual(hops.map(({ mta, count, sum_ms, share_of_downstream }) => [mta, count, sum_ms, share_of_downstream]));
    const byState = await served.ask<api.Breakdown>(`delays/breakdown?${ALL}&by=state`);
    const states = Object.fromEntries(byState.values.map(({ value, journeys }) => [value, journeys]));
    for (const state of new Set(truth.map((journey) => journey.state)))
      expect(states[state]).toBe(truth.filter((journey) => journey.state === state).length);
    const byReply = await served.ask<api.Breakdown>(`delays/breakdown?${ALL}&by=reply`);
    expect(byReply.values.map(({ value }) => value).join('\n')).toContain('Greylisted');
    expect(byReply.values.every(({ value }) => !/@/.test(value ?? ''))).toBe(true);
  });

  it('GET /coverage: a funnel whose steps lie in each other', async () => {
    const { funnel, coverage, rejected } = await served.ask<api.CoverageAnswer>(`coverage?${ALL}`);
    const via = truth.filter(({ via_hes }) => via_hes === 'yes');
    const matched = via.filter(({ hop_count }) => hop_count > 0);
    const complete = matched.filter(({ state }) => state === 'complete' || state === 'relayed');
    expect(funnel.map(({ journeys }) => journeys)).toEqual([truth, via, matched, complete].map(({ length }) => length));
    expect(coverage.bounced).toBe(truth.filter(({ state }) => state === 'bounced').length);
    expect(rejected).toEqual([]);
  });

  it('GET /range: from the first event to just past the last', async () => {
    const range = await served.ask<api.Range>('range');
    const seen = truth.map(firstEvent);
    expect(range.from).toBe(new Date(Math.min(...seen)).toISOString());
    expect(range.to).toBe(new Date(Math.max(...seen) + 1).toISOString());
    expect(range).toMatchObject({ journeys: truth.length, version: '0.0.0-test', verdict_threshold_ms: 60_000 });
  });
});

describe('GET /delays/compare', () => {
  it('puts first what the slow ones have, with the counts behind it', async () => {
    const compare = await served.ask<api.Compare>(`delays/compare?${ALL}&segment=downstream&min_ms=60000`);
    const known = truth.filter(({ downstream_ms }) => downstream_ms !== null);
    const slow = known.filter(({ downstream_ms }) => (downstream_ms as number) >= 60_000);
    expect([compare.slow, compare.rest]).toEqual([slow.length, known.length - slow.length]);
    expect(compare.dimensions[0].dimension).toBe('mta');
    const [first] = compare.dimensions[0].values;
    const has = (journey: TrueJourney): boolean => journey.hops.some(({ mta }) => mta === first.value);
    expect(first).toMatchObject({
      value: 'mbx2',
      slow: slow.filter(has).length,
      rest: known.filter((journey) => !slow.includes(journey) && has(journey)).length,
    });
    expect(compare.dimensions[0].known).toEqual({ slow: slow.length, rest: known.length - slow.length });
    expect(compare.not_known).toContain('tls');
    const scores = compare.dimensions.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('compares with a baseline range', async () => {
    const baseline = 'baseline_from=2026-03-02&baseline_to=2026-03-08';
    const compare = await served.ask<api.Compare>(`delays/compare?${RANGE}&${baseline}&segment=hes&min_ms=60000`);
    const within = (from: number, to: number) => (journey: TrueJourney) =>
      journey.hes_ms !== null && firstEvent(journey) >= from && firstEvent(journey) < to;
    const slow = truth.filter(within(FROM, TO)).filter(({ hes_ms }) => (hes_ms as number) >= 60_000);
    const rest = truth.filter(within(Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 8)));
    expect([compare.slow, compare.rest]).toEqual([slow.length, rest.length]);
    expect(compare.baseline).toEqual({ from: '2026-03-02T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' });
  });
});

describe('GET /journeys', () => {
  it.each(['time', 'slowest'] as const)('pages by %s: no gap, no double, whatever the page', async (sort) => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await served.ask<api.Journeys>(`journeys?${ALL}&sort=${sort}&limit=97${cursor}`);
      seen.push(
        ...page.journeys.map(
          ({ message_id, recipient, hes_received_at }) => `${message_id} ${recipient} ${hes_received_at}`,
        ),
      );
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor);
    expect(seen.length).toBe(truth.length);
    const expected = truth.map(
      ({ message_id, recipient, hes_received_at }) => `${message_id} ${recipient} ${hes_received_at}`,
    );
    expect([...seen].sort()).toEqual(expected.sort());
  });

  it('shows the slowest first, within a patch of delays', async () => {
    const page = await served.ask<api.Journeys>(
      `journeys?${ALL}&sort=slowest&segment=total&min_ms=60000&max_ms=600000&limit=1000`,
    );
    const wanted = values(truth, 'total_ms').filter((n) => n >= 60_000 && n < 600_000);
    expect(page.journeys.map(({ total_ms }) => total_ms)).toEqual(wanted.sort((a, b) => b - a));
  });

  it('finds by Message-ID and by address', async () => {
    const one = truth.find(({ state, hop_count }) => state === 'complete' && hop_count === 2) as TrueJourney;
    for (const search of [`<${one.message_id}>`, one.recipient.toUpperCase()]) {
      const page = await served.ask<api.Journeys>(`journeys?${ALL}&limit=1000&search=${encodeURIComponent(search)}`);
      expect(
        page.journeys.some(({ message_id, recipient }) => message_id === one.message_id && recipient === one.recipient),
      ).toBe(true);
      expect(page.journeys.length).toBeLessThan(100);
    }
  });

  it('accounts for one message with hops, events, file and line, and packs it for support', async () => {
    const one = truth.find(({ verdict }) => verdict?.startsWith('downstream:')) as TrueJourney;
    const path = `journeys/${encodeURIComponent(`<${one.message_id}>`)}`;
    const answer = await served.ask<api.MessageJourneys>(`${path}?recipient=${encodeURIComponent(one.recipient)}`);
    expect(answer).toMatchObject({ message_id: one.message_id, more: 0 });
    const [journey] = answer.journeys;
    expect(journey).toMatchObject({ recipient: one.recipient, total_ms: one.total_ms, verdict: one.verdict });
    expect(journey.hops.map(({ mta, dwell_ms }) => [mta, dwell_ms])).toEqual(
      one.hops.map(({ mta, dwell_ms }) => [mta, dwell_ms]),
    );
    expect(journey.explanation.finding).toContain('After HES the mail took');
    const event = journey.events.find(({ kind }) => kind === 'deferred' || kind === 'delivered') as api.JourneyEvent;
    const line = readFileSync(event.file, 'utf8').split('\n')[event.line - 1];
    expect(line).toContain(event.queue_id);

    // the same line by the endpoint, as it stands in the file
    const { message_id, records } = await served.ask<api.MessageEvidence>(
      `${path}/evidence?recipient=${encodeURIComponent(one.recipient)}`,
    );
    expect(message_id).toBe(one.message_id);
    expect(records.find((record) => record.file === event.file && record.line === event.line)).toEqual({
      file: event.file,
      line: event.line,
      text: line.trimEnd(),
      problem: null,
    });
    const places = (of: readonly { file: string; line: number }[]): string[] =>
      [...new Set(of.map((each) => `${each.file}:${each.line}`))].sort();
    expect(places(records)).toEqual(places(journey.events));
    expect(records.filter(({ problem }) => problem !== null)).toEqual([]);
    expect((await fetch(`${served.address}/api/v1/journeys/nobody@nowhere.example/evidence`)).status).toBe(404);

    const response = await fetch(`${served.address}/api/v1/${path}/support-bundle`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    const zip = Buffer.from(await response.arrayBuffer());
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    for (const name of ['README.txt', 'verdict.txt', 'journeys.json', 'timeline.csv', 'evidence.txt'])
      expect(zip.includes(name)).toBe(true);
  });
});

it('apps/api/openapi.json is what the routes say: node dist/apps/api/main.js writes it anew', async () => {
  const committed = JSON.parse(readFileSync(resolve(__dirname, '../../apps/api/openapi.json'), 'utf8')) as unknown;
  const response = await fetch(`${served.address}/api/openapi.json`);
  expect(await response.json()).toEqual(committed);
  const docs = await fetch(`${served.address}/api/docs`);
  expect([docs.status, docs.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
});

it('logged nothing', () => expect([served.log, join(served.folder)]).toEqual([[], served.folder]));
