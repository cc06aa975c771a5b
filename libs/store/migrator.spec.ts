import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrations } from './migrator';
import { sqlFolder } from './sql-file';
import { Store } from './store';

const files = readdirSync(join(sqlFolder(), 'migrations')).sort();
const names = files.map((file) => file.replace(/\.sql$/, ''));

describe('migrate', () => {
  let folder: string;
  let store: Store;
  const open = async (skipMigrations = false): Promise<Store> =>
    (store = await Store.open(`chdb:${join(folder, 'store')}`, { skipMigrations }));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hoptime-migrator-'));
    await open(true);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const log = (): Promise<Record<string, unknown>[]> =>
    store.rows({ sql: 'SELECT name, sha256, applied_at FROM hoptime_store.schema_migrations ORDER BY name' });
  const say = (name: string, sha256: string): Promise<void> =>
    store.command(
      { sql: `INSERT INTO hoptime_store.schema_migrations SELECT {name:String}, {sha256:String}, now64(3, 'UTC')` },
      { name, sha256 },
    );
  const objects = (): Promise<unknown[]> =>
    store.rows({
      sql: `SELECT database, name FROM system.tables WHERE database LIKE 'hoptime%' ORDER BY database, name`,
    });
  let applied: Record<string, unknown>[];

  it('an empty store has none of them', async () => {
    expect((await migrations(store)).map(({ name, applied }) => [name, applied])).toEqual(
      names.map((name) => [name, false]),
    );
    expect(await objects()).toEqual([]);
  });

  it('applies each once, in the order of the names, and notes its SHA-256', async () => {
    await migrate(store);
    applied = await log();
    expect(applied.map(({ name }) => name)).toEqual(names);
    const sums = files.map((file) => {
      const text = readFileSync(join(sqlFolder(), 'migrations', file), 'utf8').trim();
      return createHash('sha256').update(text).digest('hex');
    });
    expect(applied.map(({ sha256 }) => sha256)).toEqual(sums);
    expect(await migrations(store)).toEqual(names.map((name, i) => ({ name, sha256: sums[i], applied: true })));
  });

  it('is harmless when repeated, and on a store that is opened again', async () => {
    await migrate(store);
    await store.close();
    await open();
    expect(await log()).toEqual(applied);
  });

  it('refuses a store of a later version', async () => {
    await say('9998_later', 'x');
    await say('9999_latest', 'x');
    await expect(migrate(store)).rejects.toThrow('later version of hoptime, whose schema has 9998_later');
    await store.command({
      sql: `ALTER TABLE hoptime_store.schema_migrations DELETE WHERE name LIKE '999%' SETTINGS mutations_sync = 2`,
    });
    await migrate(store);
    expect(await log()).toEqual(applied);
  });

  it('what a kill left unnoted is applied again, and nothing is lost', async () => {
    const before = await objects();
    await store.command({ sql: `INSERT INTO hoptime_store.schema_migrations SELECT 'kept', 'row', now64(3, 'UTC')` });
    for (const name of names.slice(3)) {
      await store.command(
        {
          sql: 'ALTER TABLE hoptime_store.schema_migrations DELETE WHERE name = {name:String} SETTINGS mutations_sync = 2',
        },
        { name },
      );
    }
    await migrate(store);
    expect((await log()).map(({ name }) => name)).toEqual([...names, 'kept']);
    expect(await objects()).toEqual(before);
  });

  it('refuses a file that was changed after it had been applied, and changes nothing', async () => {
    const { sha256 } = (await migrations(store))[2];
    await say(names[2], '0'.repeat(64));
    const refusal = `migration ${names[2]} was changed after it had been applied: add a new file instead`;
    await expect(migrations(store)).rejects.toThrow(refusal);
    await expect(migrate(store)).rejects.toThrow(refusal);
    await say(names[2], sha256);
    await migrate(store);
    expect((await migrations(store)).every((migration) => migration.applied)).toBe(true);
  });
});
