import type { Store } from './store';

/** Tables that a correlation or an ingest fills with big parts. Those that change places must have the same settings. */
const TABLES = ['trace_events', 'journeys', 'stage_journeys'] as const;
/** In bytes. Small: an ingest of a big file writes parts that are larger, and ends before merging them would help anybody. */
const LARGEST_MERGED = { small: 4 * 2 ** 20, all: 150 * 2 ** 30 } as const;

/**
 * Says which parts the engine merges in the background. A program that ends soon merges the small ones only: merging a million wide rows costs more
 * than correlating them. One that serves merges all: what is read by time, or by queue id, is then in a few places instead of in each of a
 * hundred parts.
 */
export async function setMerges(store: Pick<Store, 'command' | 'rows'>, which: 'small' | 'all'): Promise<void> {
  const bytes = LARGEST_MERGED[which];
  const others = await store.rows<{ name: string }>({
    // On a cluster they are `…_local`, under a `Distributed` one of the name.
    sql: `SELECT replaceRegexpOne(tables.name, '_local$', '') AS name FROM system.tables WHERE database = 'hoptime_store' AND name IN ('${TABLES.join("', '")}') AND engine LIKE '%MergeTree'
      AND extract(create_table_query, 'max_bytes_to_merge_at_max_space_in_pool = ([0-9]+)') != '${bytes}'`,
  });
  for (const { name } of others) {
    await store.command({
      sql: `ALTER TABLE hoptime_store.${name} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = ${bytes}`,
    });
  }
}
