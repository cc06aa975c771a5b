import { isIPv4 } from 'node:net';
import { isNetwork } from '../trace/hes-hosts';

/** IPv4 networks as [lowest, highest] address numbers, overlaps merged. What is not an IPv4 CIDR or address is left out. */
export function ipv4Ranges(networks: readonly string[]): [number, number][] {
  const ranges = networks.flatMap(rangeOf).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const [low, high] of ranges) {
    const last = merged.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

function rangeOf(network: string): [number, number][] {
  const [address, prefix = '32'] = network.split('/');
  if (!isNetwork(network) || !isIPv4(address)) return [];
  const size = 2 ** (32 - Number(prefix));
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const low = Math.floor(value / size) * size;
  return [[low, low + size - 1]];
}
