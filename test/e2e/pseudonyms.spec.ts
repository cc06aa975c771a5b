import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JourneyService } from '../../libs/delay/journey.service';
import { IngestService } from '../../libs/ingest/ingest.service';
import { simulate } from '../../libs/simulate/simulate';
import type { SimulationSummary } from '../../libs/simulate/simulation-summary';
import { Store } from '../../libs/store/store';
import { Workplace } from './hoptime.fixture';

/** A store with PSEUDONYM_KEY tells the same of a fleet as one without, and holds no local part of any address. */
const KEY = 'a key of the tests only';
const place = new Workplace();
const fleet = join(place.folder, 'fleet');
/** What no format understands, with addresses and subjects in every form. */
const DAMAGED = join(place.folder, 'damaged.log');
const DAMAGED_LINES = [
  'Mar  2 16:25:08 mx1 postfix/smtp[7240]: 4fPkmd592yzmwD: to=<damaged.one@corp.example>, orig_to=<damaged.two>, relay=none, delay=1, delays=0/0/0/1, dsn=5.1.1, status=perhaps (unknown user: "damaged.one")',
  'Mar  2 16:25:09 mx1 postfix/qmgr[1234]: 4fPkmd592yzmwD: from=<Damaged.Three@corp.example>, size=12x',
];
const ADDRESSES = ['sender', 'recipient', 'original_recipient', 'message_id', 'message_key'];
let summary: SimulationSummary;

beforeAll(async () => {
  summary = await simulate({ out: fleet, messages: 100, seed: 21, days: 3 });
  writeFileSync(DAMAGED, `${DAMAGED_LINES.join('\n')}\n`);
});
afterAll(() => place.remove());

type Row = Record<string, unknown>;
const opened = (name: string, pseudonymKey?: string): Promise<Store> =>
  Store.open(`chdb:${join(place.folder, name)}`, { pseudonymKey });

async function ingested(store: Store): Promise<void> {
  const service = new IngestService(store);
  for (const { paths, timeZone } of summary.ingest)
    await service.ingest(
      paths.map((path) => join(fleet, path)),
      { timeZone },
    );
  await service.ingest([DAMAGED], { format: 'postfix', year: 2026 });
}

/** Journeys without what pseudonyms change, and without ids, which are hashes of it; replies are compared by their first words. */
async function journeysOf(store: Store): Promise<string[]> {
  const rows = await store.rows<Row>({
    sql: `SELECT * EXCEPT (journey_id, ${ADDRESSES.join(', ')}, \`hops.leg_id\`, \`hops.group_hash\`, \`hops.smtp_reply\`),
      arrayMap(reply -> substring(reply, 1, 9), hops.smtp_reply) AS replies,
      splitByChar('@', recipient)[2] AS to_domain, splitByChar('@', sender)[2] AS from_domain FROM hoptime_store.journeys`,
  });
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Local parts that the inputs name, as far as they cannot be words. */
function localParts(): string[] {
  const files = readdirSync(fleet, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files
    .filter(({ name }) => !/^truth|^README/.test(name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(/([\w.+-]*\d[\w.+-]*)@[\w.-]+\.example/g)]);
  return [...new Set(found.map(([, local]) => local.toLowerCase()))];
}

async function everything(store: Store): Promise<string> {
  const tables = await store.rows<{ name: string }>({
    sql: `SELECT name FROM system.tables WHERE database = 'hoptime_store' AND engine LIKE '%MergeTree'`,
  });
  expect(tables.length).toBeGreaterThan(20);
  let all = '';
  for (const { name } of tables)
    for (const row of await store.rows<Row>({ sql: `SELECT * FROM hoptime_store.${name}` }))
      all += `${name} ${JSON.stringify(row).toLowerCase()}\n`;
  return all;
}

it('tells the same of every journey, and no table holds a local part', async () => {
  const plain = await opened('plain');
  await ingested(plain);
  const expected = await journeysOf(plain);
  const clear = await everything(plain);
  const slowest = await plain.rows<{ recipient: string; message_id: string; n: number }>({
    sql: `SELECT recipient, any(message_id) AS message_id, toUInt32(count()) AS n FROM hoptime_store.journeys GROUP BY recipient ORDER BY n DESC, recipient LIMIT 1`,
  });
  const uniq = `SELECT toUInt32(uniqExact(recipient)) AS r, toUInt32(uniqExact(sender)) AS s, toUInt32(uniqExact(message_key)) AS m FROM hoptime_store.journeys`;
  const counts = await plain.rows<Row>({ sql: uniq });
  await plain.close();
  expect(expected.length).toBeGreaterThan(80);

  const store = await opened('hashed', KEY);
  await ingested(store);
  const hidden = await everything(store);
  expect(await journeysOf(store)).toEqual(expected);
  // the same person is the same pseudonym, and two persons are two
  expect(await store.rows<Row>({ sql: uniq })).toEqual(counts);

  const locals = localParts();
  expect(locals.length).toBeGreaterThan(80);
  const words = new Set(hidden.match(/[\w.+-]+/g));
  const before = new Set(clear.match(/[\w.+-]+/g));
  // that the search finds what is there
  expect(locals.filter((local) => before.has(local)).length).toBeGreaterThan(80);
  expect(locals.filter((local) => words.has(local))).toEqual([]);
  // `local@`, whatever the local part is
  expect(hidden.match(/[^\s<>"',;:()[\]=]+@/g)?.filter((text) => !/^p-[0-9a-f]{20}@$/.test(text))).toEqual([]);
  expect(hidden).not.toMatch(/damaged\.(one|two|three)/);
  // $ printf %s LOCAL-PART | openssl dgst -sha256 -hmac 'a key of the tests only'
  const rejected = await store.rows<{ text: string }>({
    sql: `SELECT text FROM hoptime_store.rejected_records WHERE position(text, 'perhaps') > 0`,
  });
  expect(rejected).toHaveLength(1);
  expect(rejected[0].text).toMatch(/to=<(p-[0-9a-f]{20})@corp\.example>, orig_to=<p-[0-9a-f]{20}>.*unknown user: "\1"/);

  const [{ recipient, message_id, n }] = slowest;
  const service = new JourneyService(store);
  const query = { filter: {}, sort: 'time', limit: 1000, withHops: false } as const;
  const found = await service.page({ ...query, search: recipient.toUpperCase() });
  expect(found.journeys.length).toBeGreaterThanOrEqual(n);
  const [{ recipient: shown }] = found.journeys.filter((journey) => journey.recipient !== null);
  expect(shown).toMatch(/^p-[0-9a-f]{20}@/);
  expect((await service.page({ ...query, search: shown ?? '' })).journeys).toEqual(found.journeys);
  const account = await service.account(`<${message_id}>`, recipient);
  expect(account.length).toBeGreaterThan(0);
  expect(JSON.stringify(account).toLowerCase()).not.toContain(recipient.split('@')[0]);
  await store.close();
});

it('keeps to the key that a store was made with, and never holds the key', async () => {
  await expect(opened('hashed')).rejects.toThrow('was made with a PSEUDONYM_KEY: set it');
  await expect(opened('hashed', 'quite another key')).rejects.toThrow('was made with another PSEUDONYM_KEY');
  await expect(opened('plain', KEY)).rejects.toThrow('was made without PSEUDONYM_KEY');
  const run = place.run(['journeys', '--store-url', `chdb:${join(place.folder, 'hashed')}`]);
  expect([run.status, run.stderr.split(' (')[0]]).toEqual([
    1,
    expect.stringContaining('was made with a PSEUDONYM_KEY: set it, else new mail would be kept in clear'),
  ]);
  const short = place.run(['journeys'], { env: { PSEUDONYM_KEY: 'short' } });
  expect([short.status, short.stderr]).toEqual([
    2,
    expect.stringContaining('PSEUDONYM_KEY: must have at least 16 characters\n'),
  ]);
  const files = readdirSync(join(place.folder, 'hashed'), { recursive: true, withFileTypes: true });
  const holders = files
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size < 2 ** 24)
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(KEY));
  expect(holders.map(({ name }) => name)).toEqual([]);
});
