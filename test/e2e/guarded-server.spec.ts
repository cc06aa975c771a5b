import { createSocket } from 'node:dgram';
import { chmodSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { writeCertificate } from '../support/certificates';
import { freePort } from '../support/free-port';
import { until } from '../support/until';
import { Workplace } from './hoptime.fixture';
import { ServingProcess } from './live-serve.fixture';

/** One server as others reach it: TLS, keys, a limit of rate, and a log that names nobody whatever is asked of it. */
const place = new Workplace();
const serving = new ServingProcess(place);
const LOCALS = ['jane.doe', 'carol.smith', 'damaged.one', 'broken.file', 'guessed.name'];
const LIMIT = 60;
let key: string;
let sqlPort: number;

beforeAll(async () => {
  key = place.json<{ key: string }>(['keys', 'create', '--name', 'tests', '--role', 'operator', '--json']).key;
  const files = writeCertificate(place.folder, 'hoptime.example');
  sqlPort = await freePort();
  await serving.start({
    HTTP_HOST: '0.0.0.0',
    TLS_CERT: files.cert,
    TLS_KEY: files.key,
    RATE_LIMIT: String(LIMIT),
    SQL_PORT: String(sqlPort),
  });
});
afterAll(async () => {
  await serving.end('SIGTERM');
  place.remove();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function ask(
  path: string,
  { method = 'GET', body = '', port = 0, headers = {} as Record<string, string> } = {},
): Promise<Answer> {
  const url = new URL(path, serving.address.replace('0.0.0.0', '127.0.0.1'));
  if (port !== 0) url.port = String(port);
  const all = { authorization: `Bearer ${key}`, ...headers };
  return new Promise((done, failed) => {
    const request = httpsRequest(url, { method, headers: all, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.on('data', (bytes: Buffer) => (text += bytes.toString()));
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.on('error', failed);
    request.end(body);
  });
}

it('speaks TLS at the API and at the port for SQL, and nothing else', async () => {
  expect(serving.address).toMatch(/^https:/);
  expect(serving.stderr).not.toContain('unencrypted');
  const live = await ask('/health/live', { headers: { authorization: '' } });
  expect([live.status, live.headers['strict-transport-security']]).toEqual([200, 'max-age=15768000']);
  expect((await ask('/?query=SELECT%2042', { port: sqlPort })).body).toBe('42\n');
  const { hostname, port } = new URL(serving.address.replace('0.0.0.0', '127.0.0.1'));
  const plain = new Promise((done) =>
    httpRequest({ hostname, port, path: '/health/live' }, done).on('error', done).end(),
  );
  expect(String(await plain)).toMatch(/socket hang up|ECONNRESET/);
});

it('tells nobody in its log, under typical and faulty input and requests', async () => {
  const line = 'Mar  2 16:25:08 mx1 postfix/smtp[7240]: 4fPkmd592yzmwD:';
  writeFileSync(
    join(serving.logs, 'jane.doe@corp.example.log'),
    `${line} to=<jane.doe@corp.example>, relay=none, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (550 <jane.doe@corp.example> unknown)\n${line} to=<damaged.one@corp.example>, status=perhaps\n`,
  );
  writeFileSync(join(serving.logs, 'broken.file@corp.example.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  writeFileSync(join(serving.logs, 'no.right@corp.example.csv'), 'From,To\ncarol.smith@corp.example,x\n');
  chmodSync(join(serving.logs, 'no.right@corp.example.csv'), 0o000);
  const udp = createSocket('udp4');
  await new Promise((done) =>
    udp.send(`<22>${line} from=<carol.smith@corp.example>, size=x`, serving.syslogPort, '127.0.0.1', done),
  );
  udp.close();
  const person = 'carol.smith%40corp.example';
  const requests: [path: string, more?: Parameters<typeof ask>[1]][] = [
    [`/api/v1/journeys?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&search=${person}`],
    [`/api/v1/journeys/${person}`],
    [`/api/v1/journeys/${person}%00%zz`],
    [`/api/v1/journeys?from=${person}&to=x`],
    [`/api/v1/doctor/${person}`],
    [`/${person}`],
    [`/api/v1/ingest?name=${person}.log`, { method: 'POST', body: 'to=<carol.smith@corp.example> is no log\n' }],
    ['/api/v1/inspect', { method: 'POST', body: 'From carol.smith@corp.example\nnothing' }],
    [`/sql?query=${encodeURIComponent("SELECT throwIf(1, 'carol.smith@corp.example')")}`],
    ['/sql', { method: 'POST', body: "SELECT toUInt8('carol.smith@corp.example')" }],
    ['/api/v1/range', { headers: { authorization: 'Bearer guessed.name@corp.example' } }],
    [
      '/api/v1/range',
      { headers: { authorization: `Basic ${Buffer.from('guessed.name@corp.example:x').toString('base64')}` } },
    ],
  ];
  const statuses = [];
  for (const [path, more] of requests) statuses.push((await ask(path, more)).status);
  expect(statuses).toEqual([200, 404, 400, 400, 400, 200, 200, 200, 403, 400, 401, 401]);
  await until(() => serving.stderr.includes('…@corp.example.gz'), { told: () => serving.stderr });
  const log = serving.stdout + serving.stderr;
  // that it speaks of the damaged files at all
  expect(log).toContain('…@corp.example.gz');
  expect(LOCALS.filter((local) => log.includes(local))).toEqual([]);
  expect(log.match(/[\w.+-]+(@|%40)\w/g) ?? []).toEqual([]);
});

it('lets a key ask so often a minute, and says when it may go on', async () => {
  const began = performance.now();
  let last = await ask('/api/v1/range');
  expect(last.status).toBe(200);
  let answered = 0;
  for (; last.status === 200; answered++) last = await ask('/api/v1/range');
  // The bucket, and what came into it meanwhile.
  expect(answered).toBeLessThanOrEqual(LIMIT + Math.ceil(((performance.now() - began) * LIMIT) / 60_000));
  expect([last.status, last.headers['content-type']]).toEqual([429, 'application/problem+json; charset=utf-8']);
  expect(Number(last.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect((JSON.parse(last.body) as { detail: string }).detail).toMatch(
    /^Too many requests: the next one may come in \d+ s\.$/,
  );
  const askSql = (): Promise<Answer> => ask('/?query=SELECT%201', { port: sqlPort });
  let sql = await askSql();
  while (sql.status === 200) sql = await askSql();
  expect([sql.status, sql.headers['x-clickhouse-exception-code']]).toEqual([429, '202']);
  expect(Number(sql.headers['retry-after'])).toBeGreaterThanOrEqual(1);
});
