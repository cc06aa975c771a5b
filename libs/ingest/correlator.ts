import { addToPropertyRollups } from '../store/property-rollup';
import {
  catchUpRollup,
  countsChanges,
  dropRollups,
  followHours,
  latestMark,
  markChange,
  markInLine,
  type RollupMark,
} from '../store/rollup';
import type { Store } from '../store/store';
import type { MtaAliases } from '../trace/mta-aliases';
import { MtaNames } from '../trace/mta-name';
import { Correlation, rowCount, STAGES } from './correlation';
import {
  markComplete,
  parametersOf,
  parametersOfJourneys,
  seenMtas,
  writeParameters,
  type Parameter,
  type SeenMta,
} from './correlation-parameters';
import { gatherTouched, takeTouched, touchedGroups } from './touched-scope';

export interface CorrelatorOptions {
  /** a journey's largest part must be longer than this to be its verdict */
  readonly verdictThresholdMs: number;
  /** CIDRs treated as HES besides the published ones */
  readonly hesNetworks: readonly string[];
  /** which names the alias file gives to one MTA */
  readonly mtaAliases?: MtaAliases;
  /** correlate with these, which other journeys were made with; default: what the events and the other options give */
  readonly parameters?: readonly Parameter[];
  /** keep the rollups that answer large ranges at once in line with the journeys, as a server does; else they are left behind and not used */
  readonly rollup?: boolean;
  /** up to so many journeys are answered for without rollups; default as `rollupState` */
  readonly rollupFrom?: number;
}

export const DEFAULT_CORRELATOR_OPTIONS: CorrelatorOptions = { verdictThresholdMs: 60_000, hesNetworks: [] };

/** Up to so many groups (queue ids, HES messages) are correlated by themselves; for more, correlating everything costs less. */
const MOST_TOUCHED = 20_000;

/** What a correlation was of: the messages that new events touch, or all. */
export type CorrelationScope = 'touched' | 'everything';

/**
 * Steps of a correlation of touched messages: which groups, their events and ties, journeys, what changes by them, rollups, stages emptied; while rollups
 * follow, journeys take the place of those before (exchange).
 */
export type CorrelationStep = 'take' | 'gather' | 'build' | 'replace' | 'exchange' | 'roll up' | 'empty';

const silent = (): void => undefined;

/** May be called again where a server was away meanwhile. */
type OnJourneys = () => Promise<void>;
const nothing: OnJourneys = () => Promise.resolve();

/**
 * Turns events into journeys. The answer is a function of the set of events, whatever the scope: all events of the store, or those of the
 * messages that new events touch. Safe to interrupt and to repeat.
 */
export class Correlator {
  /** how long each step of the last correlation of touched messages took, ms */
  readonly stepMs = new Map<CorrelationStep, number>();

  constructor(
    private readonly store: Store,
    private readonly options: CorrelatorOptions = DEFAULT_CORRELATOR_OPTIONS,
  ) {}

  /**
   * Correlates all events of the store: journeys are built in stage tables, which then take the place of those before in one step.
   * @param onProgress share done, 0 … 1
   * @param onJourneys when the journeys are those of all events: rollups, of which many journeys take a while, follow
   */
  async correlate(onProgress: (share: number) => void = silent, onJourneys: OnJourneys = nothing): Promise<void> {
    await this.store.whole(() => this.correlateEverything(onProgress, onJourneys));
  }

  private async correlateEverything(onProgress: (share: number) => void, onJourneys: OnJourneys): Promise<void> {
    await this.emptyStages();
    await takeTouched(this.store);
    const { parameters = parametersOf(await seenMtas(this.store), this.options) } = this.options;
    await writeParameters(this.store, parameters);
    const all = parameters.find(({ name }) => name === 'all_mtas')?.texts ?? [];
    const names = new MtaNames(all, this.options.mtaAliases);
    await new Correlation(this.store, 'trace_events', names, this.options.verdictThresholdMs).run(onProgress);
    // Behind until they are built anew: from here on they tell of other journeys.
    await dropRollups(this.store);
    await this.store.command({ sql: 'EXCHANGE TABLES hoptime_store.journeys AND hoptime_store.stage_journeys' });
    await this.truncate('group_links');
    await this.truncate('taken_groups');
    await markComplete(this.store);
    await this.emptyStages();
    await onJourneys();
    if (this.options.rollup) await catchUpRollup(this.store, this.options.rollupFrom);
  }

  /**
   * Brings the journeys up to date with the events that came since: of the messages they touch where these are few, else of all. Both give
   * the same journeys.
   * @param onProgress share done, 0 … 1
   * @param onJourneys as of {@link correlate}
   * @returns which of the two it was
   */
  async bringUpToDate(
    onProgress: (share: number) => void = silent,
    onJourneys: OnJourneys = nothing,
  ): Promise<CorrelationScope> {
    return this.store.whole(async () => {
      if (await this.correlateTouched()) {
        await onJourneys();
        return 'touched';
      }
      await this.correlate(onProgress, onJourneys);
      return 'everything';
    });
  }

  /** Whether a correlation would change nothing: no events came since the last one, and it rested on what the next one would. Changes nothing. */
  async isUpToDate(): Promise<boolean> {
    const [before, groups] = await this.known();
    return before !== undefined && isNone(groups) && this.sameParameters(before, []);
  }

  private async known(): Promise<[Map<string, Parameter> | undefined, { touched: number; taken: number }]> {
    return this.store.together(
      () => parametersOfJourneys(this.store),
      () => touchedGroups(this.store),
    );
  }

  /** Answers false, with the journeys as they were, where everything must be correlated. */
  private async correlateTouched(): Promise<boolean> {
    const [before, groups] = await this.known();
    if (!before) return false;
    if (isNone(groups)) {
      if (this.options.rollup) await catchUpRollup(this.store, this.options.rollupFrom);
      return this.sameParameters(before, []);
    }
    await this.timed('take', () => takeTouched(this.store, groups.taken));
    const [touched] = await this.store.together(
      () => rowCount(this.store, 'taken_groups'),
      () => this.emptyStages(),
    );
    if (touched > MOST_TOUCHED) return false;
    const facts = await this.timed('gather', () => gatherTouched(this.store, MOST_TOUCHED));
    if (!facts || !this.sameParameters(before, facts.mtas)) return false;
    const names = before.get('all_mtas')?.texts ?? [];
    const mtas = new MtaNames(names, this.options.mtaAliases);
    const correlation = new Correlation(this.store, 'stage_events', mtas, this.options.verdictThresholdMs);
    const [mark] = await this.timed('build', () =>
      this.store.together(
        () => latestMark(this.store),
        () => correlation.run(silent, facts),
        () => this.store.command('correlate/replaced_journeys'),
      ),
    );
    await this.replaceJourneys(mark);
    const emptied = (): Promise<void> => this.emptyStages();
    await this.timed('empty', () => this.store.together(() => this.truncate('taken_groups'), emptied));
    return true;
  }

  private async timed<T>(step: CorrelationStep, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await work();
    this.stepMs.set(step, performance.now() - begun);
    return result;
  }

  /** Journeys and rollups change. Both are told of by the stages, so neither waits for the other, but for hours that are built anew from the journeys. */
  private async replaceJourneys(mark: RollupMark): Promise<void> {
    const { store, options } = this;
    const [hours, replaced] = await this.timed('replace', async () => {
      const [changed, gone] = await store.together(
        async () =>
          countsChanges(mark)
            ? (await store.rows<{ hour: number }>('correlate/touched_hours')).map(({ hour }) => hour)
            : [],
        () => rowCount(store, 'stage_replaced_journeys'),
      );
      await markChange(store, mark, changed);
      return [changed, gone] as const;
    });
    const change = (): Promise<void> => this.timed('exchange', () => this.exchangeJourneys(replaced));
    if (!mark.inLine || hours.length === 0) {
      await change();
      if (!mark.inLine && options.rollup) await this.timed('roll up', () => catchUpRollup(store, options.rollupFrom));
      return;
    }
    await this.timed('roll up', async () => {
      await store.together(
        () => addToPropertyRollups(store, 'touched'),
        async () => {
          await change();
          await followHours(store, hours, replaced === 0);
        },
      );
      await markInLine(store);
    });
  }

  private async exchangeJourneys(replaced: number): Promise<void> {
    const { store } = this;
    await store.gate.alone(async () => {
      if (replaced > 0) await store.command('correlate/mask_replaced_journeys');
      await store.command({ sql: 'INSERT INTO hoptime_store.journeys SELECT * FROM hoptime_store.stage_journeys' });
    });
  }

  /** Would a correlation of everything rest on what the one before rested on? A new MTA, another configuration: then it would not. */
  private sameParameters(
    before: ReadonlyMap<string, { texts: readonly string[]; numbers: readonly number[] }>,
    touched: readonly SeenMta[],
  ): boolean {
    const known = (name: string): string[] => [...(before.get(name)?.texts ?? [])];
    const own = new Set(known('own_mtas'));
    const told = known('all_mtas').filter((mta) => !own.has(mta));
    const seen = [
      ...touched,
      ...[...own].map((mta) => ({ mta, product: '' })),
      ...told.map((mta) => ({ mta, product: 'trace-headers' })),
    ];
    return parametersOf(seen, this.options).every(({ name, texts, numbers }) => {
      const then = before.get(name);
      return then && equal(then.texts, texts) && equal(then.numbers, numbers);
    });
  }

  private async emptyStages(): Promise<void> {
    // Most are: asking which are not costs less than emptying them all.
    const filled = (await this.store.rows<{ name: string }>('correlate/filled_stages')).map(({ name }) => name);
    const stages = STAGES.filter((stage) => filled.includes(`stage_${stage}`));
    await this.store.together(...stages.map((stage) => () => this.truncate(`stage_${stage}`)));
  }

  private async truncate(table: string): Promise<void> {
    await this.store.command({ sql: `TRUNCATE TABLE hoptime_store.${table}` });
  }
}

const isNone = ({ touched, taken }: { touched: number; taken: number }): boolean => touched + taken === 0;

function equal(some: readonly (string | number)[], others: readonly (string | number)[]): boolean {
  return some.length === others.length && some.every((value, i) => String(value) === String(others[i]));
}
