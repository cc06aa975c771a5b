import { sqlText } from './sql-file';
import { withNumbers, type Statement, type Store } from './store';

/** Columns of journeys that figures are added up by. */
export const DOMAIN_PROPERTIES = ['recipient_domain', 'sender_domain'] as const;
export type DomainProperty = (typeof DOMAIN_PROPERTIES)[number];
/** What figures are added up by (migration 0190). */
export type Property = DomainProperty | 'all' | 'mta' | 'link';

/** What the rollups read of a journey. */
const READ = `first_event_at, hes_received_at, state, via_hes, verdict, hop_count, recipient_domain, sender_domain, hes_ms, hes_processing_ms, hes_waiting_ms,
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

const EDGES = `((first_event_at >= {first_from:DateTime64(3, 'UTC')} AND first_event_at < {first_to:DateTime64(3, 'UTC')})
            OR (first_event_at >= {last_from:DateTime64(3, 'UTC')} AND first_event_at < {last_to:DateTime64(3, 'UTC')}))`;

/** Rows of journeys at the edges of a range, by a domain. */
const edgeRows = (name: string, by: DomainProperty): string =>
  uncommented(name)
    .replaceAll('recipient_domain', by)
    .replaceAll(RANGE, () => EDGES);

/** Comments would be repeated with the rows that they stand on. */
const uncommented = (name: string): string => sqlText(name).replace(/^ *--[^\n]*\n/gm, '');

const inBrackets = (texts: readonly string[]): string => `(\n${texts.join('\nUNION ALL\n')}\n)`;

/** Lines of columns that a statement over histograms does not need: sums of whole histograms, sums of buckets. */
const UNUSED = {
  'queries/property_figures': [/^.* sums_ms,\n/gm],
  'queries/property_histogram': [/^.*\bunder_1_min\b.*,\n/gm, /^.* sums_ms,\n/gm],
  'queries/property_held': [/^.*\bunder_1_min\b.*,\n/gm],
} as const;

const withoutLines = (text: string, lines: readonly RegExp[]): string =>
  lines.reduce((left, line) => left.replace(line, ''), text);

/** Which rows answer for a range: those of whole days of UTC, those of hours in which it differs from these, and those of hours in them that lie in another interval. */
export interface RollupParts {
  readonly days: boolean;
  readonly edges: boolean;
  readonly others: boolean;
}

/** What a statement over histograms tells apart, and whether it is of some values (`values`) or of all. */
export interface RollupColumns {
  readonly byValue: boolean;
  readonly byDetail: boolean;
  readonly someValues: boolean;
}

/**
 * The statements over histograms by property (`queries/property_figures`, `property_histogram`): `placed_rows` in them becomes the rows of a range, of whole
 * days as they are kept, and of hours: kept too, or of a domain read from the journeys. What is not needed is not there to be planned, which takes longer
 * than reading; nor are columns that are not told apart.
 */
export function overHistograms(
  name: keyof typeof UNUSED,
  property: Property,
  { days, edges, others }: RollupParts,
  columns: RollupColumns,
): Statement {
  const placed: string[] = [];
  if (days) placed.push(placedRows('rollup/placed_days', columns));
  if (edges || !days) {
    const hours = isDomain(property) ? edgeRows('rollup/histogram_rows', property) : uncommented('rollup/kept_hours');
    const rows = placedRows('rollup/placed_edges', columns);
    placed.push(rows.replace('hoptime_store.hour_rows', () => inBrackets([hours])));
  }
  if (others) {
    const hours = inBrackets([uncommented('rollup/other_hours')]);
    placed.push(uncommented('rollup/placed_others').replace('hoptime_store.other_hours', () => hours));
  }
  const rows = inBrackets(placed.map((text) => withoutLines(text, UNUSED[name])));
  const sql = sqlText(name).replace('hoptime_store.placed_rows', () => rows);
  // Of some hundred rows, a second thread costs more than it saves; journeys are many.
  return isDomain(property) && edges ? { sql } : { sql: `${sql}\nSETTINGS max_threads = 1` };
}

function placedRows(name: string, { byValue, byDetail, someValues }: RollupColumns): string {
  let text = uncommented(name);
  if (!byValue) text = text.replace('r.value AS value', "'' AS value");
  if (!byDetail) text = text.replace('r.detail AS detail', "'' AS detail");
  return someValues ? text : text.replace('r.value IN {values:Array(String)}', '1');
}

const isDomain = (property: Property): property is DomainProperty =>
  DOMAIN_PROPERTIES.some((domain) => domain === property);

/** The same for statements over sums per domain (`queries/property_counts`, `property_values`), with `placed_sums`. */
export function overSums(name: string, by: DomainProperty, parts: RollupParts): Statement {
  const placed = [uncommented('rollup/placed_sums')];
  if (parts.edges) {
    const rows = edgeRows('rollup/sum_rows', by);
    placed.push(uncommented('rollup/edge_sums').replace('hoptime_store.rollup_rows', () => inBrackets([rows])));
  }
  return { sql: sqlText(name).replace('hoptime_store.placed_sums', () => inBrackets(placed)) };
}

/**
 * Adds to the rollups by property what the journeys of a source count, or takes it away, as their sign says.
 * @param range of time; touched journeys count whenever they were
 */
export async function addToPropertyRollups(
  store: Pick<Store, 'command'>,
  source: keyof typeof SOURCES,
  range?: { from: string; to: string },
): Promise<void> {
  const added = inBrackets([SOURCES[source]]);
  // Of few journeys, optimising the plan and running it on several threads cost more than they save.
  const numbers = source === 'touched' ? { threads: 1, plan_optimized: 0 } : { threads: 0, plan_optimized: 1 };
  for (const name of ['rollup/add_histograms', 'rollup/add_sums']) {
    const sql = sqlText(name).replaceAll('hoptime_store.added_journeys', () => added);
    await store.command(withNumbers(name, numbers, sql), range);
  }
}
