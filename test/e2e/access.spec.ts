import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessControl } from '../../libs/access/access-control';
import { ApiKeyRepository } from '../../libs/access/api-key.repository';
import { AuditLog } from '../../libs/access/audit-log';
import { ROLES } from '../../libs/access/role';
import { ApiModule } from '../../libs/http/api.module';
import type * as api from '../../libs/http/api-types';
import { startServer } from '../../libs/http/server';
import { SqlEndpoint } from '../../libs/http/sql-endpoint';
import { IngestService } from '../../libs/ingest/ingest.service';
import { SqlEngine } from '../../libs/sql/sql-engine';
import { QueryPool } from '../../libs/store/query-pool';
import { ReportIssuer } from '../../libs/report/issued/report-issuer';
import { Store } from '../../libs/store/store';
import { WriteTurn } from '../../libs/store/write-turn';

/** Who may do what at an address that others reach: each request of each caller is allowed or refused as the table says. */
const folder = mkdtempSync(join(tmpdir(), 'hoptime-access-'));
const ALL = 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z';
const keys: Record<string, string> = {};
const ids: Record<string, string> = {};
let store: Store;
let pool: QueryPool;
let sql: SqlEngine;
let audit: AuditLog;
let app: NestFastifyApplication;
let address: string;

beforeAll(async () => {
  store = await Store.open(`chdb:${join(folder, 'store')}`);
  const repository = new ApiKeyRepository(store);
  const make = async (name: string, role: (typeof ROLES)[number], expiresAt: number | null): Promise<void> => {
    const { key, text } = await repository.create(name, role, Date.now(), expiresAt);
    keys[name] = text;
    ids[name] = key.id;
  };
  for (const role of ROLES) await make(role, role, Date.now() + 3_600_000);
  for (const role of ['viewer', 'analyst'] as const) {
    const { text } = await repository.create(`${role} of a domain`, role, Date.now(), null, ['corp.example']);
    keys[`${role} of a domain`] = text;
  }
  await make('expired', 'operator', Date.now() - 1);
  await make('revoked', 'operator', null);
  await repository.revoke(ids.revoked);
  keys.unknown = keys.viewer.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
  audit = new AuditLog(store, () => undefined);
  const access = new AccessControl(repository, audit);
  pool = new QueryPool(store);
  sql = new SqlEngine(store, { maxSeconds: 10, maxMemory: 2 ** 31, maxResult: 2 ** 28 });
  const [turn, ingest] = [new WriteTurn(), new IngestService(store)];
  const reporting = { version: '0.0.0-test', verdictThresholdMs: 60_000 };
  const root = ApiModule.of({
    pool,
    ingest,
    turn,
    issuer: new ReportIssuer({ store, turn, ingest, options: reporting, path: '' }),
    storePath: store.path,
    settings: { version: '0.0.0-test', verdictThresholdMs: 60_000, hesNetworks: [], resolver: '' },
  });
  const dashboardFolder = join(folder, 'dashboard');
  const endpoint = new SqlEndpoint(sql, access);
  const options = { host: '0.0.0.0', port: 0, dashboardFolder, access, sql: endpoint, log: () => undefined };
  ({ app, address } = await startServer(root, options));
  address = address.replace('0.0.0.0', '127.0.0.1');
});

afterAll(async () => {
  await app.close();
  await pool.close();
  await sql.close();
  await audit.flush();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, key?: string, body?: string): Promise<Response> =>
  fetch(`${address}${path}`, { method, body, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });

const MAIL = 'Received: from a (a [192.0.2.1]) by b; Mon, 2 Mar 2026 08:00:00 +0000\r\n\r\n';
/** what it does → [method, address, body]; where the mail is not known, or the domain is none, an allowed request is answered with 404 or 400 */
const REQUESTS: Record<
  'open' | 'read' | 'all' | 'sql' | 'change' | 'audit',
  readonly (readonly [string, string, string?])[]
> = {
  open: [
    ['GET', '/health/live'],
    ['GET', '/health/ready'],
    ['GET', '/api/v1/health/live'],
    ['GET', '/api/v1/health/ready'],
    ['GET', '/auth/login'],
    ['GET', '/auth/callback'],
    ['POST', '/auth/logout'],
    ['GET', '/auth/session'],
  ],
  read: [
    ['GET', '/api/v1/range'],
    ['GET', `/api/v1/delays/summary?${ALL}`],
    ['GET', `/api/v1/delays/distribution?${ALL}&segment=hes`],
    ['GET', `/api/v1/delays/timeline?${ALL}`],
    ['GET', `/api/v1/delays/heatmap?${ALL}`],
    ['GET', `/api/v1/delays/breakdown?${ALL}&by=verdict`],
    ['GET', `/api/v1/delays/pareto?${ALL}`],
    ['GET', `/api/v1/delays/compare?${ALL}`],
    ['GET', `/api/v1/hops?${ALL}`],
    ['GET', `/api/v1/clocks?${ALL}`],
    ['GET', `/api/v1/coverage?${ALL}`],
    ['GET', `/api/v1/journeys?${ALL}`],
    ['GET', '/api/v1/journeys/nobody@sender.example'],
    ['GET', `/api/v1/sla?${ALL}`],
    ['GET', '/api/docs'],
    ['GET', '/api/openapi.json'],
    ['GET', '/'],
    ['GET', '/no/such/page'],
    ['POST', '/api/v1/inspect', MAIL],
  ],
  // reads that tell of all mail, or of none by its recipient
  all: [
    ['GET', '/api/v1/inputs'],
    ['GET', '/api/v1/journeys/nobody@sender.example/support-bundle'],
    ['GET', '/api/v1/journeys/nobody@sender.example/evidence'],
    ['GET', '/api/v1/doctor/no_domain'],
    ['POST', '/api/v1/doctor/no_domain', '192.0.2.0/24'],
    ['GET', '/api/v1/live'],
    ['GET', '/api/v1/reports'],
    ['GET', '/api/v1/reports/no-report?format=json'],
    ['GET', '/metrics'],
    ['GET', '/api/v1/metrics'],
  ],
  sql: [
    ['GET', '/sql?query=SELECT%201'],
    ['POST', '/sql/', 'SELECT count() FROM journeys'],
  ],
  change: [
    ['POST', '/api/v1/ingest?name=empty.log', ''],
    ['POST', '/api/v1/reports?month=2026-03'],
  ],
  audit: [['GET', `/api/v1/audit?${ALL}`]],
};

/** caller → what it may do; all else is refused with the status given */
const CALLERS: readonly (readonly [caller: string, may: readonly string[], refused: number])[] = [
  ['nobody', [], 401],
  ['unknown', [], 401],
  ['expired', [], 401],
  ['revoked', [], 401],
  ['viewer', ['read', 'all'], 403],
  ['viewer of a domain', ['read'], 403],
  ['analyst of a domain', ['read', 'sql'], 403],
  ['analyst', ['read', 'all', 'sql'], 403],
  ['operator', ['read', 'all', 'sql', 'change'], 403],
  ['auditor', ['read', 'all', 'sql', 'audit'], 403],
];

it('lets each caller do what the table says, and refuses all else', async () => {
  let checks = 0;
  const wrong: string[] = [];
  for (const [caller, may, refused] of CALLERS) {
    for (const [what, requests] of Object.entries(REQUESTS)) {
      for (const [method, path, body] of requests) {
        // One wrong key after the other would lock this address out, which has a test of its own.
        if (caller === 'unknown' && checks % 7 !== 0 && ++checks) continue;
        const { status } = await ask(method, path, keys[caller], body);
        const allowed = what === 'open' || may.includes(what);
        if (allowed ? [401, 403, 429].includes(status) : status !== refused)
          wrong.push(`${caller} ${method} ${path}: ${status}`);
        checks++;
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(checks).toBe(CALLERS.length * Object.values(REQUESTS).flat().length);
  expect(checks).toBeGreaterThan(300);
});

it('has every endpoint of the API in the table', () => {
  const { paths } = JSON.parse(readFileSync('apps/api/openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const known = Object.values(REQUESTS)
    .flat()
    .map(([method, path]) => `${method} ${path.split('?')[0]}`.replace('nobody@sender.example', '{message_id}'))
    .map((text) => text.replace('no_domain', '{domain}').replace('no-report', '{id}'));
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.filter((endpoint) => !known.includes(endpoint))).toEqual([]);
});

/** Files of the pages, and the probe of SQL clients, which its endpoint judges like a query. */
const FILES_AND_PROBES = ['*', '/api/docs/:name', '/api/docs/start.js', '/ping', '/sql/ping'];

it('serves no route that is not in the table, but for the files of the pages', () => {
  const server = app.getHttpAdapter().getInstance() as { printRoutes(options: object): string };
  // a tree of lines such as `│   ├── /range (GET, HEAD)`, four columns a level; a part of a route that is none itself has no methods
  const above: string[] = [];
  const routes = server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, path, methods] = /^([\s│├└─]*)(\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
      if (path === undefined) return [];
      const level = indent.length / 4;
      above.splice(level - 1, above.length, path);
      return methods === undefined ? [] : [above.join('')];
    });
  const known = Object.values(REQUESTS)
    .flat()
    .map(([, path]) => path.split('?')[0])
    .map((path) => path.replace('nobody@sender.example', ':message_id').replace('no_domain', ':domain'))
    .map((path) => path.replace('no-report', ':id'));
  const more = [...new Set(routes)].filter((route) => !known.includes(route));
  expect(more.sort()).toEqual(FILES_AND_PROBES);
  expect(new Set(routes).size).toBeGreaterThan(35);
});

it('takes the key as the password of Basic, as X-API-Key and as X-ClickHouse-Key, and asks a browser for it', async () => {
  const as = (headers: Record<string, string>): Promise<Response> => fetch(`${address}/api/v1/range`, { headers });
  const basic = `Basic ${Buffer.from(`anyone:${keys.viewer}`).toString('base64')}`;
  expect((await as({ authorization: basic })).status).toBe(200);
  expect((await as({ 'x-api-key': keys.viewer })).status).toBe(200);
  const refused = await as({});
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="Hoptime: any user, an API key as password", charset="UTF-8"',
  ]);
  expect(((await refused.json()) as api.Problem).detail).toBe('An API key is needed: hoptime keys create makes one.');
  const answer = await fetch(`${address}/sql?query=SELECT%2042`, { headers: { 'x-clickhouse-key': keys.analyst } });
  expect(await answer.text()).toBe('42\n');
  const no = await fetch(`${address}/sql?query=SELECT%2042&password=${keys.viewer}`);
  expect([no.status, no.headers.get('x-clickhouse-exception-code'), await no.text()]).toEqual([
    403,
    '497',
    'Code: 497. DB::Exception: The role viewer may not do this.\n',
  ]);
});

it('notes who read personal data, changed something or asked by SQL, and who tried in vain', async () => {
  await ask('GET', '/api/v1/journeys/carol@sender.example', keys.viewer);
  await ask('GET', '/api/v1/journeys/carol@sender.example');
  await ask('POST', '/sql', keys.analyst, "SELECT 'mine'");
  await ask('POST', '/sql', keys.viewer, "SELECT 'not for viewers'");
  await fetch(`${address}/sql?query=SELECT%201&password=wrong`);
  await ask('POST', '/api/v1/reports?month=1999-01', keys.analyst);
  await ask('GET', '/api/v1/range', keys.viewer);
  await audit.flush();
  const { entries } = (await (await ask('GET', `/api/v1/audit?${ALL}&limit=1000`, keys.auditor)).json()) as api.Audit;
  const of = (target: string) =>
    entries
      .filter((entry) => entry.target === target)
      .map(({ key_id, key_name, role, method, route, status }) => [key_id, key_name, role, method, route, status]);
  expect(of('/api/v1/journeys/carol@sender.example').sort()).toEqual(
    [
      [ids.viewer, 'viewer', 'viewer', 'GET', '/api/v1/journeys/:message_id', 404],
      [null, null, null, 'GET', '/api/v1/journeys/:message_id', 401],
    ].sort(),
  );
  expect(of("SELECT 'mine'")).toEqual([[ids.analyst, 'analyst', 'analyst', 'POST', '/sql', null]]);
  // A statement that is refused is not read, and the address of the request may hold a password.
  const refusedSql = of('');
  expect(refusedSql).toContainEqual([ids.viewer, 'viewer', 'viewer', 'POST', '/sql', 403]);
  expect(refusedSql).toContainEqual([null, null, null, 'GET', '/sql', 401]);
  expect(of('/api/v1/reports?month=1999-01')).toEqual([
    [ids.analyst, 'analyst', 'analyst', 'POST', '/api/v1/reports', 403],
  ]);
  expect(entries.some(({ route }) => route === '/api/v1/range')).toBe(false);
  expect(JSON.stringify(entries)).not.toContain(keys.viewer.slice(-20));
});

it('keeps hashes only', async () => {
  const rows = await store.rows<Record<string, string>>({ sql: 'SELECT * FROM hoptime_store.api_keys FINAL' });
  expect(rows).toHaveLength(8);
  for (const text of Object.values(keys)) expect(JSON.stringify(rows)).not.toContain(text.slice(-43));
});

it('makes an address that guesses keys wait', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 25; i++) statuses.push((await ask('GET', '/api/v1/range', keys.unknown)).status);
  expect(statuses.slice(-3)).toEqual([429, 429, 429]);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
  // also with a good key, or the wait would tell which one it is
  expect((await ask('GET', '/api/v1/range', keys.viewer)).status).toBe(429);
});

it('is not served at such an address without keys', async () => {
  const options = { host: '0.0.0.0', port: 0, dashboardFolder: folder, log: () => undefined };
  await expect(startServer(ApiModule, options)).rejects.toThrow('0.0.0.0 is served with API keys only');
});
