import * as ipaddr from 'ipaddr.js';

/** The IP addresses from `low` to `high`, both included, as numbers of one family. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** An address as a range of one; undefined for what is none. Short forms such as `10.1` and octal parts are none; an IPv4-mapped one is its IPv4 address. */
export function addressRange(text: string): AddressRange | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !(text.includes(':') && ipaddr.IPv6.isValid(text))) return undefined;
  const address = ipaddr.process(text);
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: address.kind() === 'ipv4' ? 4 : 6, low: value, high: value };
}

/** All addresses that share the first `prefix` bits with `address`; undefined when the family has not so many bits. */
export function networkRange(address: AddressRange, prefix: number): AddressRange | undefined {
  const bits = BITS[address.family];
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const low = (address.low / size) * size;
  return { family: address.family, low, high: low + size - 1n };
}

/** A CIDR (`192.0.2.0/24`, `2001:db8::/32`) or a single address; undefined for what is neither. Bits behind the prefix are dropped. */
export function cidrRange(text: string): AddressRange | undefined {
  const [address, prefix, rest] = text.split('/');
  const range = rest === undefined ? addressRange(address) : undefined;
  if (!range || prefix === undefined) return range;
  return /^\d{1,3}$/.test(prefix) ? networkRange(range, Number(prefix)) : undefined;
}

/** The addresses of `ranges` that are in none of `without`, in order, neighbours joined. */
export function subtractRanges(ranges: readonly AddressRange[], without: readonly AddressRange[]): AddressRange[] {
  const holes = joinRanges(without);
  return joinRanges(ranges).flatMap((range) => {
    const left: AddressRange[] = [];
    let low = range.low;
    for (const hole of holes) {
      if (hole.family !== range.family || hole.high < low || hole.low > range.high) continue;
      if (hole.low > low) left.push({ ...range, low, high: hole.low - 1n });
      low = hole.high + 1n;
    }
    return low <= range.high ? [...left, { ...range, low }] : left;
  });
}

/** The addresses that are in both. */
export function commonRanges(some: readonly AddressRange[], others: readonly AddressRange[]): AddressRange[] {
  return subtractRanges(some, subtractRanges(some, others));
}

/** The same addresses in order, overlaps and neighbours joined. */
export function joinRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const joined: AddressRange[] = [];
  for (const range of [...ranges].sort(byPlace)) {
    const last = joined.at(-1);
    if (last?.family === range.family && range.low <= last.high + 1n) {
      if (range.high > last.high) joined[joined.length - 1] = { ...last, high: range.high };
    } else joined.push(range);
  }
  return joined;
}

const byPlace = (a: AddressRange, b: AddressRange): number =>
  a.family - b.family || (a.low < b.low ? -1 : a.low > b.low ? 1 : 0);

/** The fewest CIDRs that hold exactly the addresses of `ranges`. */
export function cidrsOf(ranges: readonly AddressRange[]): string[] {
  return joinRanges(ranges).flatMap(({ family, low, high }) => {
    const cidrs: string[] = [];
    for (let at = low; at <= high;) {
      let free = 0;
      while (free < BITS[family] && (at >> BigInt(free)) % 2n === 0n && at + (1n << BigInt(free + 1)) - 1n <= high)
        free++;
      cidrs.push(`${addressText(family, at)}/${BITS[family] - free}`);
      at += 1n << BigInt(free);
    }
    return cidrs;
  });
}

function addressText(family: 4 | 6, value: bigint): string {
  const bytes: number[] = [];
  for (let bit = BITS[family] - 8; bit >= 0; bit -= 8) bytes.push(Number((value >> BigInt(bit)) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
