import type { Store } from '../store/store';
import { filterParameters, type JourneyFilter } from './journey-filter';
import type { Pareto, ParetoCause, ParetoFigures } from './pareto';

const MOST_DOMAINS = 20;

interface Row {
  scope: 'all' | 'month' | 'recipient_domain';
  key: string;
  verdict: string;
  journeys: number;
  delay_ms: number;
  key_journeys: number;
  key_delay_ms: number;
}

/** Causes of delay by their share of it. */
export class ParetoService {
  constructor(private readonly store: Pick<Store, 'rows'>) {}

  /** @param timeZone IANA zone of the borders of months */
  async pareto(filter: JourneyFilter, timeZone: string): Promise<Pareto> {
    const parameters = { ...filterParameters(filter), tz: timeZone, domains: MOST_DOMAINS };
    const rows = await this.store.rows<Row>('queries/pareto', parameters);
    const groups = (scope: Row['scope']): { key: string; figures: ParetoFigures }[] => {
      const own = rows.filter((row) => row.scope === scope);
      return [...new Set(own.map(({ key }) => key))].map((key) => ({
        key,
        figures: figuresOf(own.filter((row) => row.key === key)),
      }));
    };
    const [all = { figures: { journeys: 0, delay_ms: 0, causes: [] } }] = groups('all');
    return {
      ...all.figures,
      months: groups('month').map(({ key, figures }) => ({ at: new Date(Number(key)).toISOString(), ...figures })),
      domains: groups('recipient_domain').map(({ key, figures }) => ({ recipient_domain: key, ...figures })),
    };
  }
}

function figuresOf(rows: readonly Row[]): ParetoFigures {
  const [{ key_journeys: journeys, key_delay_ms: delay_ms }] = rows;
  let before = 0;
  const causes = rows
    .filter(({ verdict }) => !['none', 'not_via_hes', 'unknown'].includes(verdict))
    .map((row): ParetoCause => {
      before += row.delay_ms;
      return {
        verdict: row.verdict,
        journeys: row.journeys,
        delay_ms: row.delay_ms,
        share_of_delay: share(row.delay_ms, delay_ms),
        cumulated_share: share(before, delay_ms),
      };
    });
  return { journeys, delay_ms, causes };
}

// Negative sums come from clock skew: a share that is none is not shown as one.
const share = (part: number, all: number): number | null => (all > 0 ? Math.min(1, Math.max(0, part / all)) : null);
