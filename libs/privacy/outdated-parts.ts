import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store';

/** An engine looks for files to delete about every half a minute; a read that began before holds them up. */
export const PATIENCE_MS = 180_000;
const LOOK_AGAIN_MS = 1000;
const SAY_AGAIN_MS = 10_000;
const LIFETIME = 'old_parts_lifetime';

interface Part {
  readonly table: string;
  readonly name: string;
}

/**
 * Waits until the engine has deleted the files of all parts that are no longer read, and answers how many of these are left. A server keeps such parts for eight
 * minutes (`old_parts_lifetime`, 480 s) in case that it loses its power before the new ones are on disk: for as long as this waits, the tables concerned
 * keep them for a second. Parts that merges put aside meanwhile are not waited for: what they hold was written after the erasure.
 * @param patienceMs so long at most
 * @param onProgress takes how many are left, every ten seconds
 */
export async function deletedParts(
  store: Store,
  patienceMs: number,
  onProgress: (sentence: string) => void,
): Promise<number> {
  const begin = Date.now();
  const outdated = await outdatedParts(store);
  const names = new Set(outdated.map(nameOf));
  const restore = await hurry(store, [...new Set(outdated.map(({ table }) => table))]);
  try {
    for (let said = begin; ; await sleep(LOOK_AGAIN_MS)) {
      const left = names.size === 0 ? 0 : (await outdatedParts(store)).filter((part) => names.has(nameOf(part))).length;
      if (left === 0 || Date.now() - begin >= patienceMs) return left;
      if (Date.now() - said < SAY_AGAIN_MS) continue;
      said = Date.now();
      onProgress(`${left} of ${names.size} parts are still to be deleted by the engine`);
    }
  } finally {
    await restore();
  }
}

const nameOf = ({ table, name }: Part): string => `${table} ${name}`;

const outdatedParts = (store: Store): Promise<Part[]> =>
  store.rows<Part>({
    sql: `SELECT table, name FROM system.parts WHERE database = 'hoptime_store' AND NOT active`,
  });

/** Makes tables give their outdated parts up at once; answers what makes them as they were. */
async function hurry(store: Store, tables: readonly string[]): Promise<() => Promise<void>> {
  const before = await store.rows<{ name: string; seconds: string }>(
    {
      sql: `SELECT name, extract(create_table_query, '${LIFETIME} = ([0-9]+)') AS seconds FROM system.tables
        WHERE database = 'hoptime_store' AND name IN {tables:Array(String)}`,
    },
    { tables },
  );
  const changed = before.filter(({ seconds }) => seconds === '' || Number(seconds) > 1);
  const alter = async (name: string, change: string): Promise<void> =>
    store.command({ sql: `ALTER TABLE hoptime_store.\`${name}\` ${change}` });
  for (const { name } of changed) await alter(name, `MODIFY SETTING ${LIFETIME} = 1`);
  return async () => {
    for (const { name, seconds } of changed)
      await alter(name, seconds === '' ? `RESET SETTING ${LIFETIME}` : `MODIFY SETTING ${LIFETIME} = ${seconds}`);
  };
}
