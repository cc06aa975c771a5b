import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStoreUrl, type ServerStoreUrl } from '../config/store-url';
import { statementsOf } from './migrator';
import { sqlFolder } from './sql-file';
import { readingBody, viewsDatabaseOf, withDatabases } from './statement-rendering';
import { quoted } from './store';
import { openTemporaryStore, type TemporaryStore } from './temporary-store.fixture';
import { viewerAccess } from './viewer-access';

const server = (text: string): ServerStoreUrl => {
  const url = parseStoreUrl(text);
  if (!('kind' in url) || url.kind !== 'server') throw new Error('no server');
  return url;
};
const one = server('http://ch/hoptime_store');
const cluster = server('http://ch/acme_store?cluster=main');
const names = readdirSync(join(sqlFolder(), 'migrations'))
  .sort()
  .map((file) => file.replace(/\.sql$/, ''));
const text = (name: string): string => readFileSync(join(sqlFolder(), `${name}.sql`), 'utf8').trim();
const limits = { maxSeconds: 10, maxMemory: 2_147_483_648, maxResult: 268_435_456 };

let own: TemporaryStore;
beforeAll(async () => (own = await openTemporaryStore()));
afterAll(() => own.close());
/** The engine's parser on a statement, which is not run; throws what it says of one that it cannot parse. */
async function parsed(sql: string): Promise<string> {
  const [{ line }] = await own.store.rows<{ line: string }>({
    sql: `SELECT formatQuerySingleLine(${quoted(sql)}) AS line`,
  });
  return line;
}

describe('of each migration', () => {
  it.each(names)('%s: the embedded engine and a server by itself get it as it is, but for tokens', (name) => {
    expect(statementsOf(undefined, name)).toEqual([text(`migrations/${name}`)]);
    const [sql, ...more] = statementsOf(one, name);
    expect(more).toEqual([]);
    const window = 'non_replicated_deduplication_window = 10000';
    const plain = sql.replace(`SETTINGS ${window}, `, 'SETTINGS ').replace(`\nSETTINGS ${window}`, '');
    expect(plain).toBe(text(`migrations/${name}`));
    const tokens = /^(0004_trace_events|0005_rejected_records|0060_touched_groups|0110_taken_groups)$/.test(name);
    expect(sql.includes(window)).toBe(tokens);
  });

  it.each(names)(
    '%s: the engine parses what a cluster gets, and every statement of it is for the whole cluster',
    async (name) => {
      const statements = statementsOf(cluster, name);
      for (const sql of statements) {
        const line = await parsed(sql);
        // Rows go where their table spreads them.
        expect(line).toMatch(/^INSERT INTO acme_store\.(?!.*_local)| ON CLUSTER main/);
        expect(line).not.toMatch(/hoptime/);
        const isStage = /^CREATE TABLE IF NOT EXISTS acme_store\.stage_(?!journeys|replaced_journeys)/.test(line);
        expect(/ENGINE = (Replacing|Summing)?MergeTree/.test(line)).toBe(isStage);
        if (/^CREATE TABLE/.test(line) && !isStage)
          expect(line).toMatch(
            /ENGINE = (Replicated(Replacing|Summing)?MergeTree\(|Distributed\('main', 'acme_store', )/,
          );
      }
      // A table of shards is two; a stage that no shard looks into is one of the server that is asked.
      const twice = /^CREATE TABLE|^ALTER TABLE.*COLUMN|^DROP TABLE/m;
      const own = /^(CREATE TABLE IF NOT EXISTS|ALTER TABLE) hoptime_store\.stage_(?!journeys|replaced_journeys)/m;
      const sql = text(`migrations/${name}`);
      expect(statements.length).toBe(twice.test(sql) && !own.test(sql) ? 2 : 1);
    },
  );
});

it.each([
  ['0001_store_database', ['CREATE DATABASE IF NOT EXISTS acme_store ON CLUSTER main ENGINE = Atomic']],
  [
    '0060_touched_groups',
    [
      "CREATE TABLE IF NOT EXISTS acme_store.touched_groups_local ON CLUSTER main (`group_hash` UInt64) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') ORDER BY group_hash",
      "CREATE TABLE IF NOT EXISTS acme_store.touched_groups ON CLUSTER main AS acme_store.touched_groups_local ENGINE = Distributed('main', 'acme_store', 'touched_groups_local', group_hash)",
    ],
  ],
  [
    '0031_rollup_versions',
    [
      "CREATE TABLE IF NOT EXISTS acme_store.rollup_versions_local ON CLUSTER main (`span` Enum8('hour' = 1, 'day' = 2), `begins` DateTime('UTC'), `version` UInt64, `journeys` UInt64) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version) ORDER BY (span, begins)",
      "CREATE TABLE IF NOT EXISTS acme_store.rollup_versions ON CLUSTER main AS acme_store.rollup_versions_local ENGINE = Distributed('main', 'acme_store', 'rollup_versions_local', cityHash64(span, begins))",
    ],
  ],
  [
    '0007_stage_journeys',
    [
      "CREATE TABLE IF NOT EXISTS acme_store.stage_journeys_local ON CLUSTER main AS acme_store.journeys_local ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') PARTITION BY toYYYYMM(first_event_at) ORDER BY (first_event_at, journey_id)",
      "CREATE TABLE IF NOT EXISTS acme_store.stage_journeys ON CLUSTER main AS acme_store.stage_journeys_local ENGINE = Distributed('main', 'acme_store', 'stage_journeys_local', journey_id)",
    ],
  ],
  [
    '0062_touch_groups',
    [
      'CREATE MATERIALIZED VIEW IF NOT EXISTS acme_store.touch_groups ON CLUSTER main TO acme_store.touched_groups_local AS SELECT DISTINCT group_hash FROM acme_store.trace_events_local',
    ],
  ],
  [
    '0020_journeys_merges',
    [
      'ALTER TABLE acme_store.journeys_local ON CLUSTER main (MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 4194304)',
    ],
  ],
  [
    '0023_stage_legs_recipients',
    ['ALTER TABLE acme_store.stage_legs ON CLUSTER main (DROP COLUMN IF EXISTS recipients)'],
  ],
  [
    '0200_stage_replaced_gone',
    [
      'DROP TABLE IF EXISTS acme_store.stage_replaced ON CLUSTER main',
      'DROP TABLE IF EXISTS acme_store.stage_replaced_local ON CLUSTER main',
    ],
  ],
  ['0319_journeys_behind', ['TRUNCATE TABLE acme_store.stage_parameters ON CLUSTER main']],
  ['0328_rollups_behind', ['TRUNCATE TABLE acme_store.rollup_marks_local ON CLUSTER main']],
  ['0201_stage_queue_legs_gone', ['DROP VIEW IF EXISTS acme_store.stage_queue_legs ON CLUSTER main']],
])('on a cluster %s is', async (name, expected) => {
  const lines: string[] = [];
  for (const sql of statementsOf(cluster, name)) lines.push(await parsed(sql));
  expect(lines).toEqual(expected);
});

it('looks tables of other shards up once, by the server that was asked', () => {
  expect(statementsOf(cluster, '0072_view_trace_events')[0]).toContain(
    'GLOBAL LEFT JOIN (SELECT input_id, path FROM acme_store.inputs FINAL) AS i USING (input_id)',
  );
});

it('lets readers of a server have the views, and no more than the limits', async () => {
  const lines: string[] = [];
  for (const sql of viewerAccess(one, limits)) lines.push(await parsed(sql));
  expect(lines).toEqual([
    "CREATE SETTINGS PROFILE OR REPLACE `hoptime_viewer` SETTINGS readonly = 2 CONST, max_execution_time = 10 MAX 10, max_memory_usage = 2147483648 MAX 2147483648, max_result_bytes = 268435456 MAX 268435456, result_overflow_mode = 'throw' CONST, max_concurrent_queries_for_user = 20 MAX 20",
    'CREATE ROLE IF NOT EXISTS hoptime_viewer SETTINGS PROFILE `hoptime_viewer`',
    'GRANT SELECT, SHOW ON hoptime.* TO hoptime_viewer',
  ]);
  const onCluster: string[] = [];
  for (const sql of viewerAccess(cluster, limits)) onCluster.push(await parsed(sql));
  expect(onCluster.map((line) => line.replace(/(?<!CREATE) SETTINGS .*/, ''))).toEqual([
    'CREATE SETTINGS PROFILE OR REPLACE `acme_viewer` ON CLUSTER main',
    'CREATE ROLE IF NOT EXISTS acme_viewer ON CLUSTER main',
    'GRANT ON CLUSTER main SELECT, SHOW ON acme.* TO acme_viewer',
  ]);
});

it('puts the names of the databases in, and leaves other words alone', () => {
  expect([viewsDatabaseOf('hoptime_store'), viewsDatabaseOf('mail')]).toEqual(['hoptime', 'mail_views']);
  const sql = `SELECT a FROM hoptime.journeys, hoptime_store.inputs WHERE database = 'hoptime_store' AND path = '/var/hoptime/x'`;
  expect(withDatabases(sql, 'hoptime_store')).toBe(sql);
  expect(withDatabases(sql, 'mail')).toBe(
    `SELECT a FROM mail_views.journeys, mail.inputs WHERE database = 'mail' AND path = '/var/hoptime/x'`,
  );
});

it.each(['insert_trace_events', 'insert_rejected_records'])(
  'ingest/%s: a server reads the same rows from the body of the request by the same statement',
  async (name) => {
    const sql = text(`ingest/${name}`);
    const served = readingBody(sql);
    const [, structure] = /file\(\{spool:String\}, 'RowBinary', ([^)]*)\)/.exec(sql) ?? [];
    expect(served.replace(`input(${structure})`, `file({spool:String}, 'RowBinary', ${structure})`)).toBe(
      `${sql}\nFORMAT RowBinary`,
    );
    expect(await parsed(served)).toMatch(/ FORMAT RowBinary$/);
  },
);

it('refuses a statement that reads no rows', () => {
  expect(() => readingBody('INSERT INTO a SELECT 1')).toThrow('not 0');
});
