import { sqlText } from './sql-file';
import { withNumbers, type Statement, type Store } from './store';

/** Columns of journeys that figures are added up by. */
export const DOMAIN_PROPERTIES = ['recipient_domain', 'sender_domain'] as const;
export type DomainProperty = (typeof DOMAIN_PROPERTIES)[number];
/** What figures are added up by per day alone: a range reads the hours at its ends from the journeys. */
export type DailyProperty = DomainProperty | 'reply';
/** What figures are added up by (migration 0190). */
export type Property = DailyProperty | 'all' | 'mta' | 'link';

/** What the rollups read of a journey. */
const READ = `first_event_at, hes_received_at, state, via_hes, verdict, hop_count, recipient_domain, sender_domain, replies, hes_ms, hes_processing_ms, hes_waiting_ms,
  downstream_ms, total_ms, hops.leg_id, hops.segment, hops.mta, hops.product, hops.begun_ms, hops.received_ms, hops.relayed_ms, hops.dwell_ms, hops.transfer_ms,
  hops.deferrals`;
const RANGE = `first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}`;
const EXPIRED = `hops.group_hash[1] IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)`;
const signed = (sign: 1 | -1, from: string): string =>
  `SELECT toInt8(${sign}) AS sign, ${READ} FROM hoptime_store.${from}`;

/**
 * Journeys that come and go, with their sign: all of a range, those that a correlation of touched messages makes and those that these take the
 * place of, and those of a range that retention removes.
 */
const SOURCES = {
  journeys: signed(1, `journeys WHERE ${RANGE}`),
  touched: `${signed(-1, 'stage_replaced_journeys')} UNION ALL ${signed(1, 'stage_journeys')}`,
  expired: signed(-1, `journeys WHERE ${RANGE} AND ${EXPIRED}`),
} as const;

/** Rows of journeys at the edges of a range, by a domain, or a row for each reply. */
function edgeRows(name: string, by: DailyProperty): string {
  const text = uncommented(name).replaceAll('recipient_domain', by);
  if (by !== 'reply') return text;
  return text.replace('FROM hoptime_store.journeys', (from) => `${from} ARRAY JOIN replies AS reply`);
}

/** Comments would be repeated with the rows that they stand on. */
const uncommented = (name: string): string => sqlText(name).replace(/^ *--[^\n]*\n/gm, '');

const inBrackets = (texts: readonly string[]): string => `(\n${texts.join('\nUNION ALL\n')}\n)`;

/** Which rows answer for a range: those of whole days of UTC, and those of hours in which it differs from these, or which lie in another interval than the noon of their day. */
export interface RollupParts {
  readonly days: boolean;
  readonly hours: boolean;
}

/** The histograms of a range, to be added up and taken away, as they are kept. What is not needed is not there to be planned, which takes longer than reading. */
export function histogramRows(parts: RollupParts): Statement {
  // Of some hundred rows, a second thread costs more than it saves.
  return { sql: `${placedHistograms(parts).join('\nUNION ALL\n')}\nSETTINGS max_threads = 1` };
}

/** Distributions by value and detail of all values of a property (`queries/property_figures`), however many there are. */
export function histogramFigures(parts: RollupParts): Statement {
  const rows = inBrackets(placedHistograms(parts));
  return { sql: sqlText('queries/property_figures').replace('hoptime_store.histogram_rows', () => rows) };
}

function placedHistograms({ days, hours }: RollupParts): string[] {
  return [
    ...(days ? [uncommented('rollup/day_histograms')] : []),
    ...(hours || !days ? [uncommented('rollup/hour_histograms')] : []),
  ];
}

/**
 * The durations of some segments of journeys in the hours in which a range differs from its whole days, by a property of which hours are not kept. Other
 * segments have none.
 */
export function edgeDurations(by: DailyProperty, segments: readonly string[]): Statement {
  const sql = edgeRows('rollup/edge_durations', by).replace(
    /\bgroupArray\(\w+\) AS (\w+)/g,
    (read: string, segment: string) => (segments.includes(segment) ? read : `CAST([], 'Array(Int64)') AS ${segment}`),
  );
  return { sql };
}

export const isDaily = (property: Property): property is DailyProperty =>
  property === 'reply' || DOMAIN_PROPERTIES.some((domain) => domain === property);

/** A statement over sums per value: by state (`queries/property_counts`: `placed_sums`), or in total (`property_values`: `placed_totals`), of the rows of a range. */
export function overSums(
  name: 'queries/property_counts' | 'queries/property_values',
  by: DailyProperty,
  { hours }: RollupParts,
): Statement {
  const of = name === 'queries/property_counts' ? 'sums' : 'totals';
  const placed = [uncommented(`rollup/placed_${of}`), ...(hours ? [edgeRows(`rollup/edge_${of}`, by)] : [])];
  return { sql: sqlText(name).replace(`hoptime_store.placed_${of}`, () => inBrackets(placed)) };
}

/**
 * Adds to the rollups by property what the journeys of a source count, or takes it away, as their sign says.
 * @param range of time; touched journeys count whenever they were
 */
export async function addToPropertyRollups(
  store: Pick<Store, 'command' | 'together'>,
  source: keyof typeof SOURCES,
  range?: { from: string; to: string },
): Promise<void> {
  const added = inBrackets([SOURCES[source]]);
  // Of few journeys, optimising the plan and running it on several threads cost more than they save.
  const numbers = source === 'touched' ? { threads: 1, plan_optimized: 0 } : { threads: 0, plan_optimized: 1 };
  const add = (name: string) => (): Promise<void> => {
    const sql = sqlText(name).replaceAll('hoptime_store.added_journeys', () => added);
    return store.command(withNumbers(name, numbers, sql), range);
  };
  await store.together(add('rollup/add_histograms'), add('rollup/add_sums'));
}
