import type { Store } from '../../store/store';
import { cidrRange, cidrsOf } from '../../trace/address-ranges';
import { HES_HOST_PATTERN, HES_HOST_SUFFIXES, HES_NETWORKS } from '../../trace/hes-hosts';
import type { Refusal } from './diagnosis';
import { refusalKind } from './refusal-kind';

/** A client of HES as {@link HesClientsService.clients} finds it. */
export interface HesClient {
  address: string;
  name: string;
  mtas: string[];
  events: number;
  first_at: string;
  last_at: string;
}

interface RefusalRow extends Omit<Refusal, 'kind' | 'journeys' | 'waiting_ms' | 'mta'> {
  mta: string;
  code: string;
}

type DelayRow = Pick<Refusal, 'told_by' | 'reply' | 'journeys' | 'waiting_ms'> & { mta: string };

/** Half-open range of times in which something happened, epoch ms; what is absent is open. */
export interface EventRange {
  readonly from?: number;
  readonly to?: number;
}

/** The ends of what the store's times can say. */
const BEGINNING = Date.UTC(1900, 0, 1);
const END = Date.UTC(2299, 11, 31);

const bounds = ({ from, to }: EventRange): { from_ms: number; to_ms: number } => ({
  from_ms: from ?? BEGINNING,
  to_ms: to ?? END,
});

/** What the store says of HES's connections: who came, and who was turned away. */
export class HesClientsService {
  /** @param networks of the configuration, treated as HES besides the published ones */
  constructor(
    private readonly store: Pick<Store, 'rows'>,
    private readonly networks: readonly string[],
  ) {}

  /** Clients known as HES's by verified name or by address (delay model §4.5) that came in a range; at most 5,000, the latest. */
  clients(range: EventRange = {}): Promise<HesClient[]> {
    return this.store.rows<HesClient>('queries/hes_clients', {
      ...bounds(range),
      suffixes: [...HES_HOST_SUFFIXES],
      pattern: HES_HOST_PATTERN,
      // The engine takes no single address for a range.
      networks: cidrsOf([...HES_NETWORKS, ...this.networks].flatMap((network) => cidrRange(network) ?? [])),
    });
  }

  /** Answers in a range that turned `clients` away, or that HES says it got: at most 200, those of the largest delay first. */
  async refusals(clients: readonly HesClient[], range: EventRange = {}): Promise<Refusal[]> {
    const parameters = {
      ...bounds(range),
      addresses: [...new Set(clients.map(({ address }) => address))],
      names: [...new Set(clients.map(({ name }) => name).filter(Boolean))],
    };
    const rows = await this.store.rows<RefusalRow>('queries/hes_refusals', parameters);
    const delays = await this.store.rows<DelayRow>('queries/hes_refusal_delays', parameters);
    const key = (row: Pick<DelayRow, 'told_by' | 'mta' | 'reply'>): string =>
      JSON.stringify([row.told_by, row.mta, row.reply]);
    const byAnswer = new Map(delays.map((row) => [key(row), row]));
    return rows
      .map((row): Refusal => {
        const { told_by, mta, reply, refusals, addresses, first_at, last_at, code } = row;
        const { journeys = 0, waiting_ms = 0 } = byAnswer.get(key(row)) ?? {};
        const kind = refusalKind(reply, code);
        return { told_by, mta: mta || null, kind, reply, refusals, addresses, first_at, last_at, journeys, waiting_ms };
      })
      .sort((a, b) => b.waiting_ms - a.waiting_ms || b.refusals - a.refusals || (a.reply < b.reply ? -1 : 1));
  }
}
