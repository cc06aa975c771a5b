import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as bodyOf } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { SqlEngine } from '../../libs/sql/sql-engine';
import { until } from '../support/until';
import { SqlPlace, type HttpAnswer } from './endpoint.fixture';

/** What HTTP clients of ClickHouse rely on beside the statements. */
const LIMITS = { maxSeconds: 60, maxResult: 2 ** 20, maxMemory: 100 * 2 ** 20, running: 2, waiting: 1 };
const ENDLESS = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';
let place: SqlPlace;
let foreign: string;
const workingDirectory = process.cwd();

beforeAll(async () => {
  // The engine would read this file of the working directory if it were not given another one.
  foreign = mkdtempSync(join(tmpdir(), 'hoptime-foreign-'));
  writeFileSync(join(foreign, 'config.xml'), '<clickhouse><display_name>foreign</display_name><broken></clickhouse>');
  writeFileSync(join(foreign, 'engine.xml'), '<broken>');
  process.chdir(foreign);
  place = await SqlPlace.open(LIMITS);
});
afterAll(async () => {
  await place.close();
  process.chdir(workingDirectory);
  rmSync(foreign, { recursive: true });
});

const text = ({ body }: HttpAnswer): string => body.toString();
const code = ({ headers }: HttpAnswer): unknown => headers['x-clickhouse-exception-code'];

/** Asks, and answers what makes the client go away before there is an answer. */
function leaving(sql: string): () => void {
  const asked = request({ host: '127.0.0.1', port: place.port, method: 'POST', path: '/' });
  asked.on('error', () => undefined);
  asked.end(sql);
  return () => asked.destroy();
}

it('takes the statement from address and body, by GET, HEAD and POST', async () => {
  expect(text(await place.http('GET', '/?query=SELECT+1'))).toBe('1\n');
  expect(text(await place.http('POST', '/?query=SELECT+1', ''))).toBe('1\n');
  expect(text(await place.http('POST', '/?query=SELECT', '2'))).toBe('2\n');
  const head = await place.http('HEAD', '/?query=SELECT+1');
  expect([head.status, head.headers['x-clickhouse-format'], text(head)]).toEqual([200, 'TabSeparated', '']);
  expect(text(await place.http('GET', '/'))).toBe('Ok.\n');
  expect(text(await place.http('GET', '/ping'))).toBe('Ok.\n');
  for (const method of ['PUT', 'DELETE', 'OPTIONS'])
    expect((await place.http(method, '/?query=SELECT+1')).status).toBe(405);
  expect((await place.http('GET', '/play')).status).toBe(404);
});

it('says in the head what clients read there', async () => {
  const { headers } = await place.ask('SELECT number FROM numbers(7)', { default_format: 'JSON', query_id: 'mine' });
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=UTF-8',
    'x-clickhouse-format': 'JSON',
    'x-clickhouse-query-id': 'mine',
    'x-clickhouse-timezone': 'UTC',
    'x-content-type-options': 'nosniff',
  });
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(JSON.parse(String(headers['x-clickhouse-summary']))).toMatchObject({ result_rows: '7', written_rows: '0' });
  const described = await place.ask('DESCRIBE TABLE hops');
  expect(JSON.parse(String(described.headers['x-clickhouse-summary']))).toMatchObject({ result_rows: '25' });
  const byHeader = await place.http('POST', '/', 'SELECT 1', {
    'x-clickhouse-format': 'CSV',
    authorization: 'Basic eDp5',
  });
  expect(byHeader.headers['content-type']).toBe('text/csv; charset=UTF-8; header=absent');
});

it('packs and unpacks as HTTP asks', async () => {
  const ask = (accepts: string, on = '1'): Promise<HttpAnswer> =>
    place.http('POST', `/?enable_http_compression=${on}`, 'SELECT 42', { 'accept-encoding': accepts });
  expect(gunzipSync((await ask('gzip, deflate')).body).toString()).toBe('42\n');
  expect(inflateSync((await ask('deflate')).body).toString()).toBe('42\n');
  expect(brotliDecompressSync((await ask('br')).body).toString()).toBe('42\n');
  expect(text(await ask('gzip', '0'))).toBe('42\n');
  expect(text(await ask('gzip;q=0'))).toBe('42\n');
  expect(text(await place.http('POST', '/', gzipSync('SELECT 43'), { 'content-encoding': 'gzip' }))).toBe('43\n');
});

it('refuses with the code, the status and the shape of ClickHouse', async () => {
  const cases: [sql: string, parameters: Record<string, string>, status: number, code: string][] = [
    ['SELEC 1', {}, 400, '62'],
    ['SELECT x', {}, 404, '47'],
    ['SELECT * FROM nothing', {}, 404, '60'],
    ['DROP TABLE journeys', {}, 403, '497'],
    ['SELECT 1 SETTINGS max_threads = 1', {}, 500, '164'],
    ['SELECT 1', { max_memory: '1' }, 404, '115'],
    ['SELECT 1', { database: 'vault' }, 404, '81'],
    ['SELECT 1', { role: 'admin' }, 403, '497'],
    ['SELECT 1 FORMAT Protobuf', {}, 404, '73'],
    ['SELECT 1', { default_format: 'Template' }, 404, '73'],
    ['SELECT {x:UInt8}', { param_x: 'y' }, 500, '457'],
    [`SELECT 1 -- ${'x'.repeat(300_000)}`, {}, 400, '62'],
  ];
  for (const [sql, parameters, status, expected] of cases) {
    const answer = await place.ask(sql, parameters);
    expect([sql.slice(0, 50), answer.status, code(answer)]).toEqual([sql.slice(0, 50), status, expected]);
    expect(text(answer)).toMatch(
      new RegExp(`^Code: ${expected}\\. DB::Exception: [\\s\\S]* \\(version [\\d.]+\\)\\n$`),
    );
  }
  expect(code(await place.http('GET', '/?query=SELECT+1&query=SELECT+2'))).toBe('36');
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  expect(code(await place.http('POST', '/', bomb, { 'content-encoding': 'gzip' }))).toBe('62');
});

it('keeps pages of other sites out', async () => {
  expect((await place.http('GET', '/?query=SELECT+1', '', { host: 'evil.example' })).status).toBe(421);
  expect((await place.http('GET', '/?query=SELECT+1', '', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await place.http('GET', '/?query=SELECT+1', '', { 'sec-fetch-site': 'none' })).status).toBe(200);
});

it('ends what takes too long, or comes to too much, and lets a client make limits narrower only', async () => {
  const began = performance.now();
  const late = await place.ask(ENDLESS, { max_execution_time: '1' });
  expect([late.status, code(late)]).toEqual([408, '159']);
  expect(performance.now() - began).toBeLessThan(LIMITS.maxSeconds * 1000);
  const strict = new SqlEngine(place.store, { ...LIMITS, maxSeconds: 1 });
  const asked = { text: ENDLESS, settings: { max_execution_time: '60' }, domains: [], defaultFormat: 'TSV' };
  const answered = async (): Promise<string> => bodyOf((await strict.ask(asked, new AbortController().signal)).bytes);
  await expect(answered()).rejects.toThrow(/TIMEOUT_EXCEEDED/);
  await strict.close();
  // A scalar subquery runs while the statement is analysed: others are answered meanwhile.
  let isOver = false;
  const analysed = place.ask(`SELECT (${ENDLESS})`, { max_execution_time: '5' }).finally(() => (isOver = true));
  await until(() => place.engine.load.running === 1);
  expect([text(await place.ask('SELECT 1')), isOver]).toEqual(['1\n', false]);
  expect(code(await analysed)).toBe('159');
  const large = await place.ask("SELECT repeat('x', 1000) FROM numbers(1000)");
  expect([large.status, large.body.length > 1_000_000]).toEqual([200, true]);
  const tooLarge = await place.ask("SELECT repeat('x', 1000) FROM numbers(2000)", { wait_end_of_query: '1' });
  expect(code(tooLarge)).toBe('396');
  expect(code(await place.ask('SELECT length(groupArray(number)) FROM numbers(100000000)'))).toBe('241');
});

it('breaks the connection off where a result that has begun is not whole', async () => {
  await expect(place.ask("SELECT repeat('x', 1000) FROM numbers(5000)")).rejects.toThrow(/aborted|hang up|reset/);
  expect(text(await place.ask('SELECT 1'))).toBe('1\n');
});

it('lets so many run and wait, and answers the next one with 503', async () => {
  const slow = [1, 2].map(() => leaving(ENDLESS));
  await until(() => place.engine.load.running === 2);
  const waits = place.ask('SELECT 2');
  await until(() => place.engine.load.waiting === 1);
  const refused = await place.ask('SELECT 1');
  expect([refused.status, code(refused), refused.headers['retry-after']]).toEqual([503, '202', '2']);
  expect(place.engine.load).toEqual({ running: 2, waiting: 1 });
  for (const leave of slow) leave();
  expect(text(await waits)).toBe('2\n');
  await until(() => place.engine.load.running === 0);
  expect(text(await place.ask('SELECT 1'))).toBe('1\n');
});

it('ends the query of a client that goes away', async () => {
  const running = async (): Promise<string> =>
    (
      await place.unguarded(
        "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'",
      )
    )[0];
  const leave = leaving(ENDLESS);
  await until(async () => (await running()) === '1\n');
  const left = performance.now();
  leave();
  await until(async () => (await running()) === '0\n');
  // long before its time is over
  expect(performance.now() - left).toBeLessThan((LIMITS.maxSeconds * 1000) / 2);
  await until(() => place.engine.load.running === 0);
  expect(place.engine.load).toEqual({ running: 0, waiting: 0 });
});

it('ends the query of a client that goes away before the engine has opened the pipe of its result', async () => {
  for (let time = 0; time < 3; time++) {
    const gone = new AbortController();
    const asked = place.engine.ask({ text: ENDLESS, defaultFormat: 'TSV' }, gone.signal);
    // The statement has its place, and passes the gate: it begins when nobody wants it any more.
    await until(() => place.engine.load.running === 1);
    gone.abort();
    await expect(asked.then(({ bytes }) => bodyOf(bytes))).rejects.toThrow(/QUERY_WAS_CANCELLED|cancelled/);
  }
  await until(() => place.engine.load.running === 0, { ms: (LIMITS.maxSeconds * 1000) / 2 });
  expect(text(await place.ask('SELECT 1'))).toBe('1\n');
});

it('reads no configuration of the working directory, and gives the program all rights and a client the viewer’s', async () => {
  const [roles] = await place.unguarded('SELECT currentRoles()');
  expect(roles).toBe("['admin','viewer']\n");
  expect(text(await place.ask('SELECT currentRoles()'))).toBe("['viewer']\n");
  expect(text(await place.ask("SELECT displayName() = 'foreign'"))).toBe('0\n');
});
