import type { Micros } from './clock';
import type { Host, Peer } from './hosts';

/** One queue id at one host, from its first log line to its end. The model; the host's log says of it what its product does. */
export interface QueueVisit {
  readonly host: Host;
  readonly queueId: string;
  readonly origin: Origin;
  /** from when the host counts its delay (`delay=` of Postfix); before `opened` for mail that waited in the maildrop */
  readonly arrival: Micros;
  /** the first line that names the queue id */
  readonly opened: Micros;
  /** when it took responsibility: the first `queue active` of Postfix */
  readonly active: Micros;
  /** begins of retries */
  readonly reactivated: Micros[];
  readonly sender: string;
  /** without angle brackets; '' for mail without Message-ID, unless this host gave it one */
  readonly messageId: string;
  readonly size: number;
  readonly recipients: QueueRecipient[];
  removed: Micros;
}

export type Origin =
  | { readonly kind: 'smtp'; readonly client: Peer; readonly connected: Micros }
  | { readonly kind: 'pickup'; readonly uid: number }
  /** a notification about the message of queue id `about` */
  | { readonly kind: 'bounce'; readonly about: Pick<QueueVisit, 'queueId' | 'messageId'> };

export interface QueueRecipient {
  readonly address: string;
  /** the envelope's, where an alias or a list rewrote the recipient */
  readonly original?: string;
  readonly attempts: Attempt[];
  /** the queue manager gave up (`status=expired`) */
  expired?: Micros;
  /** where the last attempt handed it to, when that is a host of the fleet */
  next?: QueueVisit;
  /** the delivery status notification about it: a message of its own */
  notification?: QueueVisit;
}

/** One attempt to deliver. `at` − `arrival` is Postfix's `delay=`; activated − arrival, inQueue, connect, transmit are `delays=a/b/c/d`. */
export interface Attempt {
  readonly at: Micros;
  readonly activated: Micros;
  readonly inQueue: Micros;
  readonly connect: Micros;
  readonly transmit: Micros;
  readonly into: 'next host' | 'mailbox';
  /** the host that was tried; of a mailbox its own host */
  readonly peer: Peer;
  /** how far an attempt came that failed */
  readonly stage: 'connect' | 'greeting' | 'RCPT TO' | 'end of DATA';
  readonly dsn: string;
  /** `filtered`, `quarantined`: a service took the mail out */
  readonly status: 'sent' | 'deferred' | 'bounced' | 'filtered' | 'quarantined';
  /** the peer's SMTP reply; of stage `connect` the reason that the system gives */
  readonly reply: string;
}

/** A recipient refused by `host` before there was a message. */
export interface Refusal {
  readonly host: Host;
  readonly at: Micros;
  readonly client: Peer;
  readonly sender: string;
  readonly recipient: string;
  readonly reply: string;
  /** of Sendmail, which gives one to every session, the same for all its refusals */
  readonly queueId?: string;
}

/** A session that broke off inside DATA: a queue id with a Message-ID that never became a message. */
export interface LostSession {
  readonly host: Host;
  readonly client: Peer;
  readonly connected: Micros;
  readonly queueId: string;
  readonly messageId: string;
  readonly lost: Micros;
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
