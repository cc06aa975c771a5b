import type { Store } from '../../libs/store/store';

/** All that the store answers about delays: every column of every journey and hop, one text per row, sorted. */
export interface Answer {
  journeys: string[];
  hops: string[];
}

/** Every column of the views `journeys` and `hops`. Two stores that were given the same mail must answer the same. */
export async function answerOf(store: Store): Promise<Answer> {
  const [journeys, hops] = [await rowsOf(store, 'journeys'), await rowsOf(store, 'hops')];
  return { journeys, hops };
}

async function rowsOf(store: Store, view: 'journeys' | 'hops'): Promise<string[]> {
  const rows = await store.rows<{ row: string }>({
    sql: `SELECT toString(tuple(*)) AS row FROM hoptime.${view} ORDER BY row`,
  });
  return rows.map(({ row }) => row);
}

/**
 * SQL that sums up the same in one line, for stores too large to compare row by row and for the built program: number of rows, and an
 * order-independent checksum over every column.
 */
export const CHECKSUM_SQL = ['journeys', 'hops']
  .map(
    (view) =>
      `SELECT '${view}' AS name, toString(count()) AS n, toString(groupBitXor(cityHash64(toString(tuple(*))))) AS checksum, ` +
      `toString(sum(cityHash64(toString(tuple(*))))) AS total FROM hoptime.${view}`,
  )
  .join(' UNION ALL ')
  .replace(/^(.*)$/s, 'SELECT * FROM ($1) ORDER BY name');

/** The same, and which events of which file there are: how often a row of one stands in the table is no figure of anything. */
export const WHOLE_ANSWER_SQL =
  `SELECT * FROM (${CHECKSUM_SQL}) UNION ALL SELECT 'events', toString(uniqExact(event_id, file)), ` +
  `toString(groupBitXorDistinct(cityHash64(event_id, file))), '' FROM hoptime.trace_events`;
