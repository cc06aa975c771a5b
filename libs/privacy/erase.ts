import { Correlator, type CorrelatorOptions } from '../ingest/correlator';
import { emptyRollups } from '../store/rollup';
import type { Store } from '../store/store';
import { traceOf, type AddressTrace } from './address-trace';
import { deletedParts, PATIENCE_MS } from './outdated-parts';
import { eraseFromFiles, filesNaming } from './erase-files';
import { noteRemovals } from './removal-log';
import { rewriteNamed, rowsNaming } from './named-rows';

export interface EraseOptions {
  readonly correlation: CorrelatorOptions;
  /** count, and change nothing */
  readonly dryRun?: boolean;
  /** so long the engine may take to delete the files of what was replaced, ms */
  readonly patienceMs?: number;
  /** takes what is being done */
  readonly onProgress?: (sentence: string) => void;
}

/** Rows of a table, or the times that a file names the address. */
export interface Trace {
  readonly where: string;
  readonly before: number;
  /** null: nothing was changed */
  readonly after: number | null;
}

export interface EraseReport {
  /** what stands in the place of the address now; null after a dry run */
  readonly replacedBy: string | null;
  readonly tables: readonly Trace[];
  readonly files: readonly Trace[];
  /** parts of tables that are no longer read but whose files the engine has not deleted yet */
  readonly outdatedParts: number;
}

/**
 * Takes an address out of a store: in every column and kept file its local part is replaced by one that leads nobody back, the same
 * everywhere, so that all figures stay. Where the store has pseudonyms, of the address's pseudonym. Issued reports that name it lose their documents
 * and keep their manifest. Then everything is searched again. Run in the turn of those who change the store; safe to interrupt and to repeat.
 * @throws RangeError for a text that is no address
 */
export async function eraseAddress(store: Store, address: string, options: EraseOptions): Promise<EraseReport> {
  const given = traceOf(address).address;
  const trace = await begunOrNew(store, store.pseudonyms?.ofAddress(given) ?? given);
  const { dryRun = false, patienceMs = PATIENCE_MS, onProgress = () => undefined } = options;
  onProgress('searching');
  const before = await rowsNaming(store, trace);
  const files = await filesNaming(store.path, trace);
  if (dryRun) return reportOf(null, before, undefined, files, undefined, 0);
  if (before.size > 0) {
    onProgress('replacing');
    await store.whole(() => replaceRows(store, trace, before));
    onProgress('correlating');
    await new Correlator(store, options.correlation).correlate();
  }
  await eraseFromFiles(files.keys(), trace);
  onProgress('waiting until the engine has deleted the files of what was replaced');
  const outdatedParts = await deletedParts(store, patienceMs, onProgress);
  const after = await rowsNaming(store, trace);
  const filesAfter = await filesNaming(store.path, trace);
  const replacedBy = trace.mask + trace.address.slice(trace.local.length);
  await noteRemovals(
    store,
    'erase',
    [...before].map(([what, rows]) => ({ what, removed: rows })),
    Date.now(),
  );
  return reportOf(replacedBy, before, after, files, filesAfter, outdatedParts);
}

/** What is left of the address after an erasure. */
export const leftOver = ({ tables, files }: Pick<EraseReport, 'tables' | 'files'>): number =>
  [...tables, ...files].reduce((sum, { after }) => sum + (after ?? 0), 0);

/** An erasure that was interrupted has left what it looked for: rows that it had written already name the same mask. */
async function begunOrNew(store: Store, address: string): Promise<AddressTrace> {
  const trace = traceOf(address);
  const [begun] = await store.rows<{ texts: string[] }>({
    sql: `SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'erase'`,
  });
  return begun?.texts[0] === trace.pattern ? traceOf(address, begun.texts[2]) : trace;
}

async function replaceRows(store: Store, trace: AddressTrace, named: ReadonlyMap<string, number>): Promise<void> {
  const parameters = {
    pattern: trace.pattern,
    replacement: trace.replacement,
    word_pattern: trace.wordPattern,
    word_replacement: `\\1${trace.mask}\\3`,
  };
  // Without its other rows the next correlation takes in everything, should this be interrupted.
  await store.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_parameters' });
  await store.client.insert({
    table: 'hoptime_store.stage_parameters',
    format: 'JSONEachRow',
    values: [{ name: 'erase', texts: [trace.pattern, trace.replacement, trace.mask], numbers: [] }],
  });
  if (named.has('trace_events')) {
    await store.command('privacy/rewrite_events', parameters);
    await store.command('privacy/remove_named_events');
  }
  if (named.has('rejected_records')) {
    await store.command('privacy/rewrite_rejected_records', parameters);
    await store.command('privacy/remove_named_rejected_records');
  }
  await rewriteNamed(store, [...named.keys()]);
  await emptyRollups(store);
}

function reportOf(
  replacedBy: string | null,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number> | undefined,
  files: ReadonlyMap<string, number>,
  filesAfter: ReadonlyMap<string, number> | undefined,
  outdatedParts: number,
): EraseReport {
  const traces = (was: ReadonlyMap<string, number>, is: ReadonlyMap<string, number> | undefined): Trace[] =>
    [...new Set([...was.keys(), ...(is?.keys() ?? [])])]
      .sort()
      .map((where) => ({ where, before: was.get(where) ?? 0, after: is ? (is.get(where) ?? 0) : null }));
  return { replacedBy, tables: traces(before, after), files: traces(files, filesAfter), outdatedParts };
}
