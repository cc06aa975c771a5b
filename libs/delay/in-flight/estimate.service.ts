import { type Store } from '../../store/store';
import { filterParameters, type JourneyFilter } from '../journey-filter';
import { SEGMENTS, SHARE_LIMITS_MS, type Distribution, type Segment } from '../report';
import { CONFIDENCE, KaplanMeier, type Band, type DurationCount } from './kaplan-meier';

/** The segments in which mail in flight has lasted for a known time. */
export const ESTIMATED = ['hes', 'downstream', 'total'] as const;
export type Estimated = (typeof ESTIMATED)[number];

const QUANTILES = { p50_ms: 0.5, p75_ms: 0.75, p90_ms: 0.9, p95_ms: 0.95, p99_ms: 0.99 } as const;
type QuantileName = keyof typeof QUANTILES;

/** The distribution of a segment with mail in flight counted in (Kaplan–Meier). Lengths in ms are cut to four digits. */
export interface InFlightEstimate {
  /** durations that ended, and those still in flight, of which only the least length is known */
  ended: number;
  in_flight: number;
  /** of the bands */
  confidence: number;
  quantiles: Record<QuantileName, Band>;
  /** limit in ms → share strictly under it */
  share_under: Record<string, Band>;
}

/** What the figures of a segment would be with all that is not known. */
export interface SegmentEstimate {
  /** journeys via HES that lack the figure and might have any: in flight, or not found again */
  unknown: number;
  /** limit in ms → the share under it if all of these were slower, and if all were faster */
  share_bounds: Record<string, { worst: number | null; best: number | null }>;
  /** null for the parts of the time at HES, of which nobody knows how long they last so far */
  kaplan_meier: InFlightEstimate | null;
}

export type Estimates = Partial<Record<Segment, SegmentEstimate>>;

/** The figures of the fleet with mail still under way and mail whose end is not known. */
export class EstimateService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** Estimates beside the plain figures of the same filter, whose counts and shares the bounds rest on. */
  async estimates(
    filter: JourneyFilter,
    figures: Partial<Record<Segment, Distribution>>,
    limitsMs: readonly number[] = SHARE_LIMITS_MS,
  ): Promise<Estimates> {
    const segments = SEGMENTS.filter((segment) => figures[segment]);
    const [curves, [unknown]] = await Promise.all([
      this.curves(
        filter,
        ESTIMATED.filter((segment) => figures[segment]),
      ),
      this.store.rows<Record<Segment, number>>('queries/unknown_durations', filterParameters(filter)),
    ]);
    return Object.fromEntries(
      segments.map((segment): [Segment, SegmentEstimate] => {
        const curve = curves.get(segment as Estimated);
        return [
          segment,
          {
            unknown: unknown[segment],
            share_bounds: boundsOf(figures[segment] as Distribution, unknown[segment], limitsMs),
            kaplan_meier: curve ? estimateOf(curve, limitsMs) : null,
          },
        ];
      }),
    );
  }

  /** The Kaplan–Meier estimate of each segment asked. */
  async curves(filter: JourneyFilter, segments: readonly Estimated[]): Promise<Map<Estimated, KaplanMeier>> {
    const parameters = { ...filterParameters(filter), segments };
    const [ended, inFlight] = await Promise.all([
      this.store.rows<{ segment: Estimated; ms: number; ended: number }>('queries/known_durations', parameters),
      this.store.rows<{ segment: Estimated; ms: number; in_flight: number }>('queries/durations_in_flight', parameters),
    ]);
    return new Map(
      segments.map((segment) => {
        const counts: DurationCount[] = [
          ...ended
            .filter((row) => row.segment === segment)
            .map((row) => ({ ms: row.ms, ended: row.ended, in_flight: 0 })),
          ...inFlight
            .filter((row) => row.segment === segment)
            .map((row) => ({ ms: row.ms, ended: 0, in_flight: row.in_flight })),
        ];
        return [segment, new KaplanMeier(counts)];
      }),
    );
  }
}

function estimateOf(curve: KaplanMeier, limitsMs: readonly number[]): InFlightEstimate {
  const quantiles = Object.entries(QUANTILES).map(([name, share]) => [name, curve.quantile(share)]);
  return {
    ended: curve.ended,
    in_flight: curve.inFlight,
    confidence: CONFIDENCE,
    quantiles: Object.fromEntries(quantiles) as Record<QuantileName, Band>,
    share_under: Object.fromEntries(limitsMs.map((limit) => [limit, curve.shareUnder(limit)])),
  };
}

function boundsOf(
  { count, share_under }: Distribution,
  unknown: number,
  limitsMs: readonly number[],
): SegmentEstimate['share_bounds'] {
  const all = count + unknown;
  return Object.fromEntries(
    limitsMs.map((limit) => {
      if (all === 0) return [limit, { worst: null, best: null }];
      const under = Math.round((share_under[limit] ?? 0) * count);
      return [limit, { worst: under / all, best: (under + unknown) / all }];
    }),
  );
}
