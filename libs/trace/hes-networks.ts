/** One published range from which HES or TMES delivers to its customers. */
export interface HesNetwork {
  readonly service: 'hes' | 'tmes';
  readonly region: string;
  readonly cidr: string;
}

/**
 * The day on which the pages below were known to say this; they bear no date themselves. Ranges change: the configuration's
 * `HES_NETWORKS` adds to them, and real hops outside of them have been seen (formats.md §2.2).
 */
export const HES_NETWORKS_AS_OF = '2026-11-24';

const list = (service: HesNetwork['service'], region: string, cidrs: string): HesNetwork[] =>
  cidrs.split(' ').map((cidr) => ({ service, region, cidr }));

/**
 * Published ranges. HES: Trend Micro, Hosted Email Security Administrator's Guide, "About TLS peers".
 * TMES: Trend Micro Email Security, "Configuring a domain" (both quoted in formats.md §2.2).
 */
export const HES_PUBLISHED_NETWORKS: readonly HesNetwork[] = [
  ...list('hes', 'EMEA', '52.48.127.192/26 52.58.62.192/26 52.58.63.0/25'),
  ...list('hes', 'other', '54.219.191.0/25 54.219.188.0/26 54.86.63.64/26'),
  ...list('tmes', 'Americas, APAC', '18.208.22.64/26 18.208.22.128/25 18.188.9.192/26 18.188.239.128/26'),
  ...list('tmes', 'EMEA', '18.185.115.0/25 18.185.115.128/26 34.253.238.128/26 34.253.238.192/26'),
  ...list('tmes', 'Australia, New Zealand', '13.238.202.0/25 13.238.202.128/26'),
  ...list('tmes', 'Singapore', '13.213.174.128/25 13.213.220.0/26'),
  ...list('tmes', 'India', '3.110.59.128/25 3.110.71.192/26'),
  ...list('tmes', 'UAE', '3.29.202.0/25 3.29.194.192/26'),
  ...list(
    'tmes',
    'Japan',
    '18.176.203.128/26 18.176.203.192/26 18.177.156.0/26 18.177.156.64/26 15.168.56.0/25 15.168.49.64/26 15.168.56.128/26',
  ),
];
