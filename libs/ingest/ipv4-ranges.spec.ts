import { ipv4Ranges } from './ipv4-ranges';

describe('ipv4Ranges', () => {
  it.each<[string, string[], [number, number][]]>([
    ['a network', ['10.0.0.0/8'], [[167772160, 184549375]]],
    ['one address', ['192.0.2.1'], [[3221225985, 3221225985]]],
    ['the lowest address of the network counts, not the one given', ['192.0.2.77/24'], [[3221225984, 3221226239]]],
    ['the highest half of all addresses', ['128.0.0.0/1'], [[2147483648, 4294967295]]],
    ['everything', ['1.2.3.4/0'], [[0, 4294967295]]],
    ['a part of another one', ['10.1.0.0/16', '10.0.0.0/8'], [[167772160, 184549375]]],
    ['neighbours become one', ['192.0.2.128/25', '192.0.2.0/25'], [[3221225984, 3221226239]]],
    [
      'a gap of one address stays',
      ['0.0.0.2', '0.0.0.0'],
      [
        [0, 0],
        [2, 2],
      ],
    ],
    ['none', [], []],
    ['IPv6 is left out', ['2001:db8::/32', '::1', '0.0.0.1'], [[1, 1]]],
    [
      'what is no network is left out',
      ['mx.corp.example', '', '10.0.0', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1'],
      [],
    ],
  ])('%s', (_what, networks, ranges) => expect(ipv4Ranges(networks)).toEqual(ranges));
});
