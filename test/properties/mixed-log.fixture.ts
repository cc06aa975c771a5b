/** One line of a Postfix log: seconds after 2 March 2026, 10:00 UTC; program; text. `#` in a Message-ID stands for the number of a copy. */
type Line = readonly [at: number, program: string, text: string];

/** How a message ends for one recipient (or is last deferred): the line that says so, and the Message-ID with the lines that name it. */
export interface End {
  readonly recipient: string;
  readonly state: 'complete' | 'relayed' | 'bounced' | 'in_flight';
  readonly line: number;
  readonly messageId: string;
  readonly idLines: readonly number[];
  /** seconds, when this host took the message; absent for held mail, where only its first lines tell */
  readonly received?: number;
  /** the last line that tells so, where that is not the end itself */
  readonly receivedBy?: number;
}

const HES = 'inpost02.tmes.trendmicro.eu[18.185.115.12]';
const FROM = 'from=<bob@partner.example>, size=2841';
const STORE = 'relay=store1.corp.example[private/dovecot-lmtp]';
const SAVED = 'dsn=2.0.0, status=sent (250 2.0.0 Saved)';

/**
 * Seven messages on one host, their lines mixed as time mixes them: deferred twice; a short queue id that is used twice, for the same
 * recipient; held and released; two recipients of which one waits; through a content filter; relayed to another host; bounced.
 */
export const LINES: readonly Line[] = [
  [3.1, 'smtpd[701]', `connect from ${HES}`],
  [3.2, 'smtpd[701]', `4fPYlg2Zz8z7xK: client=${HES}`],
  [3.3, 'cleanup[702]', '4fPYlg2Zz8z7xK: message-id=<deferred-#@partner.example>'],
  [3.4, 'qmgr[703]', `4fPYlg2Zz8z7xK: ${FROM}, nrcpt=1 (queue active)`],
  [
    4.4,
    'lmtp[704]',
    `4fPYlg2Zz8z7xK: to=<dora@corp.example>, ${STORE}, delay=1.3, delays=0.3/0/0.1/0.9, dsn=4.2.0, status=deferred (451 4.2.0 later)`,
  ],
  [5.1, 'smtpd[701]', `4F2A1B0C3D: client=${HES}`],
  [5.2, 'cleanup[702]', '4F2A1B0C3D: message-id=<reused-first-#@partner.example>'],
  [5.3, 'qmgr[703]', `4F2A1B0C3D: ${FROM}, nrcpt=1 (queue active)`],
  [7.4, 'lmtp[705]', `4F2A1B0C3D: to=<alice@corp.example>, ${STORE}, delay=2.4, delays=0.3/0/0.1/2, ${SAVED}`],
  [7.5, 'qmgr[703]', '4F2A1B0C3D: removed'],
  [20.1, 'smtpd[706]', `93E491938A: client=${HES}`],
  [20.2, 'cleanup[707]', '93E491938A: message-id=<held-#@partner.example>'],
  [
    20.3,
    'cleanup[707]',
    `93E491938A: hold: header Subject: invoice from ${HES}; from=<bob@partner.example> to=<walter@corp.example> proto=ESMTP helo=<x>: look`,
  ],
  [30.1, 'smtpd[706]', `4fPYm50Q1jz7xB: client=${HES}`],
  [30.2, 'cleanup[707]', '4fPYm50Q1jz7xB: message-id=<two-recipients-#@partner.example>'],
  [30.3, 'qmgr[703]', `4fPYm50Q1jz7xB: ${FROM}, nrcpt=2 (queue active)`],
  [
    31.2,
    'lmtp[705]',
    `4fPYm50Q1jz7xB: to=<erin@corp.example>, orig_to=<team@corp.example>, ${STORE}, delay=1.2, delays=0.3/0/0.1/0.8, ${SAVED}`,
  ],
  [
    31.4,
    'lmtp[704]',
    `4fPYm50Q1jz7xB: to=<frank@corp.example>, orig_to=<team@corp.example>, ${STORE}, delay=1.4, delays=0.3/0/0.1/1, dsn=4.2.2, status=deferred (452 4.2.2 full)`,
  ],
  [40.1, 'smtpd[706]', `4fPYmJ1xYzz7xC: client=${HES}`],
  [40.2, 'cleanup[707]', '4fPYmJ1xYzz7xC: message-id=<filtered-#@partner.example>'],
  [40.3, 'qmgr[703]', `4fPYmJ1xYzz7xC: ${FROM}, nrcpt=1 (queue active)`],
  [
    42.1,
    '10025/smtpd[726]',
    `4fPYmL0bDyz7xD: client=localhost[127.0.0.1], orig_queue_id=4fPYmJ1xYzz7xC, orig_client=${HES}`,
  ],
  [42.2, 'cleanup[707]', '4fPYmL0bDyz7xD: message-id=<filtered-#@partner.example>'],
  [42.3, 'qmgr[703]', `4fPYmL0bDyz7xD: ${FROM}, nrcpt=1 (queue active)`],
  [
    42.4,
    'amavis/smtp[715]',
    '4fPYmJ1xYzz7xC: to=<gina@corp.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=2.4, delays=0.3/0/0.1/2, dsn=2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4fPYmL0bDyz7xD)',
  ],
  [42.5, 'qmgr[703]', '4fPYmJ1xYzz7xC: removed'],
  [44.1, 'lmtp[705]', `4fPYmL0bDyz7xD: to=<gina@corp.example>, ${STORE}, delay=2.1, delays=0.3/0/0.1/1.7, ${SAVED}`],
  [44.2, 'qmgr[703]', '4fPYmL0bDyz7xD: removed'],
  [60.2, 'postsuper[790]', '93E491938A: released from hold'],
  [63.1, 'qmgr[703]', `93E491938A: ${FROM}, nrcpt=1 (queue active)`],
  [63.4, 'lmtp[705]', `93E491938A: to=<walter@corp.example>, ${STORE}, delay=43, delays=43/0/0.1/0.2, ${SAVED}`],
  [63.5, 'qmgr[703]', '93E491938A: removed'],
  [304.1, 'qmgr[703]', `4fPYlg2Zz8z7xK: ${FROM}, nrcpt=1 (queue active)`],
  [
    304.4,
    'lmtp[704]',
    `4fPYlg2Zz8z7xK: to=<dora@corp.example>, ${STORE}, delay=301, delays=0.3/301/0.1/0.2, dsn=4.2.0, status=deferred (451 4.2.0 later)`,
  ],
  [331.1, 'qmgr[703]', `4fPYm50Q1jz7xB: ${FROM}, nrcpt=2 (queue active)`],
  [
    331.4,
    'lmtp[705]',
    `4fPYm50Q1jz7xB: to=<frank@corp.example>, orig_to=<team@corp.example>, ${STORE}, delay=301, delays=0.3/301/0.1/0.2, ${SAVED}`,
  ],
  [331.5, 'qmgr[703]', '4fPYm50Q1jz7xB: removed'],
  [400.1, 'smtpd[801]', `4F2A1B0C3D: client=${HES}`],
  [400.2, 'cleanup[802]', '4F2A1B0C3D: message-id=<reused-second-#@partner.example>'],
  [400.3, 'qmgr[703]', `4F2A1B0C3D: ${FROM}, nrcpt=1 (queue active)`],
  [401.2, 'smtpd[801]', `4fPYtd27D1z7xL: client=${HES}`],
  [401.3, 'cleanup[802]', '4fPYtd27D1z7xL: message-id=<relayed-#@partner.example>'],
  [401.4, 'qmgr[703]', `4fPYtd27D1z7xL: ${FROM}, nrcpt=1 (queue active)`],
  [402.4, 'lmtp[805]', `4F2A1B0C3D: to=<alice@corp.example>, ${STORE}, delay=2.4, delays=0.3/0/0.1/2, ${SAVED}`],
  [402.5, 'qmgr[703]', '4F2A1B0C3D: removed'],
  [
    403.4,
    'smtp[815]',
    '4fPYtd27D1z7xL: to=<heidi@branch.example>, relay=mail.branch.example[198.51.100.70]:25, delay=2.3, delays=0.3/0/0.5/1.5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 1D2E3F4A5B)',
  ],
  [403.5, 'qmgr[703]', '4fPYtd27D1z7xL: removed'],
  [500.1, 'smtpd[801]', `4fPYwX02Hdz7xF: client=${HES}`],
  [500.2, 'cleanup[802]', '4fPYwX02Hdz7xF: message-id=<bounced-#@partner.example>'],
  [500.3, 'qmgr[703]', `4fPYwX02Hdz7xF: ${FROM}, nrcpt=1 (queue active)`],
  [
    501.4,
    'lmtp[805]',
    `4fPYwX02Hdz7xF: to=<nobody@corp.example>, ${STORE}, delay=1.4, delays=0.3/0/0.1/1, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)`,
  ],
  [501.5, 'qmgr[703]', '4fPYwX02Hdz7xF: removed'],
  [501.6, 'smtpd[801]', `disconnect from ${HES} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`],
];

const end = (
  message: string,
  recipient: string,
  state: End['state'],
  line: number,
  idLines: number[],
  received?: number,
): End => ({
  recipient,
  state,
  line,
  messageId: `${message}-#@partner.example`,
  idLines,
  received,
});

/** By hand, from the lines above (counted from 0). */
export const ENDS: readonly End[] = [
  end('deferred', 'dora@corp.example', 'in_flight', 33, [2], 3.4),
  end('reused-first', 'alice@corp.example', 'complete', 8, [6], 5.3),
  end('two-recipients', 'erin@corp.example', 'complete', 16, [14], 30.3),
  { ...end('filtered', 'gina@corp.example', 'complete', 26, [19, 22], 40.3), receivedBy: 24 },
  end('held', 'walter@corp.example', 'complete', 30, [11]),
  end('two-recipients', 'frank@corp.example', 'complete', 35, [14], 30.3),
  end('reused-second', 'alice@corp.example', 'complete', 43, [38], 400.3),
  end('relayed', 'heidi@branch.example', 'relayed', 45, [41], 401.4),
  end('bounced', 'nobody@corp.example', 'bounced', 50, [48], 500.3),
];
