import type { Micros } from './clock';
import type { Peer, PostfixHost } from './fleet';

/** One queue id at one Postfix host, from its first log line to `removed`. The model; {@link file://./postfix-log.ts} writes it. */
export interface QueueVisit {
  readonly host: PostfixHost;
  readonly queueId: string;
  readonly origin: Origin;
  /** from when Postfix counts `delay=`; before `opened` for mail that waited in the maildrop */
  readonly arrival: Micros;
  /** the first line that names the queue id */
  readonly opened: Micros;
  /** first `queue active` */
  readonly active: Micros;
  /** later `queue active` lines, of retries */
  readonly reactivated: Micros[];
  readonly sender: string;
  /** without angle brackets; '' for mail without Message-ID */
  readonly messageId: string;
  readonly size: number;
  readonly recipients: QueueRecipient[];
  removed: Micros;
}

export type Origin =
  | { readonly kind: 'smtp'; readonly client: Peer; readonly connected: Micros }
  | { readonly kind: 'pickup'; readonly uid: number }
  | { readonly kind: 'bounce' };

export interface QueueRecipient {
  readonly address: string;
  /** `orig_to=`, where an alias or a list rewrote the recipient */
  readonly original?: string;
  readonly attempts: Attempt[];
  /** the queue manager gave up (`status=expired`) */
  expired?: Micros;
  /** where the last attempt handed it to, when that is a host of the fleet */
  next?: QueueVisit;
  /** the delivery status notification about it: a message of its own */
  notification?: QueueVisit;
}

/** One delivery line. `at` − `arrival` is its `delay=`; activated − arrival, inQueue, connect, transmit are `delays=a/b/c/d`. */
export interface Attempt {
  readonly at: Micros;
  readonly activated: Micros;
  readonly inQueue: Micros;
  readonly connect: Micros;
  readonly transmit: Micros;
  readonly program: 'smtp' | 'lmtp';
  readonly relay: string;
  readonly dsn: string;
  readonly status: 'sent' | 'deferred' | 'bounced';
  readonly reply: string;
}

/** A recipient refused by `host` before there was a queue id: a `NOQUEUE` line. */
export interface Refusal {
  readonly host: PostfixHost;
  readonly at: Micros;
  readonly client: Peer;
  readonly sender: string;
  readonly recipient: string;
  readonly reply: string;
}

export interface MailFacts {
  readonly sender: string;
  readonly messageId: string;
  readonly size: number;
}

/**
 * Whether the files, cut at `end`, tell this visit without a half-seen hand-over: a reception without any attempt, or a hand-over
 * that only one of the two logs shows. What half-seen mail should count as is a question for hand-made cases, not for a model.
 */
export function isToldClearly(visit: QueueVisit, end: Micros): boolean {
  if (visit.active >= end) return true;
  return visit.recipients.every((recipient) => {
    if (recipient.attempts[0].at >= end) return false;
    const finished = recipient.expired ?? recipient.attempts[recipient.attempts.length - 1].at;
    return [recipient.next, recipient.notification].every(
      (next) => !next || (finished < end === next.active < end && isToldClearly(next, end)),
    );
  });
}
