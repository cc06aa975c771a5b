import { HEADER_REJECT } from '../../log-text/syslog-header';
import { type Outcome } from '../../source';

const skip = (reason: string): Outcome => Object.freeze({ skip: reason });
const reject = (reason: string): Outcome => Object.freeze({ reject: reason });

/** Records that speak of no message, by reason. One object per reason: the books count them by the text. */
export const SKIP = {
  empty: skip('empty line'),
  comment: skip('comment line'),
  notExim: skip('not an Exim line'),
  continuation: skip('continuation of the line before'),
  noMessage: skip('speaks of no message'),
  session: skip('note on a session or the daemon'),
  notTried: skip('no attempt made: retry time not reached'),
  suppressed: skip('delivery suppressed'),
  refusalWithoutRecipient: skip('refusal without recipient'),
  attemptNote: skip('note on an attempt'),
  other: skip('other line of a message'),
} as const;

/** Records that should have been understood and were not. */
export const REJECT = {
  ...HEADER_REJECT,
  cutAfterId: reject('line ends after the message id'),
  arrival: reject('arrival line without sender'),
  delivery: reject('delivery line without recipient'),
} as const;
