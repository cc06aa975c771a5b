import { copyFileSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { InputService } from '../delay/input.service';
import { Correlator } from '../ingest/correlator';
import { IngestService } from '../ingest/ingest.service';
import { simulate } from '../simulate/simulate';
import { rebuildRollups, rollupState } from '../store/rollup';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { eraseAddress, leftOver } from './erase';
import { applyRetention } from './retention';

/** Erasure and retention on one fleet. Of retention: two of three groups of a fleet came in long ago: what goes is computed here from the journeys, by union-find. */
const NOW = Date.now();
const DAY_MS = 86_400_000;
const days = { events: 30, rejected_records: 20, audit_log: 0, files: 30 };
const LOG = 'mail-2026-03-02.log';
let opened: TemporaryStore;
let uploads: string;

beforeAll(async () => {
  opened = await openTemporaryStore();
  const fleet = join(opened.folder, 'fleet');
  const { ingest } = await simulate({ out: fleet, messages: 60, seed: 4, days: 2 });
  const service = new IngestService(opened.store);
  uploads = join(opened.store.path, 'uploads');
  mkdirSync(uploads);
  for (const { paths, timeZone } of ingest)
    await service.ingest(
      paths.map((path) => join(fleet, path)),
      { timeZone },
    );
  copyFileSync(join(fleet, 'postfix/mx1', LOG), join(uploads, LOG));
  await service.ingest([join(uploads, LOG)], { timeZone: 'UTC' });
});

const grownOld = async (): Promise<void> => {
  await opened.store.command({
    sql: `ALTER TABLE hoptime_store.trace_events UPDATE ingested_at = now('UTC') - INTERVAL 31 DAY WHERE group_hash % 3 != 0 SETTINGS mutations_sync = 2`,
  });
  await opened.store.command({
    sql: `INSERT INTO hoptime_store.rejected_records SELECT 2, number, number, 'postfix', 'no', 'text', now64(3) - toIntervalDay(number * 10 + 1) FROM numbers(5)`,
  });
};
afterAll(() => opened.close());

type Row = Record<string, unknown>;
const rows = <T>(sql: string): Promise<T[]> => opened.store.rows<T>({ sql });
const journeys = async (): Promise<string[]> =>
  (await rows<Row>('SELECT * EXCEPT (journey_id), toString(journey_id) AS id FROM hoptime_store.journeys'))
    .map((row) => JSON.stringify(row))
    .sort();
const groups = async (): Promise<string[]> =>
  (await rows<{ g: string }>('SELECT DISTINCT hex(group_hash) AS g FROM hoptime_store.trace_events ORDER BY g')).map(
    ({ g }) => g,
  );

async function expectedToStay(): Promise<{ groups: string[]; journeys: Set<string> }> {
  const all = await rows<{ id: string; gs: string[] }>(
    'SELECT toString(journey_id) AS id, arrayMap(g -> hex(g), hops.group_hash) AS gs FROM hoptime_store.journeys',
  );
  const fresh = await rows<{ g: string }>(
    'SELECT DISTINCT hex(group_hash) AS g FROM hoptime_store.trace_events WHERE group_hash % 3 = 0',
  );
  const root = new Map<string, string>();
  const find = (g: string): string => {
    const up = root.get(g) ?? g;
    return up === g ? g : find(up);
  };
  for (const { gs } of all) for (const g of gs) root.set(find(g), find(gs[0]));
  const kept = new Set(fresh.map(({ g }) => find(g)));
  return {
    groups: (await groups()).filter((g) => kept.has(find(g))),
    journeys: new Set(all.filter(({ gs }) => kept.has(find(gs[0]))).map(({ id }) => id)),
  };
}

/** The log of a mail from HES that was deferred once. */
function refusedWith(recipient: string, reply: string): string {
  const line = (seconds: number, program: string, text: string): string =>
    `2026-03-02T10:00:${seconds}Z mx1 postfix/${program}[7]: D00000001: ${text}\n`;
  const to = `to=<${recipient}>, relay=mbx1[192.0.2.9]:25, delay=9`;
  return [
    line(10, 'smtpd', 'client=repre.in.hes.trendmicro.com[192.0.2.7]'),
    line(10, 'cleanup', 'message-id=<named@partner.example>'),
    line(10, 'qmgr', 'from=<bob@partner.example>, size=2841, nrcpt=1 (queue active)'),
    line(19, 'smtp', `${to}, dsn=4.3.0, status=deferred (host mbx1[192.0.2.9] said: ${reply})`),
    line(40, 'smtp', `${to}, dsn=2.0.0, status=sent (250 Ok)`),
  ].join('');
}

const ADDRESSES = ['sender', 'recipient', 'original_recipient', 'message_id', 'message_key'];
const figures = async (): Promise<string[]> =>
  (
    await rows<Row>(`SELECT * EXCEPT (journey_id, ${ADDRESSES.join(', ')}, \`hops.leg_id\`, \`hops.group_hash\`, \`hops.smtp_reply\`)
      REPLACE (arrayMap(reply -> replaceRegexpOne(reply, '=[^=]*%40', '=…%40'), replies) AS replies),
      arrayMap(reply -> substring(reply, 1, 9), hops.smtp_reply) AS answers FROM hoptime_store.journeys`)
  )
    .map((row) => JSON.stringify(row))
    .sort();

async function rowsWith(text: string): Promise<Record<string, number>> {
  const tables = await rows<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = 'hoptime_store' AND engine LIKE '%MergeTree' ORDER BY name`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const all = await rows<Row>(`SELECT * FROM hoptime_store.${name}`);
    const n = all.filter((row) => JSON.stringify(row).toLowerCase().includes(text)).length;
    if (n > 0) found[name] = n;
  }
  return found;
}

it('erases an address from every table and kept file, and leaves all figures as they were', async () => {
  const { store } = opened;
  const [{ recipient }] = await rows<{ recipient: string }>(
    `SELECT recipient FROM hoptime_store.journeys WHERE via_hes = 'yes' AND has(hops.mta, 'mx1') GROUP BY recipient ORDER BY count() DESC, recipient LIMIT 1`,
  );
  const [local, domainOf] = recipient.split('@');
  const inWeb = `${local}%40${domainOf}`;
  // What is left of a reply is a value of the rollups: an address of the web stays in it.
  const named = join(opened.folder, 'named.log');
  writeFileSync(named, refusedWith(recipient, `451 4.3.0 see https://x.example/?of=${inWeb}`));
  await new IngestService(store).ingest([named], { format: 'postfix' });
  await rebuildRollups(store);
  const inRollups = Object.fromEntries(
    Object.entries(await rowsWith(inWeb)).filter(([table]) => table.startsWith('property_')),
  );
  expect(Object.keys(inRollups)).toEqual(['property_histograms', 'property_sums', 'property_totals']);
  await store.command({
    sql: `INSERT INTO hoptime_store.rejected_records VALUES
      (1, 1, 1, 'postfix', 'no', 'to=<${recipient.toUpperCase()}> unknown user: "${local}", bounce+${local}=${recipient.split('@')[1]}@x.example', now64(3)),
      (1, 2, 2, 'postfix', 'no', 'to=<mary-${recipient}> or ${recipient}.org', now64(3))`,
  });
  await store.command({
    sql: `INSERT INTO hoptime_store.audit_log (at, target) VALUES (now64(3), '/api/v1/journeys?search=${encodeURIComponent(recipient)}')`,
  });
  await store.command({
    sql: `INSERT INTO hoptime_store.issued_reports (sequence, report_id, documents, manifest) VALUES (1, 'r', map('html', 'to <b>${recipient}</b>'), '{}')`,
  });
  writeFileSync(join(uploads, 'packed.log.gz'), gzipSync(`to=<${recipient}>,\n`));
  writeFileSync(join(uploads, 'other.log'), 'to=<somebody@else.example>,\n');
  const expected = await rowsWith(recipient);
  const before = await figures();
  const log = readFileSync(join(uploads, LOG), 'latin1');
  const inLog = log.split(recipient).length - 1;
  expect(inLog).toBeGreaterThan(0);

  const correlation = { verdictThresholdMs: 60_000, hesNetworks: [] };
  const dry = await eraseAddress(store, recipient.toUpperCase(), { correlation, dryRun: true });
  // the row that names others only, of which the search by substring knows nothing
  const counts = { ...expected, ...inRollups, rejected_records: expected.rejected_records - 1, audit_log: 1 };
  expect(Object.fromEntries(dry.tables.map((each) => [each.where, each.before]))).toEqual(counts);
  expect(await rowsWith(recipient)).toEqual(expected);

  const report = await eraseAddress(store, recipient, { correlation, patienceMs: 0 });
  expect(report.tables).toEqual(dry.tables.map((each) => ({ ...each, after: 0 })));
  expect(report.files).toEqual([
    { where: join(uploads, LOG), before: inLog, after: 0 },
    { where: join(uploads, 'packed.log.gz'), before: 1, after: 0 },
  ]);
  expect(leftOver(report)).toBe(0);
  expect(await rowsWith(recipient)).toEqual({ rejected_records: 1 });
  expect(await rowsWith(inWeb)).toEqual({});
  expect(await figures()).toEqual(before);
  await rebuildRollups(store);
  expect(await rolled()).toEqual(await byHand());

  const mask = report.replacedBy ?? '';
  expect(mask).toMatch(/^~[0-9a-z]+@/);
  expect(mask).toHaveLength(recipient.length);
  const texts = await rows<{ text: string }>(
    'SELECT text FROM hoptime_store.rejected_records WHERE input_id = 1 ORDER BY line',
  );
  const [masked, domain] = mask.split('@');
  expect(texts.map(({ text }) => text)).toEqual([
    `to=<${mask}> unknown user: "${masked}", bounce+${masked}=${domain}@x.example`,
    `to=<mary-${recipient}> or ${recipient}.org`,
  ]);
  expect(await rows('SELECT documents, manifest FROM hoptime_store.issued_reports')).toEqual([
    { documents: {}, manifest: '{}' },
  ]);
  expect(readdirSync(uploads).sort()).toEqual([LOG, 'other.log']);
  const commands = await rows<{ command: string }>('SELECT command FROM system.mutations');
  expect(commands.length).toBeGreaterThan(2);
  expect(commands.filter(({ command }) => command.toLowerCase().includes(local))).toEqual([]);

  // the kept file says the same as the store now: reading it again changes nothing
  expect(readFileSync(join(uploads, LOG), 'latin1')).toBe(log.replaceAll(recipient, mask));
  await new IngestService(store).ingest([join(uploads, LOG)], { timeZone: 'UTC' });
  expect(await figures()).toEqual(before);
});

type Added = [key: string, journeys: number, known: number, ms: number];

/** Journeys, known delays and their sum, per property, value and day, as the rollups by property have them; and hops after HES with their dwell per MTA. */
async function rolled(): Promise<Added[]> {
  const key = `concat(toString(property), ' ', value, ' ', toString(toDate(begins)))`;
  const summed = (table: string): Promise<{ key: string; n: number; known: number; ms: number }[]> =>
    rows(
      `SELECT ${key} AS key, sum(journeys) AS n, sum(total_count) AS known, sum(total_ms) AS ms FROM hoptime_store.${table} GROUP BY key HAVING n != 0 OR known != 0 OR ms != 0 ORDER BY key`,
    );
  const sums = await summed('property_sums');
  expect(await summed('property_totals')).toEqual(sums);
  const histograms = await rows<{ key: string; span: string; known: number; ms: number }>(
    `SELECT concat(toString(span), ' ', ${key}) AS key, sum(count) AS known, sum(sum_ms) AS ms FROM hoptime_store.property_histograms
      WHERE segment IN ('total', 'dwell') AND property != 'crossing' GROUP BY key HAVING known != 0 OR ms != 0`,
  );
  return [
    ...sums.map((row): Added => [row.key, Number(row.n), Number(row.known), Number(row.ms)]),
    ...histograms.map((row): Added => [row.key, 0, Number(row.known), Number(row.ms)]),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The same, added up here from the journeys. */
async function byHand(): Promise<Added[]> {
  const found = await rows<{ day: string; rd: string; sd: string; replies: string[]; ms: number | null }>(
    'SELECT toString(toDate(first_event_at)) AS day, toString(recipient_domain) AS rd, toString(sender_domain) AS sd, replies, total_ms AS ms FROM hoptime_store.journeys',
  );
  const hops = await rows<{ leg: string; mta: string; day: string; ms: number }>(
    `SELECT hex(leg) AS leg, toString(mta) AS mta, toString(toDate(first_event_at)) AS day, if(received < 0 OR relayed < 0, 0, dwell) AS ms FROM hoptime_store.journeys
      ARRAY JOIN hops.leg_id AS leg, hops.segment AS segment, hops.mta AS mta, hops.received_ms AS received, hops.relayed_ms AS relayed, hops.dwell_ms AS dwell
      WHERE segment = 'downstream'`,
  );
  const all = new Map<string, Added>();
  const add = (key: string, n: number, known: number, ms: number): void => {
    const before = all.get(key) ?? [key, 0, 0, 0];
    all.set(key, [key, before[1] + n, before[2] + known, before[3] + ms]);
  };
  for (const { day, rd, sd, replies, ms } of found) {
    const values = [
      'all ',
      `recipient_domain ${rd}`,
      `sender_domain ${sd}`,
      ...replies.map((reply) => `reply ${reply}`),
    ];
    for (const value of values) {
      const key = `${value} ${day}`;
      add(key, 1, ms === null ? 0 : 1, Number(ms ?? 0));
      if (ms === null) continue;
      add(`day ${key}`, 0, 1, Number(ms));
      if (key.startsWith('all')) add(`hour ${key}`, 0, 1, Number(ms));
    }
  }
  for (const { mta, day, ms } of new Map(hops.map((hop) => [hop.leg, hop])).values())
    for (const span of ['day', 'hour']) add(`${span} mta ${mta} ${day}`, 0, 1, Number(ms));
  return [...all.values()].sort(([a], [b]) => (a < b ? -1 : 1));
}

it('removes messages whole, counted from ingestion, and says how much it was; the rollups follow', async () => {
  await grownOld();
  await rebuildRollups(opened.store);
  const rolledBefore = await rolled();
  expect(rolledBefore).toEqual(await byHand());
  const before = await journeys();
  const expected = await expectedToStay();
  const [{ n }] = await rows<{ n: number }>('SELECT toUInt32(count()) AS n FROM hoptime_store.trace_events');
  expect(expected.journeys.size).toBeGreaterThan(10);
  expect(before.length - expected.journeys.size).toBeGreaterThan(10);

  const dry = await applyRetention(opened.store, { days, dryRun: true }, NOW);
  expect(await journeys()).toEqual(before);
  const removals = await applyRetention(opened.store, { days }, NOW);
  expect(removals).toEqual(dry);

  expect(await groups()).toEqual(expected.groups);
  const after = await journeys();
  expect(after).toEqual(before.filter((text) => expected.journeys.has(String((JSON.parse(text) as Row).id))));
  const [{ left }] = await rows<{ left: number }>('SELECT toUInt32(count()) AS left FROM hoptime_store.trace_events');
  // of the rejected ones 1, 11, 21, 31 and 41 days old the last three go
  expect(removals).toEqual([
    { what: 'trace_events', removed: n - left },
    { what: 'journeys', removed: before.length - after.length },
    { what: 'rejected_records', removed: 3 },
    { what: 'files', removed: 0 },
  ]);
  expect(await rollupState(opened.store)).toBe('in line');
  expect(await rolled()).toEqual(await byHand());
  expect((await rolled()).length).toBeLessThan(rolledBefore.length);
  // what stays is what a correlation of the events that stay would build
  await new Correlator(opened.store).correlate();
  expect(await journeys()).toEqual(after);

  const { removed } = await new InputService(opened.store).inputs(undefined, 10);
  expect(
    removed.filter(({ cause }) => cause === 'retention').map(({ cause, what, removed: count }) => [cause, what, count]),
  ).toEqual([
    ['retention', 'journeys', before.length - after.length],
    ['retention', 'rejected_records', 3],
    ['retention', 'trace_events', n - left],
  ]);
  const again = await applyRetention(opened.store, { days }, NOW);
  expect(again.map(({ removed: count }) => count)).toEqual([0, 0, 0, 0]);
});

it('removes files that hold records as they came, but not the one that is written to', async () => {
  const old = (NOW - 31 * DAY_MS) / 1000;
  const put = (folder: string, name: string, seconds: number): void => {
    mkdirSync(join(opened.store.path, folder), { recursive: true });
    writeFileSync(join(opened.store.path, folder, name), 'x');
    utimesSync(join(opened.store.path, folder, name), seconds, seconds);
  };
  utimesSync(join(uploads, LOG), NOW / 1000, NOW / 1000);
  put('uploads', '0123-old.log', old);
  put('uploads', '4567-new.log', NOW / 1000);
  put('syslog', 'syslog:udp:5514.000001.log', old);
  put('syslog', 'syslog:udp:5514.000002.log', old);
  put('collected/tmes', 'page.json', old);
  const removals = await applyRetention(opened.store, { days: { ...days, events: 0, rejected_records: 0 } }, NOW);
  expect(removals).toEqual([{ what: 'files', removed: 3 }]);
  const left = ['uploads', 'syslog', 'collected/tmes'].flatMap((folder) =>
    readdirSync(join(opened.store.path, folder)),
  );
  expect(left).toEqual(['4567-new.log', LOG, 'other.log', 'syslog:udp:5514.000002.log']);
});
