import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createClient,
  parseError,
  type ClickHouseClient,
  type ClickHouseSettings,
  type DataFormat,
} from '@clickhouse/client';
import type { ServerStoreUrl } from '../config/store-url';
import { codeOf, HttpStatusError, isDenied, isOutcomeUnknown, isTransient } from './clickhouse-error';
import { CLUSTER_SETTINGS, onCluster } from './cluster-statements';
import { isInsert, isRepeatable, withDatabases } from './statement-rendering';
import { piecesOf, type RowBytes } from './spool';
import type { StoreOutage } from './store-outage';

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;
type Asked<M extends 'query' | 'insert' | 'exec' | 'command'> = Parameters<Connection[M]>[0];
type Answer<M extends 'query' | 'insert' | 'exec' | 'command'> = Awaited<ReturnType<Connection[M]>>;

/** No statement of the program is silent for longer. */
const REQUEST_TIMEOUT_MS = 15 * 60 * 1000;
/** Lanes of a correlation, reads of an API, and some to spare. */
const MOST_CONNECTIONS = 32;
/** Codes of a statement that was not begun: TOO_MANY_SIMULTANEOUS_QUERIES, and what the system says when nobody was reached. */
const NOT_BEGUN: readonly string[] = ['202', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * What every statement gets: an answer only when it is whole, inserts that are done when they are answered (the server's default collects them),
 * and numbers as numbers, as the embedded engine answers them.
 */
const SETTINGS: ClickHouseSettings = {
  wait_end_of_query: 1,
  async_insert: 0,
  output_format_json_quote_64bit_integers: 0,
};

/**
 * A statement of a work that is more than its statements (a correlation) failed, and may have run in part: nothing of it runs any more, so the
 * whole work may be done again.
 */
export class WorkInterruptedError extends Error {
  constructor(cause: unknown) {
    super(`the store failed in the middle of a work: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'WorkInterruptedError';
  }
}

/** What the lease of the store does to the statements of the process that has it. */
export interface HeldLease {
  /** a comment that no other statement begins with */
  mark(): string;
  /** the statement on the stage tables of this lease */
  rewrite(sql: string): string;
  /** @throws WorkInterruptedError when the lease may be lost, and the statement would do harm then */
  check(sql: string): void;
}

/** A statement on its way to a server. */
export interface ServerStatement {
  readonly query: string;
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly session_id?: string;
  /** rows in the format that the statement names */
  readonly body?: RowBytes;
  /** how long it is tried, where that is not as long as anything is */
  readonly patienceSeconds?: number;
  /** nobody wants it any more: it is not tried again */
  readonly abort_signal?: AbortSignal;
}

/**
 * A connection of @clickhouse/client to a ClickHouse server, or to several that hold the same data: over HTTP, with several statements at a
 * time. A statement that fails for a passing reason is sent again, to the next server where this one was not reached; an insert with the
 * token it had, so that a server which remembers tokens takes it once.
 */
export class ServerConnection implements Connection {
  private readonly clients: readonly ClickHouseClient[];
  private at = 0;
  /** set while this process has the lease of the store (lease.ts) */
  lease: HeldLease | undefined;

  constructor(
    readonly url: ServerStoreUrl,
    readonly outage: StoreOutage,
  ) {
    this.clients = url.hosts.map((host) =>
      createClient({
        url: host,
        username: url.username,
        password: url.password,
        application: 'hoptime',
        request_timeout: REQUEST_TIMEOUT_MS,
        max_open_connections: MOST_CONNECTIONS,
        log: { level: 127 },
      }),
    );
  }

  /** Sends a statement until it is done. @throws WorkInterruptedError; StoreAwayError; the engine's errors */
  async send({ patienceSeconds, ...statement }: ServerStatement): Promise<Buffer> {
    const { lease, url } = this;
    const own = lease ? lease.rewrite(statement.query) : statement.query;
    const sql = withDatabases(url.cluster === undefined ? own : onCluster(own, url.cluster), url.database);
    const token = isInsert(sql) ? { insert_deduplication_token: randomUUID() } : {};
    const ofCluster = url.cluster === undefined ? {} : CLUSTER_SETTINGS;
    const clickhouse_settings = { ...SETTINGS, ...ofCluster, ...token, ...statement.clickhouse_settings };
    const patience = this.outage.patience(patienceSeconds);
    for (;;) {
      // What identifies an attempt, so that it can be found among what the server runs.
      const mark = lease ? lease.mark() : `/* hoptime ${this.url.database} ${randomUUID()} */`;
      try {
        lease?.check(sql);
        const answer = await this.attempt({ ...statement, query: `${mark} ${sql}`, clickhouse_settings });
        patience.passed();
        return answer;
      } catch (error) {
        if (error instanceof WorkInterruptedError || statement.abort_signal?.aborted || !isTransient(error)) {
          patience.gaveUp();
          throw isDenied(error) ? deniedError(this.url, error) : error;
        }
        if (isOutcomeUnknown(error)) this.at = (this.at + 1) % this.clients.length;
        if (!isRepeatable(sql) && !wasNotBegun(error)) {
          patience.gaveUp();
          await this.settle(mark);
          throw new WorkInterruptedError(error);
        }
        await patience.wait(error);
      }
    }
  }

  /** Resolves when no server runs a statement that begins so any more: a connection that is cut does not end what runs. */
  async settle(beginning: string): Promise<void> {
    const patience = this.outage.patience();
    for (const client of this.clients) {
      for (;;) {
        try {
          const query_params = { beginning };
          await client.command({ query: 'KILL QUERY WHERE startsWith(query, {beginning:String}) ASYNC', query_params });
          const query =
            'SELECT toUInt32(count()) AS n FROM system.processes WHERE startsWith(query, {beginning:String})';
          const result = await client.query({ query, query_params, format: 'JSONEachRow' });
          const [{ n }] = await result.json<{ n: number }>();
          if (n === 0) {
            patience.passed();
            break;
          }
          await sleep(100);
        } catch (error) {
          if (!isTransient(error)) throw error;
          // One of several may be away for long; a server by itself runs nothing after it has come back.
          if (this.clients.length > 1 && wasNotBegun(error)) break;
          await patience.wait(error);
        }
      }
    }
  }

  private async attempt({ body, ...statement }: ServerStatement): Promise<Buffer> {
    const client = this.clients[this.at];
    const format = /\sFORMAT (\w+)\s*$/.exec(statement.query);
    // The client puts parameters into the address, or, where they are many, into the body of a question.
    if (format && body === undefined && isLong(statement.query_params)) {
      const query = statement.query.slice(0, format.index);
      const asked = { ...statement, query, format: format[1] as DataFormat, use_multipart_params: true };
      return Buffer.from(await (await client.query(asked)).text());
    }
    const values = body === undefined ? undefined : Readable.from(piecesOf(body).map(bytesOf), { objectMode: false });
    const answer = await client.exec({ ...statement, values, ignore_error_response: true });
    const bytes = await buffer(answer.stream);
    const { http_status_code: status = 200, response_headers: headers } = answer;
    if (status >= 300 || headers['x-clickhouse-exception-code'] !== undefined) {
      const error = parseError(bytes.toString());
      throw codeOf(error) === undefined ? new HttpStatusError(status) : error;
    }
    return bytes;
  }

  async query(asked: Asked<'query'>): Promise<Answer<'query'>> {
    return { ...(await this.answer(asked)), http_status_code: 200 };
  }

  async exec(asked: Asked<'exec'>): Promise<Answer<'exec'>> {
    return this.answer({ ...asked, body: asked.values === undefined ? undefined : await buffer(asked.values) });
  }

  async command(asked: Asked<'command'>): Promise<Answer<'command'>> {
    return this.answer(asked);
  }

  async insert({ values, ...asked }: Asked<'insert'>): Promise<Answer<'insert'>> {
    return this.answer({ ...asked, body: typeof values === 'string' ? values : await buffer(values) });
  }

  async ping(): Promise<{ success: true } | { success: false; error: Error }> {
    const answer = await this.clients[this.at].ping();
    return answer.success ? { success: true } : { success: false, error: answer.error };
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async answer({ query, query_params, clickhouse_settings, session_id, body }: ServerStatement): Promise<{
    query_id: string;
    stream: Readable;
    response_headers: Record<string, string>;
  }> {
    const bytes = await this.send({ query, query_params, clickhouse_settings, session_id, body });
    return { query_id: '', stream: Readable.from([bytes], { objectMode: false }), response_headers: {} };
  }
}

/** Addresses of requests stay far below what servers and proxies take. */
const LONG_PARAMETERS = 4096;
const isLong = (parameters: Record<string, unknown> = {}): boolean =>
  JSON.stringify(parameters).length > LONG_PARAMETERS;

/** No copy: blocks of rows are large. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

function wasNotBegun(error: unknown): boolean {
  const code = codeOf(error) ?? (typeof error === 'object' && error !== null && 'code' in error ? error.code : '');
  return NOT_BEGUN.includes(String(code));
}

function deniedError({ shown, username }: ServerStoreUrl, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message.split('\n')[0] : '';
  return new Error(`the store ${shown} refuses the user ${username}: ${message}`, { cause });
}
