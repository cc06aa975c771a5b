import type { Random } from './random';

/**
 * The fleet: HES in front, gateways mx1 and mx2, mailbox hosts mbx1 and mbx2. Names are fictional (RFC 2606), except those of
 * Trend's hosts and networks, by which a HES client is recognised.
 */
export interface PostfixHost {
  /** host name in its own syslog stamps, and so the name of the MTA */
  readonly name: string;
  readonly domainName: string;
  /** address that its peers see */
  readonly address: string;
  readonly role: 'gateway' | 'mailbox';
  /** `iso`: RFC 5424 stamps with microseconds; `rfc3164`: whole seconds, no year, no zone */
  readonly stamps: 'iso' | 'rfc3164';
  readonly queueIds: 'long' | 'short';
}

/** A party of an SMTP session: verified name and address. */
export interface Peer {
  readonly name: string;
  readonly address: string;
}

export const MX1: PostfixHost = {
  name: 'mx1',
  domainName: 'mx1.corp.example',
  address: '198.51.100.11',
  role: 'gateway',
  stamps: 'iso',
  queueIds: 'long',
};
export const MX2: PostfixHost = {
  name: 'mx2',
  domainName: 'mx2.corp.example',
  address: '198.51.100.12',
  role: 'gateway',
  stamps: 'iso',
  queueIds: 'short',
};
export const MBX1: PostfixHost = {
  name: 'mbx1',
  domainName: 'mbx1.corp.example',
  address: '10.1.0.31',
  role: 'mailbox',
  stamps: 'rfc3164',
  queueIds: 'long',
};
export const MBX2: PostfixHost = {
  name: 'mbx2',
  domainName: 'mbx2.corp.example',
  address: '10.2.0.32',
  role: 'mailbox',
  stamps: 'rfc3164',
  queueIds: 'short',
};
export const HOSTS: readonly PostfixHost[] = [MX1, MX2, MBX1, MBX2];

/** Resolution of a host's stamps in ms, after the cut to whole milliseconds that the product stores. */
export const resolutionOf = (host: PostfixHost): number => (host.stamps === 'iso' ? 1 : 1000);

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
export function mailbox(random: Random): string {
  const share = random.float();
  const domain = share < 0.6 ? 'corp.example' : share < 0.8 ? 'ny.corp.example' : 'ldn.corp.example';
  return mailboxAt(random, domain);
}

export const mailboxAt = (random: Random, domain: string): string =>
  `${random.pick(NAMES)}${random.int(1, 40)}@${domain}`;

/** ldn lies on mbx2, ny on mbx1, corp is split by user number. */
export function mailboxHost(address: string): PostfixHost {
  const [local, domain] = address.toLowerCase().split('@');
  if (domain === 'ldn.corp.example') return MBX2;
  if (domain !== 'corp.example') return MBX1;
  return Number(/\d+$/.exec(local)?.[0] ?? 0) % 5 === 0 ? MBX2 : MBX1;
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

/** One-to-one aliases, resolved by the gateway (`orig_to=`). */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['sales@corp.example', 'alice7@corp.example'],
  ['info@corp.example', 'bob3@ny.corp.example'],
  ['support@ldn.corp.example', 'zoe11@ldn.corp.example'],
  ['jobs@ny.corp.example', 'judy5@corp.example'],
]);

/** Aliases that leave the fleet: what becomes of this mail is in nobody's log here. */
export const FORWARDS: ReadonlyMap<string, string> = new Map([
  ['carol.home@corp.example', 'carol@home.example'],
  ['consultant@ny.corp.example', 'walter@consulting.example'],
]);
/** A forward to a host that no longer answers. */
export const DEAD_FORWARD = { alias: 'former@corp.example', target: 'former@gone.example' } as const;

/** Lists, expanded by the gateway. */
export const LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'board@corp.example',
    ['alice1@corp.example', 'heidi10@corp.example', 'rupert2@ny.corp.example', 'sybil4@ldn.corp.example'],
  ],
  [
    'all-ldn@ldn.corp.example',
    ['bob1', 'carol2', 'dave3', 'erin4', 'frank5', 'grace6', 'ivan7'].map((local) => `${local}@ldn.corp.example`),
  ],
]);

/** What a gateway makes of an envelope recipient: itself, its alias, or the members of a list. */
export function resolveRecipient(address: string): readonly string[] {
  const key = address.toLowerCase();
  if (key === DEAD_FORWARD.alias) return [DEAD_FORWARD.target];
  const single = ALIASES.get(key) ?? FORWARDS.get(key);
  return single ? [single] : (LISTS.get(key) ?? [address]);
}
