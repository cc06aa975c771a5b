import { asker } from '../../store/asker';
import { rowScope } from '../../store/row-scope';
import { type JourneyFilter, filterParameters } from '../journey-filter';
import { storeTime } from '../store-time';
import { BEGINNING, END } from '../time-range';
import { clockChanges, type ClockChange } from './clock-changes';
import { clockLeads, type ClockLeads, type ClockPair } from './clock-leads';
import { correctedStore, type Rows } from './corrected-store';
import { pairSegments, type ClockHour } from './pair-segments';

export const CLOCKS = ['raw', 'corrected'] as const;
/** Whether figures are as the logs say them, or corrected for the offsets between the clocks that wrote them. */
export type Clock = (typeof CLOCKS)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Mail of a range may be under way for so long; where an hour has no transfers, those of a day around it count. */
const MARGIN_MS = 7 * DAY_MS;
const KEPT_ANSWERS = 8;

/** How large the corrections of some journeys are; sizes without sign. */
export interface ClockCorrection {
  /** the clock that counts as right */
  reference: string | null;
  /** journeys whose figures are differences between two clocks, and were corrected */
  corrected: number;
  /** journeys whose figures are differences on one clock, or that have none */
  one_clock: number;
  /** journeys whose figures stay raw, since the offset between their clocks is not known */
  not_correctable: number;
  p50_ms: number | null;
  p95_ms: number | null;
  max_ms: number | null;
  /** journeys of which a figure is still negative: the correction is an estimate, and nothing is cut off */
  negative: number;
}

/** A pair of MTAs with all that is known of the offset between their clocks. */
export interface ClockPairAnswer {
  from_mta: string;
  to_mta: string;
  transfers: number;
  hours: ClockHour[];
  changes: ClockChange[];
}

/** The clocks of the MTAs (delay model §5): offsets, changes, and a store whose figures are corrected by them. */
export class ClockService {
  private readonly kept = new Map<string, Promise<ClockLeads>>();

  /**
   * @param mail whose transfers the leads of a range come from: also that of a week around it, or of the journeys of the range alone, so that what fed
   * these is enough to compute them again (issued reports)
   */
  constructor(
    private readonly store: Rows,
    private readonly mail: 'around' | 'of the range' = 'around',
  ) {}

  /** The offsets of all pairs in the hours of a range, the pairs with most transfers first, and the leads of each MTA. */
  async clocks(filter: Pick<JourneyFilter, 'from' | 'to'>): Promise<{ pairs: ClockPairAnswer[]; leads: ClockLeads }> {
    const found = byPair(await this.hours(filter, 0));
    const pairs = found.map(({ hours: own, ...pair }) => ({
      from_mta: pair.from_mta,
      to_mta: pair.to_mta,
      transfers: own.reduce((sum, { transfers }) => sum + transfers, 0),
      hours: own,
      changes: clockChanges(pair),
    }));
    return { pairs: pairs.sort((a, b) => b.transfers - a.transfers), leads: clockLeads(found) };
  }

  /** The store, answering as if the clocks had been right; for journeys whose first event lies in the range. */
  async corrected(filter: Pick<JourneyFilter, 'from' | 'to'>): Promise<Rows> {
    return correctedStore(this.store, await this.leads(filter));
  }

  /** The store for a clock: itself where raw figures are asked. */
  async storeFor(clock: Clock, filter: Pick<JourneyFilter, 'from' | 'to'>): Promise<Rows> {
    return clock === 'raw' ? this.store : this.corrected(filter);
  }

  /** How much the corrected figures of some journeys differ from the raw ones. */
  async correction(filter: JourneyFilter): Promise<ClockCorrection> {
    const leads = await this.leads(filter);
    const [row] = await correctedStore(this.store, leads).rows<
      Omit<ClockCorrection, 'p50_ms' | 'p95_ms' | 'reference'> & { quantiles_ms: number[] }
    >('queries/clock_status', filterParameters(filter));
    const { quantiles_ms, corrected, one_clock, not_correctable, max_ms, negative } = row;
    const [p50_ms, p95_ms] = corrected > 0 ? quantiles_ms : [null, null];
    return { reference: leads.reference, corrected, one_clock, not_correctable, p50_ms, p95_ms, max_ms, negative };
  }

  /** The leads for the journeys of a range; those of the last few ranges are kept until the journeys change. */
  private async leads({ from, to }: Pick<JourneyFilter, 'from' | 'to'>): Promise<ClockLeads> {
    const isOwn = this.mail === 'of the range';
    // who computes from the range alone computes one report, while nothing changes
    const revision = isOwn ? '' : (await this.store.rows<{ revision: string }>('queries/range'))[0].revision;
    // Who sees the mail of some domains has leads of that mail, and others must not have those.
    const key = `${revision} ${from ?? ''} ${to ?? ''} ${(rowScope.getStore() ?? []).join(' ')}`;
    let found = this.kept.get(key);
    if (!found) {
      // Others may wait for it too: that one of them goes must not give it up.
      const hours = asker.exit(() => (isOwn ? this.ownHours({ from, to }) : this.hours({ from, to }, MARGIN_MS)));
      found = hours.then((rows) => clockLeads(byPair(rows)));
      this.kept.set(key, found);
      found.catch(() => this.kept.delete(key));
      const [oldest] = this.kept.keys();
      if (this.kept.size > KEPT_ANSWERS) this.kept.delete(oldest);
    }
    return found;
  }

  private ownHours({ from = BEGINNING, to = END }: Pick<JourneyFilter, 'from' | 'to'>): Promise<ClockHour[]> {
    const [all_from, all_to] = [BEGINNING, END].map(storeTime);
    return this.store.rows<ClockHour>('queries/clock_hours', {
      from: all_from,
      to: all_to,
      scan_from: storeTime(from),
      scan_to: storeTime(to),
    });
  }

  private async hours({ from, to }: Pick<JourneyFilter, 'from' | 'to'>, marginMs: number): Promise<ClockHour[]> {
    const hour = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;
    const bound = (ms: number): string => storeTime(Math.min(END, Math.max(BEGINNING, ms)));
    const first = from === undefined ? BEGINNING : hour(from) - marginMs;
    const last = to === undefined ? END : hour(to + HOUR_MS - 1) + marginMs;
    return this.store.rows<ClockHour>('queries/clock_hours', {
      from: bound(first),
      to: bound(last),
      // an hour is whole only with the mail that came to HES days before
      scan_from: bound(first - MARGIN_MS),
      scan_to: bound(last),
    });
  }
}

function byPair(hours: readonly ClockHour[]): (ClockPair & { hours: ClockHour[] })[] {
  const pairs = new Map<string, ClockHour[]>();
  for (const hour of hours) {
    const key = `${hour.from_mta} ${hour.to_mta}`;
    const own = pairs.get(key);
    if (own) own.push(hour);
    else pairs.set(key, [hour]);
  }
  return [...pairs.values()].map((own) => ({
    from_mta: own[0].from_mta,
    to_mta: own[0].to_mta,
    hours: own,
    segments: pairSegments(own),
  }));
}
