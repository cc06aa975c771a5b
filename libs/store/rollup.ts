import type { Store } from './store';

const HOUR_SECONDS = 3600;
const CLEAN_EVERY = 500n;
/** Ends of what the hours of the rollups can say: a journey beside them is in no rollup, and then none is used for its range. */
const ALWAYS = { from: '1970-01-02 00:00:00.000', to: '2106-01-01 00:00:00.000' };

/** Below this many journeys nobody asks the rollups (`delay/rollup.service.ts`). */
export const ROLLUP_FROM_JOURNEYS = 500_000;

/**
 * Whether the rollups count the journeys that there are: `few` where there are too few for rollups to be worth anything, `behind` where they
 * count other ones, as in a store of an earlier version or after a correlation of everything.
 */
export type RollupState = 'few' | 'behind' | 'in line';

export async function rollupState(store: Pick<Store, 'rows'>, from = ROLLUP_FROM_JOURNEYS): Promise<RollupState> {
  const [{ n, rolled }] = await store.rows<{ n: number; rolled: number }>({
    sql: `SELECT count() AS n, (SELECT sum(journeys) FROM hoptime_store.rollup_versions FINAL WHERE span = 'hour') AS rolled FROM hoptime_store.journeys`,
  });
  if (n <= from) return 'few';
  return n === rolled ? 'in line' : 'behind';
}

/** Builds the rollups where there are enough journeys for them and they are behind. */
export async function catchUpRollup(
  store: Pick<Store, 'command' | 'rows'>,
  from = ROLLUP_FROM_JOURNEYS,
): Promise<void> {
  if ((await rollupState(store, from)) === 'behind') await rebuildRollup(store);
}

/**
 * Brings the hourly rollups in line with the journeys: of all hours, or of those given (seconds since 1970, UTC), such as a live correlation
 * touched: both the hours where its journeys were before and where they are now. Safe to interrupt and to repeat: a rebuilt hour is seen at
 * once and as a whole when the last statement has run. Returns the version.
 */
export async function rebuildRollup(
  store: Pick<Store, 'command' | 'rows'>,
  hours: readonly number[] = [],
): Promise<bigint> {
  const [{ last }] = await store.rows<{ last: string }>({
    sql: 'SELECT toString(max(version)) AS last FROM hoptime_store.rollup_versions',
  });
  // After an interruption rows of the next version may be there already: a number that nobody has used yet.
  const [{ used }] = await store.rows<{ used: string }>({
    sql: 'SELECT toString(greatest((SELECT max(version) FROM hoptime_store.delay_rollups), (SELECT max(version) FROM hoptime_store.journey_rollups))) AS used',
  });
  const version = (BigInt(last) > BigInt(used) ? BigInt(last) : BigInt(used)) + 1n;
  const scope = { version: String(version), hours: [...hours], ...boundsOf(hours) };
  await store.command('correlate/rollup_delays', scope);
  await store.command('correlate/rollup_journeys', scope);
  await store.command('correlate/rollup_hours_seen', { version: scope.version, hours: scope.hours });
  await store.command('correlate/rollup_days', scope);
  await store.command('correlate/rollup_days_seen', { version: scope.version, hours: scope.hours });
  // Rewriting parts for each hour that changes would cost more than the rows that count nowhere.
  if (hours.length === 0 || version % CLEAN_EVERY === 0n) await forgetOutdated(store);
  return version;
}

/** Takes out rows of versions that do not count any more. */
async function forgetOutdated(store: Pick<Store, 'command'>): Promise<void> {
  const latest = (span: string): string =>
    `(SELECT begins, max(version) FROM hoptime_store.rollup_versions WHERE span = '${span}' GROUP BY begins)`;
  await store.command({
    sql: `ALTER TABLE hoptime_store.delay_rollups DELETE
      WHERE (span = 'hour' AND (begins, version) NOT IN ${latest('hour')}) OR (span = 'day' AND (begins, version) NOT IN ${latest('day')})`,
  });
  await store.command({
    sql: `ALTER TABLE hoptime_store.journey_rollups DELETE WHERE (begins, version) NOT IN ${latest('hour')}`,
  });
}

function boundsOf(hours: readonly number[]): { from: string; to: string } {
  if (hours.length === 0) return ALWAYS;
  const text = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 23);
  const first = hours.reduce((a, b) => Math.min(a, b));
  const last = hours.reduce((a, b) => Math.max(a, b));
  return { from: text(first), to: text(last + HOUR_SECONDS) };
}
