import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerStoreUrl } from '../config/store-url';
import { renderMigration } from './schema-rendering';
import { sqlFolder, sqlText } from './sql-file';
import { withDatabases } from './statement-rendering';
import type { Store } from './store';

const CREATE_LOG = `CREATE TABLE IF NOT EXISTS hoptime_store.schema_migrations
  (name String, sha256 String, applied_at DateTime64(3, 'UTC')) ENGINE = ReplacingMergeTree ORDER BY name`;

export interface Migration {
  readonly name: string;
  readonly sha256: string;
  readonly applied: boolean;
}

/** All migrations in order, and which of them the store has. @throws Error when an applied file was changed afterwards, or the store has later ones */
export async function migrations(store: Store): Promise<Migration[]> {
  const [{ known }] = await store.rows<{ known: number }>({
    sql: `SELECT toUInt8(count()) AS known FROM system.tables WHERE database = 'hoptime_store' AND name = 'schema_migrations'`,
  });
  const log = known
    ? await store.rows<{ name: string; sha256: string }>({
        sql: 'SELECT name, sha256 FROM hoptime_store.schema_migrations FINAL',
      })
    : [];
  const applied = new Map(log.map((row) => [row.name, row.sha256]));
  const names = migrationNames();
  refuseLater([...applied.keys()], names.at(-1) ?? '');
  return names.map((name) => {
    const sha256 = createHash('sha256')
      .update(sqlText(`migrations/${name}`))
      .digest('hex');
    const earlier = applied.get(name);
    if (earlier !== undefined && earlier !== sha256) {
      throw new Error(`migration ${name} was changed after it had been applied: add a new file instead`);
    }
    return { name, sha256, applied: earlier !== undefined };
  });
}

/** An earlier version would leave out what a later one keeps in the store, without anybody noticing. */
function refuseLater(applied: readonly string[], last: string): void {
  const [later] = applied.filter((name) => /^\d{4}_/.test(name) && name > last).sort();
  if (later === undefined) return;
  throw new Error(
    `the store is of a later version of hoptime, whose schema has ${later}: use that version, or a copy of the store from before`,
  );
}

/** What is sent to a store for a migration: on a server with the names of its databases, on a cluster one statement or two. */
export function statementsOf(server: ServerStoreUrl | undefined, name: string): string[] {
  return rendered(server, sqlText(`migrations/${name}`));
}

function rendered(server: ServerStoreUrl | undefined, sql: string): string[] {
  const topology = { server: server !== undefined, cluster: server?.cluster };
  return renderMigration(sql, topology, engineOf).map((text) => (server ? withDatabases(text, server.database) : text));
}

/** The engine clause of the migration that creates a table. */
function engineOf(table: string): string {
  const creates = new RegExp(`^CREATE TABLE IF NOT EXISTS \\w+\\.${table}$[\\s\\S]*(^ENGINE = [\\s\\S]*)`, 'm');
  for (const name of migrationNames()) {
    const found = creates.exec(sqlText(`migrations/${name}`));
    if (found) return found[1];
  }
  throw new Error(`no migration creates a table ${table} with an engine`);
}

const migrationNames = (): string[] =>
  readdirSync(join(sqlFolder(), 'migrations'))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => file.slice(0, -'.sql'.length));

/** Applies what is missing, in the order of the file names. Each file is one statement and can be repeated, as it is after a kill before the log is written. */
export async function migrate(store: Store): Promise<void> {
  const applied: Migration[] = [];
  try {
    for (const migration of await migrations(store)) {
      if (migration.applied) continue;
      for (const sql of statementsOf(store.server?.url, migration.name)) await store.command({ sql });
      applied.push(migration);
    }
  } finally {
    if (applied.length > 0) await writeLog(store, applied);
  }
}

async function writeLog(store: Store, applied: readonly Migration[]): Promise<void> {
  for (const sql of rendered(store.server?.url, CREATE_LOG)) await store.command({ sql });
  await store.command(
    {
      sql: `INSERT INTO hoptime_store.schema_migrations
        SELECT entry.1, entry.2, now64(3, 'UTC') FROM (SELECT arrayJoin(arrayZip({names:Array(String)}, {hashes:Array(String)})) AS entry)`,
    },
    { names: applied.map(({ name }) => name), hashes: applied.map(({ sha256 }) => sha256) },
  );
}
