import { MIXED_ALIASES, POSTFIX_ALIASES, type Aliases } from './aliases';

/**
 * The hosts of the fleets. Names are fictional (RFC 2606), except those of Trend and Microsoft, by which their services are
 * recognised.
 */
export interface Host extends Peer {
  /** name of the MTA: the host name in its own syslog stamps, else what `--mta` says */
  readonly mta: string;
  readonly product: 'postfix' | 'sendmail' | 'exim' | 'exchange' | 'microsoft-365';
  /** form of the stamps of its log; `iso`: RFC 5424 with microseconds; `rfc3164`: whole seconds, no year, no zone; those of all others are their product's */
  readonly stamps: 'iso' | 'rfc3164' | 'own';
  /** resolution of its stamps in ms, after the cut to whole milliseconds that the product stores */
  readonly resolutionMs: 1 | 1000;
  /** of Postfix: `enable_long_queue_ids` */
  readonly queueIds: 'long' | 'short';
}

/** A party of an SMTP session: verified name, and the address that its peers see. */
export interface Peer {
  readonly name: string;
  readonly address: string;
}

const corp = (mta: string, address: string, rest: Omit<Host, 'mta' | 'name' | 'address'>): Host => ({
  mta,
  name: `${mta}.corp.example`,
  address,
  ...rest,
});

/** A fleet: HES in front, gateways mx1 and mx2, mailbox hosts mbx1 and mbx2. */
export interface Fleet {
  readonly hosts: readonly Host[];
  /** the gateways that take mail for all domains that have no host of their own */
  readonly gateways: readonly [Host, Host];
  /** domains whose mail HES and strangers hand to the host that has the mailboxes */
  readonly direct: ReadonlyMap<string, Host>;
  /** mailbox domains, each with the end of its share of all mail */
  readonly domains: readonly (readonly [domain: string, upTo: number])[];
  readonly aliases: Aliases;
  /** whether senders write Message-IDs that not every log has whole */
  readonly oddMessageIds: boolean;
  /** where people who have left had their mailboxes */
  readonly formerDomains: readonly string[];
  /** first number of the users of ny.corp.example who have moved to the direct host of this domain */
  readonly moved?: { readonly domain: string; readonly from: number };
}

const iso = { stamps: 'iso', resolutionMs: 1 } as const;
const rfc3164 = { stamps: 'rfc3164', resolutionMs: 1000 } as const;

const MX1 = corp('mx1', '198.51.100.11', { product: 'postfix', ...iso, queueIds: 'long' });
const MX2 = corp('mx2', '198.51.100.12', { product: 'postfix', ...iso, queueIds: 'short' });
const MBX1 = corp('mbx1', '10.1.0.31', { product: 'postfix', ...rfc3164, queueIds: 'long' });
const MBX2 = corp('mbx2', '10.2.0.32', { product: 'postfix', ...rfc3164, queueIds: 'short' });

const SENDMAIL_MX2: Host = { ...MX2, product: 'sendmail', ...rfc3164 };
const EXCHANGE_MBX2: Host = { ...MBX2, product: 'exchange', stamps: 'own', resolutionMs: 1 };
const EXIM = corp('mx3', '198.51.100.13', { product: 'exim', stamps: 'own', resolutionMs: 1000, queueIds: 'long' });

/** Mail exchanger of the organisation at Exchange Online, which is also the name that `--mta` gives it. */
const ONLINE = 'corp-example.mail.protection.outlook.com';
const MICROSOFT_365: Host = {
  mta: ONLINE,
  name: ONLINE,
  address: '52.101.68.1',
  product: 'microsoft-365',
  stamps: 'own',
  resolutionMs: 1,
  queueIds: 'long',
};

/** `postfix`: all hosts run Postfix. `mixed`: mx2 runs Sendmail, mbx2 Exchange, mx3 (a branch office of its own) Exim, and a part of the mailboxes is at Microsoft 365. */
export const FLEETS: Readonly<Record<'postfix' | 'mixed', Fleet>> = {
  postfix: {
    hosts: [MX1, MX2, MBX1, MBX2],
    gateways: [MX1, MX2],
    direct: new Map(),
    domains: [
      ['corp.example', 0.6],
      ['ny.corp.example', 0.8],
      ['ldn.corp.example', 1],
    ],
    aliases: POSTFIX_ALIASES,
    oddMessageIds: false,
    formerDomains: ['corp.example'],
  },
  mixed: {
    hosts: [MX1, SENDMAIL_MX2, MBX1, EXCHANGE_MBX2, EXIM, MICROSOFT_365],
    gateways: [MX1, SENDMAIL_MX2],
    direct: new Map([
      ['par.corp.example', EXIM],
      ['cloud.corp.example', MICROSOFT_365],
    ]),
    domains: [
      ['corp.example', 0.5],
      ['ny.corp.example', 0.65],
      ['ldn.corp.example', 0.82],
      ['par.corp.example', 0.92],
      ['cloud.corp.example', 1],
    ],
    aliases: MIXED_ALIASES,
    oddMessageIds: true,
    formerDomains: ['corp.example', 'corp.example', 'par.corp.example', 'cloud.corp.example'],
    moved: { domain: 'cloud.corp.example', from: 31 },
  },
};
export type FleetName = keyof typeof FLEETS;
