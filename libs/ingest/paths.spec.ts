import fc from 'fast-check';
import { hesLeg, leg, FLEET } from './legs.fixture';
import type { Leg } from './leg';
import { NO_JOURNEY, pathsOf } from './paths';

/** Steps as `leg journey position.part matchedBy`, sorted. */
const steps = (...legs: Leg[]): string[] =>
  pathsOf(legs, FLEET)
    .map((step) => `${step.leg.id} ${step.journey} ${step.position}.${step.part} ${step.matchedBy}`)
    .sort();

const MBX = { mta: 'mbx.corp.example' };
const byHes = { client: 'hes' };

describe('pathsOf', () => {
  it('one leg is a journey of its own', () => expect(steps(leg('A'))).toEqual(['A A 1.1 0']));

  it('hops count from 1; the journey is named after its last leg', () => {
    const legs = [
      hesLeg('H', { endedAt: 1000 }),
      leg('A', { ...byHes, receivedAt: 1000, endedAt: 2000, nextMta: 'mbx.corp.example', nextQueueId: 'B' }),
      leg('B', { ...MBX, receivedAt: 2000 }),
    ];
    expect(steps(...legs)).toEqual(['A B 2.1 1', 'B B 3.1 1', 'H B 1.1 0']);
  });

  it('queue ids of one host are parts of one hop', () => {
    const legs = [
      leg('A', { nextAddress: '127.0.0.1', nextQueueId: 'B' }),
      leg('B', { client: 'self', nextMta: 'mbx.corp.example', nextQueueId: 'C' }),
      leg('C', MBX),
    ];
    expect(steps(...legs)).toEqual(['A C 1.1 0', 'B C 1.2 1', 'C C 2.1 1']);
  });

  it('mail that left the host and came back is another hop', () => {
    const legs = [
      leg('A', { endedAt: 1000, nextMta: 'mx2.corp.example', nextQueueId: 'S' }),
      leg('S', {
        mta: 'mx2.corp.example',
        receivedAt: 1000,
        endedAt: 2000,
        nextMta: 'mx1.corp.example',
        nextQueueId: 'B',
      }),
      leg('B', { receivedAt: 2000, client: 'mta', peer: 'mx2.corp.example' }),
    ];
    expect(steps(...legs)).toEqual(['A B 1.1 0', 'B B 3.1 1', 'S B 2.1 1']);
  });

  it('a leg of several final recipients stands in each of their journeys', () => {
    const member = (name: string): Leg =>
      leg(name, { ...byHes, custody: 'A', recipient: `${name}@corp.example`, originalRecipient: 'list@corp.example' });
    expect(steps(hesLeg('H', { recipient: 'list@corp.example' }), member('x'), member('y'))).toEqual([
      'H x 1.1 0',
      'H y 1.1 0',
      'x x 2.1 4',
      'y y 2.1 4',
    ]);
  });

  describe('a message in a queue whose recipients nobody has told yet', () => {
    const sent = (name: string, facts: Partial<Leg> = {}): Leg =>
      leg(name, { custody: 'A', queueId: 'A', recipient: `${name}@corp.example`, endedAt: 1000, ...facts });
    const onward = { nextMta: 'mbx.corp.example', nextQueueId: 'B' };
    const queued = leg('B', { ...MBX, receivedAt: 1000, recipient: '' });

    it('is there for all whose reply names it', () => {
      const legs = [
        sent('x', onward),
        sent('y', { ...onward, endedAt: 1002 }),
        sent('z', { ...onward, nextQueueId: 'C' }),
      ];
      expect(steps(...legs, queued)).toEqual(['B B 2.1 5', 'B y 2.1 5', 'x B 1.1 0', 'y y 1.1 0', 'z z 1.1 0']);
    });

    it('is another message where its id is named again later', () => {
      const legs = [sent('x', onward), sent('y', { ...onward, endedAt: 3001 })];
      expect(steps(...legs, queued)).toEqual(['B B 2.1 5', 'x B 1.1 0', 'y y 1.1 0']);
    });

    it('is the same hop on the same host', () => {
      const back = { nextAddress: '127.0.0.1', nextQueueId: 'B' };
      const legs = [sent('x', back), sent('y', back), leg('B', { client: 'self', receivedAt: 1000, recipient: '' })];
      expect(steps(...legs)).toEqual(['B B 1.2 5', 'B y 1.2 5', 'x B 1.1 0', 'y y 1.1 0']);
    });
  });

  it('one delivery for two aliases of a mailbox is the end of both', () => {
    const onward = { custody: 'A', queueId: 'A', endedAt: 1000, nextMta: 'mbx.corp.example', nextQueueId: 'B' };
    const legs = [
      leg('x', { ...onward, originalRecipient: 'sales@corp.example' }),
      leg('y', { ...onward, originalRecipient: 'info@corp.example' }),
      leg('B', { ...MBX, receivedAt: 1000 }),
    ];
    expect(steps(...legs)).toEqual(['B B 2.1 1', 'B y 2.1 1', 'x B 1.1 0', 'y y 1.1 0']);
    expect(steps(...legs, leg('C', { ...MBX, custody: 'B', queueId: 'B', recipient: 'b@corp.example' }))).toContain(
      'B y 2.1 1',
    );
  });

  it('what is not linked stays a journey of its own', () => {
    expect(steps(hesLeg('H'), leg('A', { client: 'foreign' }))).toEqual(['A A 1.1 0', 'H H 1.1 0']);
  });
});

describe('a trace header that repeats a log', () => {
  const log = leg('A', { queueId: 'Q', receivedAt: 10_000, endedAt: 20_000 });
  const header = (facts: Partial<Leg>): Leg => leg('T', { product: 'trace-headers', queueId: '', ...facts });

  it.each<[string, Partial<Leg>, boolean]>([
    ['the same queue id, at any time', { queueId: 'Q', receivedAt: 90_000 }, true],
    ['within the custody', { receivedAt: 15_000 }, true],
    ['2 s before it', { receivedAt: 8_000 }, true],
    ['more than 2 s before it', { receivedAt: 7_999 }, false],
    ['2 s after it', { receivedAt: 22_000 }, true],
    ['more than 2 s after it', { receivedAt: 22_001 }, false],
    ['another queue id, but within the custody', { queueId: 'X', receivedAt: 15_000 }, true],
    ['under the other name of the MTA', { mta: 'mx1', receivedAt: 15_000 }, true],
    ['another MTA', { mta: 'mx2.corp.example', receivedAt: 15_000 }, false],
    ['the same statement in a log is no echo', { product: 'sendmail', receivedAt: 15_000 }, false],
    ['HES is never an echo', { isHes: true, receivedAt: 15_000 }, false],
  ])('%s', (_what, facts, echo) => {
    const found = steps(log, header(facts));
    expect(found.includes('A A 1.1 0')).toBe(true);
    expect(found.includes(`T ${NO_JOURNEY} 0.0 0`)).toBe(echo);
    expect(found.includes('T T 1.1 0')).toBe(!echo);
  });

  it('of a custody that has not ended, any later stamp is an echo', () => {
    expect(steps({ ...log, endedAt: null }, header({ receivedAt: 900_000 }))).toContain('T 0 0.0 0');
  });

  it('does not stand between the legs that logs know', () => {
    const legs = [
      hesLeg('H', { endedAt: 10_000 }),
      { ...log, client: 'hes', nextMta: 'mbx.corp.example', nextQueueId: 'B' },
      header({ receivedAt: 10_000, endedAt: 20_000, client: 'hes', nextMta: 'mbx.corp.example' }),
      leg('B', { ...MBX, receivedAt: 20_000 }),
    ];
    expect(steps(...legs)).toEqual(['A B 2.1 1', 'B B 3.1 1', 'H B 1.1 0', 'T 0 0.0 0']);
  });
});

it('the order of legs decides nothing', () => {
  const moment = fc.nat(30).map((s) => s * 1000);
  const some = fc.record({
    receivedAt: moment,
    endedAt: fc.option(moment),
    mta: fc.constantFrom('hes', 'mx1.corp.example', 'mx1', 'mbx.corp.example'),
    product: fc.constantFrom('postfix', 'trace-headers'),
    queueId: fc.constantFrom('', 'Q', 'R'),
    client: fc.constantFrom('hes', 'mta', 'self', ''),
    nextMta: fc.constantFrom('', 'mx1', 'mbx.corp.example'),
    nextQueueId: fc.constantFrom('', 'Q', 'R'),
    recipient: fc.constantFrom('', 'a@corp.example', 'b@corp.example'),
  });
  const legs = fc
    .array(some, { minLength: 2, maxLength: 15 })
    .map((all) => all.map((facts, i) => leg(`L${i}`, { ...facts, isHes: facts.mta === 'hes' })));
  const shuffled = legs.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, ([all, others]) => expect(steps(...others)).toEqual(steps(...all))),
    { numRuns: 300 },
  );
});
