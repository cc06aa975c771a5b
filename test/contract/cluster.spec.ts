import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseStoreUrl } from '../../libs/config/store-url';
import { CLUSTER_SETTINGS, onCluster } from '../../libs/store/cluster-statements';
import { statementsOf } from '../../libs/store/migrator';
import { REPLY_WORDS } from '../../libs/store/reply-words';
import { sqlFolder } from '../../libs/store/sql-file';

/**
 * What ClickHouse says of the program's statements where every table is a `Distributed` one over two shards, as a migration makes them for
 * `?cluster=`. Nobody listens at the shards, so a statement that ends with ALL_CONNECTION_TRIES_FAILED (279), or with NO_REMOTE_SHARD_AVAILABLE (519) where it asks for a table of the system, was parsed, analysed and planned as on a cluster. docs/cluster.md says what follows from it.
 */
const PASSED = ['', '279', '519'];
const root = mkdtempSync(join(tmpdir(), 'hoptime-cluster-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sqlNames = (folder: string): string[] =>
  readdirSync(join(sqlFolder(), folder))
    .sort()
    .map((file) => `${folder}/${file.replace(/\.sql$/, '')}`);

/** A statement as it is sent, with a value in the place of each parameter. */
function filled(name: string): string {
  const numbers: Record<string, string> = { to: '18446744073709551615', threshold_ms: '60000', slices: '1' };
  const text = (file: string): string => readFileSync(join(sqlFolder(), `${file}.sql`), 'utf8').trim();
  return text(name)
    .replace(/hoptime_store\.(?:un)?linked_queue_legs/, () => `(\n${text('correlate/queue_legs')}\n)`)
    .replace(
      'hoptime_store.owned_events',
      () => `(\n${text(`correlate/${name.endsWith('linked_legs') ? 'linked' : 'unlinked'}_events`)}\n)`,
    )
    .replace('hoptime_store.counted_journeys', () => `(\n${text('correlate/counted_journeys')}\n)`)
    .replaceAll('hoptime_store.reply_words', () => REPLY_WORDS)
    .replaceAll('{events:Identifier}', 'trace_events')
    .replaceAll('{links:Identifier}', 'group_links')
    .replace(/\{(\w+):(\w+(?:\([^{}]*\))?)\}/g, (_, parameter: string, type: string) => {
      if (type.startsWith('Array')) return `CAST([], '${type.replaceAll("'", "\\'")}')`;
      if (type.startsWith('Date')) return `CAST('2026-03-02 00:00:00', '${type.replaceAll("'", "\\'")}')`;
      return type === 'String' ? `''` : (numbers[parameter] ?? '0');
    });
}

/** The migrations for a cluster, without Keeper and the queue that hands them to all servers: the engine here has neither. Nor rows, which a migration may change. */
function schema(): string[] {
  const url = parseStoreUrl('http://ch/hoptime_store?cluster=main');
  if (!('kind' in url) || url.kind !== 'server') throw new Error('no server');
  const all = sqlNames('migrations').flatMap((name) => statementsOf(url, name.replace('migrations/', '')));
  return all
    .filter((sql) => !/^INSERT /m.test(sql))
    .map((sql) =>
      sql
        .replaceAll(" ON CLUSTER 'main'", '')
        .replace(/Replicated(\w*)MergeTree\('[^']*', '[^']*'(?:, )?/, '$1MergeTree('),
    );
}

/** Lists that statements look up while they are analysed, so that of these the rows must be there. */
const PARAMETERS = `INSERT INTO hoptime_store.stage_parameters (name, texts) SELECT arrayJoin({names}) AS name, ['x']`;

/** Statements by name, under some settings. */
interface Round {
  readonly settings: string;
  readonly statements: Readonly<Record<string, string>>;
}

/** The engine's code for each statement, '' where it has none, of a program of its own: the engine's configuration is one for a process. */
function codesOf(rounds: readonly Round[]): Record<string, string>[] {
  const shard = (port: number): string =>
    `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`;
  const config = join(root, 'config.xml');
  writeFileSync(
    config,
    `<clickhouse><remote_servers><main>${shard(1)}${shard(2)}</main></remote_servers></clickhouse>`,
  );
  const script = `
    const { Session } = require(${JSON.stringify(require.resolve('chdb'))});
    const { first, rounds, folder, config } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    const session = new Session(folder, { connectionArgs: ['--config-file=' + config] });
    (async () => {
      for (const sql of first) await session.queryAsync(sql);
      const answer = [];
      for (const { settings, statements } of rounds) {
        await session.queryAsync(settings);
        const codes = {};
        for (const [name, sql] of Object.entries(statements))
          codes[name] = await session.queryAsync(sql).then(() => '', (error) => /Code: (\\d+)/.exec(error.message)?.[1] ?? error.message);
        answer.push(codes);
      }
      process.stdout.write(JSON.stringify(answer), () => process.exit(0));
    })().catch((error) => { process.stderr.write(error.message); process.exit(1); });`;
  const texts = rounds.flatMap(({ statements }) => Object.values(statements)).join('\n');
  const names = [...new Set([...texts.matchAll(/\bname = '(\w+)'/g)].map(([, name]) => `'${name}'`))];
  const first = [...schema(), PARAMETERS.replace('{names}', () => `[${names.join(', ')}]`)];
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], {
    input: JSON.stringify({ first, rounds, folder: join(root, 'store'), config }),
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>[];
}

const QUICK = 'connect_timeout_with_failover_ms = 10, connections_with_failover_max_tries = 1';
const CORRELATION = {
  ...Object.fromEntries(sqlNames('correlate').map((name) => [name, filled(name)])),
  'privacy/remove_trace_events': filled('privacy/remove_trace_events'),
  'ingest/mark_inputs_correlated': filled('ingest/mark_inputs_correlated'),
  'ingest/transfers_by_mta': filled('ingest/transfers_by_mta'),
};
const refused = (codes: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(codes).filter(([, code]) => !PASSED.includes(code)));

const table = (name: string): string => `hoptime_store.${name}`;
const ON_ONE_SHARD = {
  row: `INSERT INTO ${table('touched_groups_local')} VALUES (1)`,
  exchange: `EXCHANGE TABLES ${table('touched_groups')} AND ${table('taken_groups')}`,
  truncate: `TRUNCATE TABLE ${table('touched_groups')}`,
  // 395 where the row is gone
  still: `SELECT throwIf(count() != 1) FROM ${table('touched_groups_local')}`,
};

/** As the program sends it to a cluster; one engine, which has no Keeper, is all servers. */
const asSent = (sql: string): string => onCluster(sql, 'main').replaceAll(" ON CLUSTER 'main'", '');
const SENT = Object.entries(CORRELATION).filter(([name]) => !name.startsWith('privacy/'));
const SETTINGS = Object.entries(CLUSTER_SETTINGS).map(([name, value]) => `${name} = '${String(value)}'`);

let asTheyStand: Record<string, string>;
let sent: Record<string, string>;
let onOneShard: Record<string, string>;
beforeAll(() => {
  [asTheyStand, onOneShard, sent] = codesOf([
    { settings: `SET ${QUICK}`, statements: CORRELATION },
    { settings: `SET ${QUICK}`, statements: ON_ONE_SHARD },
    {
      settings: `SET ${SETTINGS.join(', ')}`,
      statements: Object.fromEntries(SENT.map(([name, sql]) => [name, asSent(sql)])),
    },
  ]);
});

it('as they stand, statements that look from one Distributed table into another, and deletes, are refused', () => {
  expect(Object.keys(asTheyStand).length).toBeGreaterThan(28);
  // DISTRIBUTED_IN_JOIN_SUBQUERY_DENIED 288; deletes of a Distributed table: BAD_ARGUMENTS 36, NOT_IMPLEMENTED 48.
  expect(refused(asTheyStand)).toEqual({
    'correlate/begins': '288',
    'correlate/linked_groups': '288',
    'correlate/mask_replaced_journeys': '36',
    'correlate/refusals': '288',
    'privacy/remove_trace_events': '48',
  });
});

it('as the program sends them, the engine plans every statement', () => {
  expect(Object.keys(sent).length).toBeGreaterThan(28);
  expect(refused(sent)).toEqual({});
  // of a table of shards, which are not reached, and of one of the server that is asked
  expect(sent).toMatchObject({ 'correlate/begins': '279', 'correlate/linkable_legs': '' });
});

it('EXCHANGE and TRUNCATE of Distributed tables are accepted, and change no shard', () => {
  expect(onOneShard).toEqual({ row: '', exchange: '', truncate: '', still: '' });
});
