import { quoted, withNumbers, type StatementRunner, type Store } from '../store/store';
import { HES_HOST_SUFFIXES, HES_NETWORKS } from '../trace/hes-hosts';
import type { MtaAliases } from '../trace/mta-aliases';
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
  /** which names the alias file gives to one MTA */
  readonly mtaAliases?: MtaAliases;
}

export const DEFAULT_CORRELATOR_OPTIONS: CorrelatorOptions = { verdictThresholdMs: 60_000, hesNetworks: [] };

const STAGES = ['parameters', 'begins', 'linked_groups', 'legs', 'refusals', 'rekeys', 'paths', 'journeys'];
/** So many legs are linked at a time: bounds what the linker holds. */
const LEGS_PER_SLICE = 30_000;
const EVENTS_PER_SLICE = 300_000;
/** About so many events has a queue id. */
const EVENTS_OF_A_GROUP = 6;
/** A set of the message keys and queue ids of so many events is held at a time. */
const EVENTS_PER_KEY_SLICE = 8_000_000;

/** One statement of a correlation over one slice. */
interface Task {
  readonly step: string;
  readonly slice: HashSlice;
}

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
    await this.writeParameters();
    await this.store.command('correlate/refusals');
    await this.store.command('correlate/queue_legs');
    const events = await this.count('trace_events');
    await this.findLinkedGroups(events);
    await this.buildLegs(events, (share) => onProgress(share / 2));
    const slices = hashSlices(sliceCount(await this.count('stage_legs'), LEGS_PER_SLICE));
    await this.rekey(slices.length, mtas);
    await this.buildJourneys(slices, mtas, (share) => onProgress(0.5 + share / 2));
    await this.store.command({ sql: 'EXCHANGE TABLES hoptime_store.journeys AND hoptime_store.stage_journeys' });
    for (const stage of STAGES) await this.truncate(stage);
  }

  private async findLinkedGroups(events: number): Promise<void> {
    const groups = hashSlices(sliceCount(events, EVENTS_PER_SLICE));
    await this.store.inParallel(groups, (slice, lane) => lane.command(withNumbers('correlate/begins', { ...slice })));
    const slices = sliceCount(events, EVENTS_PER_KEY_SLICE);
    await this.store.inParallel([...Array(slices).keys()], (slice, lane) =>
      lane.command(withNumbers('correlate/linked_groups', { slice, slices })),
    );
  }

  /** Legs that something links to others go to stage_legs; those that nothing does are journeys already. */
  private async buildLegs(events: number, onProgress: (share: number) => void): Promise<void> {
    const linked = (await this.count('stage_linked_groups')) * EVENTS_OF_A_GROUP;
    const slicesOf = (step: string, rows: number): Task[] =>
      hashSlices(sliceCount(rows, EVENTS_PER_SLICE)).map((slice) => ({ step, slice }));
    const tasks = [
      ...slicesOf('journeys_of_one_leg', events),
      ...slicesOf('hes_legs', events),
      ...(linked ? slicesOf('linked_legs', linked) : []),
    ];
    let done = 0;
    await this.store.inParallel(tasks, async ({ step, slice }, lane) => {
      await lane.command(withNumbers(`correlate/${step}`, { ...slice }));
      onProgress(++done / tasks.length);
    });
  }

  private async buildJourneys(
    slices: readonly HashSlice[],
    mtas: MtaNames,
    onProgress: (share: number) => void,
  ): Promise<void> {
    let done = 0;
    const threshold_ms = this.options.verdictThresholdMs;
    await this.store.inParallel(slices, async (slice, lane) => {
      await this.link(slice, mtas, lane);
      await lane.command(withNumbers('correlate/journeys', { ...slice, threshold_ms }));
      onProgress(++done / slices.length);
    });
  }

  private async mtaNames(withoutProducts: string[]): Promise<MtaNames> {
    const rows = await this.store.rows<{ mta: string }>(
      {
        sql: `SELECT DISTINCT toString(mta) AS mta FROM hoptime_store.trace_events
          WHERE mta NOT IN ('', 'hes') AND NOT has({products:Array(String)}, toString(product))`,
      },
      { products: withoutProducts },
    );
    return new MtaNames(
      rows.map((row) => row.mta),
      this.options.mtaAliases,
    );
  }

  private async writeParameters(): Promise<void> {
    // A client is of the fleet when we have its log; that a mail file names it is not enough (delay model §4.6).
    const fleet = await this.mtaNames(['trace-headers']);
    const ranges = ipv4Ranges([...HES_NETWORKS, ...this.options.hesNetworks]);
    const row = (name: string, texts: readonly string[], numbers: readonly number[] = []) => ({ name, texts, numbers });
    await this.store.client.insert({
      table: 'hoptime_store.stage_parameters',
      format: 'JSONEachRow',
      values: [
        row('hes_suffixes', HES_HOST_SUFFIXES),
        row(
          'hes_lows',
          [],
          ranges.map(([low]) => low),
        ),
        row(
          'hes_highs',
          [],
          ranges.map(([, high]) => high),
        ),
        row('mta_names', fleet.names),
        row('bare_mtas', fleet.bare),
        row('mta_labels', fleet.labels),
      ],
    });
  }

  /** Where "queued as" says that two message keys are one message, the later key takes the earlier one's place. */
  private async rekey(slices: number, mtas: MtaNames): Promise<void> {
    const found: RekeyCandidate[][] = [];
    await this.store.inParallel([...Array(slices).keys()], async (slice, lane) => {
      found[slice] = await lane.rows<RekeyCandidate>(withNumbers('correlate/rekey_candidates', { slice, slices }));
    });
    const lines = [...rekeys(found.flat(), mtas)].map(([key, root]) => `${key}\t${root}`);
    await this.insertRows(this.store, 'stage_rekeys', 'key_hash UInt64, root_hash UInt64', lines);
  }

  private async link(slice: HashSlice, mtas: MtaNames, lane: StatementRunner): Promise<void> {
    const rows = await lane.rows<LegRow>(withNumbers('correlate/linkable_legs', { ...slice }));
    const lines: string[] = [];
    for (let from = 0, to = 0; from < rows.length; from = to) {
      while (to < rows.length && rows[to].root === rows[from].root) to++;
      const steps = pathsOf(rows.slice(from, to).map(toLeg), mtas);
      lines.push(...steps.map((step) => pathLine(slice, step)));
    }
    await this.insertRows(lane, 'stage_paths', PATH_STRUCTURE, lines);
  }

  private async insertRows(
    lane: StatementRunner,
    table: 'stage_rekeys' | 'stage_paths',
    structure: string,
    lines: readonly string[],
  ): Promise<void> {
    if (!lines.length) return;
    // The path of the spool is the program's own: the store's folder, which may hold a quote.
    await this.store.spool.through(lines.join('\n'), (spool) =>
      lane.command({
        sql: `INSERT INTO hoptime_store.${table} SELECT * FROM file(${quoted(spool)}, 'TSV', '${structure}')`,
      }),
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

const PATH_STRUCTURE = 'slice UInt32, leg_id UInt64, journey_id UInt64, position UInt16, part UInt16, matched_by UInt8';

function pathLine({ slice }: HashSlice, { leg, journey, position, part, matchedBy }: PathStep): string {
  return `${slice}\t${leg.id}\t${journey}\t${position}\t${part}\t${matchedBy}`;
}
