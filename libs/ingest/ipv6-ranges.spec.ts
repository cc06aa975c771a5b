import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { ipv6Ranges } from './ipv6-ranges';

describe('ipv6Ranges', () => {
  it.each<[string, string[], [string, string][]]>([
    [
      'a network',
      ['2001:db8::/32'],
      [['2001:0db8:0000:0000:0000:0000:0000:0000', '2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff']],
    ],
    ['one address', ['::1'], [['0000:0000:0000:0000:0000:0000:0000:0001', '0000:0000:0000:0000:0000:0000:0000:0001']]],
    [
      'a prefix inside a group; the lowest address counts, not the one given',
      ['2001:DB8:0:0:0:0:0:4567/123'],
      [['2001:0db8:0000:0000:0000:0000:0000:4560', '2001:0db8:0000:0000:0000:0000:0000:457f']],
    ],
    ['everything', ['::/0'], [['0000:0000:0000:0000:0000:0000:0000:0000', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']]],
    [
      'an IPv4 network, mapped',
      ['192.0.2.128/25'],
      [['0000:0000:0000:0000:0000:ffff:c000:0280', '0000:0000:0000:0000:0000:ffff:c000:02ff']],
    ],
    [
      'a mapped address',
      ['::ffff:192.0.2.1'],
      [['0000:0000:0000:0000:0000:ffff:c000:0201', '0000:0000:0000:0000:0000:ffff:c000:0201']],
    ],
    [
      'neighbours and parts become one, a gap stays',
      ['2001:db8::3', '2001:db8::/127', '2001:db8::1', '2001:db8::4/126'],
      [
        ['2001:0db8:0000:0000:0000:0000:0000:0000', '2001:0db8:0000:0000:0000:0000:0000:0001'],
        ['2001:0db8:0000:0000:0000:0000:0000:0003', '2001:0db8:0000:0000:0000:0000:0000:0007'],
      ],
    ],
    ['what is no network is left out', ['mx.corp.example', '', '2001:db8::/129', '2001:db8::/x'], []],
  ])('%s', (_what, networks, ranges) => expect(ipv6Ranges(networks)).toEqual(ranges));
});

describe('the engine', () => {
  let opened: TemporaryStore;
  beforeAll(async () => (opened = await openTemporaryStore()));
  afterAll(() => opened.close());

  it('compares addresses with the ranges', async () => {
    const [[low, high]] = ipv6Ranges(['2001:db8:40::/42']);
    const inside = async (address: string): Promise<unknown> => {
      const [row] = await opened.store.rows<{ inside: number }>(
        {
          sql: 'SELECT toIPv6OrDefault({address:String}) >= toIPv6({low:String}) AND toIPv6OrDefault({address:String}) <= toIPv6({high:String}) AS inside',
        },
        { address, low, high },
      );
      return row.inside;
    };
    const answers = [];
    for (const address of ['2001:db8:3f:ffff::', '2001:db8:40::', '2001:DB8:7F::1', '2001:db8:80::', ''])
      answers.push(await inside(address));
    expect(answers.map(Boolean)).toEqual([false, true, true, false, false]);
  });
});
