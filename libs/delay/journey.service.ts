import { messageKey } from '../trace/message-id';
import type { Pseudonyms } from '../trace/pseudonyms';
import { type Store } from '../store/store';
import { JOURNEYS, journeysByTime } from './journeys-by-time';
import { type Hop, type Journey, type JourneyEvent, type JourneyWithHops } from './journey';
import { filterParameters, type JourneyFilter } from './journey-filter';
import { eventFromRow, hopFromRow, journeyFromRow, type HopRow, type JourneyRow } from './journey-rows';
import { durationColumn, type Segment } from './report';
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
  /** a whole Message-ID, or a whole address of sender or recipient */
  search?: string;
  /** only where this segment (default total) took from `minMs` up to, not including, `maxMs` */
  segment?: Segment;
  minMs?: number;
  maxMs?: number;
  /** where to go on; without, from the first */
  after?: Place;
}

/** The place of a journey in the order of a query. */
export interface Place {
  /** decimal 64-bit number: 0, or for `slowest` the total, negative */
  key: string;
  /** first event as the store writes it */
  at: string;
  id: string;
}

export interface JourneyPage {
  journeys: JourneyWithHops[];
  /** `after` of the next page; null: this is the last one */
  next: Place | null;
}

/** One journey with all that is known about it. */
export type JourneyAccount = Journey & {
  /** name of the journey, as in the views */
  journey_id: string;
  /** after HES, as in the list of journeys */
  hops: Hop[];
  /** before HES, where trace headers tell of them; HES itself is in the columns */
  upstream_hops: Hop[];
  explanation: Explanation;
  events: JourneyEvent[];
};

/** A journey as a report names it. */
export interface KnownJourney {
  readonly messageId: string;
  /** '' = any */
  readonly recipient: string;
  readonly totalMs: number | null;
  /** when its first event was, epoch ms */
  readonly at: number;
}

const PAGE = 5_000;
/** So few journeys are looked for by their times as well, which saves reading what lies between them. */
const FEW = 100;
/** Of Int64: stand for "no bound". */
const LEAST = '-9223372036854775808';
const MOST = '9223372036854775807';
const FROM_THE_FIRST: Place = { key: LEAST, at: storeTime(BEGINNING), id: '' };

/** Finds journeys and accounts for them. */
export class JourneyService {
  /** `pageSize` is the number of journeys that are in memory at a time. */
  constructor(
    private readonly store: Pick<Store, 'rows'> & { readonly pseudonyms?: Pseudonyms },
    private readonly pageSize = PAGE,
  ) {}

  /** The journeys of a query in pages, so that any number is answered in bounded memory. Without `withHops` their hops are empty. */
  async *journeys(query: JourneyQuery): AsyncIterable<JourneyWithHops> {
    let after: Place | null = query.after ?? FROM_THE_FIRST;
    for (let left = query.limit; left > 0 && after;) {
      const page: JourneyPage = await this.page({ ...query, after, limit: Math.min(left, this.pageSize) });
      yield* page.journeys;
      left -= page.journeys.length;
      after = page.next;
    }
  }

  /** At most `limit` journeys of a query, and where to go on. */
  async page(query: JourneyQuery): Promise<JourneyPage> {
    const { key, at, id } = query.after ?? FROM_THE_FIRST;
    const found = await this.store.rows<JourneyRow>(query.sort === 'time' ? journeysByTime() : JOURNEYS, {
      ...filterParameters(query.filter),
      sort: query.sort,
      duration: durationColumn(query.segment ?? 'total'),
      min_ms: query.minMs ?? LEAST,
      max_ms: query.maxMs ?? MOST,
      search: this.asked(query.search ?? ''),
      search_key: this.askedId(query.search ?? ''),
      after_key: key,
      after_at: at,
      after_id: id,
      // one more tells whether there is a next page
      limit: query.limit + 1,
    });
    const rows = found.slice(0, query.limit);
    const hops = query.withHops ? await this.hopsOf(rows) : new Map<string, Hop[]>();
    const journeys = rows.map((row) => ({
      ...journeyFromRow(row),
      hops: segment(hops.get(row.journey_id), 'downstream'),
    }));
    return { journeys, next: found.length > rows.length ? placeOf(rows[rows.length - 1]) : null };
  }

  /**
   * The journeys of one message, the slowest first, each with its hops, its verdict in words, and every event with file and line;
   * with `recipient` only those to it. Empty when the message is not known.
   */
  async account(messageId: string, recipient = ''): Promise<JourneyAccount[]> {
    return (await this.accounts(messageId, recipient, Infinity)).journeys;
  }

  /**
   * As {@link account}, but at most `limit` of them, and how many more there are.
   * @param range where their first event lies, epoch ms, half-open: found much faster where it is known
   */
  async accounts(
    messageId: string,
    recipient: string,
    limit: number,
    range: Pick<JourneyFilter, 'from' | 'to'> = {},
  ): Promise<{ journeys: JourneyAccount[]; more: number }> {
    const { from, to } = filterParameters(range);
    const all = await this.store.rows<JourneyRow>('queries/journeys_of_messages', {
      from,
      to,
      times: [],
      message_keys: [this.askedId(messageId)],
      recipient: this.asked(recipient),
    });
    const rows = all.slice(0, limit);
    return { journeys: await this.accountsOfRows(rows), more: all.length - rows.length };
  }

  /**
   * The accounts of journeys of which Message-ID, recipient, total and begin are known, in the order asked; of those that are not there, nothing. Two statements find
   * them, however many they are: planning them for each was most of what the slowest of a report cost.
   */
  async accountsOfKnown(known: readonly KnownJourney[]): Promise<JourneyAccount[]> {
    if (known.length === 0) return [];
    const times = known.map(({ at }) => at).sort((a, b) => a - b);
    const { from, to } = filterParameters({ from: times[0], to: times[times.length - 1] + 1 });
    const all = await this.store.rows<JourneyRow & { message_key: string }>('queries/journeys_of_messages', {
      from,
      to,
      times: times.map(storeTime),
      message_keys: known.map(({ messageId }) => this.askedId(messageId)),
      recipient: '',
    });
    const found = known.flatMap(({ messageId, recipient, totalMs, at }) => {
      const [key, to_recipient, begin] = [this.askedId(messageId), this.asked(recipient), storeTime(at)];
      // A Message-ID may come again, even in the same millisecond: the one that is meant took as long.
      const row = all.find(
        (each) =>
          each.message_key === key &&
          (to_recipient === '' || (each.recipient ?? '').toLowerCase() === to_recipient) &&
          each.first_event_at === begin &&
          journeyFromRow(each).total_ms === totalMs,
      );
      return row ? [row] : [];
    });
    return this.accountsOfRows(found);
  }

  private async accountsOfRows(rows: readonly JourneyRow[]): Promise<JourneyAccount[]> {
    const hops = await this.hopsOf(rows);
    const journeys: JourneyAccount[] = [];
    for (const row of rows) {
      const journey = journeyFromRow(row);
      const own = segment(hops.get(row.journey_id), 'downstream');
      const events = await this.eventsOf(row.journey_id);
      journeys.push({
        ...journey,
        journey_id: row.journey_id,
        hops: own,
        upstream_hops: segment(hops.get(row.journey_id), 'upstream'),
        explanation: explainVerdict(journey, own, events),
        events,
      });
    }
    return journeys;
  }

  /** An address as the store has it. */
  private asked(address: string): string {
    const text = address.trim().toLowerCase();
    return this.store.pseudonyms?.ofAddress(text) ?? text;
  }

  private askedId(messageId: string): string {
    const key = messageKey(messageId);
    return this.store.pseudonyms?.ofMessageId(key) ?? key;
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
      times: times.length > FEW ? [] : times,
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

const placeOf = ({ sort_key, first_event_at, journey_id }: JourneyRow): Place => ({
  key: String(sort_key),
  at: first_event_at,
  id: journey_id,
});
