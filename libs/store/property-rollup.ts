import { sqlText } from './sql-file';
import type { QueryParameters, Statement, Store } from './store';

/** Columns of journeys that figures are added up by. */
export const DOMAIN_PROPERTIES = ['recipient_domain', 'sender_domain'] as const;
export type DomainProperty = (typeof DOMAIN_PROPERTIES)[number];
/** What figures are added up by (migration 0190). */
export type Property = DomainProperty | 'all' | 'mta' | 'link';

/**
 * Where rows for the rollups come from: all journeys, those that a correlation of touched messages made, those that these take the
 * place of, and those that retention removes.
 */
const SOURCES = {
  journeys: 'hoptime_store.journeys',
  new: 'hoptime_store.stage_journeys',
  replaced: 'hoptime_store.stage_replaced_journeys',
  expired:
    '(SELECT * FROM hoptime_store.journeys WHERE hops.group_hash[1] IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0))',
} as const;
export type RollupSource = keyof typeof SOURCES;

/** A statement of `sql/rollup` that makes rows, and by what and per what it does where it is not used as it stands. */
interface RowsOf {
  readonly file: string;
  readonly by?: DomainProperty | 'all';
  readonly span?: 'hour' | 'day';
}
const HISTOGRAM_ROWS: readonly RowsOf[] = [
  { file: 'histogram_rows', by: 'all', span: 'hour' },
  { file: 'histogram_rows', by: 'all' },
  { file: 'histogram_rows' },
  { file: 'histogram_rows', by: 'sender_domain' },
  { file: 'hop_rows', span: 'hour' },
  { file: 'hop_rows' },
  { file: 'link_rows', span: 'hour' },
  { file: 'link_rows' },
  { file: 'crossing_rows' },
];
const SUM_ROWS: readonly RowsOf[] = [
  { file: 'sum_rows', by: 'all' },
  { file: 'sum_rows' },
  { file: 'sum_rows', by: 'sender_domain' },
];

const OF_DAY = `'day' AS span, toStartOfDay(hour) AS begins`;
const OF_HOUR = `'hour' AS span, hour AS begins`;
const RANGE = `first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}`;
const EDGES = `((first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {days_from:DateTime64(3, 'UTC')})
            OR (first_event_at >= {days_to:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}))`;

function rowsText({ file, by = 'recipient_domain', span = 'day' }: RowsOf, source: RollupSource): string {
  let text = uncommented(`rollup/${file}`).replaceAll('hoptime_store.journeys', () => SOURCES[source]);
  if (span === 'hour') text = text.replace(OF_DAY, OF_HOUR);
  if (by === 'all')
    text = text
      .replace(/'recipient_domain' AS property, (?:j\.)?recipient_domain AS value/, `'all' AS property, '' AS value`)
      .replaceAll(/^ *recipient_domain, /gm, '');
  return by === 'all' ? text : text.replaceAll('recipient_domain', by);
}

/** Comments would be repeated with the rows that they stand on. */
const uncommented = (name: string): string => sqlText(name).replace(/^ *--[^\n]*\n/gm, '');

const inBrackets = (texts: readonly string[]): string => `(\n${texts.join('\nUNION ALL\n')}\n)`;

/** Which rows answer for a range: those of whole days of UTC, those of hours beside these, and those of hours in them that lie in another interval. */
export interface RollupParts {
  readonly days: boolean;
  readonly edges: boolean;
  readonly others: boolean;
}

/**
 * The statements over histograms by property (`queries/property_figures`, `property_histogram`): `placed_rows` in them becomes the rows of a range, of whole
 * days as they are kept, and of hours: kept too, or of a domain read from the journeys. What is not needed is not there to be planned, which takes longer
 * than reading.
 */
export function overHistograms(name: string, property: Property, { days, edges, others }: RollupParts): Statement {
  const placed: string[] = [];
  if (days) placed.push(uncommented('rollup/placed_days'));
  if (edges || !days) {
    const hours = isDomain(property)
      ? rowsText({ file: 'histogram_rows', by: property, span: 'hour' }, 'journeys').replaceAll(RANGE, () => EDGES)
      : uncommented('rollup/kept_hours');
    placed.push(uncommented('rollup/placed_edges').replace('hoptime_store.hour_rows', () => inBrackets([hours])));
  }
  if (others) {
    const hours = inBrackets([uncommented('rollup/other_hours')]);
    placed.push(uncommented('rollup/placed_others').replace('hoptime_store.other_hours', () => hours));
  }
  return { sql: sqlText(name).replace('hoptime_store.placed_rows', () => inBrackets(placed)) };
}

const isDomain = (property: Property): property is DomainProperty =>
  DOMAIN_PROPERTIES.some((domain) => domain === property);

/** The same for statements over sums per domain (`queries/property_counts`, `property_values`), with `placed_sums`. */
export function overSums(name: string, by: DomainProperty, parts: RollupParts): Statement {
  const placed = [uncommented('rollup/placed_sums')];
  if (parts.edges) {
    const rows = rowsText({ file: 'sum_rows', by }, 'journeys').replaceAll(RANGE, () => EDGES);
    placed.push(uncommented('rollup/edge_sums').replace('hoptime_store.rollup_rows', () => inBrackets([rows])));
  }
  return { sql: sqlText(name).replace('hoptime_store.placed_sums', () => inBrackets(placed)) };
}

/** Adds what the journeys of a source and a range of time count to the rollups by property, or takes it away (sign -1). */
export async function addToPropertyRollups(
  store: Pick<Store, 'command'>,
  source: RollupSource,
  sign: 1 | -1,
  range: { from: string; to: string },
): Promise<void> {
  const parameters: QueryParameters = { ...range, sign };
  for (const [name, rows] of [
    ['rollup/add_histograms', HISTOGRAM_ROWS],
    ['rollup/add_sums', SUM_ROWS],
  ] as const) {
    const texts = rows.map((of) => rowsText(of, source));
    await store.command(
      { sql: sqlText(name).replace('hoptime_store.rollup_rows', () => inBrackets(texts)) },
      parameters,
    );
  }
}
