import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { Session } from 'chdb';
import { createChdbConnection } from 'chdb/connection';
import { migrate } from './migrator';
import { Spool } from './spool';
import { sqlText } from './sql-file';

/** Another process holds the chDB directory: one directory, one process. */
export class StoreHeldError extends Error {
  constructor(
    readonly path: string,
    readonly holder: string,
  ) {
    super(`the store ${path} is held by ${holder}; wait until it is done, or stop it`);
  }
}

export interface StoreOptions {
  /** leave the schema as it is (for `migrate --dry-run`) */
  skipMigrations?: boolean;
}

export type QueryParameters = Record<string, unknown>;

/** A statement: the name of a file under libs/store/sql without `.sql`, or its text. */
export type Statement = string | { readonly sql: string };

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

const HOLDER_FILE = 'hoptime-holder';

/**
 * The embedded store: chDB through @clickhouse/client. One statement at a time, so statements run in the order they were given.
 * Settings stand in the SQL text, never in `clickhouse_settings`, which would stay for later statements of the session.
 */
export class Store {
  readonly spool: Spool;

  private constructor(
    readonly client: ClickHouseClient,
    readonly path: string,
  ) {
    this.spool = new Spool(path);
  }

  /**
   * Opens `chdb:PATH` and brings its schema up to date.
   * @throws StoreHeldError when another process has it open; Error for a URL of another kind
   */
  static async open(url: string, options: StoreOptions = {}): Promise<Store> {
    const match = /^chdb:(.+)$/.exec(url);
    if (!match) {
      throw new Error(`STORE_URL ${url.replace(/\/\/[^@]*@/, '//…@')} is not supported yet: use chdb:PATH`);
    }
    const path = resolve(match[1]);
    mkdirSync(path, { recursive: true });
    const store = new Store(connect(path), path);
    writeFileSync(join(path, HOLDER_FILE), `process ${process.pid}`);
    if (!options.skipMigrations) await migrate(store);
    return store;
  }

  /** Runs a statement that answers nothing. */
  async command(statement: Statement, parameters?: QueryParameters): Promise<void> {
    await this.client.command({ query: textOf(statement), query_params: parameters });
  }

  /** All rows of a statement. Hashes must be selected as hex text: 64-bit integers arrive as JSON numbers. */
  async rows<T>(statement: Statement, parameters?: QueryParameters): Promise<T[]> {
    const result = await this.client.query({
      query: textOf(statement),
      query_params: parameters,
      format: 'JSONEachRow',
    });
    return result.json<T>();
  }

  /** The rows of a statement one after the other, in bounded memory: over a session of its own, since a session runs one query at a time. */
  async *stream<T>(statement: Statement, parameters: QueryParameters = {}): AsyncIterable<T> {
    const session = new Session(this.path);
    try {
      for await (const row of session.queryStreamBind(textOf(statement), parameters).rows()) yield row as T;
    } finally {
      session.close();
    }
  }

  async close(): Promise<void> {
    await this.client.close();
    rmSync(join(this.path, HOLDER_FILE), { force: true });
  }
}

function textOf(statement: Statement): string {
  return typeof statement === 'string' ? sqlText(statement) : statement.sql;
}

function connect(path: string): ClickHouseClient {
  try {
    // The same interface, declared by two copies of the package (chdb brings @clickhouse/client-common of its own).
    const connection = createChdbConnection({ path }) as unknown as ClientOptions['connection'];
    return createClient({ connection });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const holder = /lock|Failed to create connection/i.test(message) ? holderOf(path) : undefined;
    if (holder) throw new StoreHeldError(path, holder);
    throw error;
  }
}

/** Who has the directory open, when that process still lives. */
function holderOf(path: string): string | undefined {
  try {
    const holder = readFileSync(join(path, HOLDER_FILE), 'utf8');
    process.kill(Number(/\d+/.exec(holder)?.[0]), 0);
    return holder;
  } catch (error) {
    // A living process of another user may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'a process of another user' : undefined;
  }
}
