/** A service of Trend Micro in one region; the words are those of `HES_PUBLISHED_NETWORKS`. */
export interface HesRegion {
  readonly service: 'hes' | 'tmes';
  /** '' for a region opened since the pages were read */
  readonly region: string;
}

/** Inbound hosts of one region: what an MX record has to name so that mail passes HES. */
export interface HesMailExchangers extends HesRegion {
  readonly pattern: RegExp;
  /** for advice */
  readonly example: string;
}

/** The day on which the pages below were known to say this; they bear no date themselves. */
export const HES_MAIL_EXCHANGERS_AS_OF = '2026-11-24';

const tmes = (region: string, zone: string): HesMailExchangers => ({
  service: 'tmes',
  region,
  pattern: new RegExp(`^(?:[a-z0-9-]+\\.)+in\\.${zone.replaceAll('.', '\\.')}$`),
  example: `COMPANY.in.${zone}`,
});

/**
 * Inbound hosts per region. TMES: Trend Micro Email Security, "Configuring a domain" and "MTA-STS records"; HES: Hosted Email Security
 * Administrator's Guide (formats.md §2.1).
 */
export const HES_MAIL_EXCHANGERS: readonly HesMailExchangers[] = [
  { service: 'hes', region: 'other', pattern: /^in\.hes\.trendmicro\.com$/, example: 'in.hes.trendmicro.com' },
  { service: 'hes', region: 'EMEA', pattern: /^in\.hes\.trendmicro\.eu$/, example: 'in.hes.trendmicro.eu' },
  tmes('Americas, APAC', 'tmes.trendmicro.com'),
  tmes('EMEA', 'tmes.trendmicro.eu'),
  tmes('Australia, New Zealand', 'tmes-anz.trendmicro.com'),
  tmes('Japan', 'tmems-jp.trendmicro.com'),
  tmes('Singapore', 'tmes-sg.trendmicro.com'),
  tmes('India', 'tmes-in.trendmicro.com'),
  tmes('UAE', 'tmes-uae.trendmicro.com'),
];

/** Regions opened since follow the same pattern; nobody has told their ranges. */
const LATER = /^(?:[a-z0-9-]+\.)+in\.tmem?s-[a-z]{2,4}\.trendmicro\.(?:com|eu)$/;

/** Which service and region an MX host belongs to; undefined when it is no inbound host of HES or TMES. Case and a final dot do not matter. */
export function hesRegionOf(host: string): HesRegion | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const known = HES_MAIL_EXCHANGERS.find(({ pattern }) => pattern.test(name));
  if (known) return { service: known.service, region: known.region };
  return LATER.test(name) ? { service: 'tmes', region: '' } : undefined;
}
