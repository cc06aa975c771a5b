import type { Store } from '../store/store';
import { storeTime } from '../delay/store-time';

export type RemovalCause = 'retention' | 'erase';

/** So many rows, or files, of one kind. */
export interface Removal {
  readonly what: string;
  readonly removed: number;
}

/** Notes in the store what was removed, by table; nothing of what it was. */
export async function noteRemovals(
  store: Pick<Store, 'client'>,
  cause: RemovalCause,
  removals: readonly Removal[],
  now: number,
): Promise<void> {
  const values = removals
    .filter(({ removed }) => removed > 0)
    .map(({ what, removed }) => ({ at: storeTime(now), cause, what, removed }));
  if (values.length > 0) await store.client.insert({ table: 'hoptime_store.removals', format: 'JSONEachRow', values });
}
