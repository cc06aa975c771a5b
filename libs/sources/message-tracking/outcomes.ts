import { type Outcome } from '../source';

const skip = (reason: string): Outcome => Object.freeze({ skip: reason });
const reject = (reason: string): Outcome => Object.freeze({ reject: reason });

/** Rows that say nothing of when a message came or went, by reason. One object per reason: the books count them by the text. */
export const SKIP = {
  empty: skip('empty line'),
  comment: skip('comment line'),
  shadow: skip('shadow copy of a message (HA events)'),
  agent: skip('agent information'),
  notice: skip('notification, report or moderation'),
  submission: skip('submission inside a server'),
  resubmitted: skip('message submitted again'),
  setAside: skip('message set aside (poison, suspended)'),
  within: skip('hand-over within the server'),
  duplicate: skip('duplicate delivery'),
  other: skip('event that tells nothing of the way'),
} as const;

/** Rows that should have been understood and were not. */
export const REJECT = {
  columns: reject('not a message tracking row: columns missing'),
  noEvent: reject('row without event id'),
  noServer: reject('row that names no server: pass --mta'),
  noRecipient: reject('row without recipient'),
  lostRecipients: reject('Export-Csv has written System.String[] for the recipients: join them with ;'),
} as const;

/** Event ids that give no event here (Microsoft, "Event types in the message tracking log"; formats.md §4). */
export const SKIPPED: ReadonlyMap<string, Outcome> = new Map([
  ...['HAREDIRECT', 'HARECEIVE', 'HADISCARD', 'HAREDIRECTFAIL', 'NOTIFYSHADOW'].map(pairWith(SKIP.shadow)),
  ...['AGENTINFO', 'THROTTLE', 'PROCESS'].map(pairWith(SKIP.agent)),
  ...['DSN', 'NOTIFYMAPI', 'MODERATIONEXPIRE', 'MODERATORAPPROVE', 'MODERATORREJECT'].map(pairWith(SKIP.notice)),
  ...['MODERATORSALLNDR', 'INITMESSAGECREATED', 'PROCESSMEETINGMESSAGE', 'JOURNAL'].map(pairWith(SKIP.notice)),
  ...['SUBMIT', 'SUBMITDEFER', 'SUBMITFAIL'].map(pairWith(SKIP.submission)),
  ...['LOAD', 'RESUBMIT', 'RESUBMITDEFER', 'RESUBMITFAIL'].map(pairWith(SKIP.resubmitted)),
  ...['POISONMESSAGE', 'SUSPEND', 'SUSPENDED', 'RESUME', 'RESUMED'].map(pairWith(SKIP.setAside)),
  ...['DUPLICATEDELIVER', 'DUPLICATEEXPAND', 'DUPLICATEREDIRECT'].map(pairWith(SKIP.duplicate)),
]);

function pairWith(outcome: Outcome): (event: string) => [string, Outcome] {
  return (event) => [event, outcome];
}
