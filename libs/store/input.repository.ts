import type { Store } from './store';

/** The file that an input was, as it lay on disk when it was read to its end; of one that is followed while it grows, its text (unpacked) up to where it was read. */
export interface InputContent {
  /** hexadecimal; '' = not known, as are a size and lines of −1 */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** lines of the text in it, unpacked */
  readonly lines: number;
  /** last change, epoch ms: it decides the year of stamps that have none */
  readonly modifiedMs: number;
  /** it was read while it grew, and may go on; false when left out */
  readonly followed?: boolean;
}

/** How a file was read, and what came of it. */
export interface InputRow {
  /** decimal 64-bit hash */
  readonly inputId: string;
  readonly path: string;
  readonly format: string;
  /** JSON: what a later replay needs to read it the same way */
  readonly options: string;
  readonly state: 'reading' | 'read' | 'forgotten';
  readonly correlated: boolean;
  readonly records: number;
  readonly parsed: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly events: number;
  readonly problem: string;
  /** written, not read back: undefined where it is not known */
  readonly content?: InputContent;
}

const COLUMNS = `toString(input_id) AS inputId, path, format, options, toString(state) AS state, toBool(correlated) AS correlated, records, parsed,
  skipped, rejected, events, problem`;

const PATHS_AT_A_TIME = 1000;
const LAST_VERSION = '18446744073709551615';

/** The inputs that the store has read. */
export class InputRepository {
  constructor(private readonly store: Store) {}

  /** Writes the newest version of an input. */
  save(input: InputRow): Promise<void> {
    return this.saveAll([input]);
  }

  /** Writes the newest version of inputs, each named once. */
  async saveAll(inputs: readonly InputRow[]): Promise<void> {
    if (inputs.length === 0) return;
    const lines = inputs.map(({ inputId, correlated, content, ...row }) =>
      JSON.stringify({
        input_id: inputId,
        path: row.path,
        format: row.format,
        options: row.options,
        state: row.state,
        correlated: correlated ? 1 : 0,
        records: row.records,
        parsed: row.parsed,
        skipped: row.skipped,
        rejected: row.rejected,
        events: row.events,
        problem: row.problem,
        sha256: content?.sha256 ?? '',
        size_bytes: content?.sizeBytes ?? -1,
        lines: content?.lines ?? -1,
        modified_ms: content?.modifiedMs ?? -1,
        followed: content?.followed ? 1 : 0,
      }),
    );
    await this.store.insert('ingest/insert_inputs', lines.join('\n'));
  }

  /** Inputs that files at these paths have been, and that are not forgotten, or only half. */
  async atPaths(paths: readonly string[]): Promise<InputRow[]> {
    const found: InputRow[] = [];
    for (let from = 0; from < paths.length; from += PATHS_AT_A_TIME) {
      const rows = await this.store.rows<InputRow>(
        {
          sql: `SELECT ${COLUMNS} FROM hoptime_store.inputs FINAL
            WHERE has({paths:Array(String)}, path) AND (state != 'forgotten' OR correlated = 0) ORDER BY path, input_id`,
        },
        { paths: paths.slice(from, from + PATHS_AT_A_TIME) },
      );
      for (const row of rows) found.push(row);
    }
    return found;
  }

  /**
   * Inputs whose events are in the store: all, or those that `target` names by path or by id (decimal or hexadecimal); among the latter
   * those that a stopped program has only half forgotten.
   */
  async find(target?: string): Promise<InputRow[]> {
    return this.store.rows<InputRow>(
      {
        sql: `SELECT ${COLUMNS} FROM hoptime_store.inputs FINAL
          WHERE if({target:String} = '', state != 'forgotten', state != 'forgotten' OR correlated = 0) AND ({target:String} = '' OR path = {target:String} OR toString(input_id) = {target:String}
            OR leftPad(lower(hex(input_id)), 16, '0') = lower({target:String})) ORDER BY path, input_id`,
      },
      { target: target ?? '' },
    );
  }

  /** Is anything in the store that journeys do not show yet? */
  async anyUncorrelated(): Promise<boolean> {
    const [{ n }] = await this.store.rows<{ n: number }>({
      sql: 'SELECT toUInt32(count()) AS n FROM hoptime_store.inputs FINAL WHERE correlated = 0',
    });
    return n > 0;
  }

  /** Inputs that were to be forgotten when the program was stopped: their events may still be there. */
  async halfForgotten(): Promise<string[]> {
    const rows = await this.store.rows<{ inputId: string }>({
      sql: `SELECT toString(input_id) AS inputId FROM hoptime_store.inputs FINAL WHERE state = 'forgotten' AND correlated = 0`,
    });
    return rows.map((row) => row.inputId);
  }

  /** Whether anything is in the store that journeys do not show yet, and the newest version of any input, as text; what comes later has a greater one. */
  async newest(): Promise<{ anyUncorrelated: boolean; version: string }> {
    const [{ n, version }] = await this.store.rows<{ n: number; version: string }>({
      sql: 'SELECT toUInt32(countIf(correlated = 0)) AS n, toString(max(version)) AS version FROM hoptime_store.inputs FINAL',
    });
    return { anyUncorrelated: n > 0, version };
  }

  /** Says that journeys show all that is in the store, or that was when `until` was the latest version. */
  async markCorrelated(until = LAST_VERSION): Promise<void> {
    await this.store.command('ingest/mark_inputs_correlated', { until });
  }

  /** Takes the events and rejected records of inputs out of the store. */
  async removeEvents(inputIds: readonly string[]): Promise<void> {
    if (!inputIds.length) return;
    // What is gone touches messages that no event names any more: the next correlation takes in everything.
    await this.store.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_parameters' });
    for (const table of ['trace_events', 'rejected_records']) {
      await this.store.command(
        {
          sql: `ALTER TABLE hoptime_store.${table} DELETE WHERE has({ids:Array(String)}, toString(input_id)) SETTINGS mutations_sync = 2`,
        },
        { ids: [...inputIds] },
      );
    }
  }
}
