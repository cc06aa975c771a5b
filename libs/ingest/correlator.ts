import { type Store } from '../store/store';
import { HES_HOST_SUFFIXES, HES_NETWORKS } from '../trace/hes-hosts';
import { MtaNames } from '../trace/mta-name';
import { ipv4Ranges } from './ipv4-ranges';
import { hashSlices, sliceCount, type HashSlice } from './hash-slices';
import { pathsOf, type PathStep } from './paths';
import { rekeys, type RekeyCandidate } from './rekeys';
import { toLeg, type LegRow } from './leg-row';

export interface CorrelatorOptions {
  /** a journey's largest part must be longer than this to be its verdict */
  readonly verdictThresholdMs: number;
  /** CIDRs treated as HES besides the published ones */
  readonly hesNetworks: readonly string[];
}

export const DEFAULT_CORRELATOR_OPTIONS: CorrelatorOptions = { verdictThresholdMs: 60_000, hesNetworks: [] };

const STAGES = ['begins', 'legs', 'refusals', 'rekeys', 'paths', 'journeys'];
/** So many legs are linked at a time: bounds what the linker holds. */
const LEGS_PER_SLICE = 150_000;
const EVENTS_PER_SLICE = 750_000;

/**
 * Turns all events of the store into journeys. The answer is a function of the set of events: everything is built anew in stage tables,
 * slice by slice of the hash space, and then takes the place of what was there in one step. Safe to interrupt and to repeat.
 */
export class Correlator {
  constructor(
    private readonly store: Store,
    private readonly options: CorrelatorOptions = DEFAULT_CORRELATOR_OPTIONS,
  ) {}

  /** @param onProgress share done, 0 … 1 */
  async correlate(onProgress: (share: number) => void = () => undefined): Promise<void> {
    for (const stage of STAGES) await this.truncate(stage);
    const mtas = await this.mtaNames([]);
    // A client is of the fleet when we have its log; that a mail file names it is not enough (delay model §4.6).
    const parameters = this.parameters(await this.mtaNames(['trace-headers']));
    await this.store.command('correlate/refusals', parameters);
    const groups = hashSlices(sliceCount(await this.count('trace_events'), EVENTS_PER_SLICE));
    for (const [index, slice] of groups.entries()) {
      for (const step of ['begins', 'queue_legs', 'hes_legs']) {
        await this.store.command(`correlate/${step}`, { ...parameters, ...slice });
      }
      onProgress((0.5 * (index + 1)) / groups.length);
    }
    const legs = await this.count('stage_legs');
    await this.rekey(sliceCount(legs, LEGS_PER_SLICE), mtas);
    const keys = hashSlices(sliceCount(legs, LEGS_PER_SLICE));
    for (const [index, slice] of keys.entries()) {
      await this.link(slice, mtas);
      await this.store.command('correlate/journeys', { ...parameters, ...slice });
      onProgress(0.5 + (0.5 * (index + 1)) / keys.length);
    }
    await this.store.command({ sql: 'EXCHANGE TABLES hoptime_store.journeys AND hoptime_store.stage_journeys' });
    for (const stage of STAGES) await this.truncate(stage);
  }

  private async mtaNames(withoutProducts: string[]): Promise<MtaNames> {
    const rows = await this.store.rows<{ mta: string }>(
      {
        sql: `SELECT DISTINCT toString(mta) AS mta FROM hoptime_store.trace_events
          WHERE mta NOT IN ('', 'hes') AND NOT has({products:Array(String)}, toString(product))`,
      },
      { products: withoutProducts },
    );
    return new MtaNames(rows.map((row) => row.mta));
  }

  private parameters(mtas: MtaNames): Record<string, unknown> {
    const ranges = ipv4Ranges([...HES_NETWORKS, ...this.options.hesNetworks]);
    return {
      hes_suffixes: [...HES_HOST_SUFFIXES],
      hes_lows: ranges.map(([low]) => low),
      hes_highs: ranges.map(([, high]) => high),
      mta_names: [...mtas.names],
      bare_mtas: [...mtas.bare],
      mta_labels: [...mtas.labels],
      threshold_ms: this.options.verdictThresholdMs,
    };
  }

  /** Where "queued as" says that two message keys are one message, the later key takes the earlier one's place. */
  private async rekey(slices: number, mtas: MtaNames): Promise<void> {
    const candidates: RekeyCandidate[] = [];
    for (let slice = 0; slice < slices; slice++) {
      candidates.push(...(await this.store.rows<RekeyCandidate>('correlate/rekey_candidates', { slice, slices })));
    }
    await this.insertRows(
      'stage_rekeys',
      'key_hash UInt64, root_hash UInt64',
      [...rekeys(candidates, mtas)].map(([key, root]) => `${key}\t${root}`),
    );
  }

  private async link(slice: HashSlice, mtas: MtaNames): Promise<void> {
    await this.truncate('paths');
    const rows = await this.store.rows<LegRow>('correlate/linkable_legs', { ...slice });
    const lines: string[] = [];
    for (let from = 0, to = 0; from < rows.length; from = to) {
      while (to < rows.length && rows[to].root === rows[from].root) to++;
      const steps = pathsOf(rows.slice(from, to).map(toLeg), mtas);
      lines.push(...steps.map(pathLine));
    }
    await this.insertRows(
      'stage_paths',
      'leg_id UInt64, journey_id UInt64, position UInt16, part UInt16, matched_by UInt8',
      lines,
    );
  }

  private async insertRows(table: string, structure: string, lines: readonly string[]): Promise<void> {
    if (!lines.length) return;
    await this.store.spool.through(lines.join('\n'), (spool) =>
      this.store.command(
        { sql: `INSERT INTO hoptime_store.${table} SELECT * FROM file({spool:String}, 'TSV', {structure:String})` },
        { spool, structure },
      ),
    );
  }

  private async truncate(stage: string): Promise<void> {
    await this.store.command({ sql: `TRUNCATE TABLE hoptime_store.stage_${stage}` });
  }

  private async count(table: string): Promise<number> {
    const [{ rows }] = await this.store.rows<{ rows: number }>({
      sql: `SELECT count() AS rows FROM hoptime_store.${table}`,
    });
    return Number(rows);
  }
}

function pathLine({ leg, journey, position, part, matchedBy }: PathStep): string {
  return `${leg.id}\t${journey}\t${position}\t${part}\t${matchedBy}`;
}
