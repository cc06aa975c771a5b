import { addressRange, cidrRange, cidrsOf, commonRanges, subtractRanges, type AddressRange } from './address-ranges';

const ranges = (...cidrs: string[]): AddressRange[] => cidrs.map((cidr) => cidrRange(cidr) as AddressRange);

describe('address ranges', () => {
  test.each([
    ['192.0.2.7', [4, 3221225991n, 3221225991n]],
    ['::ffff:192.0.2.7', [4, 3221225991n, 3221225991n]],
    ['2001:db8::1', [6, 42540766411282592856903984951653826561n, 42540766411282592856903984951653826561n]],
  ])('%s is one address', (text, [family, low, high]) => {
    expect(addressRange(text)).toEqual({ family, low, high });
  });

  test.each(['10.1', '010.1.2.3', '192.0.2', '192.0.2.256', '3221225991', '2001:db8:::1', 'mx1', ''])(
    '%j is none',
    (text) => {
      expect(addressRange(text)).toBeUndefined();
    },
  );

  test.each([
    ['192.0.2.77/26', 3221226048n, 3221226111n],
    ['0.0.0.0/0', 0n, 4294967295n],
    ['192.0.2.7/32', 3221225991n, 3221225991n],
  ])('%s is a network', (text, low, high) => {
    expect(cidrRange(text)).toEqual({ family: 4, low, high });
  });

  test.each(['192.0.2.0/33', '192.0.2.0/', '192.0.2.0/24/3', '2001:db8::/129', '192.0.2.0/-1'])(
    '%s is none',
    (text) => {
      expect(cidrRange(text)).toBeUndefined();
    },
  );

  it('says in the fewest CIDRs what is left', () => {
    // 52.58.63.0/25 without .32/27 and .64: .0/27, .65/32, .66/31, .68/30, .72/29, .80/28, .96/27
    expect(cidrsOf(subtractRanges(ranges('52.58.63.0/25'), ranges('52.58.63.32/27', '52.58.63.64/32')))).toEqual([
      '52.58.63.0/27',
      '52.58.63.65/32',
      '52.58.63.66/31',
      '52.58.63.68/30',
      '52.58.63.72/29',
      '52.58.63.80/28',
      '52.58.63.96/27',
    ]);
    expect(subtractRanges(ranges('192.0.2.0/25', '192.0.2.128/25'), ranges('192.0.0.0/16'))).toEqual([]);
    expect(cidrsOf(subtractRanges(ranges('::/0'), ranges('8000::/1', '0.0.0.0/0')))).toEqual(['::/1']);
  });

  it('joins neighbours, and keeps the families apart', () => {
    expect(cidrsOf(ranges('192.0.2.128/25', '192.0.2.0/25', '192.0.2.5/32'))).toEqual(['192.0.2.0/24']);
    expect(cidrsOf(ranges('0.0.0.0/0', '::/0'))).toEqual(['0.0.0.0/0', '::/0']);
  });

  it('says what two lists share', () => {
    expect(cidrsOf(commonRanges(ranges('192.0.2.0/24'), ranges('192.0.2.64/26', '198.51.100.0/24')))).toEqual([
      '192.0.2.64/26',
    ]);
  });
});
