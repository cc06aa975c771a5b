import { AsyncLocalStorage } from 'node:async_hooks';
import { SettingsMap } from '@clickhouse/client';
import { DEFAULT_DATABASE, type ServerStoreUrl } from '../config/store-url';

/** What a domain may consist of where it stands in a filter of the engine: nothing that ends a text. */
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether a text, in lower case, may be a recipient domain of a scope. */
export const isScopeDomain = (text: string): boolean => DOMAIN.test(text);

/**
 * Recipient domains whose mail alone is seen by whatever is asked in a request, without every function on the way naming them. Undefined or empty:
 * all mail.
 */
export const rowScope = new AsyncLocalStorage<readonly string[]>();

/** Tables that say something of all mail at once, or of no domain. */
const CLOSED = [
  'rejected_records',
  'rollup_versions',
  'delay_rollups',
  'journey_rollups',
  'rollup_marks',
  'property_histograms',
  'property_sums',
  'property_totals',
  'issued_reports',
  'report_runs',
  'audit_log',
  'api_keys',
  'sessions',
  'live_checkpoints',
  'collect_checkpoints',
  'group_links',
  'touched_groups',
  'taken_groups',
  'pseudonym_keys',
  'removals',
  'hurried_tables',
  'expired_groups',
];

/**
 * The value of ClickHouse's setting `additional_table_filters` that shows the rows of some recipient domains only: the engine itself adds the
 * filters wherever it reads a table, also below views. Whoever can set settings can take it away, so clients must not.
 * @param of the store's database, and whether it is a cluster's: there the tables of the shards are filtered too, so that each shard holds rows back itself
 * @throws RangeError for a text that is no domain
 */
export function tableFilters(
  domains: readonly string[],
  { database, cluster }: Pick<ServerStoreUrl, 'database' | 'cluster'> = {
    database: DEFAULT_DATABASE,
    cluster: undefined,
  },
): SettingsMap {
  for (const domain of domains)
    if (!isScopeDomain(domain)) throw new RangeError(`${JSON.stringify(domain)} is no domain of a scope`);
  const listed = domains.map((domain) => `'${domain}'`).join(', ');
  const journeys = `recipient_domain IN (${listed})`;
  // Of a message to several people those of its events that name no recipient, and those that name one of the scope.
  const events = `group_hash IN (SELECT arrayJoin(hops.group_hash) FROM ${database}.journeys WHERE ${journeys})
    AND (recipient = '' OR ${domains.map((domain) => `endsWith(recipient, '@${domain}')`).join(' OR ')})`;
  const filters: [string, string][] = [
    ['journeys', journeys],
    ['trace_events', events],
    ...CLOSED.map((table): [string, string] => [table, '0']),
  ];
  const endings = cluster === undefined ? [''] : ['', '_local'];
  return SettingsMap.from(
    Object.fromEntries(
      filters.flatMap(([table, filter]) =>
        endings.map((ending) => [`${database}.${table}${ending}`, escaped(filter)] as const),
      ),
    ),
  );
}

/** The client writes values between quotes as they are. */
const escaped = (text: string): string => text.replace(/[\\']/g, '\\$&');
