import { messageKey } from '../trace/message-id';
import { type Store } from '../store/store';
import { type Hop, type Journey, type JourneyEvent, type JourneyWithHops } from './journey';
import { filterParameters, type JourneyFilter } from './journey-filter';
import { eventFromRow, hopFromRow, journeyFromRow, type HopRow, type JourneyRow } from './journey-rows';
import { BEGINNING } from './time-range';
import { storeTime } from './store-time';
import { explainVerdict, type Explanation } from './verdict';

/** `time`: by first event. `slowest`: by total, the longest first, the unknown last. */
export const SORTS = ['time', 'slowest'] as const;
export type Sort = (typeof SORTS)[number];

export interface JourneyQuery {
  filter: JourneyFilter;
  sort: Sort;
  /** most journeys; Infinity for all */
  limit: number;
  /** whether the hops are wanted as well, which costs a second statement per page */
  withHops: boolean;
}

/** One journey with all that is known about it. */
export type JourneyAccount = Journey & {
  /** after HES, as in the list of journeys */
  hops: Hop[];
  /** before HES, where trace headers tell of them; HES itself is in the columns */
  upstream_hops: Hop[];
  explanation: Explanation;
  events: JourneyEvent[];
};

const PAGE = 20_000;

/** Finds journeys and accounts for them. */
export class JourneyService {
  /** `pageSize` is the number of journeys that are in memory at a time. */
  constructor(
    private readonly store: Pick<Store, 'rows'>,
    private readonly pageSize = PAGE,
  ) {}

  /** The journeys of a query in pages, so that any number is answered in bounded memory. Without `withHops` their hops are empty. */
  async *journeys(query: JourneyQuery): AsyncIterable<JourneyWithHops> {
    const parameters = { ...filterParameters(query.filter), sort: query.sort };
    let after: Record<string, unknown> = {
      after_key: '-9223372036854775808',
      after_at: storeTime(BEGINNING),
      after_id: '',
    };
    for (let left = query.limit; left > 0;) {
      const limit = Math.min(left, this.pageSize);
      const page = await this.store.rows<JourneyRow>('queries/journeys', { ...parameters, ...after, limit });
      const hops = query.withHops ? await this.hopsOf(page) : new Map<string, Hop[]>();
      for (const row of page) yield { ...journeyFromRow(row), hops: segment(hops.get(row.journey_id), 'downstream') };
      if (page.length < limit) return;
      left -= page.length;
      const last = page[page.length - 1];
      after = { after_key: last.sort_key, after_at: last.first_event_at, after_id: last.journey_id };
    }
  }

  /**
   * The journeys of one message, the slowest first, each with its hops, its verdict in words, and every event with file and line;
   * with `recipient` only those to it. Empty when the message is not known.
   */
  async account(messageId: string, recipient = ''): Promise<JourneyAccount[]> {
    const rows = await this.store.rows<JourneyRow>('queries/journeys_of_message', {
      message_key: messageKey(messageId),
      recipient: recipient.toLowerCase(),
    });
    const hops = await this.hopsOf(rows);
    const accounts: JourneyAccount[] = [];
    for (const row of rows) {
      const journey = journeyFromRow(row);
      const own = segment(hops.get(row.journey_id), 'downstream');
      const events = await this.eventsOf(row.journey_id);
      accounts.push({
        ...journey,
        hops: own,
        upstream_hops: segment(hops.get(row.journey_id), 'upstream'),
        explanation: explainVerdict(journey, own, events),
        events,
      });
    }
    return accounts;
  }

  private async eventsOf(journeyId: string): Promise<JourneyEvent[]> {
    const rows = await this.store.rows<JourneyEvent>('queries/journey_events', { journey_id: journeyId });
    return rows.map(eventFromRow);
  }

  private async hopsOf(journeys: readonly JourneyRow[]): Promise<Map<string, Hop[]>> {
    const byJourney = new Map<string, Hop[]>();
    if (journeys.length === 0) return byJourney;
    const times = journeys.map((journey) => journey.first_event_at).sort();
    const rows = await this.store.rows<HopRow>('queries/hops_of_journeys', {
      journey_ids: journeys.map((journey) => journey.journey_id),
      from: times[0],
      to: times[times.length - 1],
    });
    for (const row of rows) {
      const hops = byJourney.get(row.journey_id) ?? [];
      hops.push(hopFromRow(row));
      byJourney.set(row.journey_id, hops);
    }
    return byJourney;
  }
}

const segment = (hops: readonly Hop[] | undefined, name: string): Hop[] =>
  (hops ?? []).filter((hop) => hop.segment === name);
