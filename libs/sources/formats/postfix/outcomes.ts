import { HEADER_REJECT } from '../../log-text/syslog-header';
import { type Outcome } from '../../source';

const skip = (reason: string): Outcome => Object.freeze({ skip: reason });
const reject = (reason: string): Outcome => Object.freeze({ reject: reason });

/** Records that speak of no message, by reason. One object per reason: the books count them by the text. */
export const SKIP = {
  empty: skip('empty line'),
  comment: skip('comment line'),
  notPostfix: skip('not a Postfix line'),
  client: skip('connection of a client'),
  nextMta: skip('connection to a next MTA'),
  warning: skip('warning'),
  statistics: skip('statistics'),
  proxied: skip('session of a proxy filter'),
  repeated: skip('repetition of a line'),
  noMessage: skip('speaks of no message'),
  refusalWithoutRecipient: skip('refusal without recipient'),
  refusalWithoutReply: skip('refusal without reply'),
  addressQuery: skip('address query'),
  resentMessageId: skip('resent-message-id'),
  probe: skip('address probe'),
  attemptNote: skip('note on an attempt'),
  notification: skip('notification of the sender'),
  other: skip('other line of a message'),
} as const;

/** Records that should have been understood and were not. */
export const REJECT = {
  ...HEADER_REJECT,
  cutAfterQueueId: reject('line ends after the queue id'),
  delivery: reject('delivery line without recipient or status'),
  deliveryStatus: reject('delivery line with an unknown status'),
  queueManager: reject('queue manager line cut or unknown'),
  client: reject('client line cut'),
  pickup: reject('pickup line cut'),
  refusal: reject('refusal without a 4yz or 5yz reply'),
  json: reject('not a JSON object'),
  noMessageText: reject('JSON object without a message text'),
} as const;
