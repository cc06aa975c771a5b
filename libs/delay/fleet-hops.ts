import { type HopSums } from './delay.service';
import { type Distribution } from './report';

/** Which MTA hands mail to which. */
export interface HopLink {
  mta: string;
  /** null: the journey ends here */
  next_mta: string | null;
  journeys: number;
  transfer_p50_ms: number | null;
  transfer_p95_ms: number | null;
}

type HesSums = Pick<Distribution, 'count' | 'p50_ms' | 'p95_ms' | 'p99_ms'> & { sum_ms: number | null };

/** HES beside the MTAs after it. Shares of total are of the time inside HES and all these MTAs. */
export interface FleetHops {
  hes: HesSums & { share_of_total: number | null };
  hops: (HopSums & { share_of_total: number | null })[];
  links: HopLink[];
}

/** HES, the MTAs and their links, with the shares of the time inside all of them. */
export function fleetHops(hes: HesSums, hops: readonly HopSums[], links: HopLink[]): FleetHops {
  const total = hops.reduce((sum, { sum_ms }) => sum + (sum_ms ?? 0), hes.sum_ms ?? 0);
  const share = (part: number | null): number | null =>
    part === null || total <= 0 ? null : Math.min(1, Math.max(0, part / total));
  return {
    hes: { ...hes, share_of_total: share(hes.sum_ms) },
    hops: hops.map((hop) => ({ ...hop, share_of_total: share(hop.sum_ms) })),
    links,
  };
}
