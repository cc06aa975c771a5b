import {
  openTemporaryStore,
  writeEvents,
  type EventFacts,
  type TemporaryStore,
} from '../store/temporary-store.fixture';
import { Correlator } from './correlator';

/** All times of these specs are ms after this one: a whole second, 2026-03-02T12:00:00Z. */
export const T0 = Date.UTC(2026, 2, 2, 12);

/** What correlation makes of events, once and for many stories: each story has a recipient domain of its own. */
export class Correlation {
  private constructor(private readonly own: TemporaryStore) {}

  static async of(events: readonly EventFacts[]): Promise<Correlation> {
    const own = await openTemporaryStore();
    await writeEvents(own.store, events);
    await new Correlator(own.store).correlate();
    return new Correlation(own);
  }

  /** Hops as `message recipient received→relayed outcome`, by time; the local part of the recipient; unknown is `-`. */
  async hops(domain: string): Promise<string[]> {
    const rows = await this.own.store.rows<{ hop: string }>(
      {
        sql: `SELECT concat(ifNull(h.message_id, '-'), ' ', splitByChar('@', ifNull(h.recipient, '-'))[1], ' ',
            ifNull(toString(toUnixTimestamp64Milli(received_at) - {t0:Int64}), '-'), '→',
            ifNull(toString(toUnixTimestamp64Milli(relayed_at) - {t0:Int64}), '-'), ' ', outcome,
            if(h.deferrals > 0, concat(' ', toString(h.deferrals), ' deferred'), '')) AS hop
          FROM hoptime.hops AS h INNER JOIN hoptime.journeys AS j USING (journey_id)
          WHERE j.recipient_domain = {domain:String} OR endsWith(j.message_key, concat('@', {domain:String})) ORDER BY received_at, begun_at, hop`,
      },
      { domain, t0: T0 },
    );
    return rows.map(({ hop }) => hop);
  }

  /** Columns of journeys, by time; `…_at` as ms after {@link T0}. */
  async journeys(domain: string, columns: readonly string[]): Promise<unknown[][]> {
    const list = columns.map((c) => (c.endsWith('_at') ? `toUnixTimestamp64Milli(${c}) - {t0:Int64} AS ${c}_ms` : c));
    const rows = await this.own.store.rows<Record<string, unknown>>(
      {
        sql: `SELECT ${list.join(', ')} FROM hoptime.journeys WHERE recipient_domain = {domain:String}
          ORDER BY first_event_at, recipient, journey_id`,
      },
      { domain, t0: T0 },
    );
    return rows.map((row) => columns.map((c) => row[c.endsWith('_at') ? `${c}_ms` : c]));
  }

  /** Recipient and sender domain of the journeys to a recipient. */
  async domains(recipient: string): Promise<(string | null)[][]> {
    const rows = await this.own.store.rows<{ to: string | null; from: string | null }>(
      {
        sql: 'SELECT recipient_domain AS to, sender_domain AS from FROM hoptime.journeys WHERE recipient = {recipient:String}',
      },
      { recipient },
    );
    return rows.map(({ to, from }) => [to, from]);
  }

  close(): Promise<void> {
    return this.own.close();
  }
}

/** A delivery line's facts; durations in ms. */
export interface Attempt {
  kind?: 'deferred' | 'delivered' | 'bounced';
  to?: string;
  /** delay=, in whole seconds of the log's text unless `unit` says otherwise */
  delay?: number;
  unit?: number;
  /** delays=a/b/c/d */
  parts?: [number, number, number, number];
}

/** Lines of one queue id at mx1, at ms after {@link T0}. The domain is that of all recipients, and makes the queue id unique. */
export class PostfixLines {
  constructor(
    private readonly domain: string,
    private readonly resolution = 1,
  ) {}

  client = (at: number, peer = 'out.far.example'): EventFacts =>
    this.line('opened', 'client', at, { peer, peerAddress: '192.0.2.7' });
  pickup = (at: number): EventFacts => this.line('opened', 'pickup', at, { sender: 'root@corp.example' });
  messageId = (at: number, messageId: string): EventFacts =>
    this.line('opened', 'message-id', at, { messageId: `${messageId}@${this.domain}` });
  active = (at: number): EventFacts => this.line('received', 'queue-active', at, { sender: 's@far.example' });
  hold = (at: number): EventFacts => this.line('quarantined', 'hold', at);
  unhold = (at: number): EventFacts => this.line('released', 'unhold', at);
  removed = (at: number): EventFacts => this.line('closed', 'removed', at);

  attempt(at: number, { kind = 'delivered', to = 'a', delay, unit = 1000, parts }: Attempt = {}): EventFacts {
    const [beforeQueueMs, inQueueMs, connectMs, transmitMs] = parts ?? [];
    const delays = { delayMs: delay, delayUnitMs: delay === undefined ? undefined : unit };
    return this.line(kind, 'delivery', at, {
      recipient: `${to}@${this.domain}`,
      ...delays,
      ...{ beforeQueueMs, inQueueMs, connectMs, transmitMs },
    });
  }

  private line(
    kind: EventFacts['kind'],
    statement: EventFacts['statement'],
    at: number,
    facts: Partial<EventFacts> = {},
  ): EventFacts {
    const source = { mta: 'mx1', product: 'postfix', queueId: `Q.${this.domain}`, timeResolutionMs: this.resolution };
    return { kind, statement, eventTime: T0 + at, ...source, ...facts };
  }
}
