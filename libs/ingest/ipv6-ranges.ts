import { isIPv4 } from 'node:net';
import { isNetwork } from '../trace/hes-hosts';

const BITS = 128n;
/** `::ffff:0:0/96`: where IPv4 addresses lie among those of IPv6 (RFC 4291 §2.5.5.2). */
const MAPPED = 0xffffn << 32n;

/**
 * Networks as [lowest, highest] IPv6 addresses (RFC 4291), overlaps merged; as text that the engine's toIPv6() reads, and compares byte by
 * byte. An IPv4 network is that of its mapped addresses, which a host that listens on both writes. What is neither is left out.
 */
export function ipv6Ranges(networks: readonly string[]): [string, string][] {
  const ranges = networks.flatMap(rangeOf).sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  const merged: [bigint, bigint][] = [];
  for (const [low, high] of ranges) {
    const last = merged.at(-1);
    if (!last || low > last[1] + 1n) merged.push([low, high]);
    else if (high > last[1]) last[1] = high;
  }
  return merged.map(([low, high]) => [textOf(low), textOf(high)]);
}

function rangeOf(network: string): [bigint, bigint][] {
  if (!isNetwork(network)) return [];
  const [address, prefix] = network.split('/');
  const value = isIPv4(address) ? MAPPED | ipv4Number(address) : ipv6Number(address);
  const width = isIPv4(address) ? 32n : BITS;
  const free = width - (prefix === undefined ? width : BigInt(prefix));
  const low = (value >> free) << free;
  return [[low, low + (1n << free) - 1n]];
}

const ipv4Number = (address: string): bigint => address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function ipv6Number(address: string): bigint {
  const plain = address.replace(/%.*$/, '').replace(/[\d.]+\.\d+$/, (mapped) => {
    const digits = ipv4Number(mapped).toString(16).padStart(8, '0');
    return `${digits.slice(0, 4)}:${digits.slice(4)}`;
  });
  const [left, right] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = right === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...(right ?? [])].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

const textOf = (value: bigint): string => (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
