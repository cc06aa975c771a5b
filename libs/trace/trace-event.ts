/**
 * The trace event: one MTA's statement that one thing happened to one message at one time.
 * Words and meanings: delay model §2; field terms of RFC 5321 and RFC 5598.
 */

/** What happened, in the order that decides between events of equal stamps (delay model §2 and §4). */
export const KINDS = [
  'opened',
  'received',
  'deferred',
  'relayed',
  'delivered',
  'bounced',
  'rejected',
  'quarantined',
  'released',
  'expired',
  'deleted',
  'expanded',
  'closed',
] as const;
export type Kind = (typeof KINDS)[number];

/** `event`: the stamp says when the thing happened. `record`: only when the statement was written (CEF `rt`, `genTime`). */
export const TIME_BASES = ['event', 'record'] as const;
export type TimeBasis = (typeof TIME_BASES)[number];

/**
 * What kind of statement told it, where the kind alone is not enough for correlation:
 * `client`, `pickup`, `message-id` (kind opened; `pickup` received where queue ids are never used again), `queue-active` (received; it also
 * stands for the arrival lines of Sendmail, Exim and Exchange), `hold` (quarantined), `unhold` (released),
 * `delivery` (an attempt), `expired`, `removed`, `milter-reject`, `reject` (under a queue id), `noqueue` (no queue id; without a recipient it tells of a connection only),
 * `tracking` (HES), `received-field`, `mail-received-time` (X-TM-MAIL-RECEIVED-TIME), `delivered-to` (mail files).
 */
export const STATEMENTS = [
  'client',
  'pickup',
  'message-id',
  'queue-active',
  'hold',
  'unhold',
  'delivery',
  'expired',
  'removed',
  'milter-reject',
  'reject',
  'noqueue',
  'tracking',
  'received-field',
  'mail-received-time',
  'delivered-to',
] as const;
export type Statement = (typeof STATEMENTS)[number];

/** Text columns in the order of the RowBinary row. '' means unknown; the null reverse-path is `<>`. */
export const TEXT_COLUMNS = [
  'mta', // name of the MTA as its own log gives it; lower-cased by the store
  'product', // postfix, trend-email-security, …
  'peer', // verified name of the client that handed the message over ('unknown' and unverified names are '')
  'peerAddress', // its IP address
  'messageId', // as logged, without angle brackets
  'queueId',
  'originalQueueId', // orig_queue_id=: the queue id at this same host that this one re-injects
  'nextMta', // name of the host that took the message (relay=)
  'nextAddress', // its IP address
  'nextQueueId', // the queue id in its reply ("queued as")
  'sender', // reverse-path
  'recipient', // forward-path, as given; lower-cased by the store
  'originalRecipient', // orig_to=, ORCPT
  'smtpReply',
  'enhancedStatus', // RFC 3463
  'transactionId', // HES mailID / X-TM-MAIL-UUID
] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/** Whole-number columns, −1 means unknown. Durations are milliseconds. */
export const NUMBER_COLUMNS = [
  'sizeBytes',
  'delayMs', // the MTA's own delay=
  'delayUnitMs', // one unit of the last digit of delay=, e.g. 100 for `2.4`
  'beforeQueueMs', // delays=a/…
  'inQueueMs', // b
  'connectMs', // c
  'transmitMs', // d
] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

export const DIRECTIONS = ['unknown', 'in', 'out', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** An event as an object: for tests, `inspect` and slow paths. Unknown columns are absent. */
export type TraceEvent = {
  kind: Kind;
  statement: Statement;
  /** epoch milliseconds, UTC */
  eventTime: number;
  /** how coarse the stamp is: 1000 for RFC 3164, 1 for milliseconds or finer */
  timeResolutionMs: number;
  timeBasis: TimeBasis;
  direction?: Direction;
} & { [C in TextColumn]?: string } & { [C in NumberColumn]?: number };
