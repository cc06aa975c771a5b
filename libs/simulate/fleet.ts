import type { Fleet, Host, Peer } from './hosts';
import type { Random } from './random';

/** HES hosts that make a first attempt, and those of the retry pool (formats: `refb*` after a refusal). */
export const HES_FIRST: readonly Peer[] = [
  { name: 'inpost01.tmes.trendmicro.eu', address: '18.185.115.11' },
  { name: 'inpost02.tmes.trendmicro.eu', address: '18.185.115.12' },
  { name: 'inpost03.tmes.trendmicro.eu', address: '34.253.238.141' },
];
export const HES_RETRY: readonly Peer[] = [
  { name: 'refb01.tmes.trendmicro.eu', address: '18.185.115.55' },
  { name: 'refb02.tmes.trendmicro.eu', address: '18.185.115.56' },
];
export const HES_ACCEPT = 'inpre01.tmes.trendmicro.eu';

const NAMES =
  'alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor walter zoe'.split(
    ' ',
  );
const SENDER_DOMAINS = [
  'partner.example',
  'shop.example',
  'bank.example',
  'news.example',
  'univ.example',
  'vendor.example',
  'cloud.example',
  ...Array.from({ length: 200 }, (_, i) => `s${i + 1}.example`),
];

/** A domain whose branch office is gone: HES finds no host to deliver to. */
export const DEAD_DOMAIN = 'old.corp.example';

/** A mailbox of the fleet: `alice17@corp.example`. */
export function mailbox(random: Random, { domains }: Fleet): string {
  const share = random.float();
  const [domain] = domains.find(([, upTo]) => share < upTo) ?? domains[0];
  return mailboxAt(random, domain);
}

export const mailboxAt = (random: Random, domain: string): string =>
  `${random.pick(NAMES)}${random.int(1, 40)}@${domain}`;

/** The host that takes mail from HES and strangers: `share` of what the gateways take goes to the first of them. */
export function entryHost(random: Random, { gateways, direct }: Fleet, address: string, share = 0.5): Host {
  return direct.get(domainOf(address.toLowerCase())) ?? gateways[random.chance(share) ? 0 : 1];
}

/** The host with the mailbox: ldn lies on mbx2, ny on mbx1, corp is split by user number; what has a host of its own lies there. */
export function mailboxHost({ hosts, direct, moved }: Fleet, address: string): Host {
  const [local, domain] = address.toLowerCase().split('@');
  const number = Number(/\d+$/.exec(local)?.[0] ?? 0);
  const own = direct.get(domain === 'ny.corp.example' && moved && number >= moved.from ? moved.domain : domain);
  const isMbx2 = domain === 'ldn.corp.example' || (domain === 'corp.example' && number % 5 === 0);
  return own ?? hosts[isMbx2 ? 3 : 2];
}

/** Some senders write much more than others. */
export function senderAddress(random: Random): string {
  const domain = SENDER_DOMAINS[Math.floor(random.float() ** 2 * SENDER_DOMAINS.length)];
  return `${random.pick(NAMES)}.${random.int(1, 9999)}@${domain}`;
}

/** The host that sends for a sender's domain. */
export function senderHost(random: Random, sender: string): Peer {
  return { name: `mail${random.int(1, 4)}.${domainOf(sender)}`, address: `203.0.113.${random.int(1, 254)}` };
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
