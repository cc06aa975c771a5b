import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Correlator } from '../../libs/ingest/correlator';
import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import { rebuildRollups, rollupState } from '../../libs/store/rollup';
import type { Store } from '../../libs/store/store';
import { portionsOf } from '../support/fleet-portions';
import { withOwnStore } from '../support/own-store';

/** Rollups that are kept in line with touched messages say what the journeys say, added up here by another program, after each portion of input. */
const root = mkdtempSync(join(tmpdir(), 'hoptime-rollups-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const OPTIONS = { verdictThresholdMs: 60_000, hesNetworks: [], rollup: true, rollupFrom: 0 };
const SEGMENTS = ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] as const;
type Row = Record<string, string | number | null>;
/** count, sum and largest of the durations of a key */
type Figures = [count: number, sum: number, largest: number];

const LATEST = `(SELECT begins, max(version) FROM hoptime_store.rollup_versions WHERE span = 'SPAN' GROUP BY begins)`;

async function rolled(store: Store, span: 'hour' | 'day'): Promise<Map<string, Figures>> {
  const rows = await store.rows<Row>({
    sql: `SELECT toUnixTimestamp(begins) AS at, toString(segment) AS segment, direction, state, via_hes, verdict, sum(count) AS n, sum(sum_ms) AS ms, max(max_ms) AS most
      FROM hoptime_store.delay_rollups WHERE span = '${span}' AND (begins, version) IN ${LATEST.replace('SPAN', span)}
      GROUP BY at, segment, direction, state, via_hes, verdict`,
  });
  return new Map(
    rows.map((r) => [
      [r.at, r.segment, r.direction, r.state, r.via_hes, r.verdict].join(' '),
      [Number(r.n), Number(r.ms), Number(r.most)],
    ]),
  );
}

function added(journeys: readonly Row[], seconds: number): Map<string, Figures> {
  const sums = new Map<string, Figures>();
  for (const journey of journeys) {
    const at = Math.floor(Number(journey.at) / seconds) * seconds;
    for (const segment of SEGMENTS) {
      if (journey[segment] === null) continue;
      const ms = Number(journey[segment]);
      const key = [at, segment, journey.direction, journey.state, journey.via_hes, journey.verdict].join(' ');
      const [count, sum, largest] = sums.get(key) ?? [0, 0, -Infinity];
      sums.set(key, [count + 1, sum + ms, Math.max(largest, ms)]);
    }
  }
  return sums;
}

const PROPERTY_KEY = 'property, value, detail, segment, span, begins';
const PROPERTY_SUMS = ['count', 'known', 'sum_ms', 'under_1_min', 'under_5_min', 'under_10_min', 'deferrals'];
const SUM_KEY = 'property, value, begins, state, via_hes, verdict, matched';

/** What the rollups by property add up to, without what was taken away again. */
async function addedUp(store: Store): Promise<Row[]> {
  const histograms = await store.rows<Row>({
    sql: `SELECT ${PROPERTY_KEY}, ${PROPERTY_SUMS.map((name) => `sum(h.${name}) AS ${name}_sum`).join(', ')} FROM hoptime_store.property_histograms AS h
      GROUP BY ${PROPERTY_KEY} HAVING ${PROPERTY_SUMS.map((name) => `${name}_sum != 0`).join(' OR ')} ORDER BY ${PROPERTY_KEY}`,
  });
  const buckets = await store.rows<Row>({
    sql: `SELECT ${PROPERTY_KEY}, bucket, sum(in_bucket) AS n, sum(bucket_ms) AS ms FROM hoptime_store.property_histograms AS h
      ARRAY JOIN h.histogramMap.bucket AS bucket, h.histogramMap.count AS in_bucket, h.histogramMap.sum_ms AS bucket_ms
      GROUP BY ${PROPERTY_KEY}, bucket HAVING n != 0 OR ms != 0 ORDER BY ${PROPERTY_KEY}, bucket`,
  });
  const columns = ['journeys', ...SEGMENTS.flatMap((segment) => [`${segment}_count`, `${segment}_ms`])];
  const sums = await store.rows<Row>({
    sql: `SELECT ${SUM_KEY}, ${columns.map((name) => `sum(s.${name}) AS ${name}_sum`).join(', ')} FROM hoptime_store.property_sums AS s
      GROUP BY ${SUM_KEY} HAVING ${columns.map((name) => `${name}_sum != 0`).join(' OR ')} ORDER BY ${SUM_KEY}`,
  });
  return [...histograms, ...buckets, ...sums];
}

const rowCount = async (store: Store): Promise<number> => {
  const [{ n }] = await store.rows<{ n: number }>({
    sql: 'SELECT count() AS n FROM hoptime_store.property_histograms',
  });
  return Number(n);
};

/** Hops after HES by MTA: how many, and how long mail stayed, each hop once; and journeys and delay by recipient domain. */
async function byHand(store: Store): Promise<string[]> {
  const hops = await store.rows<{ mta: string; leg: string; at: string; known: number; ms: number }>({
    sql: `SELECT toString(mta) AS mta, hex(leg) AS leg, toString(toDate(first_event_at)) AS at, received >= 0 AND relayed >= 0 AS known, dwell AS ms FROM hoptime_store.journeys
      ARRAY JOIN hops.leg_id AS leg, hops.segment AS part, hops.mta AS mta, hops.received_ms AS received, hops.relayed_ms AS relayed, hops.dwell_ms AS dwell
      WHERE part = 'downstream'`,
  });
  const seen = new Map(hops.map((hop) => [`${hop.mta} ${hop.leg}`, hop]));
  const totals = new Map<string, [number, number]>();
  const add = (key: string, ms: number): void => {
    const [count, sum] = totals.get(key) ?? [0, 0];
    totals.set(key, [count + 1, sum + ms]);
  };
  for (const { mta, at, known, ms } of seen.values()) add(`mta ${mta} ${at}`, known ? Number(ms) : 0);
  const journeys = await store.rows<{ domain: string; at: string; ms: number | null }>({
    sql: `SELECT toString(recipient_domain) AS domain, toString(toDate(first_event_at)) AS at, total_ms AS ms FROM hoptime_store.journeys`,
  });
  for (const { domain, at, ms } of journeys) if (ms !== null) add(`recipient_domain ${domain} ${at}`, Number(ms));
  return [...totals].map(([key, [count, sum]]) => `${key}: ${count} ${sum}`).sort();
}

async function byRollup(store: Store): Promise<string[]> {
  const rows = await store.rows<{ key: string; n: number; ms: number }>({
    sql: `SELECT concat(toString(property), ' ', value, ' ', toString(toDate(begins))) AS key, sum(count) AS n, sum(sum_ms) AS ms FROM hoptime_store.property_histograms
      WHERE span = 'day' AND (property = 'mta' OR (property = 'recipient_domain' AND segment = 'total')) GROUP BY key HAVING n > 0`,
  });
  return rows.map(({ key, n, ms }) => `${key}: ${n} ${ms}`).sort();
}

/** Runs work whose first statement of this kind fails. */
async function cutOff(store: Store, beginning: string, work: () => Promise<unknown>): Promise<void> {
  const { client } = store;
  const send = client.command.bind(client);
  let times = 0;
  const spy = jest.spyOn(client, 'command').mockImplementation((asked) => {
    if (!asked.query.includes(beginning)) return send(asked);
    times++;
    return Promise.reject(new Error('cut off'));
  });
  await expect(work()).rejects.toThrow('cut off');
  spy.mockRestore();
  expect(times).toBe(1);
}

const sorted = (figures: Map<string, Figures>): [string, Figures][] =>
  [...figures].sort(([a], [b]) => (a < b ? -1 : 1));

it('after each portion of a fleet: hours and days as the journeys, and only the hours that changed are built anew', async () => {
  const fleet = join(root, 'fleet');
  await simulate({ out: fleet, messages: 150, seed: 31, days: 3 });
  await withOwnStore(async ({ store }) => {
    const ingest = new IngestService(store, OPTIONS);
    const rebuilt: number[] = [];
    for (const [number, portion] of portionsOf(fleet, root, 4).entries()) {
      if (number < 3) await ingest.ingest(portion, { timeZone: 'UTC' });
      else {
        // The last one is cut off when some rollups have followed, and another process goes on.
        await cutOff(store, 'INSERT INTO hoptime_store.property_sums', () =>
          ingest.ingest(portion, { timeZone: 'UTC' }),
        );
        expect(await rollupState(store, 0)).toBe('behind');
        expect(await new Correlator(store, OPTIONS).bringUpToDate()).toBe('touched');
      }
      expect(await rollupState(store, 0)).toBe('in line');
      const journeys = await store.rows<Row>({
        sql: `SELECT toUnixTimestamp(first_event_at) AS at, toString(direction) AS direction, state, via_hes, verdict, hes_ms AS hes, hes_processing_ms AS hes_processing,
          hes_waiting_ms AS hes_waiting, downstream_ms AS downstream, total_ms AS total FROM hoptime_store.journeys`,
      });
      expect(sorted(await rolled(store, 'hour'))).toEqual(sorted(added(journeys, 3600)));
      expect(sorted(await rolled(store, 'day'))).toEqual(sorted(added(journeys, 86_400)));
      const [{ n, newest, hours }] = await store.rows<{ n: number; newest: number; hours: number }>({
        sql: `SELECT sum(journeys) AS n, countIf(version = (SELECT max(version) FROM hoptime_store.rollup_versions)) AS newest, count() AS hours
          FROM hoptime_store.rollup_versions FINAL WHERE span = 'hour'`,
      });
      expect(Number(n)).toBe(journeys.length);
      rebuilt.push(Number(newest) / Number(hours));
      expect(await byRollup(store)).toEqual(await byHand(store));
    }
    const kept = await addedUp(store);
    expect(kept.length).toBeGreaterThan(500);
    // When the engine merges parts it adds rows up, bucket by bucket.
    const apart = await rowCount(store);
    await store.command({ sql: 'OPTIMIZE TABLE hoptime_store.property_histograms FINAL' });
    expect(await rowCount(store)).toBeLessThan(apart);
    expect(await addedUp(store)).toEqual(kept);
    await rebuildRollups(store);
    expect(await addedUp(store)).toEqual(kept);
    // The first portion makes all hours; a later one leaves some as they were.
    expect(rebuilt[0]).toBe(1);
    expect(Math.min(...rebuilt.slice(0, 3))).toBeLessThan(0.7);
    expect(rebuilt[3]).toBeLessThan(1);
  });
});

/** Five lines of a mail that HES hands over and that stays for so many seconds. */
function mail(id: string, at: string, seconds: number, end = true): string {
  const line = (after: number, program: string, text: string): string =>
    `${new Date(Date.parse(at) + after * 1000).toISOString()} mx1.corp.example postfix/${program}[7]: ${id}: ${text}\n`;
  return [
    line(0, 'smtpd', 'client=repre.in.hes.trendmicro.com[192.0.2.7]'),
    line(0, 'cleanup', `message-id=<${id}@partner.example>`),
    line(0, 'qmgr', 'from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)'),
    ...(end
      ? [
          line(
            seconds,
            'smtp',
            'to=<user@corp.example>, relay=store.corp.example[192.0.2.9]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok)',
          ),
          line(seconds, 'qmgr', 'removed'),
        ]
      : []),
  ].join('');
}

it('new mail of hours that were built a moment ago is added to them; mail that changes has them built anew', async () => {
  await withOwnStore(async ({ store }) => {
    const ingest = new IngestService(store, OPTIONS);
    let files = 0;
    const ingestMails = async (mails: readonly string[]): Promise<void> => {
      const file = join(root, `mail-${files++}.log`);
      writeFileSync(file, mails.join(''));
      const {
        files: [report],
      } = await ingest.ingest([file], { format: 'postfix' });
      expect(report.problem).toBeUndefined();
    };
    /** Versions of hours and days, whose rows say what the journeys say. */
    const told = async (): Promise<string> => {
      expect(await rollupState(store, 0)).toBe('in line');
      const journeys = await store.rows<Row>({
        sql: `SELECT toUnixTimestamp(first_event_at) AS at, toString(direction) AS direction, state, via_hes, verdict, hes_ms AS hes, hes_processing_ms AS hes_processing,
          hes_waiting_ms AS hes_waiting, downstream_ms AS downstream, total_ms AS total FROM hoptime_store.journeys`,
      });
      const hours = added(journeys, 3600);
      expect(sorted(await rolled(store, 'hour'))).toEqual(sorted(hours));
      expect(sorted(await rolled(store, 'day'))).toEqual(sorted(added(journeys, 86_400)));
      const [counted] = await store.rows<{ versions: string; journeys: number; largest: number; last: string }>({
        sql: `SELECT arrayStringConcat(arraySort(groupUniqArray(concat(toString(span), ' ', toString(toUnixTimestamp(v.begins)), ' ', toString(v.version)))), ', ') AS versions,
            (SELECT sum(r.journeys) FROM hoptime_store.journey_rollups AS r WHERE (r.begins, r.version) IN ${LATEST.replace('SPAN', 'hour')}) AS journeys,
            (SELECT max(r.downstream_max_ms) FROM hoptime_store.journey_rollups AS r WHERE (r.begins, r.version) IN ${LATEST.replace('SPAN', 'hour')}) AS largest
          FROM hoptime_store.rollup_versions AS v WHERE (span, begins, version) IN (SELECT span, begins, max(version) FROM hoptime_store.rollup_versions GROUP BY span, begins)`,
      });
      const [{ rolled: known }] = await store.rows<{ rolled: number }>('queries/rollup_covers', {
        from: '2026-03-02 00:00:00.000',
        to: '2026-03-04 00:00:00.000',
      });
      expect([Number(counted.journeys), Number(known)]).toEqual([journeys.length, journeys.length]);
      largest.push(Number(counted.largest));
      return counted.versions;
    };
    const take = async (...mails: string[]): Promise<string> => {
      await ingestMails(mails);
      return told();
    };
    const largest: number[] = [];
    const first = await take(mail('A0000001', '2026-03-02T12:00:00Z', 3), mail('A0000002', '2026-03-02T13:00:00Z', 4));
    expect(
      await take(
        mail('B0000001', '2026-03-02T12:10:00Z', 9),
        mail('B0000002', '2026-03-02T13:10:00Z', 2),
        mail('B0000003', '2026-03-02T13:20:00Z', 3),
      ),
    ).toBe(first);
    expect(await take(mail('C0000001', '2026-03-02T12:20:00Z', 0, false))).toBe(first);
    // The mail goes on: the hour that it was in, and its day, are built anew
    const second = await take(mail('C0000001', '2026-03-02T12:20:00Z', 20));
    expect(second.split(', ').filter((version) => first.includes(version))).toHaveLength(1);
    expect(await take(mail('D0000001', '2026-03-02T12:30:00Z', 1))).toBe(second);
    // an hour that nothing was known of
    expect(await take(mail('E0000001', '2026-03-03T12:30:00Z', 1))).not.toBe(second);
    // Cut off when half of it has been added: the next one builds these days anew.
    await cutOff(store, 'INSERT INTO hoptime_store.journey_rollups', () =>
      ingestMails([mail('F0000001', '2026-03-02T12:40:00Z', 30)]),
    );
    expect(await rollupState(store, 0)).toBe('behind');
    expect(await new Correlator(store, OPTIONS).bringUpToDate()).toBe('touched');
    await told();
    expect(largest).toEqual([4000, 9000, 9000, 20_000, 20_000, 20_000, 30_000]);
  });
});
