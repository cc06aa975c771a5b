import { HEAD, read } from './one-line.fixture';

/** 2026-03-02T00:00:00Z */
const MARCH_2 = 1772409600000;

const base = { eventTime: MARCH_2, timeResolutionMs: 1000, timeBasis: 'event', mta: 'mx1', product: 'postfix' };

/** Program and text of a line behind {@link HEAD}, and its one event without what all have in common. */
const LINES: [string, string, Record<string, unknown>][] = [
  [
    'port of the client',
    'smtpd[1]: 4104E3D: client=mail.a.example[2001:db8::1]:4711',
    {
      kind: 'opened',
      statement: 'client',
      queueId: '4104E3D',
      peer: 'mail.a.example',
      peerAddress: '2001:db8::1',
    },
  ],
  [
    'client of which nothing is known',
    'smtpd[1]: 4104E3D: client=unknown[unknown]',
    { kind: 'opened', statement: 'client', queueId: '4104E3D' },
  ],
  [
    'client of a filter before the queue',
    'smtpd[1]: 4104E3D: client=localhost[127.0.0.1], orig_client=mail.a.example[192.0.2.1]',
    { kind: 'opened', statement: 'client', queueId: '4104E3D', peer: 'mail.a.example', peerAddress: '192.0.2.1' },
  ],
  [
    'client without a name of a filter before the queue',
    'smtpd[1]: 4104E3D: client=localhost[127.0.0.1], orig_client=unknown[192.0.2.1]',
    { kind: 'opened', statement: 'client', queueId: '4104E3D', peerAddress: '192.0.2.1' },
  ],
  [
    'client of a filter behind the queue',
    'smtpd[1]: 4104E3D: client=localhost[127.0.0.1], orig_queue_id=3FFE1A2, orig_client=mail.a.example[192.0.2.1]',
    {
      kind: 'opened',
      statement: 'client',
      queueId: '4104E3D',
      peer: 'localhost',
      peerAddress: '127.0.0.1',
      originalQueueId: '3FFE1A2',
    },
  ],
  [
    'requeued by postsuper',
    'pickup[1]: 4104E3D: uid=0 from=<> orig_id=3FFE1A2',
    { kind: 'opened', statement: 'pickup', queueId: '4104E3D', sender: '<>', originalQueueId: '3FFE1A2' },
  ],
  [
    'thrown away by a milter',
    'cleanup[1]: 4104E3D: milter-discard: END-OF-MESSAGE from mail.a.example[192.0.2.1]: milter triggers DISCARD action; from=<a@b.example> to=<u@h.example> proto=ESMTP helo=<mail.a.example>',
    { kind: 'deleted', statement: 'removed', queueId: '4104E3D' },
  ],
  [
    'thrown away for a header',
    'cleanup[1]: 4104E3D: discard: header Subject: lottery from mail.a.example[192.0.2.1]; from=<a@b.example> to=<u@h.example> proto=ESMTP helo=<mail.a.example>',
    { kind: 'deleted', statement: 'removed', queueId: '4104E3D' },
  ],
  [
    'thrown away by a content filter',
    'smtp[1]: 2A22C263F6: to=<u@h.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/1, dsn=2.7.0, status=sent (250 2.7.0 Ok, discarded, id=27154-01 - spam)',
    {
      kind: 'deleted',
      statement: 'delivery',
      queueId: '2A22C263F6',
      recipient: 'u@h.example',
      nextMta: '127.0.0.1',
      nextAddress: '127.0.0.1',
      smtpReply: '250 2.7.0 Ok, discarded, id=27154-01 - spam',
      enhancedStatus: '2.7.0',
      delayMs: 1000,
      delayUnitMs: 1000,
      beforeQueueMs: 0,
      inQueueMs: 0,
      connectMs: 0,
      transmitMs: 1000,
    },
  ],
  [
    'empty Message-ID',
    'cleanup[1]: 4104E3D: message-id=',
    { kind: 'opened', statement: 'message-id', queueId: '4104E3D' },
  ],
  [
    'addresses without brackets, delay without parts',
    'local[1]: 2A22C263F6: to=user@h.example, orig_to=root@localhost, relay=local, delay=46, status=sent (delivered to command: procmail -a "$EXTENSION")',
    {
      kind: 'delivered',
      statement: 'delivery',
      queueId: '2A22C263F6',
      recipient: 'user@h.example',
      originalRecipient: 'root@localhost',
      smtpReply: 'delivered to command: procmail -a "$EXTENSION"',
      delayMs: 46000,
      delayUnitMs: 1000,
    },
  ],
  [
    'days in the queue, byte count behind the reply',
    'smtp[1]: 96887C0006: to=<rob@b.example>, relay=b.example[192.0.2.1]:25, delay=354776, delays=354775/0/0.9/0.16, dsn=4.3.1, status=deferred (host b.example[192.0.2.1] said: 452 4.3.1 full (in reply to MAIL FROM command)) 215',
    {
      kind: 'deferred',
      statement: 'delivery',
      queueId: '96887C0006',
      recipient: 'rob@b.example',
      nextMta: 'b.example',
      nextAddress: '192.0.2.1',
      smtpReply: 'host b.example[192.0.2.1] said: 452 4.3.1 full (in reply to MAIL FROM command)',
      enhancedStatus: '4.3.1',
      delayMs: 354776000,
      delayUnitMs: 1000,
      beforeQueueMs: 354775000,
      inQueueMs: 0,
      connectMs: 900,
      transmitMs: 160,
    },
  ],
  [
    'a comma, a bracket and a key in the recipient',
    'smtp[1]: 96887C0006: to=<"a>b, relay=x"@b.example>, relay=b.example[192.0.2.1]:25, delay=0, status=SOFTBOUNCE (no)',
    {
      kind: 'deferred',
      statement: 'delivery',
      queueId: '96887C0006',
      recipient: '"a>b, relay=x"@b.example',
      nextMta: 'b.example',
      nextAddress: '192.0.2.1',
      smtpReply: 'no',
      delayMs: 0,
      delayUnitMs: 1000,
    },
  ],
  [
    'relay whose brackets a collector took away',
    'smtp[1]: 04B953035FC2: to=john@b.example, relay=127.0.0.1:2525, delay=0.44, dsn=2.0.0, status=sent (250 Ok)',
    {
      kind: 'relayed',
      statement: 'delivery',
      queueId: '04B953035FC2',
      recipient: 'john@b.example',
      nextMta: '127.0.0.1',
      nextAddress: '127.0.0.1',
      smtpReply: '250 Ok',
      enhancedStatus: '2.0.0',
      delayMs: 440,
      delayUnitMs: 10,
    },
  ],
  [
    'LMTP to a content filter is no mailbox',
    'lmtp[1]: 7EE668039: to=<adm@b.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=3.6, status=sent (250 2.0.0 Ok: queued as 153053D)',
    {
      kind: 'relayed',
      statement: 'delivery',
      queueId: '7EE668039',
      recipient: 'adm@b.example',
      nextMta: '127.0.0.1',
      nextAddress: '127.0.0.1',
      nextQueueId: '153053D',
      smtpReply: '250 2.0.0 Ok: queued as 153053D',
      delayMs: 3600,
      delayUnitMs: 100,
    },
  ],
  [
    'alias of local that forwards',
    'local[1]: 7EE668039: to=<adm@b.example>, relay=local, delay=0.1, status=sent (forwarded as 153053D)',
    {
      kind: 'relayed',
      statement: 'delivery',
      queueId: '7EE668039',
      recipient: 'adm@b.example',
      nextMta: 'mx1',
      nextQueueId: '153053D',
      smtpReply: 'forwarded as 153053D',
      delayMs: 100,
      delayUnitMs: 100,
    },
  ],
  [
    'probe that failed',
    'smtp[1]: 3E29030F8637E: to=<u@b.example>, relay=none, delay=0.01, dsn=5.1.1, status=undeliverable-but-not-cached (unknown)',
    {
      kind: 'bounced',
      statement: 'delivery',
      queueId: '3E29030F8637E',
      recipient: 'u@b.example',
      smtpReply: 'unknown',
      enhancedStatus: '5.1.1',
      delayMs: 10,
      delayUnitMs: 10,
    },
  ],
  [
    'attempt for an expired message',
    'smtp[1]: 3E29030F86: to=<u@b.example>, relay=none, delay=432000, dsn=4.4.1, status=expired (delivery time expired)',
    {
      kind: 'expired',
      statement: 'delivery',
      queueId: '3E29030F86',
      recipient: 'u@b.example',
      smtpReply: 'delivery time expired',
      enhancedStatus: '4.4.1',
      delayMs: 432000000,
      delayUnitMs: 1000,
    },
  ],
  [
    'expired by hand',
    'qmgr[1]: 585BC3F: from=<a@b.example>, status=force-expired, returned to sender',
    { kind: 'expired', statement: 'expired', queueId: '585BC3F', sender: 'a@b.example' },
  ],
  [
    'queue id followed by no blank',
    'qmgr[1]: A323688C523:from=<>, size=3, nrcpt=1 (queue active) 77',
    { kind: 'received', statement: 'queue-active', queueId: 'A323688C523', sender: '<>', sizeBytes: 3 },
  ],
  [
    'refusal by a filter before the queue',
    'smtpd[1]: proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=31619-02 - spam; from=<> to=<u@b.example> proto=SMTP helo=<x>',
    {
      kind: 'rejected',
      statement: 'noqueue',
      sender: '<>',
      recipient: 'u@b.example',
      smtpReply: '554 5.7.0 Reject, id=31619-02 - spam',
      enhancedStatus: '5.7.0',
    },
  ],
  [
    'refusal without enhanced status',
    'smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 try later; from=<a@c.example> to=<u@b.example> proto=SMTP helo=<x>',
    {
      kind: 'deferred',
      statement: 'noqueue',
      peerAddress: '192.0.2.1',
      sender: 'a@c.example',
      recipient: 'u@b.example',
      smtpReply: '450 try later',
    },
  ],
];

describe('single lines', () => {
  it.each(LINES)('%s', (_, text, expected) => {
    expect(read(HEAD + text)).toEqual({ outcome: 'events', events: [{ ...base, ...expected }] });
  });

  it.each([
    ['skip', 'connection of a client', 'smtpd[1]: NOQUEUE: lost connection after CONNECT from unknown[192.0.2.25]'],
    ['skip', 'session of a proxy filter', 'smtpd[1]: NOQUEUE: client=unknown[10.100.0.3]'],
    [
      'skip',
      'speaks of no message',
      'smtpd[1]: NOQUEUE: reject_warning: RCPT from a[192.0.2.1]: 553 5.7.1 no; from=<a@b.example> to=<c@d.example>',
    ],
    [
      'skip',
      'refusal without recipient',
      'smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 450 4.7.1 no; from=<> to=<> proto=ESMTP helo=',
    ],
    [
      'skip',
      'refusal without reply',
      'smtpd[1]: proxy-reject: END-OF-MESSAGE: ; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>',
    ],
    ['skip', 'other line of a message', 'qmgr[1]: ED06590130AA1C9D6D862: skipped, still being delivered'],
    [
      'skip',
      'note on an attempt',
      'smtp[1]: 745137AA: lost connection with mx.example[192.0.2.1] while sending RCPT TO',
    ],
    [
      'reject',
      'refusal without a 4yz or 5yz reply',
      'smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 123 no; from=<a@b.example> to=<c@d.example>',
    ],
    ['reject', 'client line cut', 'smtpd[1]: 745137AA: client=mail.a.example[192.0.'],
    ['reject', 'pickup line cut', 'pickup[1]: 745137AA: uid=0 fr'],
    ['reject', 'queue manager line cut or unknown', 'qmgr[1]: 745137AA: from=<a@b.example>, size=12, nrcpt=1 (queue'],
  ])('%s: %s', (what, reason, text) => {
    expect(read(HEAD + text)).toEqual({ outcome: { [what]: reason } });
  });

  it.each([
    ['1234ABCDEF', true],
    ['4jYF8Z5r1kz2Jd', true],
    ['4FEDC', false],
    ['123456', true],
    ['fatal', false],
    ['Released', false],
    ['deadbeef', false],
  ])('%s is a queue id: %s', (word, isId) => {
    expect(read(`${HEAD}qmgr[1]: ${word}: removed`).outcome).toEqual(
      isId ? 'events' : { skip: 'speaks of no message' },
    );
  });
});
