import { type QueryParameters, type Statement, type Store } from '../../store/store';
import type { Pseudonyms } from '../../trace/pseudonyms';
import { sqlText } from '../../store/sql-file';
import { isByTime, JOURNEYS } from '../journeys-by-time';
import { type ClockLeads, type LeadPoint } from './clock-leads';

/** What answers statements: a store, or its query pool. */
export type Rows = Pick<Store, 'rows'> & { readonly pseudonyms?: Pseudonyms };

/** Stands for a lead that is not known: beyond every time, and exact as a number. */
const UNKNOWN_LEAD = 2 ** 52;
/** Above every time in epoch ms (to the year 2248), so that a place of an MTA and a time are one number. */
export const PLACE = 2 ** 43;
/** Their keys stay exact as numbers. */
const MOST_HOSTS = 1000;
/** What stands behind the name of a statement that reads corrected rows. */
export const CORRECTED = ' (corrected clocks)';
const LEADS = /\bFROM leads\b/;
/**
 * Chains of comparisons are not sought: that hashes all levels for each of them (0.07 s a statement). Put together, the expressions of the levels repeat themselves many times over: a second of planning instead of a tenth. Without that the engine (26.7) does not
 * find columns again that it reads late. Each block sorts the keys anew to look a lead up, so blocks shall be long; and a stamp of the reference is not looked up at
 * all where all that stands in the branch of an `if` waits for it. These two are half of what a corrected row costs.
 */
const SETTINGS = `optimize_and_compare_chain = 0, query_plan_merge_expressions = 0, query_plan_optimize_lazy_materialization = 0,
  preferred_block_size_bytes = 0, short_circuit_function_evaluation = 'force_enable'`;
/** A statement ends with settings of its own. */
const OWN_SETTINGS = /^SETTINGS [^\n]*\s*$/m;
/** Looks for lines of logs by their stamps, which are as they were written. */
const RAW = 'queries/journey_events';
/** Where a statement asks only what no clock changes (ids, MTAs, the first event), it says `AS any_clock`: rows are read as they are, and the text stays short. */
const TABLES = /(?:\bhoptime\.journeys\b|\bhoptime\.hops\b|\bhoptime_store\.journeys\b)(?! AS any_clock\b)/g;

/**
 * The store as it would be if all clocks had been right: each statement reads journeys and hops whose stamps are put right by the leads of their clocks
 * (`sql/corrected`), so every figure, filter and list is the same statement with either clock. Raw statements are not touched.
 */
export function correctedStore(store: Rows, leads: ClockLeads): Rows {
  const parameters = leadParameters(leads);
  const withDoubts = 'clock_others' in parameters;
  return {
    pseudonyms: store.pseudonyms,
    rows: <T>(asked: Statement, own: QueryParameters = {}) => {
      // Corrected rows have no order to read in.
      const statement = isByTime(asked) ? JOURNEYS : asked;
      if (statement === RAW) return store.rows<T>(statement, own);
      return store.rows<T>(
        typeof statement === 'string'
          ? { sql: withCorrectedClocks(sqlText(statement), own, withDoubts), name: `${statement}${CORRECTED}` }
          : { sql: withCorrectedClocks(statement.sql, own, withDoubts) },
        { ...own, ...parameters },
      );
    },
  };
}

/**
 * What a statement asks of columns that no clock changes, by the parameter it asks with. The engine does not find it through the levels of a corrected row: it is
 * asked of the table as well, so that nothing else is put right.
 */
const NARROWED: Readonly<Record<string, string>> = {
  from: `first_event_at >= {from:DateTime64(3, 'UTC')}`,
  to: `first_event_at <= {to:DateTime64(3, 'UTC')}`,
  journey_ids: `journey_id IN (SELECT reinterpretAsUInt64(reverse(unhex(arrayJoin({journey_ids:Array(String)})))))`,
  journey_id: `journey_id = reinterpretAsUInt64(reverse(unhex({journey_id:String})))`,
  message_keys: 'message_key IN {message_keys:Array(String)}',
  times: `(empty({times:Array(DateTime64(3, 'UTC'))}) OR first_event_at IN {times:Array(DateTime64(3, 'UTC'))})`,
};

/**
 * A statement over `hoptime.journeys`, `hoptime.hops` or `hoptime_store.journeys` as one over corrected rows; with its own parameters. Rows come out of the table
 * function `view`, so that the engine plans the levels of a corrected row by themselves: as subqueries each of its passes over the statement walks through all their
 * aliases, and a grouping by sets took 0.1 s more.
 */
function withCorrectedClocks(sql: string, own: QueryParameters, withDoubts: boolean): string {
  const conditions = Object.keys(NARROWED).flatMap((name) => (name in own ? [NARROWED[name]] : []));
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const leads = `(${sqlText('corrected/leads').replace(/\bFROM hoptime_store\.journeys\b/, (from) => `${from}${where}`)})`;
  const chosen = withDoubts
    ? `(${sqlText('corrected/leads_near_jumps').replace(LEADS, () => `FROM ${leads}`)})`
    : leads;
  const table = `(${sqlText('corrected/table').replace(LEADS, () => `FROM ${chosen}`)})`;
  const view = (name: string): string =>
    `view(${sqlText(`corrected/${name}`).replace(/\bFROM hoptime_store\.journeys\b/, () => `FROM ${table}`)})`;
  const texts: Readonly<Record<string, string>> = {
    'hoptime.journeys': view('journeys'),
    'hoptime.hops': view('hops'),
    'hoptime_store.journeys': `view${table}`,
  };
  const corrected = sql.replace(TABLES, (name) => texts[name]).trimEnd();
  return OWN_SETTINGS.test(sql) ? `${corrected}, ${SETTINGS}` : `${corrected}\nSETTINGS ${SETTINGS}`;
}

/** The leads as the parameters of corrected statements: MTAs, and for each, from which stamp on (key) its clock is so many ms ahead. */
export interface LeadParameters {
  readonly clock_hosts: readonly string[];
  readonly clock_keys: readonly number[];
  readonly clock_leads: readonly number[];
  readonly clock_unknown: number;
  /** where a clock jumped: of each key the lead on the other side of a jump near it, else the same again */
  readonly clock_others?: readonly number[];
  /** where a clock jumped: when times near a jump begin and end, in turn, from an end at 0 on; epoch ms by any of the clocks */
  readonly clock_doubts?: readonly number[];
}

function leadParameters({ hosts }: ClockLeads): LeadParameters {
  const known = [...hosts].slice(0, MOST_HOSTS);
  const keys = [0];
  const values = [UNKNOWN_LEAD];
  const others = [UNKNOWN_LEAD];
  for (const [i, [, points]] of known.entries()) {
    if (points[0]?.at_ms !== 0) {
      keys.push((i + 1) * PLACE);
      values.push(UNKNOWN_LEAD);
      others.push(UNKNOWN_LEAD);
    }
    for (const { at_ms, lead_ms, other_ms } of points) {
      keys.push((i + 1) * PLACE + at_ms);
      values.push(lead_ms ?? UNKNOWN_LEAD);
      others.push(other_ms ?? lead_ms ?? UNKNOWN_LEAD);
    }
  }
  const doubts = doubtfulTimes(known.map(([, points]) => points));
  return {
    clock_hosts: known.map(([name]) => name),
    clock_keys: keys,
    clock_leads: values,
    clock_unknown: UNKNOWN_LEAD,
    ...(doubts.length > 0 ? { clock_others: others, clock_doubts: [0, ...doubts] } : {}),
  };
}

/** When stamps of any clock may be near a jump of one, by whatever clock: begins and ends in turn. */
function doubtfulTimes(hosts: readonly (readonly LeadPoint[])[]): number[] {
  const furthest = hosts.flat().reduce((most, { lead_ms }) => Math.max(most, Math.abs(lead_ms ?? 0)), 0);
  const times = hosts
    .flatMap((points) =>
      points.flatMap(({ at_ms, other_ms }, i) =>
        other_ms === null ? [] : [{ from: at_ms - furthest, to: (points[i + 1]?.at_ms ?? at_ms) + furthest }],
      ),
    )
    .sort((a, b) => a.from - b.from);
  const edges: number[] = [];
  for (const { from, to } of times) {
    const last = edges.length - 1;
    if (last > 0 && from <= edges[last]) edges[last] = Math.max(edges[last], to);
    else edges.push(Math.max(1, from), to);
  }
  return edges;
}
