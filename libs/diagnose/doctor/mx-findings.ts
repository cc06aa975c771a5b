import type { Finding } from './diagnosis';
import type { MxCheck, MxRecord, MxStatus } from './mx-records';

const POINT_AT_HES =
  'Let the MX records name the inbound host that the console shows, for example in.hes.trendmicro.com or COMPANY.in.tmes.trendmicro.com.';

type Said = Pick<Finding, 'severity' | 'finding' | 'advice'>;

/** What the MX records mean for mail that shall pass HES, and what to do (KB step 1). */
export function mxFindings(domain: string, mx: MxCheck): Finding[] {
  const others = mx.records.filter(({ service }) => service === null);
  return [SAID[mx.status](domain, mx, others), ...regionFindings(mx.records), ...hostFindings(mx.records)].map(
    (said) => ({
      check: 'mx',
      ...said,
    }),
  );
}

const unanswered =
  (next: string) =>
  (domain: string, mx: MxCheck): Said => ({
    severity: 'unknown',
    finding: `The MX records of ${domain} could not be looked up: ${mx.problem}.`,
    advice: next,
  });

const SAID: Record<MxStatus, (domain: string, mx: MxCheck, others: readonly MxRecord[]) => Said> = {
  hes: (domain, { records }) => ({
    severity: 'ok',
    finding: `All MX records of ${domain} name inbound hosts of ${servicesOf(records)}.`,
    advice: null,
  }),
  mixed: (domain, _mx, others) => ({
    severity: 'problem',
    finding: `Some mail to ${domain} goes past HES: ${listed(others)} ${be(others)} preferred as much as the hosts of HES, or more.`,
    advice: `Remove the MX ${noun(others)} ${listed(others)}.`,
  }),
  backup_bypasses_hes: (domain, _mx, others) => ({
    severity: 'problem',
    finding: `Mail to ${domain} can go past HES: the backup MX ${noun(others)} ${listed(others)} ${be(others)} not HES's.`,
    advice: `Remove the MX ${noun(others)} ${listed(others)}: HES itself keeps mail while your MTA is away, and spam is sent to backups on purpose.`,
  }),
  not_hes: (domain, _mx, others) => ({
    severity: 'problem',
    finding: `No mail to ${domain} passes HES: none of its MX records (${listed(others)}) names an inbound host of HES or TMES.${relay(others)}`,
    advice: POINT_AT_HES,
  }),
  null_mx: (domain) => ({
    severity: 'problem',
    finding: `${domain} says that it takes no mail (null MX, RFC 7505).`,
    advice: `If ${domain} shall take mail, replace the record "0 .". ${POINT_AT_HES}`,
  }),
  no_mx: (domain, { domain_addresses }) => ({
    severity: 'problem',
    finding:
      domain_addresses.length > 0
        ? `${domain} has no MX record, so senders deliver to ${domain_addresses.join(', ')}, its own address (RFC 5321 §5.1), past HES.`
        : `${domain} has neither an MX record nor an address: no mail can be delivered to it.`,
    advice: POINT_AT_HES,
  }),
  nxdomain: (domain) => ({
    severity: 'problem',
    finding: `${domain} does not exist (NXDOMAIN): no mail can be delivered to it.`,
    advice: 'Check the spelling, and whether the registration or the delegation of the domain has lapsed.',
  }),
  servfail: unanswered(
    'Ask again; if it stays, ask the name servers of the domain directly (--resolver HOST:PORT): SERVFAIL is usually a broken delegation or DNSSEC signature, and senders see it too.',
  ),
  refused: unanswered('Ask a name server that serves you: --resolver HOST:PORT.'),
  timeout: unanswered(
    'Ask again, or another name server: --resolver HOST:PORT. A domain whose servers do not answer gets its mail late.',
  ),
  unreachable: unanswered('Check the network and /etc/resolv.conf, or name a server: --resolver HOST:PORT.'),
  failed: unanswered('Ask again, or another name server: --resolver HOST:PORT.'),
};

function regionFindings(records: readonly MxRecord[]): Said[] {
  const hes = records.filter(({ service }) => service !== null);
  const regions = new Set(hes.map(({ service, region }) => `${service} ${region}`));
  const unknown = hes.filter(({ region }) => region === null);
  return [
    ...(regions.size > 1
      ? [
          {
            severity: 'warning' as const,
            finding: `The MX records name hosts of several services or regions: ${servicesOf(hes)}.`,
            advice: 'Keep the hosts of the region in which your account lies: the others do not know your domain.',
          },
        ]
      : []),
    ...unknown.map(({ exchange }) => ({
      severity: 'note' as const,
      finding: `${exchange} belongs to a region whose address ranges are not known to this version.`,
      advice: "Take the ranges from the console or Trend's documentation, and give them in HES_NETWORKS.",
    })),
  ];
}

function hostFindings(records: readonly MxRecord[]): Said[] {
  return records.flatMap(({ exchange, address_status: status }): Said[] => {
    if (status === 'found' || status === 'not_asked') return [];
    if (status === 'none' || status === 'nxdomain') {
      const what = status === 'none' ? 'has no address' : 'does not exist (NXDOMAIN)';
      return [
        {
          severity: 'problem',
          finding: `The MX host ${exchange} ${what}: senders that choose it cannot deliver, and try again later.`,
          advice: `Correct or remove the MX record ${exchange}.`,
        },
      ];
    }
    const finding = `The addresses of the MX host ${exchange} could not be looked up (${status}).`;
    return [{ severity: 'unknown', finding, advice: 'Ask again, or another name server: --resolver HOST:PORT.' }];
  });
}

/** `TMES (EMEA), HES (other regions)`. */
export function servicesOf(records: readonly Pick<MxRecord, 'service' | 'region'>[]): string {
  const names = records.map(({ service, region }) => `${(service ?? '').toUpperCase()} (${regionText(region)})`);
  return [...new Set(names)].join(', ');
}

/** How a region is called in sentences. */
export const regionText = (region: string | null): string =>
  region === 'other' ? 'all regions but EMEA' : region || 'a new region';

function relay(others: readonly MxRecord[]): string {
  const relays = others.filter(({ exchange }) => /\.relay\.tmem?s[\w-]*\.trendmicro\.(com|eu)$/.test(exchange));
  return relays.length > 0 ? ` ${listed(relays)} is a host for mail that goes out.` : '';
}

const listed = (records: readonly MxRecord[]): string =>
  records.map(({ preference, exchange }) => `${preference} ${exchange}`).join(', ');
const be = (records: readonly MxRecord[]): string => (records.length === 1 ? 'is' : 'are');
const noun = (records: readonly MxRecord[]): string => (records.length === 1 ? 'record' : 'records');
