import { withNumbers, type Statement, type StatementRunner, type Store } from '../store/store';
import { REPLY_WORDS } from '../store/reply-words';
import { sqlText } from '../store/sql-file';
import type { MtaNames } from '../trace/mta-name';
import { hashSlices, sliceCount, type HashSlice } from './hash-slices';
import { toLegs, type LegRow } from './leg-row';
import { pathsOf, type PathStep } from './paths';
import { rekeys, type RekeyCandidate } from './rekeys';

/** The tables that a correlation fills on its way, and that are empty between two. */
export const STAGES = [
  'begins',
  'linked_groups',
  'legs',
  'refusals',
  'rekeys',
  'paths',
  'journeys',
  'scope',
  'events',
  'links',
  'replaced_journeys',
] as const;
/** So many legs are linked at a time: bounds what the linker and journeys.sql hold. */
const LEGS_PER_SLICE = 20_000;
/**
 * Events in a slice of the statements that build legs, and of the one that looks for beginnings, which holds less of each. A larger slice costs
 * less, since in every part of trace_events what lies at its ends is read for the next one too; 400,000 took 1.0 GiB with three million deliveries.
 */
const EVENTS_PER_SLICE = 300_000;
const EVENTS_PER_BEGINS_SLICE = 500_000;
/** About so many events has a message at an MTA. */
const EVENTS_OF_A_GROUP = 6;
/** A set of the message keys and queue ids of so many events is held at a time. */
const EVENTS_PER_KEY_SLICE = 8_000_000;

/** What a correlation reads: all events, or those of touched messages, copied into stage_events. */
export type EventsTable = 'trace_events' | 'stage_events';

/** What a correlation of touched messages has asked of their events before it builds anything. */
export interface EventsKnown {
  readonly events: number;
  /** HES, or a mail's header about HES, tells of something */
  readonly hasHes: boolean;
}

/** Optimising the plan saves reading in a big table; of a small one, of up to so many events, it costs more than reading all. */
const FEW_EVENTS = 20_000;

/** One statement of a correlation over one slice. */
interface Task {
  readonly step: string;
  readonly numbers: Readonly<Record<string, string | number>>;
}

/**
 * Events → legs → paths → journeys, by the statements of store/sql/correlate: from a table of events into stage_journeys, slice by slice of the
 * hash space. The events of a message must be in the table all together.
 */
export class Correlation {
  private planOptimized = 1;

  constructor(
    private readonly store: Store,
    private readonly events: EventsTable,
    private readonly mtas: MtaNames,
    private readonly verdictThresholdMs: number,
  ) {}

  /**
   * @param onProgress share done, 0 … 1
   * @param known what is known of the events already
   */
  async run(onProgress: (share: number) => void, known?: EventsKnown): Promise<void> {
    const hasHes = known ? known.hasHes : await this.hasHesEvents();
    // They are evidence of what HES did, and of nothing else.
    if (hasHes) await this.store.command(this.on('correlate/refusals'));
    const events = known ? known.events : await rowCount(this.store, this.events);
    this.planOptimized = this.events === 'trace_events' && events > FEW_EVENTS ? 1 : 0;
    await this.findLinkedGroups(events);
    await this.buildLegs(events, hasHes, (share) => onProgress(share / 2));
    // Few messages, and most often nothing links them: then one statement makes their journeys, which is planned sooner than those for paths.
    const few = this.events === 'stage_events' && !hasHes;
    const { legs, links } = few ? await this.links() : { legs: await rowCount(this.store, 'stage_legs'), links: 1 };
    if (legs === 0) return;
    if (links === 0) {
      await this.store.command(this.on('correlate/journeys_of_one_leg', {}, 'hoptime_store.stage_legs'));
      return;
    }
    const slices = hashSlices(sliceCount(legs, LEGS_PER_SLICE));
    await this.rekey(slices.length);
    await this.buildJourneys(slices, (share) => onProgress(0.5 + share / 2));
  }

  /** Queue ids with several ownerships, and those that something links to others. Neither rests on the other, so no connection waits. */
  private async findLinkedGroups(events: number): Promise<void> {
    const begins = hashSlices(sliceCount(events, EVENTS_PER_BEGINS_SLICE)).map((slice): Task => ({
      step: 'begins',
      numbers: { ...slice },
    }));
    const slices = sliceCount(events, EVENTS_PER_KEY_SLICE);
    const linked = [...Array(this.events === 'stage_events' ? 0 : slices).keys()].map((slice): Task => ({
      step: 'linked_groups',
      numbers: { slice, slices },
    }));
    const found = (): Promise<void> => this.runAll([...linked, ...begins]);
    const alsoLinked = (from: 'stage_scope' | 'stage_begins') => (): Promise<void> =>
      this.store.command({
        sql: `INSERT INTO hoptime_store.stage_linked_groups SELECT DISTINCT group_hash FROM hoptime_store.${from}`,
      });
    // Of few messages: to treat all alike costs less than a second way for those that nothing links.
    if (this.events === 'stage_events') await this.store.together(found, alsoLinked('stage_scope'));
    else await found().then(alsoLinked('stage_begins'));
  }

  /** Legs that something links to others go to stage_legs; those that nothing does are journeys already. */
  private async buildLegs(events: number, hasHes: boolean, onProgress: (share: number) => void): Promise<void> {
    const linked = this.events === 'stage_events' ? events : Math.min(events, await this.linkedEvents());
    const slicesOf = (step: string, rows: number): Task[] =>
      hashSlices(sliceCount(rows, EVENTS_PER_SLICE)).map((slice) => ({ step, numbers: { ...slice } }));
    // The longest first: what is begun last ends alone.
    const tasks = [
      ...(linked ? slicesOf('linked_legs', linked) : []),
      ...(hasHes ? slicesOf('hes_legs', events) : []),
      ...(this.events === 'trace_events' ? slicesOf('journeys_of_one_leg', events) : []),
    ];
    await this.runAll(tasks, onProgress);
  }

  /** About how many events the queue ids have that go to `linked_legs`: one that is used again every day has those of each time. */
  private async linkedEvents(): Promise<number> {
    const groups = await rowCount(this.store, 'stage_linked_groups');
    const sql = 'SELECT toFloat64(sum(length(begins_ms))) AS ownerships FROM hoptime_store.stage_begins';
    const [{ ownerships }] = await this.store.rows<{ ownerships: number }>({ sql });
    return (groups + ownerships) * EVENTS_OF_A_GROUP;
  }

  private async runAll(tasks: readonly Task[], onProgress: (share: number) => void = () => undefined): Promise<void> {
    let done = 0;
    await this.store.inParallel(tasks, async ({ step, numbers }, lane) => {
      await lane.command(this.on(`correlate/${step}`, numbers));
      onProgress(++done / tasks.length);
    });
  }

  /** Without them the statement for HES legs would read every event for nothing. */
  private async hasHesEvents(): Promise<boolean> {
    const [{ found }] = await this.store.rows<{ found: number }>(this.on('correlate/hes_events'));
    return Number(found) > 0;
  }

  private async buildJourneys(slices: readonly HashSlice[], onProgress: (share: number) => void): Promise<void> {
    let done = 0;
    await this.store.inParallel(slices, async (slice, lane) => {
      await this.link(slice, lane);
      const threshold_ms = this.verdictThresholdMs;
      await lane.command(this.on('correlate/journeys', { ...slice, threshold_ms }));
      onProgress(++done / slices.length);
    });
  }

  /** Where "queued as" says that two message keys are one message, the later key takes the earlier one's place. */
  private async rekey(slices: number): Promise<void> {
    const found: RekeyCandidate[][] = [];
    await this.store.inParallel([...Array(slices).keys()], async (slice, lane) => {
      found[slice] = await lane.rows<RekeyCandidate>(this.on('correlate/rekey_candidates', { slice, slices }));
    });
    const lines = [...rekeys(found.flat(), this.mtas)].map(([key, root]) => `${key}\t${root}`);
    await this.insertRows(this.store, 'stage_rekeys', 'key_hash UInt64, root_hash UInt64', lines);
  }

  private async link(slice: HashSlice, lane: StatementRunner): Promise<void> {
    const rows = await lane.rows<LegRow>(this.on('correlate/linkable_legs', { ...slice }));
    const lines: string[] = [];
    for (let from = 0, to = 0; from < rows.length; from = to) {
      while (to < rows.length && rows[to].root === rows[from].root) to++;
      const steps = pathsOf(toLegs(rows.slice(from, to)), this.mtas);
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
    const sql = `INSERT INTO hoptime_store.${table} SELECT * FROM file({spool:String}, 'TSV', '${structure}')`;
    await this.store.insert({ sql }, lines.join('\n'), undefined, lane);
  }

  /** How many legs there are, and whether any may belong to a longer path, or to another message. */
  private async links(): Promise<{ legs: number; links: number }> {
    const [{ legs, links }] = await this.store.rows<{ legs: number; links: number }>('correlate/any_links');
    return { legs: Number(legs), links: Number(links) };
  }

  /** @param legs where legs of queue ids come from: their events, or a table */
  private on(name: string, numbers?: Readonly<Record<string, string | number>>, legs?: string): Statement {
    return onEvents(this.events, name, numbers && { plan_optimized: this.planOptimized, ...numbers }, legs);
  }
}

/** The text of a statement that reads `events`, or legs of queue ids made of them, with its whole numbers written in when they are given. */
export function onEvents(
  events: EventsTable,
  name: string,
  numbers?: Readonly<Record<string, string | number>>,
  legs?: string,
): { sql: string } {
  const text = sqlText(name).replace(/\bhoptime_store\.(linked|unlinked)_queue_legs\b/, (_, which: string) => {
    const owned = `(\n${sqlText(`correlate/${which}_events`)}\n)`;
    return legs ?? `(\n${sqlText('correlate/queue_legs').replace('hoptime_store.owned_events', () => owned)}\n)`;
  });
  const { sql } = numbers ? withNumbers(name, numbers, text) : { sql: text };
  return {
    sql: sql.replaceAll('{events:Identifier}', events).replaceAll('hoptime_store.reply_words', () => REPLY_WORDS),
  };
}

export async function rowCount(store: Store, table: string): Promise<number> {
  const [{ rows }] = await store.rows<{ rows: number }>({ sql: `SELECT count() AS rows FROM hoptime_store.${table}` });
  return Number(rows);
}

const PATH_STRUCTURE = 'slice UInt32, leg_id UInt64, journey_id UInt64, position UInt16, part UInt16, matched_by UInt8';

function pathLine({ slice }: HashSlice, { leg, journey, position, part, matchedBy }: PathStep): string {
  return `${slice}\t${leg.id}\t${journey}\t${position}\t${part}\t${matchedBy}`;
}
