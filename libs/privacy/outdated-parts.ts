import { setTimeout as sleep } from 'node:timers/promises';
import { hurryOutdatedParts, lookForOutdatedParts, restorePartLifetimes } from '../store/part-lifetimes';
import type { Store } from '../store/store';

/** A read that began before holds files up. */
export const PATIENCE_MS = 180_000;
const LOOK_AGAIN_MS = 1000;
const SAY_AGAIN_MS = 10_000;

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
  // what one that was killed has left: else it would pass for what the tables had before
  await restorePartLifetimes(store);
  try {
    await hurryOutdatedParts(store, tablesOf(outdated));
    for (let said = begin; ; await sleep(LOOK_AGAIN_MS)) {
      const all = names.size === 0 ? [] : await outdatedParts(store);
      const parts = all.filter((part) => names.has(nameOf(part)));
      const left = parts.length;
      if (left === 0 || Date.now() - begin >= patienceMs) return left;
      await lookForOutdatedParts(store, tablesOf(parts));
      if (Date.now() - said < SAY_AGAIN_MS) continue;
      said = Date.now();
      onProgress(`${left} of ${names.size} parts are still to be deleted by the engine`);
    }
  } finally {
    await restorePartLifetimes(store);
  }
}

const tablesOf = (parts: readonly Part[]): string[] => [...new Set(parts.map(({ table }) => table))];
const nameOf = ({ table, name }: Part): string => `${table} ${name}`;

const outdatedParts = (store: Store): Promise<Part[]> =>
  store.rows<Part>({
    sql: `SELECT table, name FROM system.parts WHERE database = 'hoptime_store' AND NOT active`,
  });
