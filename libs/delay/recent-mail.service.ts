import { DelayService, type FigureSource } from './delay.service';
import type { JourneyFilter } from './journey-filter';
import { PropertyRollupService, type HistogramStore } from './property-rollup.service';
import type { Distribution, Segment } from './report';

const HOUR_MS = 3_600_000;
/** What is older is no news: an MTA gives mail up after some days (Postfix, `maximal_queue_lifetime`: 5). */
const IN_FLIGHT_MS = 5 * 24 * HOUR_MS;

/** How mail does at the moment. */
export interface RecentMail {
  /** journeys whose first event lies in the last hour */
  readonly segments: Readonly<Record<Segment, Distribution>>;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly journeys: number;
  /** journeys of the last 5 days that have not ended, and the first event of the oldest; ISO 8601 */
  readonly inFlight: { readonly count: number; readonly oldest_at: string | null };
  /** first event of the newest journey of the last 5 days, ISO 8601; null = there is none */
  readonly newestAt: string | null;
}

/** What a monitoring system asks every few seconds: the last hour, and what has been on its way for long. */
export class RecentMailService {
  private readonly delays: DelayService;
  private readonly rollups: PropertyRollupService;

  constructor(store: HistogramStore) {
    this.delays = new DelayService(store);
    this.rollups = new PropertyRollupService(store);
  }

  /** @param now epoch ms; what lies later, by a clock that is wrong, counts in neither */
  async at(now: number): Promise<RecentMail> {
    const hour = { from: now - HOUR_MS, to: now };
    const [segments, verdicts, { coverage }, { in_flight: inFlight, last_at: newestAt }] = await Promise.all([
      this.delays.figures(hour),
      this.delays.verdicts(hour),
      this.delays.coverage(hour),
      this.coverage({ from: now - IN_FLIGHT_MS, to: now }),
    ]);
    return { segments, verdicts, journeys: coverage.journeys, inFlight, newestAt };
  }

  private async coverage(days: JourneyFilter): ReturnType<FigureSource['coverage']> {
    const rolled = await this.rollups.serves(days);
    return rolled ? this.rollups.coverage(rolled) : this.delays.coverage(days);
  }
}
