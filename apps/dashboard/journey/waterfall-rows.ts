import type { Hop, JourneyEvent, Journey } from '../../../libs/delay/journey';

/** A stretch of time on the axis, as shares of its length, 0 … 1. */
export interface Stretch {
  readonly kind: 'hes_processing' | 'hes_waiting' | 'downstream' | 'upstream';
  readonly from: number;
  readonly to: number;
}

/** A deferral or refusal on the axis, with the reply that caused it. */
export interface Mark {
  readonly at: number;
  readonly time: string;
  readonly reply: string | null;
}

export interface WaterfallRow {
  readonly name: string;
  readonly product: string | null;
  readonly dwell_ms: number | null;
  readonly received_at: string | null;
  readonly relayed_at: string | null;
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
  readonly hop: Hop | null;
}

export interface Waterfall {
  /** both ends of the axis, ISO 8601 UTC */
  readonly from: string;
  readonly to: string;
  readonly rows: readonly WaterfallRow[];
}

type Account = Journey & {
  readonly hops: readonly Hop[];
  readonly upstream_hops: readonly Hop[];
  readonly events: readonly JourneyEvent[];
};

/**
 * Where the custody of each hop lies on one axis from the first to the last known moment; HES is one row, split at its first attempt.
 * Null when no two moments are known. Hops before HES are rows only, when they are known.
 */
export function waterfall(account: Account): Waterfall | null {
  const hops = [...account.upstream_hops, ...account.hops];
  const known = [
    account.hes_received_at,
    account.hes_released_at,
    account.delivered_at,
    ...hops.flatMap((hop) => [hop.received_at, hop.relayed_at]),
    ...account.events.filter(isRefusal).map((event) => event.event_time),
  ].flatMap((iso) => (iso === null ? [] : [Date.parse(iso)]));
  if (known.length < 2) return null;
  const from = Math.min(...known);
  const to = Math.max(...known, from + 1);
  const place = (iso: string): number => (Date.parse(iso) - from) / (to - from);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    rows: [
      ...account.upstream_hops.map((hop) => hopRow(hop, 'upstream', account, place)),
      ...(account.hes_received_at === null ? [] : [hesRow(account, account.hes_received_at, place)]),
      ...account.hops.map((hop) => hopRow(hop, 'downstream', account, place)),
    ],
  };
}

const isRefusal = ({ kind }: JourneyEvent): boolean => kind === 'deferred' || kind === 'rejected';

/** Refusals before the release are what HES waited for, whoever logged them; HES has said so itself or a later MTA has. */
const isBeforeRelease = (event: JourneyEvent, { via_hes, hes_released_at }: Journey): boolean =>
  event.mta === 'hes' || (via_hes === 'yes' && hes_released_at !== null && event.event_time < hes_released_at);

function hesRow(account: Account, received: string, place: (iso: string) => number): WaterfallRow {
  const { hes_first_attempt_at: attempt, hes_released_at: released } = account;
  const stretches: Stretch[] = [];
  const ready = attempt ?? released;
  if (ready !== null) stretches.push({ kind: 'hes_processing', from: place(received), to: place(ready) });
  if (attempt !== null && released !== null && attempt < released)
    stretches.push({ kind: 'hes_waiting', from: place(attempt), to: place(released) });
  return {
    name: 'HES',
    product: null,
    dwell_ms: account.hes_ms,
    received_at: received,
    relayed_at: released,
    stretches,
    marks: marksOf(
      account.events.filter((event) => isBeforeRelease(event, account)),
      place,
    ),
    hop: null,
  };
}

function hopRow(
  hop: Hop,
  kind: 'upstream' | 'downstream',
  account: Account,
  place: (iso: string) => number,
): WaterfallRow {
  const { received_at, relayed_at } = hop;
  const own = account.events.filter(
    (event) => event.mta === hop.mta && event.queue_id === hop.queue_id && !isBeforeRelease(event, account),
  );
  return {
    name: hop.mta ?? 'unknown MTA',
    product: hop.product,
    dwell_ms: hop.dwell_ms,
    received_at,
    relayed_at,
    stretches:
      received_at === null || relayed_at === null ? [] : [{ kind, from: place(received_at), to: place(relayed_at) }],
    marks: kind === 'downstream' ? marksOf(own, place) : [],
    hop,
  };
}

/** One mark for each time and reply, however many files tell of it. */
function marksOf(events: readonly JourneyEvent[], place: (iso: string) => number): Mark[] {
  const marks = new Map<string, Mark>();
  for (const { event_time, smtp_reply } of events.filter(isRefusal)) {
    marks.set(`${event_time} ${smtp_reply ?? ''}`, { at: place(event_time), time: event_time, reply: smtp_reply });
  }
  return [...marks.values()].sort((a, b) => a.at - b.at);
}
