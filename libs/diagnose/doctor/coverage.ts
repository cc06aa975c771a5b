import { addressRange, cidrRange, cidrsOf, subtractRanges, type AddressRange } from '../../trace/address-ranges';
import type { HesRegion } from '../../trace/hes-mail-exchangers';
import { HES_PUBLISHED_NETWORKS } from '../../trace/hes-networks';
import { isHesAddress } from '../../trace/hes-hosts';
import { decisionsOf, lackOf, type AllowList } from '../allow-list/allow-list';
import type { AllowListCheck, RegionCoverage, SeenAddress } from './diagnosis';
import type { HesClient } from './hes-clients.service';
import type { MxCheck } from './mx-records';

/** The regions that the MX records name. */
export function regionsOf(mx: MxCheck): HesRegion[] {
  return mx.records.flatMap(({ service, region }) => (service === null ? [] : [{ service, region: region ?? '' }]));
}

/** KB step 2: which published ranges of each region a list lets in. `needed` are the regions of the MX records. */
export function coverageOf(list: AllowList, needed: readonly HesRegion[]): AllowListCheck {
  // Of a region opened since, nothing is published here: then any may be meant.
  const known = needed.filter((one) => publishedRegions().some((region) => isSame(one, region)));
  const regions = publishedRegions().map(({ service, region, cidrs }): RegionCoverage => {
    const { missing, denied } = lackOf(list, rangesOf(cidrs));
    const isNeeded = known.some((one) => isSame(one, { service, region }));
    return {
      service,
      region,
      needed: known.length === 0 ? null : isNeeded,
      published: cidrs,
      missing: cidrsOf(missing),
      denied: cidrsOf(denied),
    };
  });
  const wanted = regions.filter(({ needed: isNeeded }) => isNeeded);
  return {
    file: list.file,
    name: list.name || null,
    form: list.form,
    entries: list.entries.length,
    covers_needed: wanted.length === 0 ? null : wanted.every(({ missing }) => missing.length === 0),
    regions,
  };
}

/** Clients of HES against the published ranges, the configuration and the lists; those in no published range first. */
export function seenAddresses(
  clients: readonly HesClient[],
  lists: readonly AllowList[],
  networks: readonly string[],
): SeenAddress[] {
  const allowed = lists.map((list) => ({ called: calledList(list), ranges: decisionsOf(list).allowed }));
  return clients
    .map(({ name, address, ...client }): SeenAddress => {
      const range = addressRange(address);
      const isIn = (ranges: readonly AddressRange[]): boolean =>
        range !== undefined && subtractRanges([range], ranges).length === 0;
      return {
        address,
        name: name || null,
        ...client,
        published: isHesAddress(address),
        configured: isIn(rangesOf(networks)),
        missing_in: allowed.filter(({ ranges }) => !isIn(ranges)).map(({ called }) => called),
      };
    })
    .sort((a, b) => Number(a.published) - Number(b.published));
}

/** How a list is called in sentences. */
export const calledList = ({ file, name }: { file: string; name: string | null }): string =>
  name ? `${name} of ${file}` : file;

/** The regions with their ranges, in the order of the data. */
export function publishedRegions(): (HesRegion & { cidrs: string[] })[] {
  const regions: (HesRegion & { cidrs: string[] })[] = [];
  for (const { service, region, cidr } of HES_PUBLISHED_NETWORKS) {
    const known = regions.find((one) => isSame(one, { service, region }));
    if (known) known.cidrs.push(cidr);
    else regions.push({ service, region, cidrs: [cidr] });
  }
  return regions;
}

const isSame = (one: HesRegion, other: HesRegion): boolean =>
  one.service === other.service && one.region === other.region;

const rangesOf = (cidrs: readonly string[]): AddressRange[] => cidrs.flatMap((cidr) => cidrRange(cidr) ?? []);
