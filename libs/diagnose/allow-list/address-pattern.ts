import { addressRange, cidrRange, networkRange, type AddressRange } from '../../trace/address-ranges';

/**
 * One pattern of a list → its addresses; a sentence's end when it is none. Forms: address, CIDR, `low-high`, `address(mask)` and
 * `address/mask` (Exchange's IP range expressions), IPv6 in brackets as in Postfix (`[2001:db8::]/32`).
 */
export function addressPattern(text: string): AddressRange | { reason: string } {
  const bare = text.replace(/^\[([^\]]*)\](.*)$/, '$1$2');
  const span = /^([^\s-]+)\s*-\s*([^\s-]+)$/.exec(bare);
  if (span) {
    const [low, high] = [addressRange(span[1]), addressRange(span[2])];
    if (low && high && low.family === high.family && low.low <= high.low) return { ...low, high: high.low };
    return notOne(text);
  }
  const masked = /^([\d.]+)(?:\(([\d.]+)\)|\/(\d+\.[\d.]+))$/.exec(bare);
  if (masked) {
    const address = addressRange(masked[1]);
    const prefix = prefixOfMask(masked[2] ?? masked[3]);
    return (address && prefix !== undefined && networkRange(address, prefix)) || notOne(text);
  }
  return cidrRange(bare) ?? notOne(text);
}

/** As {@link addressPattern} for Postfix, which takes no network with host bits set (cidr_table(5)). */
export function postfixPattern(text: string): AddressRange | { reason: string } {
  const range = addressPattern(text);
  if ('reason' in range || /^[^/]*$/.test(text)) return range;
  const [address] = text.replace(/[[\]]/g, '').split('/');
  if (addressRange(address)?.low === range.low) return range;
  return { reason: `${JSON.stringify(text)} has host bits set, so Postfix ignores it` };
}

const notOne = (text: string): { reason: string } => ({
  reason: `${JSON.stringify(text.slice(0, 80))} is no address, CIDR or address range`,
});

function prefixOfMask(mask: string): number | undefined {
  const range = addressRange(mask);
  if (range?.family !== 4) return undefined;
  const bits = range.low.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}
