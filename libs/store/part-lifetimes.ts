import type { Store } from './store';

const LIFETIME = 'old_parts_lifetime';
/** Partitions are named by numbers, by a hash, or `all`. */
const NO_PARTITION = 'no-such-partition';

/** What a table that is hurried had before; `seconds` is empty where the server's own value counted. */
interface HurriedTable {
  readonly name: string;
  readonly seconds: string;
}

/** What asks and changes the store: itself, or who holds its lease. */
type Asked = Pick<Store, 'rows' | 'command'>;

/**
 * Makes tables give the files of their outdated parts up within a second, where a server keeps them for eight minutes. What they had before is written
 * down first, so that {@link restorePartLifetimes} finds it also where this process is killed.
 */
export async function hurryOutdatedParts(store: Asked, tables: readonly string[]): Promise<void> {
  const names = `'${tables.join("', '")}'`;
  await store.command({
    sql: `INSERT INTO hoptime_store.hurried_tables SELECT name, extract(create_table_query, '${LIFETIME} = ([0-9]+)') AS seconds FROM system.tables
      WHERE database = 'hoptime_store' AND name IN (${names}) AND (seconds = '' OR toUInt64OrZero(seconds) > 1)`,
  });
  for (const { name } of await hurried(store)) await alter(store, name, `MODIFY SETTING ${LIFETIME} = 1`);
}

/**
 * Lets the engine delete now what {@link hurryOutdatedParts} lets it delete. By itself it looks when a table has other work, and after minutes where it has none (26.7);
 * to drop a partition, also one that there is not, makes it look at once.
 */
export async function lookForOutdatedParts(store: Asked, tables: readonly string[]): Promise<void> {
  for (const name of tables) await alter(store, name, `DROP PARTITION ID '${NO_PARTITION}'`);
}

/** Gives all tables that are hurried the lifetime of outdated parts that they had before. Nobody may be waiting for them. */
export async function restorePartLifetimes(store: Asked): Promise<void> {
  const left = await hurried(store);
  if (left.length === 0) return;
  for (const { name, seconds } of left)
    await alter(store, name, seconds === '' ? `RESET SETTING ${LIFETIME}` : `MODIFY SETTING ${LIFETIME} = ${seconds}`);
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.hurried_tables' });
}

/** Tables that there still are; of one that was hurried twice what it had first. */
const hurried = (store: Asked): Promise<HurriedTable[]> =>
  store.rows<HurriedTable>({
    sql: `SELECT name, max(seconds) AS seconds FROM hoptime_store.hurried_tables
      WHERE name IN (SELECT name FROM system.tables WHERE database = 'hoptime_store') GROUP BY name ORDER BY name`,
  });

const alter = (store: Asked, name: string, change: string): Promise<void> =>
  store.command({ sql: `ALTER TABLE hoptime_store.\`${name}\` ${change}` });
