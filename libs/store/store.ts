import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { parseStoreUrl, type ServerStoreUrl } from '../config/store-url';
import type { Pseudonyms } from '../trace/pseudonyms';
import { refuseUntested, type ClusterUse } from './cluster-check';
import { asDiskFull } from './disk-full';
import { EmbeddedConnection } from './embedded-connection';
import { setMerges } from './merges';
import { openSession, type EngineSession } from './engine-session';
import { migrate, migrations } from './migrator';
import { restorePartLifetimes } from './part-lifetimes';
import { pseudonymsOf } from './pseudonym-key';
import { ReadGate } from './read-gate';
import { ServerConnection, WorkInterruptedError } from './server-connection';
import { ServerTurn } from './server-turn';
import { refuseOldServer } from './server-version';
import { Spool, type RowBytes } from './spool';
import { sqlText } from './sql-file';
import { readingBody } from './statement-rendering';
import { StoreOutage, type OutageState } from './store-outage';
import { RemoteConnection } from './remote-connection';
import { refuseHeld, releaseStore, StoreHeldError, takeStore } from './store-lock';
import { programIdentity } from './store-socket';
import { OWN_FOLDER } from './own-folder';

export interface StoreOptions {
  /** leave the schema as it is (for `migrate --dry-run`) */
  skipMigrations?: boolean;
  /** this process must hold the store itself, as one that shares it does */
  own?: boolean;
  /** the key of the addresses' pseudonyms: `PSEUDONYM_KEY` */
  pseudonymKey?: string;
  /** what is done where the store is a cluster; default: it is refused */
  cluster?: ClusterUse;
  /** of a server's store: where this process keeps files of its own (default: ./hoptime-data) */
  folder?: string;
  /** of a server's store: how long a statement is tried while the server is away or full (default: 60) */
  retrySeconds?: number;
  /** takes a sentence when a server goes away, and when it is back */
  onNote?: (sentence: string) => void;
}

export type QueryParameters = Record<string, unknown>;

/** A statement: the name of a file under libs/store/sql without `.sql`, or its text. */
export type Statement = string | { readonly sql: string; readonly name?: string };

const CLUSTER_REFUSAL =
  'STORE_URL names a cluster, and this command was not tried on one yet (docs/cluster.md says which were). Use one server, without ?cluster=';
const DEFAULT_FOLDER = 'hoptime-data';
const DEFAULT_RETRY_SECONDS = 60;
/** A folder that is not there: spool files go beside the store. */
const NOWHERE = '/dev/null';
/** More than any file of the engine that describes a table. */
const PROBE_BYTES = 256 * 1024;

/** Runs statements on one connection, one at a time, in the order they were given. */
export class StatementRunner {
  constructor(
    readonly client: ClickHouseClient,
    /** the store in messages: its folder, or the server's address without user and password */
    readonly place: string,
  ) {}

  /** Runs a statement that answers nothing. @throws DiskFullError */
  async command(statement: Statement, parameters?: QueryParameters): Promise<void> {
    try {
      await this.client.command({ query: textOf(statement), query_params: parameters });
    } catch (error) {
      throw failureAt(this.place, error);
    }
  }

  /** All rows of a statement. Hashes must be selected as hex text: 64-bit integers arrive as JSON numbers. @throws DiskFullError */
  async rows<T>(statement: Statement, parameters?: QueryParameters): Promise<T[]> {
    try {
      const result = await this.client.query({
        query: textOf(statement),
        query_params: parameters,
        format: 'JSONEachRow',
      });
      return await result.json<T>();
    } catch (error) {
      throw failureAt(this.place, error);
    }
  }
}

/** So many statements of a correlation run side by side; each is single-threaded, which costs less than one on two threads. */
const LANES = 2;

/**
 * The store, through @clickhouse/client. Embedded, chDB: one statement at a time, so statements run in the order they were given; settings stand
 * in the SQL text, never in `clickhouse_settings`, which would stay for later statements of the session. Where another process holds the store
 * and shares it, the same by that process. Or a ClickHouse server over HTTP.
 */
export class Store extends StatementRunner {
  /** lets no reader of the process that holds the store see half of a change */
  readonly gate: Pick<ReadGate, 'read' | 'alone'>;
  /** where local parts of addresses are stored as keyed hashes */
  pseudonyms: Pseudonyms | undefined;

  private constructor(
    client: ClickHouseClient,
    /** folder of the embedded engine; of a server's store, where this process keeps files of its own */
    readonly path: string,
    place: string,
    private readonly spool: Spool | undefined,
    private readonly shared: RemoteConnection | undefined,
    private readonly remote: { server: ServerConnection; turn: ServerTurn } | undefined,
    /** the first session of this process: keeps the engine, and what it was started with, for all others */
    private readonly first?: EngineSession,
  ) {
    super(client, place);
    // A shared store's reads pass the gate over there.
    this.gate = shared ? { alone: (work) => shared.alone(work), read: (work) => work() } : new ReadGate();
  }

  /** Another process holds the store, and works for this one. */
  get isShared(): boolean {
    return this.shared !== undefined || this.remote !== undefined;
  }

  /** The server that has the store; undefined where chDB has it. */
  get server(): ServerConnection | undefined {
    return this.remote?.server;
  }

  /** That a server's store does not do what it is asked at the moment; undefined when it does. */
  get outage(): OutageState | undefined {
    return this.server?.outage.state;
  }

  /**
   * Opens the store of a URL (`libs/config/store-url.ts`) and brings its schema up to date.
   * @throws StoreHeldError when another process has it open and does not share it; DiskFullError; StoreAwayError for a server that does not
   * answer; PseudonymKeyError; Error for a URL of another kind and a store that the engine cannot open
   */
  static async open(url: string, options: StoreOptions = {}): Promise<Store> {
    const where = parseStoreUrl(url);
    if ('problem' in where) throw new Error(`STORE_URL ${where.problem}`);
    const store = await (where.kind === 'server'
      ? Store.openServer(where, options)
      : Store.openFolder(resolve(where.path), options));
    if (options.skipMigrations) return store;
    try {
      store.pseudonyms = await pseudonymsOf(store, options.pseudonymKey);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  private static async openFolder(path: string, options: StoreOptions): Promise<Store> {
    try {
      mkdirSync(path, OWN_FOLDER);
      takeStore(path);
    } catch (error) {
      if (error instanceof StoreHeldError && !options.own) return Store.openShared(path, error);
      throw asDiskFull(error, path);
    }
    let first: EngineSession | undefined;
    let store: Store | undefined;
    try {
      probe(path);
      first = opened(path, () => openSession(path));
      store = new Store(connect(path), path, path, new Spool(path), undefined, undefined, first);
      if (!options.skipMigrations) {
        await migrate(store);
        await restorePartLifetimes(store);
      }
      return store;
    } catch (error) {
      await store?.client.close();
      first?.close();
      releaseStore(path);
      throw asDiskFull(error, path);
    }
  }

  private static async openShared(path: string, held: StoreHeldError): Promise<Store> {
    const shared = await connectShared(path, held);
    // In the store's own folder: the engine of the other process opens the files by their path.
    const spool = new Spool(join(path, 'spool', String(process.pid)), NOWHERE);
    return new Store(createClient({ connection: shared }), path, path, spool, shared, undefined);
  }

  private static async openServer(url: ServerStoreUrl, options: StoreOptions): Promise<Store> {
    if (url.cluster !== undefined && !options.cluster) throw new Error(CLUSTER_REFUSAL);
    const { folder = DEFAULT_FOLDER, retrySeconds = DEFAULT_RETRY_SECONDS, onNote = () => undefined } = options;
    const server = new ServerConnection(url, new StoreOutage(url.shown, retrySeconds, onNote));
    const turn = new ServerTurn(server, onNote);
    const client = createClient({ connection: server });
    const store = new Store(client, resolve(folder), url.shown, undefined, undefined, { server, turn });
    try {
      if (url.cluster !== undefined && options.cluster === 'whole') await refuseUntested(url, store);
      const missing = options.skipMigrations ? [] : (await migrations(store)).filter(({ applied }) => !applied);
      if (missing.length > 0) {
        await refuseOldServer(store, url.shown);
        await store.inTurn(async () => {
          await migrate(store);
          await setMerges(store, 'all');
        });
      }
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /**
   * Runs a statement that reads rows by `file({spool:String}, FORMAT, STRUCTURE)`, over `content` in that format: through a spool file, or as
   * the body of a request to a server. It may carry no other parameters where it runs beside others.
   * @throws DiskFullError
   */
  async insert(
    statement: Statement,
    content: RowBytes,
    parameters?: QueryParameters,
    runner: StatementRunner = this,
  ): Promise<void> {
    const sql = textOf(statement);
    if (this.spool) {
      await this.spool.through(content, (path) =>
        runner.command({ sql: sql.replace('{spool:String}', () => quoted(path)) }, parameters),
      );
      return;
    }
    try {
      await this.server?.send({ query: readingBody(sql), query_params: parameters, body: content });
    } catch (error) {
      throw failureAt(this.place, error);
    }
  }

  /** The answer of the process that holds a shared store to read-only SQL of a user (`libs/sql`); undefined where this process holds it. */
  askHolder(asked: string): AsyncIterable<Buffer> | undefined {
    return this.shared?.sql(asked);
  }

  /**
   * Runs work that writes: where the store is shared, when nobody else writes, and nobody will until it is done.
   * @param keepMs on a server, so long the turn is kept for the next work, where nobody else wants it
   */
  async inTurn<T>(work: () => Promise<T>, keepMs = 0): Promise<T> {
    if (this.remote) return this.remote.turn.run(work, keepMs);
    return this.shared ? this.shared.inTurn(work) : work();
  }

  /**
   * Runs a work of several statements that may be done again from its beginning: on a server, until none of them was cut off.
   * @param work told whether it is done again
   */
  async whole<T>(work: (again: boolean) => Promise<T>): Promise<T> {
    return this.remote ? this.remote.turn.whole(work) : work(false);
  }

  /**
   * Runs `work` for each item on several connections at once, each on one item at a time. Statements must carry no query parameters (chDB
   * runs those one at a time) and must not depend on each other.
   */
  async inParallel<T>(items: readonly T[], work: (item: T, lane: StatementRunner) => Promise<void>): Promise<void> {
    const left = items.values();
    let failed = false;
    const run = async (runner: StatementRunner): Promise<void> => {
      for (const item of left) {
        if (failed) return;
        await work(item, runner);
      }
    };
    const lane = async (): Promise<void> => {
      try {
        if (this.server) return await run(this);
        const client = this.shared
          ? createClient({ connection: await RemoteConnection.open(this.path) })
          : connect(this.path);
        try {
          await run(new StatementRunner(client, this.place));
        } finally {
          await client.close();
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    await allEnded(Array.from({ length: Math.min(LANES, items.length) }, lane));
  }

  /** Runs works that do not depend on each other: by a server side by side, so that none waits for the plan of another; else one after the other. Answers their results. */
  async together<T extends unknown[]>(...works: { [K in keyof T]: () => Promise<T[K]> }): Promise<T> {
    if (this.server) return (await allEnded(works.map((work) => work()))) as T;
    const results: unknown[] = [];
    for (const work of works) results.push(await work());
    return results as T;
  }

  async close(): Promise<void> {
    await this.remote?.turn.close();
    await this.client.close();
    this.first?.close();
    this.spool?.close();
    if (this.server) return;
    if (this.shared) rmSync(join(this.path, 'spool', String(process.pid)), { recursive: true, force: true });
    else releaseStore(this.path);
  }
}

/**
 * A statement with whole numbers written in the place of its typed parameters `{name:Type}`.
 * @param sql its text, where that is not the file's
 * @throws Error for a value that is not a whole number, or a parameter without value
 */
export function withNumbers(
  name: string,
  numbers: Readonly<Record<string, string | number>>,
  sql = sqlText(name),
): { sql: string } {
  const written = sql.replace(/\{(\w+):U?Int\d+\}/g, (_, parameter: string) => {
    const value = String(numbers[parameter]);
    if (!/^-?\d+$/.test(value)) throw new Error(`${name}.sql: ${parameter} is no whole number`);
    return value;
  });
  return { sql: written };
}

/** A text as a SQL string literal, for paths of the program's own in statements that may carry no parameters. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** Who does a work again must find none of it running any more. @throws what the first of them threw */
async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  return (await Promise.allSettled(works)).map((ended) => {
    if (ended.status === 'rejected') throw ended.reason;
    return ended.value;
  });
}

/** A work that is done again says by itself when a disk stays full. */
const failureAt = (place: string, error: unknown): unknown =>
  error instanceof WorkInterruptedError ? error : asDiskFull(error, place);

function textOf(statement: Statement): string {
  return typeof statement === 'string' ? sqlText(statement) : statement.sql;
}

function connect(path: string): ClickHouseClient {
  return createClient({ connection: opened(path, () => new EmbeddedConnection(path)) });
}

function opened<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    // Somebody may have been quicker, or have it open from where we cannot see.
    refuseHeld(path);
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the engine cannot open the store ${path} (${message}): another machine or container may hold it; else it is damaged, then delete the folder and ingest your files again`,
      { cause: error },
    );
  }
}

/** @throws StoreHeldError that says why the process that holds the store cannot be asked */
async function connectShared(path: string, held: StoreHeldError): Promise<RemoteConnection> {
  let shared: RemoteConnection;
  try {
    shared = await RemoteConnection.open(path);
  } catch (error) {
    const denied = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EACCES';
    throw denied ? new StoreHeldError(path, `${held.holder} of another user, which works for that user only`) : held;
  }
  if (shared.server === programIdentity()) return shared;
  await shared.close();
  throw new StoreHeldError(path, `${held.holder}, which is another version of hoptime`);
}

/** The engine does not notice when the system cuts its small files short, and cannot open the store ever after; so room is asked for before. */
function probe(path: string): void {
  const file = join(path, 'hoptime-probe');
  try {
    writeFileSync(file, Buffer.alloc(PROBE_BYTES));
  } finally {
    rmSync(file, { force: true });
  }
}
