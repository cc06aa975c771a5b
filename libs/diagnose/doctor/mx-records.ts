import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { hesRegionOf } from '../../trace/hes-mail-exchangers';
import { exchangerAddresses, failureOf, type LookupFailure } from './dns-lookup';

/** The first that holds; what each means, and what to do, is said by `mxFindings`. */
export const MX_STATUSES = [
  'hes', // every MX is an inbound host of HES or TMES
  'mixed', // an MX that is none is preferred as much as the first that is, or more
  'backup_bypasses_hes', // an MX that is none is a backup
  'not_hes', // none is
  'null_mx', // RFC 7505: the domain takes no mail
  'no_mx', // the domain exists and has no MX: senders try its own address (RFC 5321 §5.1)
  'nxdomain', // the domain does not exist
  'servfail',
  'refused',
  'timeout',
  'unreachable',
  'failed',
] as const;
export type MxStatus = (typeof MX_STATUSES)[number];

export const ADDRESS_STATUSES = [
  'found',
  'none',
  'nxdomain',
  'servfail',
  'refused',
  'timeout',
  'unreachable',
  'failed',
  'not_asked',
] as const;
export type AddressStatus = (typeof ADDRESS_STATUSES)[number];

export interface MxRecord {
  preference: number;
  exchange: string;
  /** null: no inbound host of HES or TMES */
  service: 'hes' | 'tmes' | null;
  /** null where the service is, and for a region opened since the data were read */
  region: string | null;
  addresses: string[];
  address_status: AddressStatus;
}

export interface MxCheck {
  status: MxStatus;
  records: MxRecord[];
  /** addresses of the domain itself, asked where it has no MX */
  domain_addresses: string[];
  /** what the name server answered or did, for status servfail to failed; null otherwise */
  problem: string | null;
}

/** More hosts than any real domain has: a zone full of records must not become a flood of look-ups. */
const MOST_EXCHANGERS = 20;

/** The domain as DNS knows it (IDNA), lower case, without final dot; undefined when it cannot be a mail domain. */
export function mailDomain(text: string): string | undefined {
  const bare = text.trim().replace(/\.$/, '');
  // The URL parser behind domainToASCII would take what is before these for the name.
  const domain = /[\s/\\?#@:%]/.test(bare) ? '' : domainToASCII(bare).toLowerCase();
  const labels = domain.split('.');
  const ok = labels.length > 1 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return ok && domain.length <= 253 && !isIP(domain) ? domain : undefined;
}

/**
 * A resolver with time-outs of its own: a name server that does not answer is told from one that says no within 8 s.
 * @param server ADDRESS or ADDRESS:PORT, '' the system's
 * @param timeout of the first attempt, in ms
 */
export function resolverAt(server: string, timeout = 2000): Resolver {
  const resolver = new Resolver({ timeout, tries: 2 });
  if (server !== '') resolver.setServers([server]);
  return resolver;
}

/** KB step 1: looks up the MX records of a domain and holds them against the inbound hosts of HES and TMES. Never throws. */
export async function checkMx(domain: string, resolver: Resolver): Promise<MxCheck> {
  let found: { priority: number; exchange: string }[];
  try {
    found = await resolver.resolveMx(domain);
  } catch (error) {
    return withoutRecords(domain, failureOf(error), resolver);
  }
  const sorted = found.sort((a, b) => a.priority - b.priority || (a.exchange < b.exchange ? -1 : 1));
  // RFC 7505 §3: a null MX is the only record; beside others it is ignored there, and a mistake.
  const named = sorted.filter(({ exchange }) => exchange !== '');
  if (named.length === 0) return { status: 'null_mx', records: [], domain_addresses: [], problem: null };
  const records = await Promise.all(
    named.map(async ({ priority, exchange }, i): Promise<MxRecord> => {
      const host = exchange.toLowerCase();
      const hes = hesRegionOf(host);
      const { addresses, status } =
        i < MOST_EXCHANGERS
          ? await exchangerAddresses(host, resolver)
          : { addresses: [], status: 'not_asked' as const };
      return {
        preference: priority,
        exchange: host,
        service: hes?.service ?? null,
        region: hes?.region || null,
        addresses,
        address_status: status,
      };
    }),
  );
  return { status: statusOf(records), records, domain_addresses: [], problem: null };
}

function statusOf(records: readonly MxRecord[]): MxStatus {
  const best = records.find(({ service }) => service !== null);
  const others = records.filter(({ service }) => service === null);
  if (!best) return 'not_hes';
  if (others.length === 0) return 'hes';
  return others.some(({ preference }) => preference <= best.preference) ? 'mixed' : 'backup_bypasses_hes';
}

async function withoutRecords(domain: string, failure: LookupFailure, resolver: Resolver): Promise<MxCheck> {
  if (failure.status !== 'none') {
    const problem = failure.status === 'nxdomain' ? null : failure.problem;
    return { status: failure.status, records: [], domain_addresses: [], problem };
  }
  const { addresses } = await exchangerAddresses(domain, resolver);
  return { status: 'no_mx', records: [], domain_addresses: addresses, problem: null };
}
