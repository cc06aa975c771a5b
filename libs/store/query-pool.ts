import type { Pseudonyms } from '../trace/pseudonyms';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { asker, AskerGoneError } from './asker';
import { openSession } from './engine-session';
import { parameterSettings } from './query-parameters';
import { codeOf } from './clickhouse-error';
import type { ServerConnection } from './server-connection';
import { rollupEdition } from './rollup-edition';
import { rowScope, tableFilters } from './row-scope';
import { sqlText } from './sql-file';
import type { OutageState } from './store-outage';
import { quoted, type QueryParameters, type Statement, type Store } from './store';

/** What a pool grants: so many queries at a time, so many waiting, and what one query may take. */
export interface QueryPoolOptions {
  /** queries that run at the same time */
  readonly running: number;
  /** queries that may wait for their turn; the next one is refused */
  readonly waiting: number;
  /** longest run of one query, in seconds */
  readonly seconds: number;
  /** most memory of one query, in bytes */
  readonly memoryBytes: number;
}

export const DEFAULT_QUERY_POOL: QueryPoolOptions = { running: 4, waiting: 1000, seconds: 10, memoryBytes: 2 ** 30 };

/** More queries wait than the pool lets wait: try again in `retryAfterSeconds`. */
export class PoolFullError extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super('too many queries are waiting');
    this.name = 'PoolFullError';
  }
}

/** A query took more time or memory than it may. */
export class QueryLimitError extends Error {
  constructor(readonly limit: 'time' | 'memory') {
    super(`a query was cut off at its limit of ${limit}`);
    this.name = 'QueryLimitError';
  }
}

/** Codes of ClickHouse: TIMEOUT_EXCEEDED, TOO_SLOW; MEMORY_LIMIT_EXCEEDED. */
const LIMIT_CODES: Readonly<Record<number, QueryLimitError['limit']>> = {
  159: 'time',
  160: 'time',
  241: 'memory',
};
const RETRY_AFTER_SECONDS = 2;
/** The engine refuses longer statements (`max_query_size` is 256 KiB) unless told otherwise; the leads of many clocks are longer. */
const USUAL_QUERY_BYTES = 250_000;
/** A query that has just been begun may not be among those that can be killed yet. */
const KILL_AGAIN_MS = 100;
type Format = 'JSONEachRow' | 'Native';
const textDecoder = new TextDecoder();
/** Somebody waits for the answer: a server that is away for longer is said to be away. */
const PATIENCE_SECONDS = 2;

/**
 * Reads from the store, several questions at a time. Each query gets a session of its own (0.1 ms), which ends with it: so nothing of one
 * query, neither its settings nor its parameters nor the rows of a failure in mid-stream (storage.md B1.4), can ever reach another.
 * Values travel as the session's query parameters (`SET param_…`) and are bound by the engine to the typed places of the statement:
 * chDB's own binding runs such queries one at a time in the whole process.
 */
export class QueryPool {
  private runningNow = 0;
  private closed = false;
  private readonly queue: (() => void)[] = [];
  private idle: (() => void) | undefined;

  constructor(
    private readonly store: Pick<Store, 'path' | 'gate' | 'server'> & Partial<Pick<Store, 'pseudonyms'>>,
    private readonly options: QueryPoolOptions = DEFAULT_QUERY_POOL,
  ) {}

  /** That the store, on a server, does not do what it is asked at the moment; undefined when it does. */
  get outage(): OutageState | undefined {
    return this.store.server?.outage.state;
  }

  /** As `rollupEdition` of `store/rollup-edition.ts`; undefined where others write to the store. */
  get rollupEdition(): number | undefined {
    return this.store.server ? undefined : rollupEdition();
  }

  /** Where the store's addresses have pseudonyms, what makes them. */
  get pseudonyms(): Pseudonyms | undefined {
    return this.store.pseudonyms;
  }

  /** Queries that run, and that wait. */
  get load(): { running: number; waiting: number } {
    return { running: this.runningNow, waiting: this.queue.length };
  }

  /**
   * All rows of a statement; 64-bit hashes must be selected as text. When its {@link asker} goes, it waits no longer, and what runs is killed.
   * @throws PoolFullError, QueryLimitError, AskerGoneError, and the engine's errors
   */
  async rows<T>(statement: Statement, parameters: QueryParameters = {}): Promise<T[]> {
    return parseLines<T>(textDecoder.decode(await this.answer(statement, parameters, 'JSONEachRow')));
  }

  /** As {@link rows}, in ClickHouse's Native format (`native-blocks.ts`): for many numbers. */
  async native(statement: Statement, parameters: QueryParameters = {}): Promise<Uint8Array> {
    return this.answer(statement, parameters, 'Native');
  }

  private async answer(statement: Statement, parameters: QueryParameters, format: Format): Promise<Uint8Array> {
    const signal = asker.getStore();
    await this.turn(signal);
    try {
      const sql = typeof statement === 'string' ? sqlText(statement) : statement.sql;
      return await this.store.gate.read(() => {
        if (signal?.aborted) throw new AskerGoneError();
        return this.run(sql, parameters, format, signal);
      });
    } finally {
      this.runningNow--;
      this.queue.shift()?.();
      if (this.runningNow === 0) this.idle?.();
    }
  }

  /** Takes no more queries and waits for those that run and wait. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.runningNow > 0) await new Promise<void>((done) => (this.idle = done));
  }

  private async turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.closed) throw new Error('the store is being closed');
    if (signal?.aborted) throw new AskerGoneError();
    if (this.runningNow >= this.options.running || this.queue.length > 0) {
      if (this.queue.length >= this.options.waiting) throw new PoolFullError(RETRY_AFTER_SECONDS);
      await this.wait(signal);
    }
    this.runningNow++;
  }

  private async wait(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((go, fail) => {
      const leave = (): void => {
        this.queue.splice(this.queue.indexOf(enter), 1);
        fail(new AskerGoneError());
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        go();
      };
      this.queue.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  private async run(
    sql: string,
    parameters: QueryParameters,
    format: Format,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const { server } = this.store;
    return server
      ? this.runOnServer(server, sql, parameters, format, signal)
      : this.runInSession(sql, parameters, format, signal);
  }

  private async runOnServer(
    server: ServerConnection,
    sql: string,
    parameters: QueryParameters,
    format: Format,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const { seconds, memoryBytes } = this.options;
    const domains = rowScope.getStore() ?? [];
    try {
      return await server.send({
        query: `${sql}\nFORMAT ${format}`,
        query_params: parameters,
        clickhouse_settings: {
          max_execution_time: seconds,
          max_memory_usage: String(memoryBytes),
          cancel_http_readonly_queries_on_client_close: 1,
          ...(domains.length > 0 ? { additional_table_filters: tableFilters(domains, server.url) } : {}),
        },
        patienceSeconds: PATIENCE_SECONDS,
        abort_signal: signal,
      });
    } catch (error) {
      throw signal?.aborted ? new AskerGoneError() : asLimit(error);
    }
  }

  private async runInSession(
    sql: string,
    parameters: QueryParameters,
    format: Format,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const session = openSession(this.store.path);
    const mark = `/* asked ${randomUUID()} */`;
    let isRunning = true;
    const kill = (): void => void this.kill(mark, () => isRunning);
    signal?.addEventListener('abort', kill, { once: true });
    try {
      const settings = `SET ${[...this.limits(), ...parameterSettings(parameters)].join(', ')}`;
      const bytes = Buffer.byteLength(settings);
      if (bytes > USUAL_QUERY_BYTES) await session.queryAsync(`SET max_query_size = ${2 * bytes}`);
      await session.queryAsync(settings);
      return (await session.queryAsync(`${mark} ${sql}`, { format })).bytes();
    } catch (error) {
      throw signal?.aborted ? new AskerGoneError() : asLimit(error);
    } finally {
      isRunning = false;
      signal?.removeEventListener('abort', kill);
      session.close();
    }
  }

  private async kill(mark: string, isRunning: () => boolean): Promise<void> {
    while (isRunning()) {
      const session = openSession(this.store.path);
      await session.queryAsync(`KILL QUERY WHERE startsWith(query, '${mark}') ASYNC`).catch(() => undefined);
      session.close();
      await sleep(KILL_AGAIN_MS);
    }
  }

  private limits(): string[] {
    const { seconds, memoryBytes } = this.options;
    const domains = rowScope.getStore() ?? [];
    const filters =
      domains.length > 0 ? [`additional_table_filters = ${quoted(tableFilters(domains).toString())}`] : [];
    return [`max_execution_time = ${seconds}`, `max_memory_usage = ${memoryBytes}`, ...filters];
  }
}

function parseLines<T>(text: string): T[] {
  const body = text.trimEnd();
  return body === '' ? [] : (JSON.parse(`[${body.replaceAll('\n', ',')}]`) as T[]);
}

function asLimit(error: unknown): unknown {
  const limit = LIMIT_CODES[codeOf(error) ?? 0];
  return limit ? new QueryLimitError(limit) : error;
}
