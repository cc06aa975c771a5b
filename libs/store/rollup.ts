import { addToPropertyRollups } from './property-rollup';
import { sqlText } from './sql-file';
import { withNumbers, type Statement, type Store } from './store';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Rollups by property that statements add to; `property_totals` follows `property_sums` (migration 0311). */
const PROPERTY_TABLES = ['histograms', 'sums'] as const;
const CLEAN_EVERY = 500n;
/** Ten rows of 64 bytes each are some 130 MB, and their histograms half of that. */
const SLICE_JOURNEYS = 200_000;
const STRETCH_HOURS = 6;
/** Versions are epoch ms. Hours that were built longer ago are built anew, not added to: rows that are added are read one by one by every question. */
const ADDED_TO_MS = 5 * 60 * 1000;
/** As the statements take them. */
interface HourRange {
  readonly from: string;
  readonly to: string;
}
type RollupStore = Pick<Store, 'command' | 'rows' | 'together'>;
/** Ends of what the hours of the rollups can say: a journey beside them is in no rollup, and then none is used for its range. */
export const ALWAYS: HourRange = { from: '1970-01-02 00:00:00.000', to: '2106-01-01 00:00:00.000' };

/** Below this many journeys nobody asks the rollups (`delay/rollup.service.ts`). */
export const ROLLUP_FROM_JOURNEYS = 500_000;

/**
 * Whether the rollups count the journeys that there are: `few` where there are too few for rollups to be worth anything, `behind` where they
 * count other ones, as in a store of an earlier version, after a correlation of everything, or after a change that was interrupted.
 */
export type RollupState = 'few' | 'behind' | 'in line';

export async function rollupState(store: Pick<Store, 'rows'>, from = ROLLUP_FROM_JOURNEYS): Promise<RollupState> {
  if ((await latestMark(store)).inLine) return 'in line';
  const [{ n }] = await store.rows<{ n: number }>({ sql: 'SELECT count() AS n FROM hoptime_store.journeys' });
  return n <= from ? 'few' : 'behind';
}

/** What `rollup_marks` says last. */
export interface RollupMark {
  readonly inLine: boolean;
  /** where they are not: the hours (seconds since 1970, UTC) whose journeys may be others than they tell of; none = nobody knows which */
  readonly hours: readonly number[];
}

export async function latestMark(store: Pick<Store, 'rows'>): Promise<RollupMark> {
  const [mark] = await store.rows<{ in_line: number; hours: number[] }>({
    sql: 'SELECT in_line, hours FROM hoptime_store.rollup_marks ORDER BY version DESC LIMIT 1',
  });
  return mark ? { inLine: mark.in_line === 1, hours: mark.hours } : { inLine: false, hours: [] };
}

/** Whether anybody must be told which hours change: not where all is built anew in any case. */
export const countsChanges = ({ inLine, hours }: RollupMark): boolean => inLine || hours.length > 0;

/** Builds the rollups where there are enough journeys for them and they are behind: those of the days of a change that was interrupted, or all. */
export async function catchUpRollup(store: RollupStore, from = ROLLUP_FROM_JOURNEYS): Promise<void> {
  if ((await rollupState(store, from)) !== 'behind') return;
  const { hours } = await latestMark(store);
  await (hours.length > 0 ? rebuildDays(store, hours) : rebuildRollups(store));
}

/**
 * Call before journeys of these hours change: nobody is answered from the rollups until they have followed (`markInLine`), and what is interrupted in between
 * is built anew, with what was left by the one before.
 * @param mark the latest, which counts changes
 */
export async function markChange(
  store: Pick<Store, 'command'>,
  mark: RollupMark,
  hours: readonly number[],
): Promise<void> {
  if (hours.length > 0) await say(store, 0, [...new Set([...(mark.inLine ? [] : mark.hours), ...hours])]);
}

/** Says that all rollups tell of the journeys that there are. */
export const markInLine = (store: Pick<Store, 'command'>): Promise<void> => say(store, 1, []);

async function say(store: Pick<Store, 'command'>, in_line: 0 | 1, hours: readonly number[]): Promise<void> {
  await store.command(
    {
      sql: `INSERT INTO hoptime_store.rollup_marks (version, in_line, hours)
        SELECT greatest(max(version) + 1, {now:UInt64}), {in_line:UInt8}, {hours:Array(UInt32)} FROM hoptime_store.rollup_marks`,
    },
    { now: String(Date.now()), in_line, hours },
  );
}

/** From now on nobody is answered from the rollups, and the next one who can builds them anew. */
export async function dropRollups(store: Pick<Store, 'command'>): Promise<void> {
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.rollup_marks' });
}

/**
 * As {@link dropRollups}, and takes out what they say of values, which may be words of a reply. Those per hour and state name MTAs at most.
 */
export async function emptyRollups(store: Pick<Store, 'command'>): Promise<void> {
  await dropRollups(store);
  await emptyPropertyRollups(store);
}

async function emptyPropertyRollups(store: Pick<Store, 'command'>): Promise<void> {
  for (const table of [...PROPERTY_TABLES, 'totals'])
    await store.command({ sql: `TRUNCATE TABLE hoptime_store.property_${table}` });
}

/** Builds all rollups anew from the journeys. Safe to interrupt and to repeat. */
export async function rebuildRollups(store: RollupStore): Promise<void> {
  // What is interrupted here leaves all of them behind.
  await say(store, 0, []);
  await rebuildHours(store);
  await emptyPropertyRollups(store);
  for (const range of await slices(store, ALWAYS)) await addToPropertyRollups(store, 'journeys', range);
  await markInLine(store);
}

/**
 * Builds those of the days of some hours anew, which a change that was interrupted has left neither as they were nor as they should be: each row tells of
 * journeys of one hour or day of their first event. Safe to interrupt and to repeat.
 */
async function rebuildDays(store: RollupStore, hours: readonly number[]): Promise<void> {
  await rebuildHours(store, hours);
  for (const day of new Set(hours.map((hour) => hour - (hour % DAY_SECONDS)))) {
    const range = { from: timeText(day), to: timeText(day + DAY_SECONDS) };
    for (const table of PROPERTY_TABLES) await store.command(`rollup/take_back_${table}`, range);
    for (const part of await slices(store, range)) await addToPropertyRollups(store, 'journeys', part);
  }
  await markInLine(store);
}

/** Stretches of whole hours of a range with about {@link SLICE_JOURNEYS} journeys each: what is added up in memory at once. */
async function slices(store: Pick<Store, 'rows'>, range: HourRange): Promise<HourRange[]> {
  const hours = await store.rows<{ hour: number; journeys: number }>(
    {
      sql: `SELECT toUInt32(begins) AS hour, toUInt32(argMax(journeys, (version, journeys))) AS journeys FROM hoptime_store.rollup_versions
        WHERE span = 'hour' AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
        GROUP BY hour ORDER BY hour`,
    },
    { ...range },
  );
  const ranges: HourRange[] = [];
  let { from } = range;
  let gathered = 0;
  for (const { hour, journeys } of hours) {
    if (gathered > 0 && gathered + journeys > SLICE_JOURNEYS) {
      ranges.push({ from, to: timeText(hour) });
      from = timeText(hour);
      gathered = 0;
    }
    gathered += journeys;
  }
  return gathered > 0 ? [...ranges, { from, to: range.to }] : ranges;
}

/** Hours (seconds since 1970, in order) as stretches of at most {@link STRETCH_HOURS}, which may hold other hours too. */
export function hourRanges(hours: readonly number[]): HourRange[] {
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
export async function rebuildHours(store: RollupStore, hours: readonly number[] = []): Promise<bigint> {
  const [{ last }] = await store.rows<{ last: string }>({
    sql: 'SELECT toString(max(version)) AS last FROM hoptime_store.rollup_versions',
  });
  // By the clock, since after an interruption rows of a version that nobody was told of may be there.
  const now = BigInt(Date.now());
  const version = BigInt(last) >= now ? BigInt(last) + 1n : now;
  const scope = { version: String(version), hours: [...hours], ...boundsOf(hours) };
  const seen = { version: scope.version, hours: scope.hours };
  const journeys = { hours: scope.hours, ...boundsOf(hours), keys: [], versions: [] };
  await store.together(
    () => store.command(rebuilt('correlate/rollup_delays', version), journeys),
    () => store.command(rebuilt('correlate/rollup_journeys', version), journeys),
  );
  await store.command('correlate/rollup_hours_seen', seen);
  await store.command('correlate/rollup_days', scope);
  await store.command('correlate/rollup_days_seen', seen);
  // Rewriting parts for each hour that changes would cost more than the rows that count nowhere.
  if (hours.length === 0 || version % CLEAN_EVERY === 0n) await forgetOutdated(store);
  return version;
}

/** All journeys of some hours (`hours`, `from`, `to`; without `keys` and `versions`) as `correlate/rollup_delays` or `rollup_journeys` counts them, under one version. */
export const rebuilt = (name: string, version: bigint): Statement =>
  counted(name, 'correlate/counted_journeys', { version: String(version), threads: 0, plan_optimized: 1 });

/** New journeys alone, under versions that count: of few, optimising the plan and running it on several threads cost more than they save. */
const added = (name: string): Statement =>
  counted(name, 'correlate/counted_new_journeys', { version: 0, threads: 1, plan_optimized: 0 });

function counted(name: string, journeys: string, numbers: Readonly<Record<string, string | number>>): Statement {
  const sql = sqlText(name).replace('hoptime_store.counted_journeys', () => `(\n${sqlText(journeys)}\n)`);
  return withNumbers(name, numbers, sql);
}

/** Versions of hours and of their days, by `hour N` and `day N` (N: its begin in seconds since 1970). */
interface KeptVersions {
  readonly keys: readonly string[];
  readonly versions: readonly number[];
}

/**
 * Brings the rollups per hour and state in line with journeys of some hours (seconds since 1970, UTC), which are in `stage_journeys` and among the others by now.
 * What only comes is added to the hours; where others go, the hours are built anew: of what is taken away nobody knows whether it was the largest.
 * What is interrupted leaves rows of neither before nor after.
 * @param onlyNew none of the journeys has taken the place of another
 */
export async function followHours(store: RollupStore, hours: readonly number[], onlyNew: boolean): Promise<void> {
  const kept = onlyNew ? await keptVersions(store, hours) : undefined;
  if (!kept) {
    await rebuildHours(store, hours);
    return;
  }
  const bounds = boundsOf(hours);
  const journeys = { ...kept, ...bounds };
  await store.together(
    () => store.command(added('correlate/rollup_delays'), { ...journeys, spans: ['hour', 'day'] }),
    async () => {
      await store.command(added('correlate/rollup_journeys'), { ...journeys, spans: ['hour'] });
      await store.command('correlate/rollup_added_seen', { ...kept, ...bounds });
    },
  );
}

/** The versions that count, where all hours and days have one and none was built long ago. */
async function keptVersions(store: RollupStore, hours: readonly number[]): Promise<KeptVersions | undefined> {
  const days = [...new Set(hours.map((hour) => hour - (hour % DAY_SECONDS)))];
  const found = await store.rows<{ span: 'hour' | 'day'; at: number; version: number }>('correlate/rollup_latest', {
    hours: [...hours],
    days,
  });
  if (found.length < hours.length + days.length) return undefined;
  const oldest = Date.now() - ADDED_TO_MS;
  if (found.some(({ span, version }) => span === 'hour' && Number(version) < oldest)) return undefined;
  return { keys: found.map(({ span, at }) => `${span} ${at}`), versions: found.map(({ version }) => Number(version)) };
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

function boundsOf(hours: readonly number[]): HourRange {
  if (hours.length === 0) return ALWAYS;
  const first = hours.reduce((a, b) => Math.min(a, b));
  const last = hours.reduce((a, b) => Math.max(a, b));
  return { from: timeText(first), to: timeText(last + HOUR_SECONDS) };
}

const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 23);
