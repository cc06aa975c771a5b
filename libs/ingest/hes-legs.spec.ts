import type { EventFacts } from '../store/temporary-store.fixture';
import { Correlation, PostfixLines, T0 } from './correlation.fixture';

/** Records of one message and recipient at HES; `transaction` '' is none. */
class HesRecords {
  constructor(private readonly domain: string) {}

  at(kind: EventFacts['kind'], at: number, transaction = '', facts: Partial<EventFacts> = {}): EventFacts {
    return {
      kind,
      statement: 'tracking',
      eventTime: T0 + at,
      mta: 'hes',
      product: 'trend-email-security',
      messageId: `m@${this.domain}`,
      sender: 's@far.example',
      recipient: `a@${this.domain}`,
      transactionId: transaction,
      ...facts,
    };
  }
}

const COLUMNS = [
  'state',
  'hes_received_at',
  'hes_first_attempt_at',
  'hes_released_at',
  'hes_ms',
  'hes_processing_ms',
  'hes_waiting_ms',
  'hes_quarantine_ms',
];
type Figures = [
  state: string,
  received: number | null,
  attempt: number | null,
  released: number | null,
  ...split: (number | null)[],
];
type Story = [what: string, events: (hes: HesRecords, mx: PostfixLines) => EventFacts[], journeys: Figures[]];

/** HES custody: delay model §3 and §4.6. */
const STORIES: Story[] = [
  [
    'received and relayed',
    (hes) => [hes.at('received', 0, 't'), hes.at('relayed', 5000, 't')],
    [['relayed', 0, 5000, 5000, 5000, 5000, 0, null]],
  ],
  [
    'two transactions of one message and recipient are two journeys, also when they overlap',
    (hes) => [
      ...[hes.at('received', 0, 't'), hes.at('received', 2000, 'u')],
      ...[hes.at('relayed', 9000, 't'), hes.at('relayed', 3000, 'u')],
    ],
    [
      ['relayed', 0, 9000, 9000, 9000, 9000, 0, null],
      ['relayed', 2000, 3000, 3000, 1000, 1000, 0, null],
    ],
  ],
  [
    'a reception without transaction belongs to the transaction received in the same second; the earliest counts',
    (hes) => [hes.at('received', 100), hes.at('received', 900, 't'), hes.at('relayed', 5000, 't')],
    [['relayed', 100, 5000, 5000, 4900, 4900, 0, null]],
  ],
  [
    'in another second it opens a transaction of its own',
    (hes) => [
      ...[hes.at('received', 0), hes.at('received', 5000, 't')],
      ...[hes.at('relayed', 3000), hes.at('relayed', 9000, 't')],
    ],
    [
      ['relayed', 0, 3000, 3000, 3000, 3000, 0, null],
      ['relayed', 5000, 9000, 9000, 4000, 4000, 0, null],
    ],
  ],
  [
    'the same second is the same second of the clock, not a distance',
    (hes) => [
      hes.at('received', 999, 't'),
      hes.at('received', 1000),
      hes.at('relayed', 1500),
      hes.at('relayed', 2500, 't'),
    ],
    [
      ['relayed', 999, 2500, 2500, 1501, 1501, 0, null],
      ['relayed', 1000, 1500, 1500, 500, 500, 0, null],
    ],
  ],
  [
    'events without transaction go to the latest reception at or before them',
    (hes) => [hes.at('received', 0), hes.at('received', 60_000), hes.at('relayed', 60_000), hes.at('deferred', 59_000)],
    [
      ['in_flight', 0, 59_000, null, null, null, null, null],
      ['relayed', 60_000, 60_000, 60_000, 0, 0, 0, null],
    ],
  ],
  [
    'receptions of equal stamps without transaction are one',
    (hes) => [hes.at('received', 0), hes.at('received', 0, '', { sizeBytes: 5 }), hes.at('relayed', 1000)],
    [['relayed', 0, 1000, 1000, 1000, 1000, 0, null]],
  ],
  [
    'a failed attempt splits the time: what follows is waiting on the downstream MTA',
    (hes) => [
      ...[hes.at('received', 0, 't'), hes.at('deferred', 2000, 't'), hes.at('deferred', 1000, 't')],
      hes.at('relayed', 62_000, 't'),
    ],
    [['relayed', 0, 1000, 62_000, 62_000, 1000, 61_000, null]],
  ],
  [
    'quarantined, released, relayed',
    (hes) => [
      ...[hes.at('received', 0, 't'), hes.at('quarantined', 1000, 't'), hes.at('released', 61_000, 't')],
      hes.at('relayed', 62_000, 't'),
    ],
    [['relayed', 0, 62_000, 62_000, 62_000, 62_000, 0, 60_000]],
  ],
  [
    'released and not yet relayed is in flight',
    (hes) => [hes.at('received', 0, 't'), hes.at('quarantined', 1000, 't'), hes.at('released', 61_000, 't')],
    [['in_flight', 0, null, null, null, null, null, 60_000]],
  ],
  [
    'quarantined',
    (hes) => [hes.at('received', 0, 't'), hes.at('quarantined', 1000, 't')],
    [['quarantined', 0, null, null, null, null, null, null]],
  ],
  [
    'quarantined, then deleted',
    (hes) => [hes.at('received', 0, 't'), hes.at('quarantined', 1000, 't'), hes.at('deleted', 90_000, 't')],
    [['deleted', 0, null, null, null, null, null, null]],
  ],
  [
    'bounced',
    (hes) => [hes.at('received', 0, 't'), hes.at('deferred', 1000, 't'), hes.at('bounced', 90_000, 't')],
    [['bounced', 0, 1000, null, null, null, null, null]],
  ],
  [
    'a hand-over ends the custody whatever was said before or after',
    (hes) => [
      hes.at('received', 0, 't'),
      hes.at('bounced', 1000, 't'),
      hes.at('delivered', 2000, 't'),
      hes.at('deleted', 3000, 't'),
    ],
    [['relayed', 0, 2000, 2000, 2000, 2000, 0, null]],
  ],
  [
    'of equal stamps the later kind counts',
    (hes) => [hes.at('received', 0, 't'), hes.at('quarantined', 1000, 't'), hes.at('deferred', 1000, 't')],
    [['quarantined', 0, 1000, null, null, null, null, null]],
  ],
  [
    'delivered twice: the last hand-over is the release',
    (hes) => [hes.at('received', 0, 't'), hes.at('relayed', 2000, 't'), hes.at('relayed', 5000, 't')],
    [['relayed', 0, 5000, 5000, 5000, 5000, 0, null]],
  ],
  ['received only', (hes) => [hes.at('received', 0, 't')], [['in_flight', 0, null, null, null, null, null, null]]],
  [
    'relayed only: the reception is not known, nor how long HES held it',
    (hes) => [hes.at('relayed', 5000, 't')],
    [['relayed', null, 5000, 5000, null, null, null, null]],
  ],
  [
    'a record that does not say when (CEF) is no end: not known without a next hop',
    (hes) => [hes.at('received', 0, 't'), hes.at('relayed', 5000, 't', { timeBasis: 'record' })],
    [['relayed', 0, null, null, null, null, null, null]],
  ],
  [
    'no message id: by transaction',
    (hes) => [
      ...[hes.at('received', 0, 't', { messageId: '' }), hes.at('relayed', 1000, 't', { messageId: '' })],
      ...[hes.at('received', 10_000, 'u', { messageId: '' }), hes.at('relayed', 13_000, 'u', { messageId: '' })],
    ],
    [
      ['relayed', 0, 1000, 1000, 1000, 1000, 0, null],
      ['relayed', 10_000, 13_000, 13_000, 3000, 3000, 0, null],
    ],
  ],
  [
    'the next MTA’s stamp stands in where the record does not say when',
    (hes, mx) => [
      ...[hes.at('received', 0, 't'), hes.at('relayed', 9000, 't', { timeBasis: 'record' })],
      ...[mx.client(4000, 'in01.hes.trendmicro.com'), mx.messageId(4100, 'm'), mx.active(4200), mx.attempt(6000)],
    ],
    [['complete', 0, 4200, 4200, 4200, 4200, 0, null]],
  ],
];

/** RFC 5321 §4.1.2: a local part may be quoted, and have an @ in it. */
const QUOTED = {
  of: 'quoted.example',
  recipient: '"a@elsewhere.example"',
  sender: '"s@elsewhere.example"@far.example',
};
const quoted = (): EventFacts[] => {
  const hes = new HesRecords(QUOTED.of);
  const facts = { recipient: `${QUOTED.recipient}@${QUOTED.of}`, sender: QUOTED.sender };
  // what nothing links becomes a journey by a statement of its own
  const mx = new PostfixLines(QUOTED.of);
  return [
    hes.at('received', 0, 't', facts),
    hes.at('relayed', 5000, 't', facts),
    ...[mx.client(60_000), mx.messageId(60_100, 'n'), { ...mx.active(60_200), sender: QUOTED.sender }],
    mx.attempt(61_000, { to: QUOTED.recipient }),
    // no domain at all
    { ...hes.at('received', 0, 'u'), recipient: 'root', messageId: 'root-mail', sender: '<>' },
  ];
};

describe('HES custody', () => {
  let correlation: Correlation;
  const domain = (i: number): string => `story${i}.example`;
  beforeAll(async () => {
    const events = STORIES.flatMap(([, of], i) => of(new HesRecords(domain(i)), new PostfixLines(domain(i))));
    // each event twice: a record may arrive again
    correlation = await Correlation.of([...events, ...events, ...quoted()]);
  });
  afterAll(() => correlation.close());

  it.each(STORIES.map(([what, , journeys], i) => ({ what, journeys, i })))('$what', async ({ journeys, i }) => {
    expect(await correlation.journeys(domain(i), COLUMNS)).toEqual(journeys);
  });

  it('says who told the release', async () => {
    const last = STORIES.length - 1;
    expect(await correlation.journeys(domain(0), ['released_by', 'via_hes'])).toEqual([['tracking', 'yes']]);
    expect(await correlation.journeys(domain(last), ['released_by', 'matched_by'])).toEqual([
      ['next_hop', 'message_id'],
    ]);
    expect(await correlation.journeys(domain(last), ['downstream_ms', 'total_ms', 'hop_count'])).toEqual([
      [1800, 6000, 1],
    ]);
  });

  it('takes the domains behind the last @ of an address', async () => {
    const columns = ['via_hes', 'recipient', 'sender_domain'];
    const recipient = `${QUOTED.recipient}@${QUOTED.of}`;
    expect(await correlation.journeys(QUOTED.of, columns)).toEqual([
      ['yes', recipient, 'far.example'],
      ['no', recipient, 'far.example'],
    ]);
    expect(await correlation.journeys('elsewhere.example"', columns)).toEqual([]);
    expect(await correlation.domains('root')).toEqual([[null, null]]);
  });
});
