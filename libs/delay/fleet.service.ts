import { type Store } from '../store/store';
import { DelayService, type CoverageFigures } from './delay.service';
import { fleetHops, type FleetHops } from './fleet-hops';
import { filterParameters, isFiltered, type JourneyFilter } from './journey-filter';
import { isoFromStore } from './store-time';

export interface Unmatched {
  source: string;
  reason: 'no_hop_after_hes' | 'no_hes_record' | 'origin_unknown';
  journeys: number;
}

export interface RejectedBySource {
  source: string | null;
  reason: string;
  records: number;
  files: number;
}

/** What the store holds. Times are ISO 8601 UTC; null when it is empty. */
export interface StoreRange {
  from: string | null;
  /** one millisecond past the last first event */
  to: string | null;
  journeys: number;
  inputs: number;
  changed_at: string | null;
  /** another text whenever journeys or inputs may have changed */
  revision: string;
}

/** The fleet as a whole: its MTAs and links, and how much of its mail is known. */
export class FleetService {
  private readonly delays: DelayService;

  constructor(private readonly store: Pick<Store, 'rows'>) {
    this.delays = new DelayService(store);
  }

  async hops(filter: JourneyFilter): Promise<FleetHops> {
    const parameters = { ...filterParameters(filter), filtered: isFiltered(filter) ? 1 : 0 };
    const [{ hes }, hops, links, [sums]] = await Promise.all([
      this.delays.figures(filter, ['hes']),
      this.delays.hops(filter),
      this.store.rows<{ mta: string; next_mta: string; journeys: number; transfers: number; quantiles_ms: number[] }>(
        'queries/hop_links',
        parameters,
      ),
      this.store.rows<{ hes_sum_ms: number | null }>('queries/hes_sum', filterParameters(filter)),
    ]);
    const { count, p50_ms, p95_ms, p99_ms } = hes;
    return fleetHops(
      { count, p50_ms, p95_ms, p99_ms, sum_ms: sums.hes_sum_ms },
      hops,
      links.map(({ mta, next_mta, journeys, transfers, quantiles_ms }) => ({
        mta,
        next_mta: next_mta || null,
        journeys,
        transfer_p50_ms: transfers ? quantiles_ms[0] : null,
        transfer_p95_ms: transfers ? quantiles_ms[1] : null,
      })),
    );
  }

  async coverage(
    filter: JourneyFilter,
  ): Promise<CoverageFigures & { unmatched: Unmatched[]; rejected: RejectedBySource[] }> {
    const [figures, unmatched, rejected] = await Promise.all([
      this.delays.coverage(filter),
      this.store.rows<Unmatched>('queries/coverage_unmatched', filterParameters(filter)),
      this.store.rows<RejectedBySource>('queries/rejected_by_source'),
    ]);
    return { ...figures, unmatched, rejected };
  }

  async range(): Promise<StoreRange> {
    const [row] = await this.store.rows<{
      first_at: string | null;
      last_at: string | null;
      journeys: number;
      inputs: number;
      changed_at: string | null;
      revision: string;
    }>('queries/range');
    const last = isoFromStore(row.last_at);
    return {
      from: isoFromStore(row.first_at),
      to: last && new Date(Date.parse(last) + 1).toISOString(),
      journeys: row.journeys,
      inputs: row.inputs,
      changed_at: isoFromStore(row.changed_at),
      revision: row.revision,
    };
  }
}
