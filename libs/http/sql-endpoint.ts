import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SqlEngine, SqlSummary } from '../sql/sql-engine';
import { WireError } from '../sql-wire/wire-error';
import { httpStatusOf, SqlError } from '../sql/sql-error';
import { credentialOf, type AccessControl } from '../access/access-control';
import type { ApiKey } from '../access/api-key.repository';
import { CHALLENGE } from './access-guard';
import { LOOPBACK } from './browser-guard';
import { contentTypeOf } from './sql-content-type';
import { contentEncoder, encoded } from './sql-encoding';
import { readSqlRequest, type SqlHttpRequest } from './sql-request';

/** So much of a result is awaited before the head of the answer, so that a failure has its own status, and the head the right counts. */
const HELD_BYTES = 1024 * 1024;
const ZONE = 'UTC';
const METHODS = ['GET', 'HEAD', 'POST'];

/**
 * ClickHouse's HTTP interface over the views: one statement per request, read-only. Whoever reaches a loopback address may ask, and what
 * credentials a client sends is not looked at; elsewhere an API key is the password. Pages of other sites may not: neither under their name (`Host`) nor by a request that a
 * browser marks as theirs, and no answer allows them to read it.
 */
export class SqlEndpoint {
  /** @param access who may ask; left out at a loopback address, where all may */
  constructor(
    private readonly engine: SqlEngine,
    private readonly access?: AccessControl,
  ) {}

  /** Answers a request. Never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      if (!this.isWelcome(request, response)) return;
      const key = this.access && (await this.admitted(this.access, request, response));
      if (this.access && !key) return;
      const asked = await readSqlRequest(request);
      if (key) await this.note(request, key, asked.text);
      await this.answer(
        key ? { ...asked, domains: key.domains } : asked,
        request.method === 'HEAD',
        response,
        gone.signal,
      );
    } catch (error) {
      await this.fail(error instanceof WireError ? ofWire(error) : SqlError.of(error), response);
    }
  }

  private isWelcome(request: IncomingMessage, response: ServerResponse): boolean {
    const site = request.headers['sec-fetch-site'];
    if (!this.access && !LOOPBACK.test(request.headers.host ?? ''))
      return say(response, 421, 'This server answers under localhost and 127.0.0.1 only.\n');
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return say(response, 403, 'Pages of other sites may not ask here.\n');
    if (!METHODS.includes(request.method ?? ''))
      return say(response, 405, 'Only GET, HEAD and POST.\n', { allow: METHODS.join(', ') });
    const path = (request.url ?? '/').split('?', 1)[0];
    if (/\/ping\/?$/.test(path)) return say(response, 200, 'Ok.\n');
    return true;
  }

  /** The key of the request, where it may ask; else the answer is given, as a ClickHouse server gives it. */
  private async admitted(
    access: AccessControl,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<ApiKey | undefined> {
    const password = new URLSearchParams((request.url ?? '').split('?', 2)[1]).get('password');
    const address = request.socket.remoteAddress ?? '';
    const verdict = await access.judge(credentialOf(request.headers) ?? password ?? undefined, address, 'sql');
    if ('key' in verdict) return verdict.key;
    const { refused, detail, retryAfter = 60, caller } = verdict;
    // 516 AUTHENTICATION_FAILED, 497 ACCESS_DENIED, 202 TOO_MANY_SIMULTANEOUS_QUERIES
    const code = refused === 401 ? 516 : refused === 403 ? 497 : 202;
    // The statement is not read, and the address may hold a password.
    await this.note(request, caller, '', refused);
    say(response, refused, `Code: ${code}. DB::Exception: ${detail}\n`, {
      'x-clickhouse-exception-code': String(code),
      ...(refused === 401 ? { 'www-authenticate': CHALLENGE } : {}),
      ...(code === 202 ? { 'retry-after': String(retryAfter) } : {}),
    });
    return undefined;
  }

  /** @param status of a refusal; what becomes of a statement is told to the client, so it has none */
  private async note(request: IncomingMessage, key: ApiKey | undefined, target: string, status = 0): Promise<void> {
    await this.access?.audit.record({
      at: Date.now(),
      keyId: key?.id ?? '',
      keyName: key?.name ?? '',
      role: key?.role ?? '',
      address: request.socket.remoteAddress ?? '',
      method: request.method ?? '',
      route: '/sql',
      target,
      status,
    });
  }

  private async answer(
    asked: SqlHttpRequest,
    headOnly: boolean,
    response: ServerResponse,
    gone: AbortSignal,
  ): Promise<void> {
    if (asked.text === '') {
      say(response, 200, 'Ok.\n');
      return;
    }
    response.setHeader('x-clickhouse-query-id', asked.queryId);
    const answer = await this.engine.ask(asked, gone);
    const bytes = encoded(answer.bytes as AsyncIterable<Buffer>, asked, answer.format);
    const { held, rest, isWhole } = await hold(bytes, asked.waitsForEnd ? Infinity : HELD_BYTES);
    const summary = isWhole ? await answer.summary : undefined;
    const { displayName } = await this.engine.facts();
    response.writeHead(200, {
      ...COMMON_HEADERS,
      'content-type': contentTypeOf(answer.format),
      'x-clickhouse-format': answer.format,
      'x-clickhouse-server-display-name': displayName,
      'x-clickhouse-timezone': ZONE,
      'x-clickhouse-summary': summaryText(summary),
      ...(asked.contentEncoding === undefined ? {} : { 'content-encoding': asked.contentEncoding }),
    });
    if (headOnly) {
      answer.bytes.destroy();
      response.end();
      return;
    }
    const all = async function* (): AsyncGenerator<Uint8Array> {
      yield* held;
      for await (const chunk of rest) yield chunk;
    };
    if (asked.contentEncoding === undefined) await pipeline(all, response);
    else await pipeline(all, contentEncoder(asked.contentEncoding), response);
  }

  private async fail(error: SqlError, response: ServerResponse): Promise<void> {
    if (response.destroyed) return;
    if (response.headersSent) {
      // Only a connection that breaks off tells the client that the result is not whole.
      response.destroy();
      return;
    }
    const { version } = await this.engine.facts().catch(() => ({ version: 'unknown' }));
    say(response, httpStatusOf(error.code), `${error.message} (version ${version})\n`, {
      'x-clickhouse-exception-code': String(error.code),
      ...(error.code === 202 ? { 'retry-after': '2' } : {}),
    });
  }
}

const ofWire = ({ code, message }: WireError): SqlError =>
  new SqlError(code, `Code: ${code}. DB::Exception: ${message}`);

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

function say(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): false {
  // What is left of a body is not read: no other request may come over this connection.
  const last: Record<string, string> = response.req.complete ? {} : { connection: 'close' };
  const type = { 'content-type': 'text/plain; charset=UTF-8' };
  response.writeHead(status, { ...COMMON_HEADERS, ...type, ...headers, ...last });
  response.end(text, () => {
    if (!response.req.complete) response.req.destroy();
  });
  return false;
}

/** Takes up to `most` bytes; `isWhole` says that there are no more. */
async function hold(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
): Promise<{ held: Uint8Array[]; rest: AsyncIterable<Uint8Array>; isWhole: boolean }> {
  const chunks = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  const rest = { [Symbol.asyncIterator]: () => chunks };
  for (let length = 0; length < most; length += held[held.length - 1].length) {
    const next = await chunks.next();
    if (next.done) return { held, rest: Readable.from([]), isWhole: true };
    held.push(next.value);
  }
  return { held, rest, isWhole: false };
}

/** Counts as texts, as ClickHouse writes them; of a result that is still being made it says 0, as a server does. The engine does not tell how much it read. */
function summaryText(summary: SqlSummary | undefined): string {
  return JSON.stringify({
    written_rows: '0',
    written_bytes: '0',
    result_rows: String(summary?.resultRows ?? 0),
    result_bytes: String(summary?.resultBytes ?? 0),
    elapsed_ns: String(summary?.elapsedNs ?? 0),
  });
}
