import { resolve } from 'node:path';
import type { Bus } from '../bus/bus';
import { allInputs } from '../sources/readers/find-inputs';
import { isInputProblem, type InputFile, type InputProblem } from '../sources/readers/input-file';
import { InputRepository, type InputRow } from '../store/input.repository';
import { setMerges } from '../store/merges';
import { type Store } from '../store/store';
import { collectFile, unread } from './collector';
import { Correlator, DEFAULT_CORRELATOR_OPTIONS, type CorrelatorOptions } from './correlator';
import { embeddedBus } from './embedded-bus';
import { shownInputId } from './input-id';
import { Outbox } from './outbox';
import { neighbourWarning, SUSPICIOUS_MS } from './zone-check';
import type { FileReport, ForgetReport, IngestOptions, IngestReport, OnProgress } from './ingest-report';

const STANDARD_INPUT = '-';
const silent: OnProgress = () => undefined;

/** Files → events → journeys. */
export class IngestService {
  private readonly inputs: InputRepository;
  private readonly correlator: Correlator;
  private readonly bus: Bus;

  constructor(
    private readonly store: Store,
    private readonly options: CorrelatorOptions = DEFAULT_CORRELATOR_OPTIONS,
    private readonly distributed?: Bus,
  ) {
    this.inputs = new InputRepository(store);
    this.bus = distributed ?? embeddedBus(store);
    this.correlator = new Correlator(store, options);
  }

  /**
   * Reads files, folders, globs and `-`, each once, and brings the journeys up to date: by their paths, or as {@link allInputs} found them. What cannot be
   * read is reported per file and stops nothing else. Reading twice, or again after a kill, gives the same journeys.
   * @throws DiskFullError, StoreHeldError and what else makes the store unusable
   */
  async ingest(
    inputs: readonly (string | InputFile | InputProblem)[],
    options: IngestOptions = {},
    onProgress: OnProgress = silent,
  ): Promise<IngestReport> {
    // Not a matter for a program that works in another's store.
    if (!this.options.rollup && !this.store.isShared) await setMerges(this.store, 'small');
    await this.finishForgetting();
    const behind = await this.inputs.anyUncorrelated();
    const paths = inputs.filter((input) => typeof input === 'string');
    const found = [...inputs.filter((input) => typeof input !== 'string'), ...(await allInputs(paths))];
    const bytesTotal = found.reduce((sum, input) => sum + (isInputProblem(input) ? 0 : (input.sizeBytes ?? 0)), 0);
    const files = found.flatMap((input) => (isInputProblem(input) ? [] : [input.path]));
    if (options.replace) await this.remove(await this.inputs.atPaths(files));
    const known = new Map<string, string[]>();
    for (const { path, inputId } of await this.inputs.atPaths(files))
      known.set(path, [...(known.get(path) ?? []), inputId]);
    const outbox = new Outbox(this.bus);
    const reports: FileReport[] = [];
    let bytesBefore = 0;
    for (const input of found) {
      if (isInputProblem(input)) {
        reports.push(unread(input.path, `${input.reason}; ${input.advice}`));
        continue;
      }
      const report = (bytesRead: number, records: number): void =>
        onProgress({ file: input.display, bytesRead: bytesBefore + bytesRead, bytesTotal, records, phase: 'reading' });
      const ids = known.get(input.path) ?? [];
      reports.push((await collectFile(outbox, input, options, ids, report, this.store.pseudonyms)).report);
      bytesBefore += input.sizeBytes ?? 0;
    }
    await outbox.flush();
    await this.correlate(onProgress, behind);
    await this.warnOfShiftedClocks(reports);
    return { files: reports, totals: totalsOf(reports), journeys: await this.journeyCounts() };
  }

  /** Adds a warning to each file whose MTA's stamps contradict those of the hop before it. */
  private async warnOfShiftedClocks(files: readonly FileReport[]): Promise<void> {
    const shifted = await this.store.rows<{ mta: string; transfers: number; median_ms: number }>(
      'ingest/transfers_by_mta',
      { suspicious_ms: SUSPICIOUS_MS },
    );
    for (const { mta, transfers, median_ms } of shifted) {
      const inputs = await this.store.rows<{ id: string }>(
        { sql: `SELECT DISTINCT lower(hex(input_id)) AS id FROM hoptime_store.trace_events WHERE mta = {mta:String}` },
        { mta },
      );
      const ids = new Set(inputs.map(({ id }) => id.padStart(16, '0')));
      for (const file of files) {
        if (file.inputId && ids.has(file.inputId)) file.warnings.push(neighbourWarning(mta, transfers, median_ms));
      }
    }
  }

  /**
   * Takes out what a file (by path) or an input (by id) brought, and correlates anew. Events that another input brought too stay.
   * Answers no inputs when nothing is known by that name.
   */
  async forget(target: string, onProgress: OnProgress = silent): Promise<ForgetReport> {
    const inputs = await this.known(target);
    if (inputs.length) {
      await this.remove(inputs);
      await this.correlate(onProgress);
    }
    return {
      inputs: inputs.map(({ inputId, path, events }) => ({ inputId: shownInputId(inputId), path, events })),
      journeys: await this.journeyCounts(),
    };
  }

  /**
   * Parses again what was rejected: the files that rejected records came from are read again, with the options they were read with and
   * those given now. A file that is no longer there is a problem in the report; its rejected records stay.
   */
  async replay(options: IngestOptions = {}, onProgress: OnProgress = silent): Promise<IngestReport> {
    const inputs = (await this.inputs.find()).filter((input) => input.rejected > 0);
    const reports: FileReport[] = [];
    const alike = new Map<string, string[]>();
    for (const { path, options: then } of inputs) {
      if (path === STANDARD_INPUT) {
        const advice = 'came from standard input, which cannot be read again; pipe it to `hoptime ingest -` once more';
        reports.push(unread(STANDARD_INPUT, advice));
        continue;
      }
      const merged: IngestOptions = { ...(JSON.parse(then) as IngestOptions), ...options, replace: true };
      const key = JSON.stringify(merged);
      alike.set(key, [...(alike.get(key) ?? []), path]);
    }
    for (const [merged, paths] of alike)
      reports.push(...(await this.ingest(paths, JSON.parse(merged) as IngestOptions, onProgress)).files);
    return { files: reports, totals: totalsOf(reports), journeys: await this.journeyCounts() };
  }

  /** Correlates when the store holds events that journeys do not show yet, as after a kill. */
  async catchUp(onProgress: OnProgress = silent): Promise<void> {
    if (!(await this.inputs.anyUncorrelated())) return;
    await this.finishForgetting();
    await this.correlate(onProgress);
  }

  /** Does what a stopped program had said it would: until then the events of a forgotten input may still be there. */
  private async finishForgetting(): Promise<void> {
    await this.inputs.removeEvents(await this.inputs.halfForgotten());
  }

  /** @param everything what came before this program is not in the journeys either: an insert that was cut off may not have said what it touched */
  private async correlate(onProgress: OnProgress, everything = true): Promise<void> {
    const report = (share: number): void =>
      onProgress({ file: '', bytesRead: Math.round(share * 1000), bytesTotal: 1000, records: 0, phase: 'correlating' });
    if (this.distributed) {
      await this.distributed.publish('store-changes', [{ key: '', headers: {}, value: Buffer.alloc(0) }]);
      return;
    }
    await (everything ? this.correlator.correlate(report) : this.correlator.bringUpToDate(report));
    await this.inputs.markCorrelated();
  }

  private async known(target: string): Promise<InputRow[]> {
    const byName = await this.inputs.find(target);
    return byName.length ? byName : this.inputs.find(resolve(target));
  }

  private async remove(inputs: readonly InputRow[]): Promise<void> {
    if (!inputs.length) return;
    // Said first: a kill in between leaves a store that knows it has to correlate.
    await this.inputs.saveAll(inputs.map((input) => ({ ...input, state: 'forgotten', correlated: false })));
    await this.inputs.removeEvents(inputs.map((input) => input.inputId));
  }

  private async journeyCounts(): Promise<IngestReport['journeys']> {
    const rows = await this.store.rows<{ state: string; n: number }>({
      sql: 'SELECT toString(state) AS state, toUInt32(count()) AS n FROM hoptime_store.journeys GROUP BY state ORDER BY state',
    });
    const total = rows.reduce((sum, row) => sum + row.n, 0);
    return { total, ...Object.fromEntries(rows.map((row) => [row.state, row.n])) };
  }
}

function totalsOf(files: readonly FileReport[]): IngestReport['totals'] {
  const sum = (field: 'records' | 'parsed' | 'skipped' | 'rejected' | 'events'): number =>
    files.reduce((total, file) => total + file[field], 0);
  return {
    files: files.length,
    records: sum('records'),
    parsed: sum('parsed'),
    skipped: sum('skipped'),
    rejected: sum('rejected'),
    events: sum('events'),
  };
}
