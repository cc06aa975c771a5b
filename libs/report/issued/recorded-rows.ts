import { CORRECTED, type LeadParameters } from '../../delay/clocks/corrected-store';
import { sqlText } from '../../store/sql-file';
import type { QueryParameters, Statement, Store } from '../../store/store';
import { hashed } from './evidence';
import type { Manifest } from './manifest';

/** Which part of a report a statement gives. */
const PARTS: Readonly<Record<string, string>> = {
  'queries/report_coverage': 'coverage, in_flight',
  'queries/report_segments': 'segments',
  'queries/report_hops': 'hops',
  'queries/report_verdicts': 'verdicts',
  'queries/pareto': 'pareto',
  'queries/report_slowest': 'slowest',
  'queries/report_timeline': 'timeline',
  'queries/sla_sample': 'sla',
  'queries/breakdown': 'pages.domains',
  'queries/known_durations': 'estimates',
  'queries/unknown_durations': 'estimates',
  'queries/durations_in_flight': 'estimates',
  'queries/rejected_of_inputs': 'coverage.rejected_records',
  'queries/clock_hours': 'clocks',
  'queries/clock_status': 'clock_correction',
  'queries/report_window': 'inputs',
  'queries/report_inputs': 'inputs',
};
const OF_PAGES: Readonly<Record<string, string>> = {
  'queries/delay_histogram': 'pages.distribution, pages.over_time',
  'queries/journeys_of_messages': 'pages.exceptions',
  'queries/hops_of_journeys': 'pages.exceptions',
  'queries/journey_events': 'pages.exceptions',
};

/** Reads from a store and notes what was asked, so that somebody else can ask the same. */
export class RecordedRows implements Pick<Store, 'rows'> {
  readonly statements: Manifest['statements'] = {};
  readonly figures: Manifest['figures'] = [];
  /** the leads that corrected statements were given; all the same ones */
  clocks: LeadParameters | undefined;

  constructor(private readonly store: Pick<Store, 'rows'>) {}

  rows<T>(statement: Statement, parameters: QueryParameters = {}): Promise<T[]> {
    const name = typeof statement === 'string' ? statement : (statement.name ?? statement.sql);
    this.statements[name] = typeof statement === 'string' ? sqlText(statement) : statement.sql;
    this.figures.push({
      part: partOf(name, parameters),
      statement: name,
      parameters: nameless(this.withoutLeads(parameters)),
    });
    return this.store.rows<T>(statement, parameters);
  }

  /** The leads are thousands of numbers, and the same for all statements: they are kept once. */
  private withoutLeads(parameters: QueryParameters): QueryParameters {
    if (!('clock_keys' in parameters)) return parameters;
    const { clock_hosts, clock_keys, clock_leads, clock_unknown, clock_others, clock_doubts, ...own } = parameters;
    const ofJumps = clock_others === undefined ? {} : { clock_others, clock_doubts };
    this.clocks = { clock_hosts, clock_keys, clock_leads, clock_unknown, ...ofJumps } as LeadParameters;
    return { ...own, clocks: 'clocks of this manifest' };
  }
}

/** The parameters that name messages or a person as hashes: both are those of the slowest mail. */
function nameless({ message_keys, recipient, ...parameters }: QueryParameters): QueryParameters {
  if (message_keys === undefined)
    return { ...parameters, ...(recipient === undefined ? {} : { recipient: hashed(recipient) }) };
  return { ...parameters, message_keys: hashed(message_keys), recipient: hashed(message_keys, recipient) };
}

/** A statement without a file of its own asks for the engine's version; one that is in no list is a mistake that a test finds. */
function partOf(statement: string, { interval }: QueryParameters): string {
  const name = statement.replace(CORRECTED, '');
  if (name === 'queries/report_timeline' && interval === 'month') return 'pages.months';
  return PARTS[name] ?? OF_PAGES[name] ?? (name.startsWith('queries/') ? 'unknown' : 'pages.method');
}
