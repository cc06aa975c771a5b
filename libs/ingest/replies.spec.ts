import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTemporaryStore, type EventFacts, type TemporaryStore } from '../store/temporary-store.fixture';
import { Correlation, PostfixLines, T0 } from './correlation.fixture';
import { Correlator } from './correlator';
import { IngestService } from './ingest.service';

type Line = [at: number, kind: EventFacts['kind'], reply: string, facts?: Partial<EventFacts>];
/** Of each journey, in order of time and recipient: the local part of its recipient, and its replies. */
type Told = [recipient: string, replies: string[]];

/** What HES says of one mail to a@domain. */
const atHes = (domain: string, lines: readonly Line[]): EventFacts[] =>
  lines.map(([at, kind, smtpReply, facts]) => ({
    kind,
    statement: 'tracking',
    eventTime: T0 + at,
    mta: 'hes',
    product: 'trend-email-security',
    messageId: `m@${domain}`,
    sender: 's@far.example',
    recipient: `a@${domain}`,
    transactionId: 't',
    smtpReply,
    ...facts,
  }));

/** The log of a queue id at mx1, and its attempts; to a@domain unless facts say another. */
function atMx1(domain: string, begin: number, attempts: readonly Line[], peer?: string): EventFacts[] {
  const mx = new PostfixLines(domain);
  const tried = attempts.map(([at, kind, smtpReply, facts]) => ({ ...mx.attempt(at), kind, smtpReply, ...facts }));
  return [mx.client(begin, peer), mx.messageId(begin, 'm'), mx.active(begin), ...tried];
}

const OK = '250 2.0.0 Ok: queued as 4XyZ';
const HES = 'in01.hes.trendmicro.com';

const STORIES: [what: string, events: (domain: string) => EventFacts[], told: Told[]][] = [
  [
    'greylisted twice in the same words: once, whoever said it, and whatever address, id and number stand in it',
    (domain) =>
      atMx1(domain, 0, [
        [100, 'deferred', `host mx.${domain}[192.0.2.1] said: 450 4.2.0 <a@${domain}>: Greylisted, id 1a2b3456`],
        [60_000, 'deferred', `host mx2.${domain}[192.0.2.2] said: 450 4.2.0 <A@${domain}>: Greylisted, id 77f812345`],
        [120_000, 'delivered', OK],
      ]),
    [['a', ['450 4.2.0 <…>: Greylisted, id #']]],
  ],
  [
    'stamps in brackets: Dovecot says when it was, Exchange Online which of its hosts and when',
    (domain) =>
      atMx1(domain, 0, [
        [100, 'deferred', '451 4.2.0 Internal error, refer to log. [2026-03-03 09:02:27] (in reply to end of DATA)'],
        [200, 'deferred', '451 4.2.0 Internal error, refer to log. [2026-03-03 11:20:54] (in reply to end of DATA)'],
        [300, 'deferred', '451 4.7.0 Try later [BL02EPF0001.namprd03.example 2026-03-03T12:00:00.000Z 08DC4F8]'],
        [400, 'deferred', '451 4.7.0 Try later [DM6NAM12FT0.namprd12.example 2026-03-03T12:30:00.000Z 08DC511]'],
        [500, 'deferred', 'connect to mbx.example[192.0.2.9]:25: Connection timed out'],
      ]),
    [
      [
        'a',
        [
          '451 4.2.0 Internal error, refer to log. <…> (in reply to end of DATA)',
          '451 4.7.0 Try later <…>',
          'connect to mbx.example[192.0.2.9]:25: Connection timed out',
        ],
      ],
    ],
  ],
  [
    'two recipients of one message, each with its own; one with none',
    (domain) =>
      atMx1(domain, 0, [
        [100, 'deferred', '452 4.2.2 Mailbox full', { recipient: `a@${domain}` }],
        [100, 'deferred', '451 4.3.0 Try again later', { recipient: `b@${domain}` }],
        [110, 'delivered', OK, { recipient: `c@${domain}` }],
        [200, 'delivered', OK, { recipient: `a@${domain}` }],
        [300, 'deferred', '421 4.7.0 Too many connections', { recipient: `b@${domain}` }],
      ]),
    [
      ['a', ['452 4.2.2 Mailbox full']],
      ['b', ['421 4.7.0 Too many connections', '451 4.3.0 Try again later']],
      ['c', []],
    ],
  ],
  [
    'what names no recipient is said to all of them',
    (domain) =>
      atMx1(domain, 0, [
        [50, 'deferred', '451 4.7.1 Service unavailable', { statement: 'reject', recipient: '' }],
        [100, 'delivered', OK, { recipient: `a@${domain}` }],
        [200, 'delivered', OK, { recipient: `b@${domain}` }],
      ]),
    [
      ['a', ['451 4.7.1 Service unavailable']],
      ['b', ['451 4.7.1 Service unavailable']],
    ],
  ],
  [
    'refused for good; and what ends a mail otherwise, or has no words, is no refusal',
    (domain) =>
      atMx1(domain, 0, [
        [100, 'rejected', '550 5.7.1 Spam', { recipient: `a@${domain}` }],
        [100, 'bounced', '550 5.1.1 User unknown', { recipient: `b@${domain}` }],
        [100, 'deferred', '', { recipient: `c@${domain}` }],
      ]),
    [
      ['a', ['550 5.7.1 Spam']],
      ['b', []],
      ['c', []],
    ],
  ],
  [
    'no more than 120 characters',
    (domain) => atMx1(domain, 0, [[100, 'deferred', `451 ${'abcd '.repeat(40)}`]]),
    [['a', [`451 ${'abcd '.repeat(23)}a`]]],
  ],
  [
    'HES tells what it was answered, the MTA behind it what that one was: in order, what both heard once',
    (domain) => [
      ...atHes(domain, [
        [0, 'received', ''],
        [1000, 'deferred', '451 4.7.1 Greylisting in action'],
        [2000, 'deferred', '421 4.7.0 Too many connections'],
        [60_000, 'relayed', OK],
      ]),
      ...atMx1(
        domain,
        60_000,
        [
          [61_000, 'deferred', '452 4.2.2 Mailbox full'],
          [62_000, 'deferred', '421 4.7.0 Too many connections'],
          [90_000, 'delivered', OK],
        ],
        HES,
      ),
    ],
    [['a', ['421 4.7.0 Too many connections', '451 4.7.1 Greylisting in action', '452 4.2.2 Mailbox full']]],
  ],
  [
    'what did not make HES wait, nor any hop after it, deferred nothing',
    (domain) => [
      ...atHes(domain, [
        [0, 'received', ''],
        [5000, 'deferred', '451 4.7.1 Greylisting in action'],
        [5000, 'relayed', OK],
      ]),
      ...atMx1(domain, 5000, [[6000, 'delivered', OK]], HES),
    ],
    [['a', []]],
  ],
  [
    'a content filter: two queue ids of one hop',
    (domain) => [
      ...atMx1(domain, 0, [
        [100, 'deferred', '451 4.3.0 Filter is busy', { nextMta: '127.0.0.1', nextAddress: '127.0.0.1' }],
        [200, 'relayed', OK, { nextMta: '127.0.0.1', nextAddress: '127.0.0.1', nextQueueId: `F.${domain}` }],
      ]),
      ...atMx1(
        domain,
        200,
        [
          [300, 'deferred', '452 4.2.2 Mailbox full'],
          [400, 'delivered', OK],
        ],
        'localhost',
      ).map((event) => ({ ...event, queueId: `F.${domain}` })),
    ],
    [['a', ['451 4.3.0 Filter is busy', '452 4.2.2 Mailbox full']]],
  ],
];

const domainOf = (number: number): string => `story${number}.example`;

describe('replies of a journey', () => {
  let all: Correlation;
  beforeAll(async () => (all = await Correlation.of(STORIES.flatMap(([, events], i) => events(domainOf(i))))));
  afterAll(() => all.close());

  it.each(STORIES.map(([what, , told], i) => [what, i, told] as const))('%s', async (_what, i, told) => {
    const rows = await all.journeys(domainOf(i), ['recipient', 'replies']);
    expect(rows.map(([recipient, replies]) => [String(recipient).split('@')[0], replies])).toEqual(told);
  });
});

const stamp = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();
const line = (seconds: number, program: string, text: string): string =>
  `${stamp(seconds)} mx1.corp.example postfix/${program}[7]: A0000001: ${text}\n`;
/** Two halves of a log, of which the second alone says why the mail was late. */
const LOG = [
  line(0, 'smtpd', 'client=out.far.example[192.0.2.7]') +
    line(0, 'cleanup', 'message-id=<m@far.example>') +
    line(0, 'qmgr', 'from=<s@far.example>, size=9, nrcpt=1 (queue active)') +
    line(90, 'smtp', 'to=<a@corp.example>, relay=mbx[192.0.2.9]:25, delay=90, dsn=2.0.0, status=sent (250 Ok)'),
  line(
    9,
    'smtp',
    'to=<a@corp.example>, relay=mbx[192.0.2.9]:25, delay=9, dsn=4.2.2, status=deferred (host mbx[192.0.2.9] said: 452 4.2.2 <a@corp.example> Mailbox full (in reply to RCPT TO command))',
  ),
];

describe('replies of a journey whose lines come and go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-replies-'));
  const files = LOG.map((_, i) => join(folder, `${i}.log`));
  let own: TemporaryStore;
  const replies = async (): Promise<string[][]> =>
    (await own.store.rows<{ replies: string[] }>({ sql: 'SELECT replies FROM hoptime.journeys' })).map(
      (row) => row.replies,
    );
  beforeAll(async () => {
    for (const [i, text] of LOG.entries()) writeFileSync(files[i], text);
    own = await openTemporaryStore();
  });
  afterAll(async () => {
    await own.close();
    rmSync(folder, { recursive: true });
  });

  it('a refusal that is read later, or forgotten, comes and goes, by either scope of a correlation', async () => {
    const service = new IngestService(own.store);
    const full = [['452 4.2.2 <…> Mailbox full (in reply to RCPT TO command)']];
    await service.ingest([files[0]], { format: 'postfix' });
    expect(await replies()).toEqual([[]]);
    await service.ingest([files[1]], { format: 'postfix' });
    expect(await replies()).toEqual(full);
    await new Correlator(own.store).correlate();
    expect(await replies()).toEqual(full);
    await service.forget(files[1]);
    expect(await replies()).toEqual([[]]);
  });
});
