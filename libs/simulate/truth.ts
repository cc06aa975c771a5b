import { stampMs, type Micros } from './clock';
import type { HesEvent, HesRecipient, HesTransaction } from './hes-transaction';
import { hopTold, type Hop } from './hop-told';
import { loggedMessageId } from './message-ids';
import type { QueueRecipient, QueueVisit } from './queue-visit';

export type State = 'complete' | 'relayed' | 'in_flight' | 'bounced' | 'expired' | 'quarantined' | 'deleted';

/** Custody by one host after HES. Times are ISO 8601, durations ms (delay model §3); null = not (yet) known. */
export interface TrueHop {
  mta: string;
  received_at: string;
  relayed_at: string | null;
  dwell_ms: number | null;
  deferrals: number;
}

/** One journey as delay model §3 defines it from what the files say. `origin` is the model's own knowledge, beyond the law's words. */
export interface TrueJourney {
  message_id: string | null;
  recipient: string;
  original_recipient: string;
  state: State;
  via_hes: 'yes' | 'no' | 'unknown';
  origin: 'hes' | 'direct' | 'pickup' | 'notification';
  hes_received_at: string | null;
  hes_first_attempt_at: string | null;
  hes_released_at: string | null;
  released_by: 'tracking' | 'next_hop' | null;
  delivered_at: string | null;
  hes_ms: number | null;
  hes_processing_ms: number | null;
  hes_waiting_ms: number | null;
  downstream_ms: number | null;
  total_ms: number | null;
  verdict: string | null;
  deferrals: number;
  hop_count: number;
  hops: TrueHop[];
}

interface Leg {
  /** as the first log that has one knows it; '' for none */
  messageId: string;
  recipient: string;
  original: string;
  hops: Hop[];
  state: State;
  /** the log says that the host itself wrote the message: Exim does of its notifications */
  isLocal?: boolean;
}

const VERDICT_THRESHOLD_MS = 60_000;

/** The journeys that HES and the gateways tell of one HES transaction, by files that end at `end`. */
export function hesJourneys(transaction: HesTransaction, end: Micros): TrueJourney[] {
  const legs = transaction.visit ? legsOf(transaction.visit, end) : [];
  return transaction.recipients.flatMap((recipient) => {
    const told = toldEvents(transaction, recipient, end);
    if (!told.length) return [];
    const key = recipient.address.toLowerCase();
    const mine = legs.filter(({ original }) => original === key);
    const last = told[told.length - 1].action;
    if (last === 'Delivered')
      return mine.map((leg) =>
        journey(leg, 'hes', hesTimes(transaction, recipient, told, leg), transaction.mail.messageId),
      );
    const state = STATE_AT_HES[last] ?? 'in_flight';
    const leg: Leg = { messageId: transaction.mail.messageId, recipient: key, original: key, hops: [], state };
    return [journey(leg, 'hes', hesTimes(transaction, recipient, told, undefined))];
  });
}

/** The journeys of mail that did not pass HES. */
export function otherJourneys(
  visit: QueueVisit,
  origin: 'direct' | 'pickup' | 'notification',
  end: Micros,
): TrueJourney[] {
  return legsOf(visit, end).map((leg) => journey(leg, origin));
}

/** The delivery status notifications that a message caused: messages of their own. */
export function notificationJourneys(visit: QueueVisit, end: Micros): TrueJourney[] {
  return visit.recipients.flatMap(({ next, notification }) => [
    ...(next ? notificationJourneys(next, end) : []),
    ...(notification ? otherJourneys(notification, 'notification', end) : []),
  ]);
}

/** The events of a recipient that the export has: all that were told before `end`, `Received` only where rows are events. */
export function toldEvents(transaction: HesTransaction, recipient: HesRecipient, end: Micros): readonly HesEvent[] {
  const told = recipient.events.filter(({ action, told: at }) => {
    return at < end && (action !== 'Received' || transaction.form === 'csv-events');
  });
  return transaction.form === 'csv-last-action' ? told.slice(-1) : told;
}

const STATE_AT_HES: { readonly [action: string]: State } = {
  Bounced: 'bounced',
  Quarantined: 'quarantined',
  Deleted: 'deleted',
  Expired: 'expired',
};

interface HesTimes {
  received: number | null;
  firstAttempt: number | null;
  released: number | null;
  releasedBy: 'tracking' | 'next_hop' | null;
}

function hesTimes(
  { form, received, visit }: HesTransaction,
  recipient: HesRecipient,
  told: readonly HesEvent[],
  leg: Leg | undefined,
): HesTimes {
  const second = (event: HesEvent | undefined): number | null => (event ? stampMs(event.at, 1000) : null);
  const timed = form !== 'cef' && form !== 'csv-last-action';
  const released = timed ? second(told.find(({ action }) => action === 'Delivered')) : (leg?.hops[0].received ?? null);
  const failed = timed ? second(told.find(({ action }) => action === 'Temporary delivery error')) : null;
  const refused = leg && recipient.refused.length ? stampMs(recipient.refused[0], refusedAt(visit)) : null;
  return {
    received: form === 'cef' ? null : stampMs(received, 1000),
    firstAttempt: failed ?? refused ?? released,
    released,
    releasedBy: released === null ? null : timed ? 'tracking' : 'next_hop',
  };
}

function legsOf(visit: QueueVisit, end: Micros): Leg[] {
  if (visit.active >= end) return [];
  return visit.recipients.map((recipient) => {
    const leg: Leg = {
      messageId: '',
      recipient: recipient.address.toLowerCase(),
      original: (recipient.original ?? recipient.address).toLowerCase(),
      hops: [],
      state: 'in_flight',
      isLocal: visit.origin.kind === 'bounce' && visit.host.product === 'exim',
    };
    follow(leg, visit, recipient, end);
    return leg;
  });
}

function follow(leg: Leg, visit: QueueVisit, recipient: QueueRecipient, end: Micros): void {
  const seen = recipient.attempts.filter(({ at }) => at < end);
  const last = seen[seen.length - 1];
  leg.hops.push(hopTold(visit, seen));
  leg.messageId ||= loggedMessageId(visit);
  if (recipient.expired !== undefined && recipient.expired < end) leg.state = 'expired';
  else if (last.status !== 'sent') leg.state = STATE_OF_ATTEMPT[last.status];
  else if (last.into === 'mailbox') {
    leg.state = 'complete';
    // Local delivery of Exim prints the local part, and the address that it came from: of an alias the domain is in the log of failed attempts only.
    const isPrinted = seen.some(({ status }) => status !== 'sent');
    if (visit.host.product === 'exim' && recipient.original && !isPrinted) leg.recipient = leg.recipient.split('@')[0];
  } else if (!recipient.next) leg.state = 'relayed';
  else {
    const there = recipient.next.recipients.find(({ address }) => address === recipient.address);
    if (there) follow(leg, recipient.next, there, end);
  }
}

const STATE_OF_ATTEMPT = {
  bounced: 'bounced',
  deferred: 'in_flight',
  filtered: 'deleted',
  quarantined: 'quarantined',
} as const;

/** Resolution of the log that has the refusals of HES, in ms. */
const refusedAt = (visit: QueueVisit | undefined): number => visit?.host.resolutionMs ?? 1;

const NO_HES: HesTimes = { received: null, firstAttempt: null, released: null, releasedBy: null };

function journey(
  leg: Leg,
  origin: TrueJourney['origin'],
  hes: HesTimes = NO_HES,
  messageId = leg.messageId,
): TrueJourney {
  const finished = leg.state === 'complete' || leg.state === 'relayed';
  const lastRelayed = finished ? (leg.hops[leg.hops.length - 1]?.relayed ?? null) : null;
  const hesMs = minus(hes.released, hes.received);
  const waiting = hesMs === null ? null : minus(hes.released, hes.firstAttempt);
  const processing = minus(hesMs, waiting);
  const downstream = minus(lastRelayed, hes.released);
  const total = hesMs === null || downstream === null ? null : hesMs + downstream;
  const viaHes = origin === 'hes' ? 'yes' : origin === 'notification' && !leg.isLocal ? 'unknown' : 'no';
  return {
    message_id: messageId || leg.messageId || null,
    recipient: leg.recipient,
    original_recipient: leg.original,
    state: leg.state,
    via_hes: viaHes,
    origin,
    hes_received_at: iso(hes.received),
    hes_first_attempt_at: iso(hes.firstAttempt),
    hes_released_at: iso(hes.released),
    released_by: hes.releasedBy,
    delivered_at: leg.state === 'complete' ? iso(lastRelayed) : null,
    hes_ms: hesMs,
    hes_processing_ms: processing,
    hes_waiting_ms: waiting,
    downstream_ms: downstream,
    total_ms: total,
    verdict: viaHes === 'no' ? 'not_via_hes' : verdict(leg.hops, processing, waiting, downstream),
    deferrals: leg.hops.reduce((sum, hop) => sum + hop.deferrals, 0),
    hop_count: leg.hops.length,
    hops: leg.hops.map(({ mta, received, relayed, deferrals }) => ({
      mta,
      received_at: new Date(received).toISOString(),
      relayed_at: iso(relayed),
      dwell_ms: minus(relayed, received),
      deferrals,
    })),
  };
}

function verdict(
  hops: readonly Hop[],
  processing: number | null,
  waiting: number | null,
  downstream: number | null,
): string | null {
  if (processing === null || waiting === null || downstream === null) return null;
  const largest = Math.max(processing, waiting, downstream);
  if (largest <= VERDICT_THRESHOLD_MS) return 'none';
  if (largest === processing) return 'hes_processing';
  if (largest === waiting) return 'hes_waiting_on_downstream';
  const dwell = (hop: Hop): number => minus(hop.relayed, hop.received) ?? 0;
  return `downstream:${hops.reduce((slowest, hop) => (dwell(hop) > dwell(slowest) ? hop : slowest)).mta}`;
}

const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
