import { HEADER_REJECT } from '../../log-text/syslog-header';
import { type Outcome } from '../../source';

const skip = (reason: string): Outcome => Object.freeze({ skip: reason });
const reject = (reason: string): Outcome => Object.freeze({ reject: reason });

/** Records that speak of no message, by reason. One object per reason: the books count them by the text. */
export const SKIP = {
  empty: skip('empty line'),
  comment: skip('comment line'),
  notSendmail: skip('not a Sendmail line'),
  noMessage: skip('speaks of no message'),
  queued: skip('queued, no attempt made'),
  done: skip('end of a queue id'),
  milter: skip('note of a milter'),
  warning: skip('warning'),
  session: skip('note on a session'),
  notification: skip('notification of the sender'),
  refusalWithoutRecipient: skip('refusal without recipient'),
  other: skip('other line of a message'),
} as const;

/** Records that should have been understood and were not. */
export const REJECT = {
  ...HEADER_REJECT,
  cutAfterQueueId: reject('line ends after the queue id'),
  from: reject('from= line cut or unknown'),
  delivery: reject('delivery line without recipient or status'),
  deliveryStatus: reject('delivery line with an unknown status'),
  refusal: reject('refusal without a 4yz or 5yz reply'),
} as const;
