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

/** Runs statements on one connection, one at a time, in the order they were given. */
export class StatementRunner {
  constructor(readonly client: ClickHouseClient) {}

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
}

/** So many statements of a correlation run side by side; each is single-threaded, which costs less than one on two threads. */
const LANES = 2;

/**
 * The embedded store: chDB through @clickhouse/client. One statement at a time, so statements run in the order they were given.
 * Settings stand in the SQL text, never in `clickhouse_settings`, which would stay for later statements of the session.
 */
export class Store extends StatementRunner {
  readonly spool: Spool;

  private constructor(
    client: ClickHouseClient,
    readonly path: string,
  ) {
    super(client);
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

  /** The rows of a statement one after the other, in bounded memory: over a session of its own, since a session runs one query at a time. */
  async *stream<T>(statement: Statement, parameters: QueryParameters = {}): AsyncIterable<T> {
    const session = new Session(this.path);
    try {
      for await (const row of session.queryStreamBind(textOf(statement), parameters).rows()) yield row as T;
    } finally {
      session.close();
    }
  }

  /**
   * Runs `work` for each item on several connections at once, each on one item at a time. Statements must carry no query parameters (chDB
   * runs those one at a time) and must not depend on each other.
   */
  async inParallel<T>(items: readonly T[], work: (item: T, lane: StatementRunner) => Promise<void>): Promise<void> {
    const left = items.values();
    const lane = async (): Promise<void> => {
      const client = connect(this.path);
      try {
        for (const item of left) await work(item, new StatementRunner(client));
      } finally {
        await client.close();
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES, items.length) }, lane));
  }

  async close(): Promise<void> {
    await this.client.close();
    rmSync(join(this.path, HOLDER_FILE), { force: true });
  }
}

/**
 * The text of a statement with whole numbers written in the place of its typed parameters `{name:Type}`.
 * @throws Error for a value that is not a whole number, or a parameter without value
 */
export function withNumbers(name: string, numbers: Readonly<Record<string, string | number>>): Statement {
  const sql = sqlText(name).replace(/\{(\w+):U?Int\d+\}/g, (_, parameter: string) => {
    const value = String(numbers[parameter]);
    if (!/^-?\d+$/.test(value)) throw new Error(`${name}.sql: ${parameter} is no whole number`);
    return value;
  });
  return { sql };
}

/** A text as a SQL string literal, for paths of the program's own in statements that may carry no parameters. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
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
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
      ? 'a process of another user'
      : undefined;
  }
}
