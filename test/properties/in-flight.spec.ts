import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DelayService } from '../../libs/delay/delay.service';
import { EstimateService, type Estimates } from '../../libs/delay/in-flight/estimate.service';
import { type Distribution, type Segment } from '../../libs/delay/report';
import { Random } from '../../libs/simulate/random';
import { withOwnStore } from '../support/own-store';

/**
 * 600 mails come through HES to mx1 within two hours and take a log-normal time there (median 20 min). The logs end after these two hours, so much
 * of the mail is in flight: what the program makes of them is held against a computation of its own here, and against the truth.
 */
const START = Date.UTC(2026, 2, 2, 10);
const END = START + 7_200_000;
const MEDIAN = 1_200_000;
const folder = mkdtempSync(join(tmpdir(), 'hoptime-in-flight-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Mail {
  released: number;
  takes: number;
}
const random = new Random(5);
const mails: Mail[] = Array.from({ length: 600 }, () => ({
  released: START + random.int(5, 7190) * 1000,
  takes: 250 + Math.floor(random.logNormal(MEDIAN, 1)),
}));

const iso = (ms: number): string => new Date(ms).toISOString();

function write(): string[] {
  const second = (ms: number): string => `${iso(ms).slice(0, 19)}Z`;
  const logs = mails.map(({ released }, i) => ({
    genTime: second(released + 5000),
    timestamp: second(released - 4000),
    deliveryTime: second(released),
    sender: 'bob@partner.example',
    direction: 'in',
    messageID: `<m${i}@partner.example>`,
    mailID: `5d1c7a60-0b1e-4a52-9c3f-${String(i).padStart(12, '0')}`,
    recipient: 'alice@corp.example',
    action: 'Delivered',
    deliveredTo: 'mx1.corp.example[192.0.2.11]:25',
    details: `250 2.0.0 Ok: queued as ${queueId(i)}`,
  }));
  const lines = mails.flatMap(({ released, takes }, i): [number, string][] => [
    [released + 100, `postfix/smtpd[7]: ${queueId(i)}: client=inpost02.tmes.trendmicro.eu[18.185.115.12]`],
    [released + 180, `postfix/cleanup[7]: ${queueId(i)}: message-id=<m${i}@partner.example>`],
    [released + 250, `postfix/qmgr[7]: ${queueId(i)}: from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)`],
    [
      released + takes,
      `postfix/lmtp[7]: ${queueId(i)}: to=<alice@corp.example>, relay=mx1.corp.example[private/lmtp], delay=${Math.round(takes / 1000)}, delays=0.1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok)`,
    ],
  ]);
  const seen = lines.filter(([at]) => at < END).sort((a, b) => a[0] - b[0]);
  mkdirSync(folder, { recursive: true });
  const [hes, mx1] = [join(folder, 'hes.json'), join(folder, 'mx1.log')];
  writeFileSync(hes, JSON.stringify({ nextToken: '', logs }));
  writeFileSync(mx1, seen.map(([at, text]) => `${iso(at).replace('Z', '000+00:00')} mx1 ${text}\n`).join(''));
  return [hes, mx1];
}
const queueId = (i: number): string => `4fPZDN${String(i).padStart(4, '0')}z8xQ`;

const seenAt = (at: number): boolean => at < END;
/** what each mail shows: it ended, or is under way since it was released, by the last line of the log */
const known = mails.filter(({ released }) => seenAt(released + 250));
const ended = known.filter(({ released, takes }) => seenAt(released + takes)).map(({ takes }) => takes);
const lastLine = Math.max(
  ...mails.flatMap(({ released, takes }) => [100, 180, 250, takes].map((ms) => released + ms)).filter(seenAt),
);
const since = known
  .filter(({ released, takes }) => !seenAt(released + takes))
  .map(({ released }) => lastLine - released);

/** The share that lasts at least `limit`, mail by mail: each end takes its part of those that had lasted so long. */
function lasting(limit: number): number {
  return ended
    .filter((ms) => ms < limit)
    .sort((a, b) => a - b)
    .reduce((share, ms, i) => {
      const atRisk = ended.length - i + since.filter((other) => other >= ms).length;
      return share * (1 - 1 / atRisk);
    }, 1);
}

let figures: Record<Segment, Distribution>;
let estimates: Estimates;
beforeAll(() =>
  withOwnStore(async ({ store, ingest }) => {
    await ingest.ingest(write(), { timeZone: 'UTC' });
    figures = await new DelayService(store).figures({});
    estimates = await new EstimateService(store).estimates({}, figures);
  }),
);

it('counts what ended and what is in flight', () => {
  expect(since.length).toBeGreaterThan(100);
  expect(figures.downstream.count).toBe(ended.length);
  expect(estimates.downstream?.kaplan_meier).toMatchObject({ ended: ended.length, in_flight: since.length });
  expect(estimates.total?.kaplan_meier).toMatchObject({ ended: ended.length, in_flight: since.length });
  expect(estimates.hes?.kaplan_meier).toMatchObject({ ended: 600, in_flight: 0 });
  expect(estimates.hes?.kaplan_meier?.quantiles.p95_ms.value).toBe(4000);
  expect(estimates.hes_waiting?.kaplan_meier).toBeNull();
});

it('makes the same of it as a computation mail by mail', () => {
  const curve = estimates.downstream?.kaplan_meier;
  for (const limit of [60_000, 300_000, 600_000])
    expect(curve?.share_under[limit].value).toBeCloseTo(1 - lasting(limit), 3);
  const median = [...ended].sort((a, b) => a - b).find((ms) => lasting(ms + 1) <= 0.5) ?? NaN;
  expect((curve?.quantiles.p50_ms.value ?? 0) / median).toBeCloseTo(1, 2);
});

it('its band holds the truth, which the plain figure misses', () => {
  const { lower, upper } = estimates.downstream?.kaplan_meier?.quantiles.p50_ms ?? { lower: 0, upper: 0 };
  expect(lower).toBeLessThan(MEDIAN + 250);
  expect(upper).toBeGreaterThan(MEDIAN + 250);
  expect(figures.downstream.p50_ms).toBeLessThan(lower ?? 0);
});

it('bounds every share by all that is not known', () => {
  // of the mail that mx1 has not logged as taken, nothing is known but that HES let it go
  const unknown = 600 - ended.length;
  const under = ended.filter((ms) => ms < 300_000).length;
  expect(estimates.downstream?.unknown).toBe(unknown);
  expect(estimates.downstream?.share_bounds[300_000]).toEqual({ worst: under / 600, best: (under + unknown) / 600 });
  expect(estimates.hes?.share_bounds[60_000]).toEqual({ worst: 1, best: 1 });
});
