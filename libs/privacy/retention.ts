import type { RetentionDays } from '../config/retention-days';
import { storeTime } from '../delay/store-time';
import { rowCount } from '../ingest/correlation';
import { addToPropertyRollups } from '../store/property-rollup';
import { countsChanges, hourRanges, latestMark, markChange, markInLine, rebuildHours } from '../store/rollup';
import type { Store } from '../store/store';
import { expiredFiles, removeFiles } from './kept-files';
import { noteRemovals, type Removal } from './removal-log';

const DAY_MS = 86_400_000;
/** A list with many forwardings ties a handful of groups; each round takes in the next ring. */
const MOST_ROUNDS = 50;
const BY_TIME = { rejected_records: 'rejected_at', audit_log: 'at' } as const;

export interface RetentionOptions {
  readonly days: RetentionDays;
  /** count, and remove nothing */
  readonly dryRun?: boolean;
}

/**
 * Removes what came into the store too long ago: counted from ingestion, never from the time of the mail. The statements of one message go
 * together, when the latest of them is too old, so no journey is left with half of its events, and the journeys that stay are those that a
 * correlation of the events that stay would build. Their figures go with them. Run in the turn of those who change the store, when journeys
 * show all that is in it. Safe to interrupt and to repeat.
 * @param now epoch ms
 */
export async function applyRetention(store: Store, options: RetentionOptions, now: number): Promise<Removal[]> {
  const { days, dryRun = false } = options;
  const removals: Removal[] = [];
  if (days.events > 0) removals.push(...(await removeMessages(store, options, now - days.events * DAY_MS)));
  for (const [table, column] of Object.entries(BY_TIME)) {
    const age = days[table as keyof typeof BY_TIME];
    if (age > 0) removals.push(await removeRows(store, table, column, now - age * DAY_MS, dryRun));
  }
  if (days.files > 0) {
    const files = await expiredFiles(store.path, now - days.files * DAY_MS);
    if (!dryRun) await removeFiles(files);
    removals.push({ what: 'files', removed: files.length });
  }
  if (!dryRun) await noteRemovals(store, 'retention', removals, now);
  return removals;
}

async function removeMessages(store: Store, { dryRun }: RetentionOptions, before: number): Promise<Removal[]> {
  return store.whole(async () => {
    await store.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_scope' });
    await store.command('privacy/expired_groups', { before: storeTime(before).slice(0, 19) });
    for (let round = 0, known = -1; round < MOST_ROUNDS; round++) {
      const rows = await rowCount(store, 'stage_scope');
      if (rows === known || rows === 0) break;
      known = rows;
      await store.command('privacy/shared_groups');
    }
    const [{ events, journeys }] = await store.rows<{ events: number; journeys: number }>('privacy/expired_counts');
    if (!dryRun && Number(events) > 0) await removeGroups(store);
    await store.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_scope' });
    return [
      { what: 'trace_events', removed: Number(events) },
      { what: 'journeys', removed: Number(journeys) },
    ];
  });
}

async function removeGroups(store: Store): Promise<void> {
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.expired_groups' });
  await store.command('privacy/list_expired_groups', { shards: await shardsOf(store) });
  const mark = await latestMark(store);
  const found = countsChanges(mark) ? await store.rows<{ hour: number }>('privacy/expired_hours') : [];
  const hours = found.map(({ hour }) => hour);
  await markChange(store, mark, hours);
  if (mark.inLine) for (const range of hourRanges(hours)) await addToPropertyRollups(store, 'expired', range);
  // Journeys first: one that is gone while its events are there comes back with the next correlation of everything, and goes with the next round.
  await store.gate.alone(() => store.command('privacy/remove_journeys'));
  await store.command('privacy/remove_trace_events');
  await store.command('privacy/remove_group_links');
  if (!mark.inLine || hours.length === 0) return;
  await rebuildHours(store, hours);
  await markInLine(store);
}

/** How many numbers in a row the sharding key of a cluster sends to all of its shards. */
async function shardsOf(store: Store): Promise<number> {
  const cluster = store.server?.url.cluster;
  if (cluster === undefined) return 1;
  const sql =
    'SELECT toUInt32(sum(weight)) AS shards FROM (SELECT shard_num, any(shard_weight) AS weight FROM system.clusters WHERE cluster = {cluster:String} GROUP BY shard_num)';
  const [{ shards }] = await store.rows<{ shards: number }>({ sql }, { cluster });
  return shards;
}

async function removeRows(
  store: Store,
  table: string,
  column: string,
  before: number,
  dryRun: boolean,
): Promise<Removal> {
  const parameters = { before: storeTime(before) };
  const isOld = `${column} < {before:DateTime64(3, 'UTC')}`;
  const [{ n }] = await store.rows<{ n: number }>(
    { sql: `SELECT count() AS n FROM hoptime_store.${table} WHERE ${isOld}` },
    parameters,
  );
  if (Number(n) > 0 && !dryRun)
    await store.command(
      { sql: `ALTER TABLE hoptime_store.${table} DELETE WHERE ${isOld} SETTINGS mutations_sync = 2` },
      parameters,
    );
  return { what: table, removed: Number(n) };
}
