import { BlockList, isIP, isIPv4 } from 'node:net';
import { HES_PUBLISHED_NETWORKS } from './hes-networks';

/** Ends of the names of HES and TMES hosts, per region (formats.md §2.1, §3). */
export const HES_HOST_SUFFIXES: readonly string[] = [
  '.hes.trendmicro.com',
  '.hes.trendmicro.eu',
  '.tmes.trendmicro.com',
  '.tmes.trendmicro.eu',
  '.tmes-anz.trendmicro.com',
  '.tmems-jp.trendmicro.com',
  '.tmes-sg.trendmicro.com',
  '.tmes-in.trendmicro.com',
  '.tmes-uae.trendmicro.com',
  '.emailsecurity.trendmicro.eu',
  '.emailsecurity.trendmicro.com',
];

/** CIDRs of {@link HES_PUBLISHED_NETWORKS}. */
export const HES_NETWORKS: readonly string[] = HES_PUBLISHED_NETWORKS.map(({ cidr }) => cidr);

/** Regions opened since follow the same pattern (formats.md §3.1), in the syntax that JavaScript and RE2 share. */
export const HES_HOST_PATTERN = '\\.tmem?s-[a-z]{2,4}\\.trendmicro\\.(com|eu)$';
const LATER_REGION = new RegExp(HES_HOST_PATTERN);

/**
 * Whether a host name is one of HES's or TMES's. Case and a final dot do not matter. HELO labels such as
 * `0.0.0.0_hes.trendmicro.com` are no host names (formats.md §3.2). Source: delay model §4.5.
 */
export function isHesHost(name: string): boolean {
  if (!/\.trendmicro\.(?:com|eu)\.?$/i.test(name)) return false;
  const host = name.toLowerCase().replace(/\.$/, '');
  return HES_HOST_SUFFIXES.some((suffix) => host.endsWith(suffix)) || LATER_REGION.test(host);
}

/**
 * Whether an IP address lies in the published ranges or in `extra` (CIDRs or single addresses of the configuration; what is
 * neither matches nothing, see {@link isNetwork}). Brackets and `IPv6:` are tolerated, an IPv4-mapped address is its IPv4 address.
 */
export function isHesAddress(ip: string, extra: readonly string[] = NONE): boolean {
  const answers = answersFor(extra);
  let answer = answers.get(ip);
  if (answer === undefined) {
    answer = lookUp(ip, extra);
    // The same few clients come again and again; a scan over many must not fill the memory.
    if (answers.size >= 10_000) answers.clear();
    answers.set(ip, answer);
  }
  return answer;
}

function lookUp(ip: string, extra: readonly string[]): boolean {
  const address = ip.replace(/^\[|\]$/g, '').replace(/^(?:ipv6:)?(?:::ffff:(?=\d+\.))?/i, '');
  const family = isIP(address);
  if (!family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  return published.check(address, type) || (extra.length > 0 && blockList(extra).check(address, type));
}

/** Whether a text is a CIDR (`192.0.2.0/24`, `2001:db8::/32`) or a single address. */
export function isNetwork(text: string): boolean {
  const [address, prefix, rest] = text.split('/');
  if (!isIP(address) || rest !== undefined) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv4(address) ? 32 : 128));
}

const NONE: readonly string[] = [];
const published = blockList(HES_NETWORKS);
const answersPerList = new WeakMap<readonly string[], Map<string, boolean>>();

function answersFor(networks: readonly string[]): Map<string, boolean> {
  let found = answersPerList.get(networks);
  if (!found) answersPerList.set(networks, (found = new Map()));
  return found;
}

function blockList(networks: readonly string[]): BlockList {
  const result = new BlockList();
  for (const network of networks.filter(isNetwork)) {
    const [address, prefix] = network.split('/');
    const type = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) result.addAddress(address, type);
    else result.addSubnet(address, Number(prefix), type);
  }
  return result;
}
