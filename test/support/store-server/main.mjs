/**
 * A stand-in for a ClickHouse server, for tests only: one process that owns a chDB directory and answers ClickHouse's HTTP interface, with
 * writes. Usage: node main.mjs FOLDER [PORT]; prints `port N` when it listens. User and password: STORE_SERVER_USER, STORE_SERVER_PASSWORD. With
 * STORE_SERVER_CLUSTER, the name of a cluster, it is two shards (two-shards.mjs).
 *
 * As a server it takes one statement per request, the query in the URL or in the body, rows as the body of an INSERT, settings and parameters per
 * request, sessions by `session_id`, and answers errors with code, status and text. What it is not: Keeper, users and grants, compression,
 * progress headers, inserts block by block while the body arrives (the body is taken whole, then inserted).
 */
import { createServer } from 'node:http';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { literal, multipartFields, statementOf } from './statement.mjs';
import { clusterArguments, TwoShards } from './two-shards.mjs';

process.env.TZ = 'UTC';
const { Session } = createRequire(import.meta.url)('chdb');
const [folder, port = '0'] = process.argv.slice(2);
const { STORE_SERVER_USER = 'default', STORE_SERVER_PASSWORD = '', STORE_SERVER_CLUSTER } = process.env;
const bodies = join(folder, 'bodies');
rmSync(bodies, { recursive: true, force: true });
mkdirSync(bodies, { recursive: true });

/** Parameters of a request that are neither settings nor parameters of the statement. */
const OWN = [
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'session_timeout',
  'role',
  'wait_end_of_query',
];
/** As in libs/store/engine.xml. */
const COMPILED_NOWHERE = ['compile_expressions', 'compile_aggregate_expressions', 'compile_sort_description'].map(
  (name) => [name, '0'],
);
const STATUS = { 62: 400, 60: 404, 81: 404, 159: 408, 193: 403, 497: 403, 516: 403, 202: 503, 241: 507, 243: 507 };
const sessions = new Map();
const sessionOptions = STORE_SERVER_CLUSTER && { connectionArgs: clusterArguments(STORE_SERVER_CLUSTER, folder) };
const newSession = () => new Session(join(folder, 'data'), sessionOptions || undefined);
// The first one keeps the engine open.
const keeper = newSession();
const shards =
  STORE_SERVER_CLUSTER &&
  new TwoShards(async (sql) => {
    const text = (await keeper.queryAsync(sql, { format: 'JSONEachRow' })).text().trimEnd();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
  });
let requests = 0;

class Refusal extends Error {
  constructor(code, name, message) {
    super(`Code: ${code}. DB::Exception: ${message}. (${name}) (version 26.7.2.1 (test))`);
  }
}

function authorize(request, parameters) {
  const basic = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  const [user, password] =
    basic === '' ? [request.headers['x-clickhouse-user'], request.headers['x-clickhouse-key']] : basic.split(/:(.*)/s);
  const given = `${parameters.get('user') ?? user ?? 'default'}:${parameters.get('password') ?? password ?? ''}`;
  if (given !== `${STORE_SERVER_USER}:${STORE_SERVER_PASSWORD}`) {
    throw new Refusal(
      516,
      'AUTHENTICATION_FAILED',
      `${given.split(':')[0]}: Authentication failed: password is incorrect, or there is no user with such name`,
    );
  }
}

function sessionOf(id) {
  if (!id) return { session: newSession(), end: (session) => session.close() };
  let known = sessions.get(id);
  if (!known) sessions.set(id, (known = { session: newSession(), busy: false }));
  if (known.busy) throw new Refusal(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client`);
  known.busy = true;
  return { session: known.session, end: () => void (known.busy = false) };
}

async function run(parameters, body) {
  const { session, end } = sessionOf(parameters.get('session_id'));
  const file = join(bodies, String(requests++));
  try {
    const { sql, rows } = statementOf(parameters.get('query') ?? '', body, file);
    // As a server, which takes one statement: its parser says so. Without a semicolon there is one.
    if (sql.includes(';')) await keeper.queryAsync(`SELECT formatQuerySingleLine(${literal(sql)})`, { format: 'Null' });
    const asked = [...parameters].filter(([name]) => !OWN.includes(name) && name !== 'user' && name !== 'password');
    const settings = [...COMPILED_NOWHERE, ...asked];
    const database = parameters.get('database');
    if (database && database !== 'default') await session.queryAsync(`USE \`${database}\``);
    await session.queryAsync(`SET ${settings.map(([name, value]) => `${name} = ${literal(value)}`).join(', ')}`);
    if (rows) writeFileSync(file, rows);
    const format = parameters.get('default_format') ?? 'TabSeparated';
    const answers = [];
    const role = parameters.get('role');
    for (const part of shards ? await shards.parts(sql) : [{ sql }]) {
      if (part.filters)
        await filterTables(session, part.filters, parameters.get('additional_table_filters') ?? undefined);
      if (role) await session.queryAsync(`SET ROLE ${role}`);
      answers.push(Buffer.from((await session.queryAsync(part.sql, { format })).bytes()));
    }
    await shards?.done(sql);
    return Buffer.concat(answers);
  } finally {
    rmSync(file, { force: true });
    end(session);
  }
}

const FILTER = /'((?:[^'\\]|\\.)*)'\s*:\s*'((?:[^'\\]|\\.)*)'/g;

/** @param asked what the request filters by itself, `{…}`: of two filters of one table the engine would take the first */
async function filterTables(session, filters, asked = '{}') {
  const all = new Map(filters);
  for (const [, table, escaped] of asked.matchAll(FILTER)) {
    const filter = escaped.replaceAll(/\\(.)/g, '$1');
    all.set(table, all.has(table) ? `(${all.get(table)}) AND (${filter})` : filter);
  }
  const pairs = [...all].map(([table, filter]) => `${literal(table)}:${literal(filter)}`);
  await session.queryAsync(`SET additional_table_filters = ${literal(`{${pairs.join(',')}}`)}`);
}

// ClickHouse takes addresses of 1 MiB.
const server = createServer({ maxHeaderSize: 2 ** 20 }, (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/ping') return response.end('Ok.\n');
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', async () => {
    try {
      authorize(request, url.searchParams);
      let body = Buffer.concat(pieces);
      const fields = multipartFields(request.headers['content-type'], body);
      for (const [name, value] of fields ?? []) url.searchParams.set(name, value);
      if (fields) body = Buffer.alloc(0);
      const answer = await run(url.searchParams, body);
      const summary = JSON.stringify({ read_rows: '0', written_rows: '0', result_rows: '0' });
      response.writeHead(200, {
        'content-type': 'text/plain',
        'x-clickhouse-summary': summary,
        'x-clickhouse-query-id': url.searchParams.get('query_id') ?? '',
      });
      response.end(answer);
    } catch (error) {
      // A server takes rows in memory, and meets the full disk when it writes a part.
      const { message } = error.code === 'ENOSPC' ? new Refusal(243, 'NOT_ENOUGH_SPACE', 'not enough space') : error;
      const text =
        /Code: \d+\. DB::Exception[\s\S]*/.exec(message)?.[0] ??
        `Code: 1002. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)`;
      const code = Number(/Code: (\d+)/.exec(text)[1]);
      response.writeHead(STATUS[code] ?? 500, {
        'content-type': 'text/plain',
        'x-clickhouse-exception-code': String(code),
      });
      response.end(`${text}\n`);
    }
  });
});
server.keepAliveTimeout = 10_000;
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
