import type { Store } from '../store/store';
import { HES_HOST_PATTERN, HES_HOST_SUFFIXES, HES_NETWORKS } from '../trace/hes-hosts';
import { MtaNames } from '../trace/mta-name';
import type { CorrelatorOptions } from './correlator';
import { ipv4Ranges } from './ipv4-ranges';
import { ipv6Ranges } from './ipv6-ranges';

/** A row of stage_parameters: a list that the statements of a correlation share. */
export interface Parameter {
  readonly name: string;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

const DEFAULT_THRESHOLD_MS = 60_000;
/** The row that says that the journeys were made with the other rows. */
const COMPLETE = 'complete';
/** Products that tell of MTAs whose logs we have not: a client is of the fleet only when its log is there (delay model §4.6). */
const TELLS_OF_OTHERS = 'trace-headers';

/** An MTA and the product that names it. */
export interface SeenMta {
  readonly mta: string;
  readonly product: string;
}

/** All MTAs that the events of the store name, with the products that do. */
export async function seenMtas(store: Store): Promise<SeenMta[]> {
  return store.rows<SeenMta>({
    // Grouped by the numbers that stand for the names: half the cost of comparing names.
    sql: `SELECT toString(e.mta) AS mta, toString(e.product) AS product
      FROM (SELECT mta, product FROM hoptime_store.trace_events GROUP BY mta, product) AS e WHERE e.mta NOT IN ('', 'hes')`,
  });
}

/** What the correlation of these MTAs' mail rests on besides the events. Equal lists give equal journeys of equal events. */
export function parametersOf(seen: readonly SeenMta[], options: CorrelatorOptions): Parameter[] {
  const own = seen.filter(({ product }) => product !== TELLS_OF_OTHERS).map(({ mta }) => mta);
  const fleet = new MtaNames(own, options.mtaAliases);
  const networks = [...HES_NETWORKS, ...options.hesNetworks];
  const ranges = ipv4Ranges(networks);
  const ranges6 = ipv6Ranges(networks);
  const row = (name: string, texts: readonly string[], numbers: readonly number[] = []): Parameter => ({
    name,
    texts,
    numbers,
  });
  const column = (at: 0 | 1): number[] => ranges.map((range) => range[at]);
  return [
    row('hes_suffixes', HES_HOST_SUFFIXES),
    row('hes_pattern', [HES_HOST_PATTERN]),
    row('hes_lows', [], column(0)),
    row('hes_highs', [], column(1)),
    row(
      'hes_lows_6',
      ranges6.map(([low]) => low),
    ),
    row(
      'hes_highs_6',
      ranges6.map(([, high]) => high),
    ),
    row('mta_names', fleet.names),
    row('bare_mtas', fleet.bare),
    row('mta_labels', fleet.labels),
    row('all_mtas', [...new Set(seen.map(({ mta }) => mta))].sort()),
    row('own_mtas', [...new Set(own)].sort()),
    row('verdict_threshold_ms', [], [options.verdictThresholdMs]),
    row('mta_aliases', [...(options.mtaAliases ?? [])].map(([alias, mta]) => `${alias} ${mta}`).sort()),
  ];
}

/** Options of a correlation that makes journeys as others were made, whatever the configuration says now. */
export function optionsOf(parameters: readonly Parameter[]): CorrelatorOptions {
  const row = (name: string): Parameter | undefined => parameters.find((parameter) => parameter.name === name);
  const [verdictThresholdMs = DEFAULT_THRESHOLD_MS] = row('verdict_threshold_ms')?.numbers ?? [];
  const aliases = (row('mta_aliases')?.texts ?? []).map((pair) => pair.split(' ') as [string, string]);
  return { verdictThresholdMs, hesNetworks: [], mtaAliases: new Map(aliases), parameters };
}

/** Puts `parameters` in the place of those before. */
export async function writeParameters(store: Store, parameters: readonly Parameter[]): Promise<void> {
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_parameters' });
  await store.client.insert({
    table: 'hoptime_store.stage_parameters',
    format: 'JSONEachRow',
    values: [...parameters],
  });
}

/** Says that the journeys of the store are made with the parameters written last. */
export async function markComplete(store: Store): Promise<void> {
  await store.client.insert({
    table: 'hoptime_store.stage_parameters',
    format: 'JSONEachRow',
    values: [{ name: COMPLETE, texts: [], numbers: [] }],
  });
}

/** The parameters that the journeys of the store were made with; undefined when there are none, or the last correlation was cut off. */
export async function parametersOfJourneys(store: Store): Promise<Map<string, Parameter> | undefined> {
  const rows = await store.rows<Parameter>({ sql: 'SELECT name, texts, numbers FROM hoptime_store.stage_parameters' });
  const parameters = new Map(rows.map((row) => [row.name, row]));
  return parameters.delete(COMPLETE) ? parameters : undefined;
}
