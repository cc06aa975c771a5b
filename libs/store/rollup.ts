import { addToPropertyRollups } from './property-rollup';
import type { Store } from './store';

const HOUR_SECONDS = 3600;
const CLEAN_EVERY = 500n;
/** Ten rows of 64 bytes each are some 200 MB. */
const SLICE_JOURNEYS = 300_000;
const STRETCH_HOURS = 6;
/** Ends of what the hours of the rollups can say: a journey beside them is in no rollup, and then none is used for its range. */
export const ALWAYS = { from: '1970-01-02 00:00:00.000', to: '2106-01-01 00:00:00.000' };

/** Below this many journeys nobody asks the rollups (`delay/rollup.service.ts`). */
export const ROLLUP_FROM_JOURNEYS = 500_000;

/**
 * Whether the rollups count the journeys that there are: `few` where there are too few for rollups to be worth anything, `behind` where they
 * count other ones, as in a store of an earlier version, after a correlation of everything, or after a change that was interrupted.
 */
export type RollupState = 'few' | 'behind' | 'in line';

export async function rollupState(store: Pick<Store, 'rows'>, from = ROLLUP_FROM_JOURNEYS): Promise<RollupState> {
  const [mark] = await store.rows<{ in_line: number }>({
    sql: 'SELECT in_line FROM hoptime_store.rollup_marks ORDER BY version DESC LIMIT 1',
  });
  if (mark?.in_line === 1) return 'in line';
  const [{ n }] = await store.rows<{ n: number }>({ sql: 'SELECT count() AS n FROM hoptime_store.journeys' });
  return n <= from ? 'few' : 'behind';
}

/** Builds the rollups where there are enough journeys for them and they are behind. */
export async function catchUpRollup(
  store: Pick<Store, 'command' | 'rows'>,
  from = ROLLUP_FROM_JOURNEYS,
): Promise<void> {
  if ((await rollupState(store, from)) === 'behind') await rebuildRollups(store);
}

/**
 * Says whether the rollups tell of the journeys that there are: no before these change, yes when all rollups have followed. Nobody is answered from rollups
 * that do not, and what was interrupted in between is built anew.
 */
export async function markRollups(store: Pick<Store, 'command'>, inLine: boolean): Promise<void> {
  await store.command(
    {
      sql: `INSERT INTO hoptime_store.rollup_marks (version, in_line)
        SELECT greatest(max(version) + 1, {now:UInt64}), {in_line:UInt8} FROM hoptime_store.rollup_marks`,
    },
    { now: String(Date.now()), in_line: inLine ? 1 : 0 },
  );
}

/** From now on nobody is answered from the rollups, and the next one who can builds them anew. */
export async function dropRollups(store: Pick<Store, 'command'>): Promise<void> {
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.rollup_marks' });
}

/** Builds all rollups anew from the journeys. Safe to interrupt and to repeat. */
export async function rebuildRollups(store: Pick<Store, 'command' | 'rows'>): Promise<void> {
  await markRollups(store, false);
  await rebuildHours(store);
  for (const table of ['property_histograms', 'property_sums'])
    await store.command({ sql: `TRUNCATE TABLE hoptime_store.${table}` });
  for (const range of await slices(store)) await addToPropertyRollups(store, 'journeys', range);
  await markRollups(store, true);
}

/** Stretches of whole hours with about {@link SLICE_JOURNEYS} journeys each: what is added up in memory at once. */
async function slices(store: Pick<Store, 'rows'>): Promise<{ from: string; to: string }[]> {
  const hours = await store.rows<{ hour: number; journeys: number }>({
    sql: `SELECT toUInt32(begins) AS hour, toUInt32(argMax(journeys, version)) AS journeys FROM hoptime_store.rollup_versions WHERE span = 'hour' GROUP BY hour ORDER BY hour`,
  });
  const ranges: { from: string; to: string }[] = [];
  let from = ALWAYS.from;
  let gathered = 0;
  for (const { hour, journeys } of hours) {
    if (gathered > 0 && gathered + journeys > SLICE_JOURNEYS) {
      ranges.push({ from, to: timeText(hour) });
      from = timeText(hour);
      gathered = 0;
    }
    gathered += journeys;
  }
  return gathered > 0 ? [...ranges, { from, to: ALWAYS.to }] : ranges;
}

/** Hours (seconds since 1970, in order) as stretches of at most {@link STRETCH_HOURS}, which may hold other hours too. */
export function hourRanges(hours: readonly number[]): { from: string; to: string }[] {
  const stretches: { from: number; to: number }[] = [];
  for (const hour of hours) {
    const last = stretches.at(-1);
    if (last && hour + HOUR_SECONDS - last.from <= STRETCH_HOURS * HOUR_SECONDS) last.to = hour + HOUR_SECONDS;
    else stretches.push({ from: hour, to: hour + HOUR_SECONDS });
  }
  return stretches.map(({ from, to }) => ({ from: timeText(from), to: timeText(to) }));
}

/**
 * Brings the rollups per hour and state in line with the journeys: of all hours, or of those given (seconds since 1970, UTC), such as a live correlation
 * touched: both the hours where its journeys were before and where they are now. Safe to interrupt and to repeat: a rebuilt hour is seen at
 * once and as a whole when the last statement has run. Returns the version.
 */
export async function rebuildHours(
  store: Pick<Store, 'command' | 'rows'>,
  hours: readonly number[] = [],
): Promise<bigint> {
  const [{ last }] = await store.rows<{ last: string }>({
    sql: 'SELECT toString(max(version)) AS last FROM hoptime_store.rollup_versions',
  });
  // By the clock, since after an interruption rows of a version that nobody was told of may be there.
  const now = BigInt(Date.now());
  const version = BigInt(last) >= now ? BigInt(last) + 1n : now;
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
  const first = hours.reduce((a, b) => Math.min(a, b));
  const last = hours.reduce((a, b) => Math.max(a, b));
  return { from: timeText(first), to: timeText(last + HOUR_SECONDS) };
}

const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 23);
