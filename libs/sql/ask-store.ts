import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { viewsDatabaseOf } from '../store/statement-rendering';
import type { ServerConnection } from '../store/server-connection';
import type { Store } from '../store/store';
import { SqlEngine, type SqlRequest } from './sql-engine';
import { SqlError } from './sql-error';
import { appliedSettings, type SqlLimits } from './sql-settings';
import { gateOf } from './engine-functions';

/**
 * Asks a store that this process has open, whoever holds it: this process, another one that shares it, or a ClickHouse server. The same gate
 * in each case.
 * @throws SqlError
 */
export async function askStore(
  store: Store,
  request: SqlRequest,
  limits: SqlLimits,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (store.server) return askServer(store.server, request, limits);
  try {
    const shared = store.askHolder(JSON.stringify({ request, limits }));
    if (shared) return shared;
  } catch (error) {
    throw SqlError.of(error);
  }
  const engine = new SqlEngine(store, limits);
  const { bytes } = await engine.ask(request, signal);
  bytes.once('close', () => void engine.close());
  return bytes as AsyncIterable<Uint8Array>;
}

/** What a process that shares its store does with what {@link askStore} of another one sends. */
export function answerAsked(engine: SqlEngine): (asked: string, signal: AbortSignal) => Promise<Readable> {
  return async (asked, signal) => {
    const { request, limits } = JSON.parse(asked) as { request: SqlRequest; limits: SqlLimits };
    return (await engine.ask(request, signal, limits)).bytes;
  };
}

async function askServer(
  server: ServerConnection,
  request: SqlRequest,
  limits: SqlLimits,
): Promise<AsyncIterable<Uint8Array>> {
  const session_id = randomUUID();
  const views = viewsDatabaseOf(server.url.database);
  const ask = async (query: string): Promise<string> =>
    (await server.send({ query, clickhouse_settings: { default_format: 'TabSeparatedRaw' } })).toString();
  try {
    const gate = await gateOf(ask, views);
    const { sql, format = request.defaultFormat } = await gate.admit(ask, request.text);
    const settings = appliedSettings(request.settings ?? {}, limits);
    await server.send({ query: `USE ${views}`, session_id });
    const clickhouse_settings = { ...settings, max_result_bytes: String(limits.maxResult), readonly: '2' };
    return Readable.from([await server.send({ query: `${sql} FORMAT ${format}`, session_id, clickhouse_settings })]);
  } catch (error) {
    throw SqlError.of(error);
  }
}
