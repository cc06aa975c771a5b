import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../store/store';
import { storeJourneys, type StoredJourney } from '../journeys.fixture';
import { parseClauses } from './clause';
import type { SlaResult } from './sla';
import { SlaService } from './sla.service';

const folder = mkdtempSync(join(tmpdir(), 'hoptime-sla-'));
const at = (text: string): number => Date.parse(text);
let store: Store;

const mail = (id: number, more: Partial<StoredJourney>): StoredJourney => ({
  id,
  first_event_at: '2026-03-02 10:00:00.000',
  hes_received_at: `2026-03-02 10:00:00.${String(id).padStart(3, '0')}`,
  message_id: `m${id}@sender.example`,
  recipient: 'alice@corp.example',
  original_recipient: 'alice@corp.example',
  sender: 'bob@sender.example',
  direction: 'in',
  hes_waiting_ms: 0,
  ...more,
});

// March: 1 s, 2 s … 20 s, the slowest of which waited 5 s for the next MTA
const march = Array.from({ length: 20 }, (_, i) =>
  mail(i + 1, { hes_ms: (i + 1) * 1000, ...(i === 19 ? { hes_waiting_ms: 5000 } : {}) }),
);
const others: StoredJourney[] = [
  // a list made two journeys of what HES had as one: it counts once
  mail(30, { first_event_at: '2026-04-01 00:00:00.000', hes_ms: 400_000, recipient: 'x@corp.example' }),
  mail(31, {
    first_event_at: '2026-04-01 00:00:00.000',
    hes_received_at: '2026-03-02 10:00:00.030',
    message_id: 'm30@sender.example',
    hes_ms: 400_000,
    recipient: 'y@corp.example',
  }),
  mail(32, { first_event_at: '2026-04-02 00:00:00.000', hes_ms: 300_000, hes_quarantine_ms: 100_000 }),
  mail(33, { first_event_at: '2026-04-02 00:00:00.000', state: 'in_flight' }),
  mail(34, { first_event_at: '2026-04-03 00:00:00.000', state: 'bounced' }),
  mail(35, { first_event_at: '2026-04-03 00:00:00.000', via_hes: 'no', hes_received_at: undefined }),
  mail(36, { first_event_at: '2026-04-04 00:00:00.000', hes_ms: 9, recipient: 'z@other.example' }),
  mail(37, { first_event_at: '2026-04-05 01:30:00.000', hes_ms: 9 }),
  mail(38, { first_event_at: '2026-04-06 00:00:00.000', hes_ms: 9, direction: 'out' }),
];

beforeAll(async () => {
  store = await Store.open(`chdb:${folder}`);
  await storeJourneys(store, [...march, ...others]);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function results(
  rules: string,
  from = '2026-03-01T00:00:00Z',
  to = '2026-05-01T00:00:00Z',
): Promise<SlaResult[]> {
  const text = `clauses:\n  - name: c\n    title: C\n    source: test\n${rules.replace(/^/gm, '    ')}`;
  return new SlaService(store).evaluate(parseClauses(text, 'c.yaml'), { from: at(from), to: at(to) }, 'UTC');
}
const MEAN =
  'segment: hes\nmeasure: mean\nfastest: 0.95\ntiers: [{ over_ms: 9000, credit: 0.25 }, { over_ms: 9999, credit: 0.5 }, { over_ms: 10000, credit: 1 }]';

describe('a clause over its months', () => {
  it('is the mean of the fastest 95 %: of 1 … 20 s the first nineteen, 10 s, which is over 9,999 ms and not over 10,000', async () => {
    const [first] = await results(MEAN);
    expect(first).toMatchObject({
      period: '2026-03',
      whole_period: true,
      value: 10_000,
      best: 10_000,
      worst: 10_000,
      met: false,
      tier: { over_ms: 9999, below_share: null, credit: 0.5 },
      counted: 20,
      measured: 19,
      left_out: {},
    });
  });

  it('takes off quarantine, counts what a list expanded once, and says what was left out and why', async () => {
    const rules = `${MEAN.replace('fastest: 0.95\n', '')}
direction: in
exclude:
  recipient_domains: [other.example]
  windows: [{ from: 2026-04-05T01:00:00Z, to: 2026-04-05T02:00:00Z }]`;
    const [, second] = await results(rules);
    // 400 s, once, and 300 s less 100 s in quarantine
    expect(second).toMatchObject({
      period: '2026-04',
      value: 300_000,
      counted: 2,
      measured: 2,
      left_out: { in_flight: 1, not_delivered: 1, not_via_hes: 1, domain: 1, maintenance: 1, other_direction: 1 },
      // the one in flight: 0 ms makes the mean of three 200 s; slower than all it has no end
      best: 200_000,
      worst: null,
    });
  });

  it('takes off the time that HES waited for the next MTA where the clause says so', async () => {
    const rules = MEAN.replace('fastest: 0.95', 'exclude: { waiting: true }');
    // (1 + … + 19 + 15) s / 20
    expect((await results(rules))[0]).toMatchObject({ value: 10_250, measured: 20, tier: { credit: 1 } });
  });

  it('is a percentile by nearest rank, with bounds', async () => {
    const rules = 'segment: hes\nmeasure: percentile\nlevel: 0.5\ntiers: [{ over_ms: 10000 }]';
    const [first, second] = await results(rules);
    expect(first).toMatchObject({ value: 10_000, best: 10_000, worst: 10_000, met: true, tier: null });
    // 9, 9, 9, 200 s, 400 s and one in flight: the third of five; of six the third, with a 0 before them all or a slower one behind
    expect(second).toMatchObject({ value: 9, best: 9, worst: 9, counted: 5 });
  });

  it('is a share strictly under a limit, and is missed below the share of a step', async () => {
    const rules =
      'segment: hes\nmeasure: share_under\nunder_ms: 20000\ntiers: [{ below_share: 0.95 }, { below_share: 0.96 }]';
    const [first, second] = await results(rules);
    expect(first).toMatchObject({ value: 0.95, met: false, tier: { below_share: 0.96, credit: null } });
    expect(second).toMatchObject({ value: 3 / 5, best: 4 / 6, worst: 3 / 6, tier: { below_share: 0.95 } });
  });

  it('over a range that holds only a part of a month says so, and nothing where nothing was measured', async () => {
    const all = await results(MEAN, '2026-02-20T00:00:00Z', '2026-03-02T00:00:00Z');
    expect(
      all.map(({ period, whole_period, value, met, counted }) => [period, whole_period, value, met, counted]),
    ).toEqual([
      ['2026-02', false, null, null, 0],
      ['2026-03', false, null, null, 0],
    ]);
  });
});
