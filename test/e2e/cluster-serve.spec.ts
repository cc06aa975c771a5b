import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { personOf, SessionRepository } from '../../libs/access/session.repository';
import { LogApiStub, stubRecord } from '../../libs/collect/log-api.fixture';
import type * as api from '../../libs/http/api-types';
import { tableFilters } from '../../libs/store/row-scope';
import { Store } from '../../libs/store/store';
import { parseStoreUrl } from '../../libs/config/store-url';
import { TestStoreServer } from '../support/store-server/store-server';
import { until } from '../support/until';
import { CLI, Workplace } from './hoptime.fixture';

/** `hoptime serve` on a cluster of two shards with rows (docs/cluster.md), at an address where everybody needs a key, and commands beside it. */
const place = new Workplace();
const ALL = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';
/** A key of one.example must see nothing of these. */
const OTHERS = /secret|two\.example/i;
const keys: Record<string, { id: string; key: string }> = {};
const watched = join(place.folder, 'watched');
let server: TestStoreServer;
let store: Store;
let env: Record<string, string>;
let served: ChildProcess;
let address = '';

const message = (queueId: string, id: string, minute: number, recipients: readonly string[]): string =>
  [
    `smtpd[1]: ${queueId}: client=mail.out.example[192.0.2.1]`,
    `cleanup[2]: ${queueId}: message-id=<${id}@out.example>`,
    `qmgr[3]: ${queueId}: from=<sender@out.example>, size=1000, nrcpt=${recipients.length} (queue active)`,
    ...recipients.flatMap((to) =>
      ['deferred (451 4.7.1 <', 'sent (250 2.0.0 <'].map(
        (status, i) =>
          `smtp[4]: ${queueId}: to=<${to}>, relay=mx.${to.split('@')[1]}[192.0.2.9]:25, delay=${i + 1}, delays=0/0/0/1, dsn=${i ? '2.0.0' : '4.7.1'}, status=${status}${to}>)`,
      ),
    ),
    `qmgr[3]: ${queueId}: removed`,
  ]
    .map((text, i) => `2026-03-02T10:${String(minute).padStart(2, '0')}:0${i}.000000+00:00 mx1 postfix/${text}\n`)
    .join('');

beforeAll(async () => {
  server = await TestStoreServer.start(undefined, 'main');
  env = { STORE_URL: server.url('hoptime_store', { query: '?cluster=main' }) };
  const log = join(place.folder, 'mail.log');
  const mails = Array.from({ length: 24 }, (_, n) => {
    const to = [['ann@one.example'], [`secret.bob${n}@two.example`], ['ann@one.example', 'secret.carol@two.example']];
    return message(
      `4fPkmd5${String(n).padStart(2, '0')}yzmwB`,
      `${['one', 'only-secret', 'both'][n % 3]}-${n}`,
      n,
      to[n % 3],
    );
  });
  writeFileSync(
    log,
    `${mails.join('')}2026-03-02T10:40:00.000000+00:00 mx1 postfix/smtp[4]: 4fPkmd501yzmwB: to=<secret.bob@two.example>, status=perhaps\n`,
  );
  expect(place.quick(['ingest', log], { env }).status).toBe(3);
  for (const role of ['viewer', 'operator', 'auditor'])
    keys[role] = made(['keys', 'create', '--name', role, '--role', role, '--json']);
  keys.scoped = made(['keys', 'create', '--name', 's', '--role', 'viewer', '--domain', 'one.example', '--json']);
  mkdirSync(watched);
  served = spawn(process.execPath, [CLI, 'serve', '--host', '0.0.0.0', '--port', '0', '--watch', watched], {
    cwd: place.folder,
    env: place.env(env),
  });
  let said = '';
  for (const stream of [served.stdout, served.stderr])
    stream?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await until(() => said.includes('Ctrl-C'), { told: () => said });
  address = (/Hoptime is at (http:\S+)/.exec(said)?.[1] ?? '').replace('0.0.0.0', '127.0.0.1');
  store = await Store.open(env.STORE_URL, { cluster: 'whole', folder: place.folder });
});
afterAll(async () => {
  served.kill('SIGKILL');
  await store.close();
  await server.close();
  place.remove();
});

const made = (args: string[]): { id: string; key: string } => {
  const { status, stdout, stderr } = place.quick(args, { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as { id: string; key: string };
};
async function ask(caller: string, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const headers = { ...init.headers, authorization: `Bearer ${keys[caller].key}` };
  const answer = await fetch(`${address}/api/v1/${path}`, { ...init, headers });
  return { status: answer.status, text: await answer.text() };
}
const answered = async <T>(caller: string, path: string, init: RequestInit = {}): Promise<T> => {
  const { status, text } = await ask(caller, path, init);
  expect([path, status < 300 ? '' : text]).toEqual([path, '']);
  return JSON.parse(text) as T;
};
const count = async (sql: string): Promise<number> => Number((await store.rows<{ n: number }>({ sql }))[0].n);

const SCOPED = [
  'range',
  `delays/summary?${ALL}&clock=corrected`,
  ...['recipient_domain', 'verdict', 'reply'].map((by) => `delays/breakdown?${ALL}&by=${by}`),
  `delays/compare?${ALL}&min_ms=1`,
  `hops?${ALL}`,
  `coverage?${ALL}`,
  `journeys?${ALL}`,
  `journeys?${ALL}&search=secret.carol@two.example`,
  'journeys/both-2@out.example',
];

it('a key of one recipient domain sees its rows of both shards, and no others, whatever it asks', async () => {
  const shown = async (): Promise<void> => {
    const { journeys } = await answered<api.Journeys>('scoped', `journeys?${ALL}&limit=100`);
    expect(journeys.map(({ recipient }) => recipient)).toEqual(Array(16).fill('ann@one.example'));
    const summary = await answered<api.Summary>('scoped', `delays/summary?${ALL}`);
    expect(summary).toMatchObject({ exact: true, coverage: { journeys: 16, rejected_records: 0 } });
    const all = await answered<api.Summary>('viewer', `delays/summary?${ALL}`);
    expect(all.coverage).toMatchObject({ journeys: 32, rejected_records: 1 });
  };
  for (const domain of ['one.example', 'two.example']) {
    const of = `SELECT uniqExact(_shard_num) AS n FROM hoptime_store.journeys WHERE recipient_domain = '${domain}'`;
    expect(await count(of)).toBe(2);
  }
  await shown();
  for (const path of SCOPED) {
    const { status, text } = await ask('scoped', path);
    expect([path, status]).toEqual([path, 200]);
    expect([path, text.replaceAll(/"recipient":\["[^"]*"|search=\S*/g, '')]).toEqual([
      path,
      expect.not.stringMatching(OTHERS),
    ]);
  }
  expect((await ask('viewer', `journeys?${ALL}`)).text).toMatch(OTHERS);
  const both = await answered<api.MessageJourneys>('scoped', 'journeys/both-2@out.example');
  expect(both.journeys).toHaveLength(1);
  expect(both.journeys[0].events.length).toBeGreaterThan(4);
  expect((await ask('scoped', 'journeys/only-secret-1@out.example')).status).toBe(404);
  expect((await ask('viewer', 'journeys/only-secret-1@out.example')).status).toBe(200);
  for (const path of ['inputs', 'live', 'reports', 'doctor/one.example', 'journeys/both-2@out.example/support-bundle'])
    expect([path, (await ask('scoped', path)).status]).toEqual([path, 403]);
});

it('filters every table of the shards that keeps rows', async () => {
  const url = parseStoreUrl(env.STORE_URL);
  if (!('kind' in url) || url.kind !== 'server') throw new Error('no server');
  const filters = tableFilters(['one.example'], url).toString();
  const tables = await store.rows<{ name: string }>({
    sql: `SELECT name FROM system.tables WHERE database = 'hoptime_store' AND endsWith(name, '_local') AND position(name, 'stage_') = 0 ORDER BY name`,
  });
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.map(({ name }) => name).filter((name) => !filters.includes(`'hoptime_store.${name}'`))).toEqual([
    'inputs_local',
    'schema_migrations_local',
  ]);
});

it('the role of readers sees the views and no table, of no shard', async () => {
  const asked = async (sql: string, role: string): Promise<string> => {
    const url = new URL(server.url('', { query: `?role=${role}` }));
    const authorization = `Basic ${Buffer.from([url.username, url.password].map(decodeURIComponent).join(':')).toString('base64')}`;
    url.username = url.password = '';
    return (await fetch(url, { method: 'POST', body: sql, headers: { authorization } })).text();
  };
  const views = [
    'journeys',
    'hops',
    'trace_events',
    'delays_hourly',
    'coverage_daily',
    'clock_offsets',
    'rejected_records',
    'inputs',
  ];
  for (const view of views) {
    const sql = `SELECT count() FROM hoptime.${view}`;
    expect([view, await asked(sql, 'viewer')]).toEqual([view, await asked(sql, 'admin')]);
  }
  expect(await asked('SELECT count() FROM hoptime.journeys', 'viewer')).toBe('32\n');
  for (const table of [
    'journeys',
    'journeys_local',
    'trace_events',
    'trace_events_local',
    'api_keys',
    'audit_log_local',
  ])
    expect(await asked(`SELECT count() FROM hoptime_store.${table}`, 'viewer')).toContain('ACCESS_DENIED');
  expect(await asked("SELECT count() FROM cluster('main', hoptime_store.journeys_local)", 'viewer')).toContain(
    'ACCESS_DENIED',
  );
});

it('takes an upload, issues a report, and notes who did', async () => {
  const body = message('4fPkmd599yzmwB', 'uploaded', 50, ['dora@one.example']);
  const upload = { method: 'POST', body, headers: { 'content-type': 'application/octet-stream' } };
  expect((await ask('viewer', 'ingest?name=more.log', upload)).status).toBe(403);
  await answered('operator', 'ingest?name=more.log', upload);
  expect(await answered('viewer', 'journeys/uploaded@out.example')).toMatchObject({
    journeys: [{ recipient: 'dora@one.example' }],
  });
  const { report } = await answered<{ report: { id: string } }>('operator', 'reports?month=2026-03', {
    method: 'POST',
  });
  expect(JSON.parse((await ask('viewer', `reports/${report.id}?format=json`)).text)).toMatchObject({
    coverage: { journeys: 33 },
  });
  const audit = await answered<{ entries: { key_name: string; method: string; status: number }[] }>(
    'auditor',
    `audit?from=2026-01-01&to=2100-01-01&limit=200`,
  );
  expect(audit.entries).toContainEqual(expect.objectContaining({ route: '/api/v1/ingest', status: 403 }));
  expect(audit.entries.filter(({ key_name, method }) => key_name === 'operator' && method === 'POST')).toHaveLength(2);
  expect(await count('SELECT uniqExact(_shard_num) AS n FROM hoptime_store.audit_log')).toBe(2);
  const shown = place.quick(['reports', '--json'], { env });
  expect(JSON.parse(shown.stdout)).toMatchObject({ reports: [{ id: report.id }] });
  expect(place.quick(['reports', 'get', report.id, '--format', 'json', '-o', 'march.json'], { env }).status).toBe(0);
  expect(JSON.parse(place.quick(['verify', 'march.json', '--json'], { env }).stdout)).toMatchObject({ equal: true });
});

it('reads a watched file as it grows', async () => {
  const followed = join(watched, 'mx1.log');
  for (const [n, id] of ['first', 'second'].entries()) {
    appendFileSync(followed, message(`4fPkmd58${n}yzmwB`, id, 52 + n, ['eve@one.example']));
    await until(async () => (await ask('viewer', `journeys/${id}@out.example`)).status === 200);
  }
  expect(await answered('viewer', 'live')).toMatchObject({ files: [{ lag_bytes: 0, problem: null, records: 12 }] });
});

it('a key that is revoked by another command is refused, and the others are listed', async () => {
  expect(place.quick(['keys', 'revoke', keys.scoped.id], { env }).status).toBe(0);
  await until(async () => (await ask('scoped', 'range')).status === 401);
  const list = JSON.parse(place.quick(['keys', 'list', '--json'], { env }).stdout) as { name: string; state: string }[];
  expect(list.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
    'auditor good',
    'operator good',
    's revoked',
    'viewer good',
  ]);
});

it('a session is known at once when it begins, and not when it was ended', async () => {
  const sessions = new SessionRepository(store);
  const hashes = Array.from({ length: 8 }, (_, n) => String(n).repeat(64));
  const session = { caller: personOf({ id: 'p', name: 'Pia', role: 'viewer', domains: [] }), until: 4_000_000_000_000 };
  for (const hash of hashes) {
    expect(await sessions.find(hash)).toBeUndefined();
    await sessions.begin(hash, session);
    expect(await sessions.find(hash)).toEqual(session);
  }
  expect(await count('SELECT uniqExact(_shard_num) AS n FROM hoptime_store.sessions')).toBe(2);
  for (const hash of hashes.slice(0, 4)) {
    await sessions.end(hash, session);
    expect(await sessions.find(hash)).toBeUndefined();
  }
  expect(await sessions.find(hashes[4])).toEqual(session);
});

it('answers SQL, collects from the API of Trend, and diagnoses', async () => {
  const sql = (text: string): string => {
    const { status, stdout, stderr } = place.quick(['sql', text, '--format', 'TSV'], { env });
    expect({ text, status, stderr }).toEqual({ text, status: 0, stderr: '' });
    return stdout;
  };
  expect(sql("SELECT count(), 'IN (SELECT' FROM journeys WHERE recipient = 'ann@one.example'")).toBe(
    '16\tIN (SELECT\n',
  );
  expect(
    sql(
      "SELECT count() FROM hops WHERE journey_id IN (SELECT journey_id FROM journeys WHERE recipient = 'ann@one.example')",
    ),
  ).toBe('16\n');
  expect(
    sql(
      'SELECT j.recipient, count() FROM journeys AS j JOIN hops AS h USING (journey_id) GROUP BY ALL HAVING recipient IN (SELECT recipient FROM journeys) ORDER BY 2 DESC, 1 LIMIT 1',
    ),
  ).toBe('ann@one.example\t16\n');
  expect(place.quick(['sql', 'SELECT * FROM hoptime_store.journeys'], { env }).status).toBe(2);
  const doctor = place.quick(['doctor', 'one.example', '--resolver', '127.0.0.1:1', '--json'], { env });
  expect(JSON.parse(doctor.stdout)).toMatchObject({ domain: 'one.example' });
  const log = await LogApiStub.open(Date.now);
  try {
    for (let n = 0; n < 20; n++) log.records.push(stubRecord('accepted_traffic', n, Date.now() - 200_000 + n));
    const access = {
      ...env,
      TMES_API_URL: log.root,
      TMES_USER: 'collector@corp.example',
      TMES_API_KEY: 'key/with+signs=',
    };
    const from = new Date(Date.now() - 300_000).toISOString();
    const collected = spawn(process.execPath, [CLI, 'collect', 'tmes', '--from', from, '--json'], {
      cwd: place.folder,
      env: place.env(access),
    });
    let said = '';
    collected.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const [code] = (await once(collected, 'exit')) as [number];
    expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
    expect(await count('SELECT count() AS n FROM hoptime_store.collect_checkpoints FINAL')).toBeGreaterThan(0);
    expect(sql("SELECT count() FROM journeys WHERE via_hes = 'yes'")).toBe('20\n');
  } finally {
    await log.close();
  }
});
