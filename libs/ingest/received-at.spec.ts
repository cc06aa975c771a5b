import type { EventFacts } from '../store/temporary-store.fixture';
import { Correlation, PostfixLines } from './correlation.fixture';

type Story = [what: string, events: (q: PostfixLines) => EventFacts[], hops: string[]];

const deferred = { kind: 'deferred' } as const;

/** `received_at` of a hop: delay model §3. Hops are `message recipient received→relayed outcome`. */
const STORIES: Story[] = [
  [
    'the first queue active, whatever else there is',
    (q) => [
      ...[
        q.client(0),
        q.messageId(100, 'm'),
        q.active(250),
        q.attempt(5000, { ...deferred, delay: 5000, parts: [0, 0, 0, 4000] }),
      ],
      ...[q.active(300_000), q.attempt(301_000, { delay: 301_000 })],
    ],
    ['m a 250→301000 delivered 1 deferred'],
  ],
  [
    'without queue active: the delivery − (b + c + d)',
    (q) => [q.client(0), q.messageId(100, 'm'), q.attempt(10_000, { delay: 9900, parts: [8100, 1000, 500, 300] })],
    ['m a 8200→10000 delivered'],
  ],
  [
    'of several deliveries the earliest tells it',
    (q) => [
      ...[
        q.client(0),
        q.messageId(0, 'm'),
        q.attempt(10_000, { ...deferred, delay: 10_000, parts: [9000, 500, 300, 200] }),
      ],
      q.attempt(100_000, { delay: 100_000, parts: [9000, 90_000, 300, 200] }),
    ],
    ['m a 9000→100000 delivered 1 deferred'],
  ],
  [
    'without delays=: the delivery − delay',
    (q) => [q.client(0), q.messageId(100, 'm'), q.attempt(10_000, { delay: 9400 })],
    ['m a 600→10000 delivered'],
  ],
  [
    'a message on hold: its message-id= line, since the others lie after the hold',
    (q) => [
      ...[q.client(0), q.messageId(100, 'm'), q.hold(110), q.unhold(60_000), q.active(60_100)],
      q.attempt(61_000, { delay: 61_000, parts: [60_000, 100, 400, 400] }),
    ],
    ['m a 100→61000 delivered'],
  ],
  [
    'a message on hold without message-id= line: the next rule',
    (q) => [q.client(0), q.hold(110), q.unhold(60_000), q.active(60_100), q.attempt(61_000)],
    ['- a 60100→61000 delivered'],
  ],
  [
    'local submission: the delivery − delay goes before queue active',
    (q) => [
      q.pickup(5000),
      q.messageId(5010, 'm'),
      q.active(5020),
      q.attempt(6000, { delay: 4000, parts: [3000, 0, 0, 1000] }),
    ],
    ['m a 2000→6000 delivered'],
  ],
  [
    'local submission without delay=: queue active',
    (q) => [q.pickup(5000), q.messageId(5010, 'm'), q.active(5020), q.attempt(6000)],
    ['m a 5020→6000 delivered'],
  ],
  [
    'a log that starts in mid-message shows a later queue active: delays= tells that it was received before',
    (q) => [q.active(3_600_000), q.attempt(3_601_000, { delay: 3_601_000, parts: [10_000, 3_590_000, 500, 500] })],
    ['- a 10000→3601000 delivered'],
  ],
  [
    // 1 s and the resolution of 1 ms are tolerated: 5000 + 1000 + 1 is not before 6001
    'rounding in delays= does not move queue active',
    (q) => [q.active(6001), q.attempt(10_000, { parts: [0, 4000, 500, 500] })],
    ['- a 6001→10000 delivered'],
  ],
  [
    'but one ms more does',
    (q) => [q.active(6002), q.attempt(10_000, { parts: [0, 4000, 500, 500] })],
    ['- a 5000→10000 delivered'],
  ],
  [
    'two recipients share it; each has its own end',
    (q) => [
      q.client(0),
      q.messageId(10, 'm'),
      q.active(20),
      q.attempt(1000),
      q.attempt(9000, { to: 'b', ...deferred }),
    ],
    ['m a 20→1000 delivered', 'm b 20→- deferred 1 deferred'],
  ],
  ['in the queue, not tried yet', (q) => [q.client(0), q.messageId(10, 'm'), q.active(20)], ['m - 20→- received']],
  [
    'neither queue active nor a delivery (connection lost inside DATA): no hop',
    (q) => [q.client(0), q.messageId(10, 'm')],
    [],
  ],
  [
    'bounced: no time of hand-over',
    (q) => [q.client(0), q.messageId(10, 'm'), q.active(20), q.attempt(1000, { kind: 'bounced' })],
    ['m a 20→- bounced'],
  ],
];

describe('received_at of a hop', () => {
  let correlation: Correlation;
  const domain = (i: number): string => `story${i}.example`;
  beforeAll(async () => {
    correlation = await Correlation.of(STORIES.flatMap(([, of], i) => of(new PostfixLines(domain(i)))));
  });
  afterAll(() => correlation.close());

  it.each(STORIES.map(([what, , hops], i) => ({ what, hops, i })))('$what', async ({ hops, i }) => {
    const expected = hops.map((hop) => (hop.startsWith('-') ? hop : hop.replace(' ', `@${domain(i)} `)));
    expect(await correlation.hops(domain(i))).toEqual(expected);
  });
});
