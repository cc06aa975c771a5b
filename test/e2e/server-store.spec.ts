import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestStoreServer } from '../support/store-server/store-server';
import { until } from '../support/until';
import { eraseAddress, leftOver } from '../../libs/privacy/erase';
import { QueryPool } from '../../libs/store/query-pool';
import { rowScope } from '../../libs/store/row-scope';
import { Store } from '../../libs/store/store';
import { CLI, Workplace, type Ingested } from './hoptime.fixture';

/** The program over a store server answers as it does over its embedded engine (interfaces.md §4). */
const place = new Workplace();
let server: TestStoreServer;
beforeAll(async () => (server = await TestStoreServer.start()));
afterAll(async () => {
  await server.close();
  place.remove();
});

const lines = (id: string, message: string, zone = '+00:00'): string =>
  `2026-03-02T10:20:00.000000${zone} mx1 postfix/smtpd[101]: ${id}: client=repost01.tmes.trendmicro.eu[18.185.115.10]
2026-03-02T10:20:00.100000${zone} mx1 postfix/cleanup[102]: ${id}: message-id=<${message}@partner.example>
2026-03-02T10:20:00.250000${zone} mx1 postfix/qmgr[103]: ${id}: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)
2026-03-02T10:20:05.650000${zone} mx1 postfix/local[104]: ${id}: to=<alice@corp.example>, relay=local, delay=5.7, delays=0.25/0.01/0/5.4, dsn=2.0.0, status=sent (delivered to mailbox)
2026-03-02T10:20:05.660000${zone} mx1 postfix/qmgr[103]: ${id}: removed
`;
const logs = join(place.folder, 'logs');
mkdirSync(logs);
writeFileSync(join(logs, 'a.log'), `${lines('4fPZDN0mgNz8x1', 'served-1')}${lines('4fPZDN0mgNz8x2', 'served-2')}`);
writeFileSync(
  join(logs, 'b.log'),
  `${lines('4fPZDN0mgNz8x3', 'served-3')}2026-03-02T10:21:00.000000+00:00 mx1 postfix/smtp[1]: 4fPZDN0mgNz8xS: to=<al\n`,
);

/** What the program prints over the embedded engine, and over the server. */
const both = (args: string[], database = 'first_store'): [string, string] => {
  const here = place.quick(args);
  const there = place.quick(args, { env: { STORE_URL: server.url(database) } });
  expect({ status: there.status, stderr: there.stderr }).toEqual({ status: here.status, stderr: here.stderr });
  return [here.stdout, there.stdout];
};

it('reads, answers and forgets as the embedded engine does', () => {
  const [embedded, served] = both(['ingest', logs, '--json']).map((text) => JSON.parse(text) as Ingested);
  expect(served).toEqual(embedded);
  // three messages of five lines, each an event, and a line that was cut
  expect(served.totals).toEqual({ files: 2, records: 16, parsed: 15, skipped: 0, rejected: 1, events: 15 });
  expect(served.journeys).toEqual({ total: 3, complete: 3 });
  for (const args of [['journeys', '--all', '--format', 'json'], ['journey', 'served-2@partner.example'], ['report']]) {
    const [here, there] = both(args);
    expect(there).toBe(here);
    expect(there).not.toBe('');
  }
  const [gone, goneThere] = both(['forget', join(logs, 'a.log'), '--json']);
  expect(goneThere).toBe(gone);
  expect(JSON.parse(gone)).toMatchObject({ journeys: { total: 1, complete: 1 } });
});

it('serves from a server, says when it is away, and goes on by itself when it is back', async () => {
  const env = place.env({ STORE_URL: server.url('first_store'), SQL_PORT: '0' });
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0'], { cwd: place.folder, env });
  try {
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await until(() => said.includes('Ctrl-C'));
    const address = /at (http:\S+)/.exec(said)?.[1] ?? '';
    const ask = async (path: string): Promise<{ status: number; text: string }> => {
      const answer = await fetch(`${address}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    const summary = '/api/v1/delays/summary?from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z';
    const before = await ask(summary);
    expect(before.status).toBe(200);
    expect(JSON.parse(before.text)).toMatchObject({ coverage: { journeys: 1 } });
    await server.kill();
    const away = '{"status":"unavailable","detail":"the store does not answer: nobody listens there"}';
    let health = { status: 0, text: '' };
    await until(async () => (health = await ask('/health/ready')).text === away, { told: () => health.text });
    expect(health.status).toBe(503);
    const outage = async (): Promise<number> =>
      Number(/^hoptime_store_outage_seconds (\S+)$/m.exec((await ask('/metrics')).text)?.[1]);
    await until(async () => (await outage()) > 0);
    await server.start();
    await until(async () => (await ask('/health/ready')).text === '{"status":"ok"}');
    // Until the round of live input that failed has been done again, the outage lasts.
    await until(async () => (await outage()) === 0);
    expect(await ask(summary)).toEqual(before);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

it('names the server, never the password', () => {
  const wrong = server.url('first_store').replace(/:[^:@]+@/, ':sesam@');
  const run = place.quick(['report'], { env: { STORE_URL: wrong } });
  expect(run.status).toBe(1);
  expect(run.stderr).toBe(
    `hoptime: the store http://127.0.0.1:${server.port}/first_store refuses the user hoptime: hoptime: Authentication failed: password is incorrect, or there is no user with such name. \n`,
  );
});

it('migrate prints and makes the schema, and says who has to make the role where its user may not', () => {
  const env = { STORE_URL: server.url('second_store') };
  const dry = place.quick(['migrate', '--dry-run'], { env });
  expect(dry.stdout).toMatch(
    /^-- 0001_store_database\n[\s\S]*CREATE DATABASE IF NOT EXISTS second_store ENGINE = Atomic;/,
  );
  expect(dry.stdout).toMatch(/GRANT SELECT, SHOW ON second\.\* TO second_viewer;\n\n$/);
  const made = place.quick(['migrate'], { env });
  // The stand-in is chDB, which keeps no roles.
  expect(made.stderr).toMatch(
    /^the role of those who read the views was not made \(.*Not enough privileges.*\): let an administrator run the last three statements of `hoptime migrate --dry-run`\n\d+ migrations were applied\.\n$/,
  );
  expect(made.status).toBe(0);
  expect(place.quick(['migrate', '--dry-run'], { env }).stderr).toBe('The schema is up to date.\n');
});

it('a cluster has its schema made, and is refused for the rest', () => {
  const env = { STORE_URL: server.url('third_store', { query: '?cluster=main' }) };
  const run = place.quick(['ingest', logs], { env });
  expect({ status: run.status, stderr: run.stderr }).toEqual({
    status: 1,
    stderr: `hoptime: the store http://127.0.0.1:${server.port}/third_store?cluster=main: the server knows no cluster main (docs/cluster.md)\n`,
  });
  const { stdout } = place.quick(['migrate', '--dry-run'], { env });
  expect(stdout).toContain("CREATE TABLE IF NOT EXISTS third_store.trace_events_local ON CLUSTER 'main'");
  expect(stdout).toContain("GRANT ON CLUSTER 'main' SELECT, SHOW ON third.* TO third_viewer;");
});

it('a caller of some recipient domains sees their rows only, whatever is asked', async () => {
  const env = { STORE_URL: server.url('first_store') };
  writeFileSync(
    join(logs, 'c.log'),
    lines('4fPZDN0mgNz8x4', 'served-4').replace('alice@corp.example', 'carol@other.example'),
  );
  expect(place.quick(['ingest', join(logs, 'c.log')], { env }).status).toBe(0);
  const store = await Store.open(server.url('first_store'));
  const pool = new QueryPool(store);
  try {
    const ask = async (sql: string): Promise<unknown[]> => (await pool.rows<{ x: unknown }>({ sql })).map(({ x }) => x);
    const all = 'SELECT recipient AS x FROM hoptime.journeys ORDER BY x';
    const events = "SELECT DISTINCT recipient AS x FROM hoptime.trace_events WHERE recipient != '' ORDER BY x";
    const both = ['alice@corp.example', 'carol@other.example'];
    expect([await ask(all), await ask(events)]).toEqual([both, both]);
    await rowScope.run(['corp.example'], async () => {
      expect([await ask(all), await ask(events)]).toEqual([['alice@corp.example'], ['alice@corp.example']]);
      // below a view, in a subquery, and where nothing says anything of a domain
      expect(await ask(`SELECT count() AS x FROM (${all})`)).toEqual([1]);
      expect(await ask('SELECT count() AS x FROM hoptime.rejected_records')).toEqual([0]);
    });
    expect(await ask('SELECT count() AS x FROM hoptime.rejected_records')).toEqual([1]);
    await rowScope.run(['nowhere.example'], async () => expect(await ask(all)).toEqual([]));
  } finally {
    await pool.close();
    await store.close();
  }
});

it('erases an address, and removes what came in too long ago', async () => {
  const env = { STORE_URL: server.url('first_store') };
  const store = await Store.open(server.url('first_store'));
  const correlation = { verdictThresholdMs: 60_000, hesNetworks: [] };
  // a setting of whoever runs the server is kept
  await store.command({ sql: 'ALTER TABLE hoptime_store.rejected_records MODIFY SETTING old_parts_lifetime = 300' });
  const erased = await eraseAddress(store, 'carol@other.example', { correlation });
  expect(leftOver(erased)).toBe(0);
  // left to itself a server keeps the files of what was replaced for eight minutes
  expect(erased.outdatedParts).toBe(0);
  const lifetimes = await store.rows<{ name: string; seconds: string }>({
    sql: `SELECT name, extract(create_table_query, 'old_parts_lifetime = ([0-9]+)') AS seconds FROM system.tables WHERE database = 'hoptime_store' AND seconds != ''`,
  });
  expect(lifetimes).toEqual([{ name: 'rejected_records', seconds: '300' }]);
  expect(erased.tables.find(({ where }) => where === 'journeys')).toMatchObject({ before: 1, after: 0 });
  const recipients = (): (string | null)[] =>
    (JSON.parse(place.quick(['journeys', '--all', '--format', 'json'], { env }).stdout) as { recipient: string }[]).map(
      ({ recipient }) => recipient,
    );
  const [kept, replaced] = recipients().sort();
  expect(kept).toBe('alice@corp.example');
  expect(replaced).toBe(erased.replacedBy);
  const rows = async (sql: string): Promise<unknown> => (await store.rows<{ x: unknown }>({ sql }))[0].x;
  try {
    const left = `SELECT countIf(concat(recipient, smtp_reply, sender) LIKE '%carol%') AS x FROM hoptime_store.trace_events`;
    expect(await rows(left)).toBe(0);
    // one of the two messages came in 31 days ago
    await store.command({
      sql: `ALTER TABLE hoptime_store.trace_events UPDATE ingested_at = now('UTC') - INTERVAL 31 DAY WHERE queue_id = '4fPZDN0mgNz8x3' SETTINGS mutations_sync = 2`,
    });
    const removal = place.quick(['retention', '--days', '30,rejected_records=0', '--json'], { env });
    expect(removal.stderr).toBe('');
    const { removed } = JSON.parse(removal.stdout) as { removed: { what: string; removed: number }[] };
    // five lines, one of which names the recipient: one journey
    expect(removed.find(({ what }) => what === 'trace_events')?.removed).toBe(5);
    expect(recipients()).toEqual([replaced]);
    expect(await rows("SELECT count() AS x FROM hoptime_store.trace_events WHERE queue_id = '4fPZDN0mgNz8x3'")).toBe(0);
    expect(await rows('SELECT uniqExact(event_id) AS x FROM hoptime_store.trace_events')).toBe(5);
  } finally {
    await store.close();
  }
});
