import { firstBody, type HeaderField } from '../sources/formats/trace-headers/header-block';
import type { TraceChain } from '../sources/formats/trace-headers/trace-chain';
import { isHesHost } from '../trace/hes-hosts';

/** Whether a mail passed HES/TMES, and which other Trend product marked it. */
export interface HesEvidence {
  readonly passed: 'yes' | 'no' | 'unknown';
  readonly evidence: string[];
  readonly otherProduct: string | null;
}

/**
 * Looks for signs of HES/TMES in the order of formats §3.1: Received `by` host, X-TM-MAIL-UUID, X-TMASE-Version
 * `StarCloud…`, X-TM-AS-Product-Ver `HES…`; last a client whose verified name is Trend's. Without any sign the answer is `no`,
 * without any Received field `unknown`.
 */
export function hesEvidence(fields: readonly HeaderField[], chain: TraceChain): HesEvidence {
  const version = firstBody(fields, 'x-tmase-version');
  const product = firstBody(fields, 'x-tm-as-product-ver');
  const hosts = [...new Set(chain.hops.filter((hop) => hop.hes).map((hop) => hop.host))];
  const clients = [...new Set(chain.hops.map((hop) => hop.received.peer).filter(isHesHost))];
  const evidence = [
    ...(hosts.length > 0 ? [`Received by ${hosts.join(', ')}`] : []),
    ...(firstBody(fields, 'x-tm-mail-uuid') ? ['X-TM-MAIL-UUID is present'] : []),
    ...(/^StarCloud/i.test(version) ? [`X-TMASE-Version: ${version}`] : []),
    ...(/^HES/i.test(product) ? [`X-TM-AS-Product-Ver: ${product}`] : []),
    ...(clients.length > 0 ? [`handed over by ${clients.join(', ')}`] : []),
  ];
  const passed = evidence.length > 0 ? 'yes' : chain.hops.length > 0 ? 'no' : 'unknown';
  return { passed, evidence, otherProduct: otherProduct(fields, chain, product, version) };
}

/** On-premises products write X-TM-AS-* fields and stamps `by IMSVA` (formats §3.1). */
function otherProduct(
  fields: readonly HeaderField[],
  chain: TraceChain,
  product: string,
  version: string,
): string | null {
  if (product && !/^HES/i.test(product)) return product;
  if (version && !/^StarCloud/i.test(version)) return version;
  const appliance = chain.hops.find((hop) => /^IMS(?:VA|S)$/i.test(hop.host));
  if (appliance) return appliance.host;
  return fields.some(({ name }) => name === 'x-tm-as-gconf' || name === 'x-tm-snts-smtp')
    ? 'unnamed Trend Micro product'
    : null;
}
