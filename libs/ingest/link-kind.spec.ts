import { hesLeg, leg, FLEET } from './legs.fixture';
import type { Leg } from './leg';
import { linkKind, routeOf } from './link-kind';

const MBX = { mta: 'mbx.corp.example' };
const toMbx = { nextMta: 'mbx.corp.example' };

type Case = [
  what: string,
  from: Leg,
  to: Leg,
  kind: [linkRank: number, matchedBy: number, sameHost: boolean] | undefined,
];

describe('linkKind between two hosts', () => {
  it.each<Case>([
    ['queued as, same message', leg('A', { ...toMbx, nextQueueId: 'B' }), leg('B', MBX), [0, 1, false]],
    [
      'queued as, the Message-ID was rewritten',
      leg('A', { ...toMbx, nextQueueId: 'B' }),
      leg('B', { ...MBX, messageKey: 'other' }),
      [0, 3, false],
    ],
    [
      'queued as, no Message-ID on either side',
      leg('A', { ...toMbx, nextQueueId: 'B', messageKey: '' }),
      leg('B', { ...MBX, messageKey: '' }),
      [0, 3, false],
    ],
    [
      'queued as, but at another host of ours',
      leg('A', { nextMta: 'mx2.corp.example', nextQueueId: 'B' }),
      leg('B', MBX),
      undefined,
    ],
    [
      'queued as, but at a host that is not ours',
      leg('A', { nextMta: 'out.far.example', nextQueueId: 'B' }),
      leg('B', { ...MBX, messageKey: 'other' }),
      undefined,
    ],
    [
      'queued as, under an address, of a client without a name',
      leg('A', { nextMta: '10.0.0.9', nextAddress: '10.0.0.9', nextQueueId: 'B' }),
      leg('B', { ...MBX, client: 'unnamed' }),
      [0, 1, false],
    ],
    [
      'queued as, under a name of the service, of a client behind another name',
      leg('A', { nextMta: 'mailbox.corp.example', nextQueueId: 'B' }),
      leg('B', { ...MBX, client: 'foreign', peer: 'nat.corp.example' }),
      [0, 1, false],
    ],
    [
      'queued as at HES, whose client address a balancer hides',
      hesLeg('H', { nextMta: 'mail.corp.example', nextQueueId: 'B' }),
      leg('B', { client: 'foreign', peer: 'lb.corp.example' }),
      [0, 1, false],
    ],
    ['the next host by its first label', leg('A', { nextMta: 'mbx', nextQueueId: 'B' }), leg('B', MBX), [0, 1, false]],
    [
      'HES names the queue id, not the host',
      hesLeg('H', { nextQueueId: 'B' }),
      leg('B', { client: 'unnamed' }),
      [0, 1, false],
    ],
    [
      'HES names an MX under another name, its client there is HES',
      hesLeg('H', { nextMta: 'mail.corp.example', nextQueueId: 'B' }),
      leg('B', { client: 'hes' }),
      [0, 1, false],
    ],
    [
      'HES names another MX of ours with the same queue id',
      hesLeg('H', { nextMta: 'mx2.corp.example', nextQueueId: 'B' }),
      leg('B', { client: 'hes' }),
      undefined,
    ],
    ['Message-ID by client hes', hesLeg('H'), leg('B', { client: 'hes' }), [1, 1, false]],
    [
      'client hes, but the leg before is not HES',
      leg('A', { mta: 'mx2.corp.example' }),
      leg('B', { client: 'hes' }),
      undefined,
    ],
    [
      'Message-ID by client of ours',
      leg('A'),
      leg('B', { ...MBX, client: 'mta', peer: 'mx1.corp.example' }),
      [1, 1, false],
    ],
    [
      'Message-ID by client of ours, bare label',
      leg('A'),
      leg('B', { ...MBX, client: 'mta', peer: 'mx1' }),
      [1, 1, false],
    ],
    [
      'the client is another MTA of ours',
      leg('A', toMbx),
      leg('B', { ...MBX, client: 'mta', peer: 'mx2.corp.example' }),
      undefined,
    ],
    ['Message-ID by relay, the client is not told', leg('A', toMbx), leg('B', MBX), [2, 1, false]],
    [
      'Message-ID by relay, the client has no name',
      leg('A', toMbx),
      leg('B', { ...MBX, client: 'unnamed' }),
      [2, 1, false],
    ],
    ['neither client nor relay', leg('A'), leg('B', MBX), undefined],
    ['by relay, another message', leg('A', toMbx), leg('B', { ...MBX, messageKey: 'other' }), undefined],
    [
      'by relay, no Message-ID',
      leg('A', { ...toMbx, messageKey: '' }),
      leg('B', { ...MBX, messageKey: '' }),
      undefined,
    ],
    [
      'by relay, a Message-ID that the log before has cut, told by queue ids',
      leg('A', { ...toMbx, messageKey: '', knownKey: 'm@sender.example' }),
      leg('B', { ...MBX, queueId: '', client: 'unnamed' }),
      [2, 3, false],
    ],
    ['a foreign client begins a journey', leg('A', toMbx), leg('B', { ...MBX, client: 'foreign' }), undefined],
    ['local submission begins a journey', leg('A', toMbx), leg('B', { ...MBX, client: 'pickup' }), undefined],
    [
      'what the host hands to itself came from no other',
      leg('A', toMbx),
      leg('B', { ...MBX, client: 'self' }),
      undefined,
    ],
    [
      'a header hands to a HES host',
      leg('U', { mta: 'out.sender.example', nextMta: 'in.hes.trendmicro.com' }),
      hesLeg('H'),
      [1, 1, false],
    ],
    [
      'a header hands to no HES host',
      leg('U', { mta: 'out.sender.example', nextMta: 'mx.far.example' }),
      hesLeg('H'),
      undefined,
    ],
  ])('%s', (_what, from, to, kind) => {
    const found = linkKind(from, to, FLEET);
    expect(found && [found.linkRank, found.matchedBy, found.sameHost]).toEqual(kind);
  });
});

describe('linkKind in one trace header', () => {
  const header = { product: 'trace-headers' };
  const first = leg('A', { ...header, ...toMbx, endedAt: 5000 });
  const second = leg('B', { ...header, ...MBX, receivedAt: 5000, client: 'mta', peer: 'mx1.corp.example' });

  it.each<Case>([
    ['the end of one is the stamp of the next', first, second, [0, 1, false]],
    ['the stamps differ: by client only', first, { ...second, receivedAt: 5001 }, [1, 1, false]],
    ['both name the same queue id', { ...first, nextQueueId: 'B' }, second, [0, 1, false]],
    ['the queue ids contradict the stamps: by client only', { ...first, nextQueueId: 'C' }, second, [1, 1, false]],
    ['the next field has no queue id', { ...first, nextQueueId: 'C' }, { ...second, queueId: '' }, [0, 1, false]],
    ['a log is no header', first, { ...second, product: 'postfix' }, [1, 1, false]],
  ])('%s', (_what, from, to, kind) => {
    const found = linkKind(from, to, FLEET);
    expect(found && [found.linkRank, found.matchedBy, found.sameHost]).toEqual(kind);
  });
});

describe('linkKind within one host', () => {
  const filtered = { nextQueueId: 'B', nextAddress: '127.0.0.1' };

  it.each<Case>([
    ['the content filter hands back over loopback', leg('A', filtered), leg('B', { client: 'foreign' }), [0, 1, true]],
    [
      'loopback IPv6',
      leg('A', { nextQueueId: 'B', nextAddress: '::1' }),
      leg('B', { client: 'foreign' }),
      [0, 1, true],
    ],
    [
      'localhost by name',
      leg('A', { nextQueueId: 'B', nextMta: 'localhost' }),
      leg('B', { client: 'foreign' }),
      [0, 1, true],
    ],
    [
      'the filter names the host itself',
      leg('A', { nextQueueId: 'B', nextMta: 'mx1.corp.example' }),
      leg('B', { client: 'foreign' }),
      [0, 1, true],
    ],
    [
      'the client is the host itself',
      leg('A', { nextQueueId: 'B', nextAddress: '10.1.1.1' }),
      leg('B', { client: 'self' }),
      [0, 1, true],
    ],
    [
      'the filter rewrote the Message-ID',
      leg('A', filtered),
      leg('B', { client: 'self', messageKey: 'other' }),
      [0, 3, true],
    ],
    ['the next queue id is another one', leg('A', filtered), leg('C', { client: 'self' }), undefined],
    [
      'mail that left and comes back is another hop',
      leg('A', { nextQueueId: 'B', nextMta: 'mbx.corp.example' }),
      leg('B', { client: 'mta', peer: 'mbx.corp.example' }),
      undefined,
    ],
    [
      'same message, no queue id says so',
      leg('A', { nextMta: 'mx1.corp.example' }),
      leg('B', { client: 'self' }),
      undefined,
    ],
    ['orig_queue_id', leg('A'), leg('B', { originalQueueId: 'A', begunAt: 1 }), [0, 1, true]],
    [
      'orig_queue_id, another Message-ID',
      leg('A'),
      leg('B', { originalQueueId: 'A', messageKey: 'other' }),
      [0, 2, true],
    ],
    [
      'orig_queue_id of an ownership that begins later',
      leg('A', { begunAt: 2, receivedAt: 2 }),
      leg('B', { originalQueueId: 'A', begunAt: 1 }),
      undefined,
    ],
    ['orig_queue_id goes before queued as', leg('C', filtered), leg('B', { originalQueueId: 'A' }), undefined],
    ['HES hands nothing to itself', hesLeg('H', { nextQueueId: 'B' }), hesLeg('G', { queueId: 'B' }), undefined],
  ])('%s', (_what, from, to, kind) => {
    const found = linkKind(from, to, FLEET);
    expect(found && [found.linkRank, found.matchedBy, found.sameHost]).toEqual(kind);
  });
});

describe('routeOf', () => {
  const hosts = new Set(['mx1.corp.example', 'hes']);
  const route = (facts: Partial<Leg>): string => routeOf(leg('A', facts), hosts, FLEET);

  it('is one for names that mean no MTA of ours', () => {
    expect(route({ nextMta: 'a.far.example' })).toBe(route({ nextMta: 'b.far.example' }));
    expect(route({ nextMta: 'a.far.example' })).toBe(route({ nextMta: '' }));
  });

  it('tells hosts of ours, HES hosts, MTAs and messages apart', () => {
    const routes = [
      {},
      { nextMta: 'mbx' },
      { nextMta: 'hes' },
      { nextMta: 'in.hes.trendmicro.com' },
      { mta: 'mx2' },
      { messageKey: 'n' },
    ];
    expect(new Set([...routes, { isHes: true }].map(route)).size).toBe(7);
  });
});
