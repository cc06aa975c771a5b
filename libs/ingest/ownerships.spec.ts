import type { EventFacts } from '../store/temporary-store.fixture';
import { Correlation, PostfixLines } from './correlation.fixture';

type Story = [what: string, events: (q: PostfixLines) => EventFacts[], hops: string[], resolution?: number];

/** Ownership of (MTA, queue id): delay model §4.2. Hops are `message recipient received→relayed outcome`. */
const STORIES: Story[] = [
  [
    'client= and message-id= are one beginning',
    (q) => [q.client(0), q.messageId(100, 'm'), q.active(200), q.attempt(1000, { delay: 1000 }), q.removed(1000)],
    ['m a 200→1000 delivered'],
  ],
  [
    'a second client= begins another one, with and without removed between them',
    (q) => [
      ...[q.client(0), q.messageId(100, 'm'), q.active(200), q.attempt(1000), q.removed(1000)],
      ...[q.client(60_000), q.messageId(60_100, 'n'), q.active(60_200), q.attempt(61_000)],
      ...[q.client(90_000), q.messageId(90_100, 'o'), q.active(90_200), q.attempt(91_000)],
    ],
    ['m a 200→1000 delivered', 'n a 60200→61000 delivered', 'o a 90200→91000 delivered'],
  ],
  [
    'message-id= after a message-id= begins another one',
    (q) => [
      ...[q.messageId(0, 'm'), q.active(100), q.attempt(1000)],
      ...[q.messageId(60_000, 'n'), q.active(60_100), q.attempt(61_000)],
    ],
    ['m a 100→1000 delivered', 'n a 60100→61000 delivered'],
  ],
  [
    'message-id= after removed begins another one',
    (q) => [
      ...[q.client(0), q.messageId(10, 'm'), q.active(100), q.attempt(1000), q.removed(1000)],
      ...[q.messageId(60_000, 'n'), q.active(60_100), q.attempt(61_000)],
    ],
    ['m a 100→1000 delivered', 'n a 60100→61000 delivered'],
  ],
  [
    'the same message-id= line twice is one',
    (q) => [q.messageId(0, 'm'), q.messageId(0, 'm'), q.active(100), q.attempt(1000)],
    ['m a 100→1000 delivered'],
  ],
  [
    'after removed, lines without a beginning belong to an ownership whose beginning is not in the logs',
    (q) => [
      ...[q.client(0), q.messageId(100, 'm'), q.active(200), q.attempt(1000), q.removed(1000)],
      ...[q.active(60_000), q.attempt(61_000, { to: 'b' })],
    ],
    ['m a 200→1000 delivered', '- b 60000→61000 delivered'],
  ],
  [
    'a line within a second after removed is still of that ownership',
    (q) => [
      ...[q.client(0), q.messageId(100, 'm'), q.active(200), q.attempt(1000), q.removed(1000)],
      q.attempt(1999, { to: 'b' }),
    ],
    ['m a 200→1000 delivered', 'm b 200→1999 delivered'],
  ],
  [
    'lines before the first beginning are of an earlier one',
    (q) => [
      ...[q.active(0), q.attempt(1000, { to: 'b' }), q.removed(1000)],
      ...[q.client(60_000), q.messageId(60_100, 'm'), q.active(60_200), q.attempt(61_000)],
    ],
    ['- b 0→1000 delivered', 'm a 60200→61000 delivered'],
  ],
  [
    'removed and the next client= in one second: delay= tells whose a delivery is',
    (q) => [
      ...[q.client(0), q.messageId(0, 'm'), q.active(0), q.attempt(10_000, { delay: 10_000 }), q.removed(10_000)],
      ...[
        q.client(10_000),
        q.messageId(10_000, 'n'),
        q.active(10_000),
        q.attempt(12_000, { delay: 2000 }),
        q.removed(12_000),
      ],
    ],
    ['m a 0→10000 delivered', 'n a 10000→12000 delivered'],
    1000,
  ],
  [
    'a delay that reaches back before client=, with no ownership there: its beginning is not in the logs',
    (q) => [
      ...[q.client(0), q.messageId(0, 'm'), q.active(0), q.attempt(1000, { to: 'b', delay: 3_600_000 })],
      ...[q.attempt(2000, { delay: 2000 }), q.removed(2000)],
    ],
    ['- b -3599000→1000 delivered', 'm a 0→2000 delivered'],
    1000,
  ],
  [
    'removed of an ownership whose beginning is not in the logs, and within the second after it the next client=',
    (q) => [
      ...[q.active(-5000), q.attempt(0, { to: 'b', delay: 5000 }), q.removed(0)],
      ...[q.client(400), q.messageId(400, 'm'), q.active(400), q.attempt(3000, { delay: 2600 }), q.removed(3000)],
    ],
    ['- b -5000→0 delivered', 'm a 400→3000 delivered'],
  ],
  [
    // 1 s + resolution 1 ms + one unit of the last digit 100 ms
    'a delay may reach back by a second, the resolution and one unit of its last digit',
    (q) => [q.client(0), q.messageId(10, 'm'), q.active(20), q.attempt(5000, { delay: 6101, unit: 100 })],
    ['m a 20→5000 delivered'],
  ],
  [
    'one ms more, and it is another ownership',
    (q) => [q.client(0), q.messageId(10, 'm'), q.active(20), q.attempt(5000, { delay: 6102, unit: 100 })],
    ['- a -1102→5000 delivered', 'm - 20→- received'],
  ],
  [
    'the same bound between two ownerships: still the later one',
    (q) => [
      ...[q.client(0), q.messageId(10, 'm'), q.active(20), q.attempt(1000)],
      ...[q.client(60_000), q.messageId(60_010, 'n'), q.active(60_020), q.attempt(65_000, { delay: 6101, unit: 100 })],
    ],
    ['m a 20→1000 delivered', 'n a 60020→65000 delivered'],
  ],
  [
    'one ms more, and it is the one before, which explains it',
    (q) => [
      ...[q.client(0), q.messageId(10, 'm'), q.active(20), q.attempt(1000)],
      ...[q.client(60_000), q.messageId(60_010, 'n'), q.active(60_020)],
      q.attempt(65_000, { to: 'b', delay: 6102, unit: 100 }),
    ],
    ['m a 20→1000 delivered', 'm b 20→65000 delivered', 'n - 60020→- received'],
  ],
  [
    'a pickup that waited in the maildrop stays one ownership, and the wait is the MTA’s own',
    (q) => [q.pickup(600_000), q.messageId(600_010, 'm'), q.active(600_020), q.attempt(601_000, { delay: 601_000 })],
    ['m a 0→601000 delivered'],
  ],
  [
    'two ownerships begun by pickup',
    (q) => [
      ...[q.pickup(0), q.messageId(10, 'm'), q.active(20), q.attempt(1000, { delay: 1000 }), q.removed(1000)],
      ...[q.pickup(50_000), q.messageId(50_010, 'n'), q.active(50_020), q.attempt(51_000, { delay: 2000 })],
    ],
    ['m a 0→1000 delivered', 'n a 49000→51000 delivered'],
  ],
];

describe('ownership of a queue id', () => {
  let correlation: Correlation;
  const domain = (i: number): string => `story${i}.example`;
  beforeAll(async () => {
    const events = STORIES.flatMap(([, of, , resolution], i) => of(new PostfixLines(domain(i), resolution)));
    correlation = await Correlation.of(events);
  });
  afterAll(() => correlation.close());

  it.each(STORIES.map(([what, , hops], i) => ({ what, hops, i })))('$what', async ({ hops, i }) => {
    const expected = hops.map((hop) => (hop.startsWith('-') ? hop : hop.replace(' ', `@${domain(i)} `)));
    expect(await correlation.hops(domain(i))).toEqual(expected);
  });
});
