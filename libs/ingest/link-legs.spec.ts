import fc from 'fast-check';
import { cpuMs } from '../../test/support/cpu-time';
import { hesLeg, leg, FLEET } from './legs.fixture';
import type { Leg } from './leg';
import { linkLegs } from './link-legs';

/** Links as `from>to matchedBy`, sorted; with every leg compared, and by index: the two have to agree. */
function linked(legs: readonly Leg[]): string[] {
  const shown = (compared: number): string[] =>
    [...linkLegs(legs, FLEET, compared)].map(([to, { from, matchedBy }]) => `${from.id}>${to.id} ${matchedBy}`).sort();
  const compared = shown(Infinity);
  expect(shown(0)).toEqual(compared);
  return compared;
}

const MBX = { mta: 'mbx.corp.example' };
const byHes = { client: 'hes' };

describe('recipients', () => {
  it('an exact recipient goes before the original one', () => {
    const legs = [
      hesLeg('Ha', { recipient: 'a@corp.example', queueId: 'T1' }),
      hesLeg('Hb', { recipient: 'b@corp.example', queueId: 'T2' }),
      leg('A', { ...byHes, recipient: 'a@corp.example', originalRecipient: 'b@corp.example' }),
    ];
    expect(linked(legs)).toEqual(['Ha>A 1']);
  });

  it('orig_to links a rewritten recipient', () => {
    const legs = [
      hesLeg('Ha', { recipient: 'info@corp.example', queueId: 'T' }),
      hesLeg('Hb', { recipient: 'b@corp.example', queueId: 'T' }),
      leg('A', { ...byHes, recipient: 'team@corp.example', originalRecipient: 'info@corp.example' }),
    ];
    expect(linked(legs)).toEqual(['Ha>A 4']);
  });

  it('a list that expands: every member follows the list', () => {
    const legs = [
      hesLeg('H', { recipient: 'list@corp.example' }),
      ...['x', 'y', 'z'].map((name) =>
        leg(name, {
          ...byHes,
          custody: 'A',
          recipient: `${name}@corp.example`,
          originalRecipient: 'list@corp.example',
        }),
      ),
    ];
    expect(linked(legs)).toEqual(['H>x 4', 'H>y 4', 'H>z 4']);
  });

  it('the only HES recipient stands for an unknown one', () => {
    const legs = [hesLeg('H', { recipient: 'a@corp.example' }), leg('A', { ...byHes, recipient: 'x@corp.example' })];
    expect(linked(legs)).toEqual(['H>A 5']);
  });

  it('one of two HES recipients does not: the leg stays unmatched', () => {
    const legs = [
      hesLeg('Ha', { recipient: 'a@corp.example', queueId: 'T' }),
      hesLeg('Hb', { recipient: 'b@corp.example', queueId: 'T' }),
      leg('A', { ...byHes, recipient: 'x@corp.example' }),
    ];
    expect(linked(legs)).toEqual([]);
  });

  it('HES records of one moment without a transaction are one transaction', () => {
    const two = (second: number): Leg[] => [
      hesLeg('Ha', { recipient: 'a@corp.example', receivedAt: 0, endedAt: 900 }),
      hesLeg('Hb', { recipient: 'b@corp.example', receivedAt: second, endedAt: 1900 }),
      leg('A', { ...byHes, recipient: 'x@corp.example', receivedAt: 1000 }),
    ];
    expect(linked(two(0))).toEqual([]);
    expect(linked(two(1))).toEqual(['Ha>A 5']);
  });

  it('a recipient that the custody has itself is not taken for another one', () => {
    const legs = [
      hesLeg('H', { recipient: 'a@corp.example' }),
      leg('Aa', { ...byHes, custody: 'A', recipient: 'a@corp.example' }),
      leg('Ax', { ...byHes, custody: 'A', recipient: 'x@corp.example' }),
    ];
    expect(linked(legs)).toEqual(['H>Aa 1']);
  });

  it('an unknown recipient may be any', () => {
    expect(linked([hesLeg('H', { recipient: '' }), leg('A', byHes)])).toEqual(['H>A 5']);
    expect(linked([hesLeg('H'), leg('A', { ...byHes, recipient: '' })])).toEqual(['H>A 5']);
  });
});

describe('a repeated Message-ID', () => {
  it('by time: each reception to the nearest release, each once', () => {
    const legs = [
      hesLeg('H1', { receivedAt: 0, endedAt: 10_000 }),
      hesLeg('H2', { receivedAt: 5_000, endedAt: 20_000 }),
      leg('A', { ...byHes, receivedAt: 19_000 }),
      leg('B', { ...byHes, receivedAt: 21_000 }),
      leg('C', { ...byHes, receivedAt: 12_000 }),
    ];
    // H2 is 1 s from both A and B: the earlier. H1 is 2 s from C, 11 s from B.
    expect(linked(legs)).toEqual(['H1>C 1', 'H2>A 1']);
  });

  it('of two releases as near, the earlier', () => {
    const legs = [
      hesLeg('H1', { endedAt: 1_000 }),
      hesLeg('H2', { endedAt: 3_000 }),
      leg('A', { ...byHes, receivedAt: 2_000 }),
    ];
    expect(linked(legs)).toEqual(['H1>A 1']);
  });

  it('a queue id goes before any distance', () => {
    const legs = [
      hesLeg('H1', { endedAt: 10_000, nextQueueId: 'B' }),
      hesLeg('H2', { endedAt: 20_000, nextQueueId: 'A' }),
      leg('A', { ...byHes, receivedAt: 10_000 }),
      leg('B', { ...byHes, receivedAt: 20_000 }),
    ];
    expect(linked(legs)).toEqual(['H1>B 1', 'H2>A 1']);
  });

  it('equal stamps: pairs by content, as many as there are', () => {
    const copies = Array.from({ length: 30 }, (_, i) => String(i + 10));
    const legs = [
      ...copies.map((n) => hesLeg(`H${n}`, { endedAt: 1_000 })),
      ...copies.map((n) => leg(`A${n}`, { ...byHes, receivedAt: 2_000 })),
    ];
    expect(linked(legs)).toEqual(copies.map((n) => `H${n}>A${n} 1`));
  });

  it('without a release, the latest reception before goes first, then the soonest after', () => {
    const open = [0, 5_000, 20_000, 30_000].map((receivedAt, i) => hesLeg(`H${i}`, { receivedAt }));
    const at = (receivedAt: number): Leg => leg(`A${receivedAt}`, { ...byHes, receivedAt });
    expect(linked([...open, at(10_000)])).toEqual(['H1>A10000 1']);
    expect(linked([...open.slice(2), at(10_000)])).toEqual(['H2>A10000 1']);
  });

  it('a clock a day off is still linked, 26 h are the limit; an inferred recipient believes one hour', () => {
    const hour = 3_600_000;
    const apart = (ms: number, recipient: string): string[] =>
      linked([hesLeg('H', { endedAt: 100 * hour }), leg('A', { ...byHes, receivedAt: 100 * hour - ms, recipient })]);
    expect(apart(26 * hour, 'a@corp.example')).toEqual(['H>A 1']);
    expect(apart(26 * hour + 1, 'a@corp.example')).toEqual([]);
    expect(apart(hour, 'x@corp.example')).toEqual(['H>A 5']);
    expect(apart(hour + 1, 'x@corp.example')).toEqual([]);
  });
});

describe('chains', () => {
  it('HES → MX → filter on the MX → mailbox server', () => {
    const legs = [
      hesLeg('H', { endedAt: 1_000 }),
      leg('A', { ...byHes, receivedAt: 1_000, endedAt: 2_000, nextAddress: '127.0.0.1', nextQueueId: 'B' }),
      leg('B', { client: 'self', receivedAt: 2_000, endedAt: 3_000, nextMta: 'mbx.corp.example', nextQueueId: 'C' }),
      leg('C', { ...MBX, client: 'mta', peer: 'mx1.corp.example', receivedAt: 3_000 }),
    ];
    expect(linked(legs)).toEqual(['A>B 1', 'B>C 1', 'H>A 1']);
    expect([...linkLegs(legs, FLEET).values()].filter((link) => link.sameHost)).toHaveLength(1);
  });

  it('mail that leaves the host and comes back to it', () => {
    const legs = [
      leg('A', { ...byHes, endedAt: 1_000, nextMta: 'mx2.corp.example', nextQueueId: 'S' }),
      leg('S', {
        mta: 'mx2.corp.example',
        receivedAt: 1_000,
        endedAt: 2_000,
        nextMta: 'mx1.corp.example',
        nextQueueId: 'B',
      }),
      leg('B', { client: 'mta', peer: 'mx2.corp.example', receivedAt: 2_000 }),
    ];
    const links = linkLegs(legs, FLEET);
    expect(linked(legs)).toEqual(['A>S 1', 'S>B 1']);
    expect([...links.values()].map((link) => link.sameHost)).toEqual([false, false]);
  });

  it('two hosts that each name the other make no circle: the nearer stamps win', () => {
    const legs = [
      leg('A', { receivedAt: 0, endedAt: 1_000, nextMta: 'mx2.corp.example' }),
      leg('B', { mta: 'mx2.corp.example', receivedAt: 1_100, endedAt: 2_000, nextMta: 'mx1.corp.example' }),
    ];
    expect(linked(legs)).toEqual(['A>B 1']);
  });

  it('a HES leg without a reception follows nothing', () => {
    const before = leg('U', { mta: 'out.sender.example', nextMta: 'in.hes.trendmicro.com', endedAt: 0 });
    expect(linked([before, hesLeg('H', { receivedAt: 0 })])).toEqual(['U>H 1']);
    expect(linked([before, hesLeg('H', { receivedAt: null })])).toEqual([]);
  });
});

const someLeg = fc
  .record({
    host: fc.constantFrom('hes', 'hes', 'mx1.corp.example', 'mx2.corp.example', 'mbx.corp.example'),
    custody: fc.nat(9),
    messageKey: fc.constantFrom('k', 'k', 'k', 'l', ''),
    product: fc.constantFrom('postfix', 'postfix', 'trace-headers'),
    queueId: fc.constantFrom('', 'A', 'B', 'C'),
    begunAt: fc.nat(6).map((s) => s * 1000),
    receivedAt: fc.option(fc.nat(3).map((s) => s * 1000)),
    endedAt: fc.option(fc.constantFrom(1000, 2000, 3000, 4_000_000, 100_000_000)),
    client: fc.constantFrom('hes', 'hes', 'mta', 'self', 'foreign', 'unnamed', 'pickup', ''),
    peer: fc.constantFrom('', 'mx1', 'mx2.corp.example'),
    originalQueueId: fc.constantFrom('', '', 'A', 'B'),
    nextMta: fc.constantFrom('', 'hes', 'mx1.corp.example', 'mx2', 'mbx', 'in.hes.trendmicro.com', 'far.example'),
    nextAddress: fc.constantFrom('', '127.0.0.1'),
    nextQueueId: fc.constantFrom('', '', 'A', 'B', 'C'),
    recipient: fc.constantFrom('a@x.example', 'a@x.example', 'b@x.example', ''),
    originalRecipient: fc.constantFrom('', 'a@x.example', 'b@x.example'),
  })
  .map(({ host, custody, ...facts }) => ({
    ...facts,
    knownKey: facts.messageKey || (custody % 2 ? 'k' : ''),
    mta: host,
    isHes: host === 'hes',
    custody: `${host} ${custody}`,
  }));

const someLegs = (maxLength: number): fc.Arbitrary<Leg[]> =>
  fc.array(someLeg, { minLength: 2, maxLength }).map((legs) => legs.map((facts, i) => leg(`L${100 + i}`, facts)));

describe('whatever the legs', () => {
  const pairs = (legs: Leg[], compared?: number): string[] =>
    [...linkLegs(legs, FLEET, compared)]
      .map(([to, link]) => `${link.from.id}>${to.id} ${link.matchedBy} ${link.sameHost}`)
      .sort();

  it('their order decides nothing', () => {
    const shuffled = someLegs(30).chain((legs) =>
      fc.tuple(fc.constant(legs), fc.shuffledSubarray(legs, { minLength: legs.length, maxLength: legs.length })),
    );
    fc.assert(
      fc.property(shuffled, ([legs, others]) => expect(pairs(others)).toEqual(pairs(legs))),
      { numRuns: 400 },
    );
  });

  it('the index finds what comparing all of them finds', () => {
    fc.assert(
      fc.property(someLegs(14), (legs) => expect(pairs(legs, 0)).toEqual(pairs(legs, Infinity))),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(someLegs(80), (legs) => expect(pairs(legs, 0)).toEqual(pairs(legs, Infinity))),
      { numRuns: 60 },
    );
  });

  it('there is no circle, and a leg is followed once per recipient', () => {
    fc.assert(
      fc.property(someLegs(20), (legs) => {
        const links = linkLegs(legs, FLEET);
        for (const to of links.keys()) {
          let steps = 0;
          for (let at: Leg | undefined = to; at; at = links.get(at)?.from) expect(steps++).toBeLessThan(legs.length);
        }
        const uses = [...links].map(([to, { from }]) => `${from.id} ${to.recipient}`);
        expect(new Set(uses).size).toBe(uses.length);
      }),
      { numRuns: 400 },
    );
  });
});

describe('five thousand legs of one Message-ID take less than 2 s', () => {
  const numbers = Array.from({ length: 2500 }, (_, i) => i);

  it.each<[string, (i: number) => Leg, (i: number) => Leg, number]>([
    [
      'spread over time',
      (i) => hesLeg(`H${i}`, { endedAt: i * 1000 }),
      (i) => leg(`A${i}`, { ...byHes, receivedAt: i * 1000 + 3 }),
      2500,
    ],
    [
      'in one second',
      (i) => hesLeg(`H${i}`, { endedAt: 0 }),
      (i) => leg(`A${i}`, { ...byHes, receivedAt: 1000 }),
      2500,
    ],
    [
      'one mail to 2500 recipients',
      (i) =>
        leg(`A${i}`, { custody: 'A', queueId: 'A', recipient: `r${i}@corp.example`, nextMta: 'mbx', nextQueueId: 'B' }),
      (i) => leg(`B${i}`, { ...MBX, custody: 'B', queueId: 'B', recipient: `r${i}@corp.example` }),
      2500,
    ],
    [
      'every recipient rewritten',
      (i) => hesLeg(`H${i}`, { queueId: `T${i}`, endedAt: i * 1000, recipient: `r${i}@corp.example` }),
      (i) => leg(`A${i}`, { ...byHes, receivedAt: i * 1000, recipient: `s${i}@corp.example` }),
      2500,
    ],
    [
      'from foreign clients',
      (i) => leg(`A${i}`, { client: 'foreign' }),
      (i) => leg(`B${i}`, { ...MBX, client: 'foreign' }),
      0,
    ],
  ])('%s', (_what, first, second, links) => {
    const legs = [...numbers.map(first), ...numbers.map(second)];
    expect(cpuMs(() => expect(linkLegs(legs, FLEET).size).toBe(links))).toBeLessThan(2000);
  });
});
