import type { Store } from '../../store/store';
import { filterParameters, type JourneyFilter } from '../journey-filter';
import { durationColumn } from '../report';
import { storeTime } from '../store-time';
import type { Clause, Tier } from './clause';
import { monthsOf, type Period } from './periods';
import type { LeftOut, SlaResult } from './sla';

interface Row {
  counted: number;
  taken: number;
  sum_ms: number;
  percentile_ms: number;
  under: number;
  unknown: number;
  taken_of_all: number;
  best_sum_ms: number;
  best_percentile_ms: number;
  best_under: number;
  worst_is_bounded: number;
  worst_sum_ms: number;
  worst_percentile_ms: number | null;
  worst_under: number;
  left_out_counts: Partial<Record<LeftOut, number>>;
}

/** A clause over one of its periods. */
interface Asked {
  readonly clause: Clause;
  readonly period: Period;
  readonly tz: string;
}

/** Clauses of service level agreements over the journeys of a range. */
export class SlaService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /**
   * Each clause over each of its periods in the range, in that order. Exact: computed from the journeys themselves. Clauses that measure the same mail
   * are one statement.
   * @param range epoch ms, half-open
   * @param timeZone of periods whose clause names none
   */
  async evaluate(
    clauses: readonly Clause[],
    range: { readonly from: number; readonly to: number },
    timeZone: string,
    filter: JourneyFilter = {},
  ): Promise<SlaResult[]> {
    const asked = clauses.flatMap((clause): Asked[] => {
      const tz = clause.zone ?? timeZone;
      const whole: Period = { name: 'range', ...range, whole: true };
      const periods = clause.period === 'range' ? [whole] : monthsOf(range.from, range.to, tz);
      return periods.map((period) => ({ clause, period, tz }));
    });
    const samples = new Map<string, { parameters: Record<string, unknown>; places: number[] }>();
    asked.forEach(({ clause, period: { from, to } }, place) => {
      const parameters = { ...filterParameters({ ...filter, from, to }), ...sampleOf(clause) };
      const key = JSON.stringify(parameters);
      const sample = samples.get(key) ?? { parameters, places: [] };
      sample.places.push(place);
      samples.set(key, sample);
    });
    const results: SlaResult[] = [];
    for (const { parameters, places } of samples.values()) {
      const measures = measuresOf(places.map((place) => asked[place].clause));
      const rows = await this.store.rows<Row>('queries/sla_sample', { ...parameters, ...measures });
      places.forEach((place, i) => (results[place] = resultOf(asked[place], rows[i])));
    }
    return results;
  }
}

/** Which mail a clause measures, and what it takes off its values. */
function sampleOf({ segment, direction, exclude }: Clause): Record<string, unknown> {
  const held = segment !== 'downstream';
  return {
    duration: durationColumn(segment),
    direction_wanted: direction ?? '',
    without_quarantine: exclude.quarantine && held ? 1 : 0,
    // `hes_processing` is without it already
    without_waiting: exclude.waiting && (segment === 'hes' || segment === 'total') ? 1 : 0,
    without_recipient_domains: exclude.recipient_domains,
    without_sender_domains: exclude.sender_domains,
    larger_than_bytes: exclude.larger_than_bytes ?? -1,
    windows_from: exclude.windows.map(({ from }) => storeTime(from)),
    windows_to: exclude.windows.map(({ to }) => storeTime(to)),
  };
}

const measuresOf = (clauses: readonly Clause[]): Record<string, number[]> => ({
  fastest: clauses.map(({ fastest }) => fastest),
  level: clauses.map(({ level }) => level ?? 1),
  under_ms: clauses.map(({ under_ms }) => under_ms ?? 0),
});

function resultOf({ clause, period, tz }: Asked, row: Row): SlaResult {
  const { exact, value, best, worst } = figures(clause, row);
  const tier = exact === null ? null : reached(clause.tiers, exact);
  return {
    clause: clause.name,
    title: clause.title,
    source: clause.source,
    segment: clause.segment,
    measure: clause.measure,
    level: clause.level ?? null,
    under_ms: clause.under_ms ?? null,
    fastest: clause.fastest,
    period: period.name,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    tz,
    whole_period: period.whole,
    value,
    best,
    worst,
    met: value === null ? null : tier === null,
    tier: tier && {
      over_ms: tier.over_ms ?? null,
      below_share: tier.below_share ?? null,
      credit: tier.credit ?? null,
    },
    counted: row.counted,
    measured: row.taken,
    left_out: row.left_out_counts,
  };
}

/** `exact` is what tiers are held against: a mean is not rounded for that. */
type Figures = Record<'exact' | 'value' | 'best' | 'worst', number | null>;

function figures({ measure }: Clause, row: Row): Figures {
  const { taken, taken_of_all: all } = row;
  const per = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);
  if (measure === 'share_under')
    return {
      exact: per(row.under, taken),
      value: per(row.under, taken),
      best: per(row.best_under, all),
      worst: per(row.worst_under, all),
    };
  if (measure === 'percentile') {
    const value = taken === 0 ? null : row.percentile_ms;
    return { exact: value, value, best: all === 0 ? null : row.best_percentile_ms, worst: row.worst_percentile_ms };
  }
  return {
    exact: per(row.sum_ms, taken),
    value: whole(per(row.sum_ms, taken)),
    best: whole(per(row.best_sum_ms, all)),
    worst: row.worst_is_bounded ? whole(per(row.worst_sum_ms, all)) : null,
  };
}

// To the millisecond, halves up, as every mean of the program.
const whole = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms + 0.5));

/** The hardest step that a value reaches: strictly over a limit, or strictly below a share. */
function reached(tiers: readonly Tier[], value: number): Tier | null {
  const hit = tiers.filter(({ over_ms, below_share }) =>
    over_ms !== undefined ? value > over_ms : value < (below_share as number),
  );
  const hardness = (tier: Tier): number => tier.over_ms ?? -(tier.below_share as number);
  return hit.reduce<Tier | null>((worst, tier) => (worst && hardness(worst) >= hardness(tier) ? worst : tier), null);
}
