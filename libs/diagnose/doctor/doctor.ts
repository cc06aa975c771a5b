import type { Store } from '../../store/store';
import { HES_MAIL_EXCHANGERS_AS_OF } from '../../trace/hes-mail-exchangers';
import { HES_NETWORKS_AS_OF } from '../../trace/hes-networks';
import type { AllowListFile } from '../allow-list/allow-list';
import { allowListFindings, refusalFindings, seenFindings } from './connection-findings';
import { coverageOf, regionsOf, seenAddresses } from './coverage';
import type { Diagnosis, Finding } from './diagnosis';
import { HesClientsService, type EventRange } from './hes-clients.service';
import { mxFindings } from './mx-findings';
import { checkMx, resolverAt } from './mx-records';

export interface DoctorOptions {
  /** as `mailDomain` answers it */
  readonly domain: string;
  /** HOST:PORT of the name server; '' the system's */
  readonly resolver: string;
  readonly allowLists: readonly AllowListFile[];
  /** HES_NETWORKS of the configuration */
  readonly networks: readonly string[];
  /** undefined: the logs are not asked */
  readonly store?: Pick<Store, 'rows'>;
  /** of what the logs say; without bounds all of it */
  readonly range?: EventRange;
  /** epoch ms */
  readonly now: number;
}

/**
 * Steps 1 and 2 of the KB "Troubleshooting email delays after redirecting mail traffic to HES": do the MX records name HES, do the
 * allow-lists let HES in, and what do the logs say of its connections? A name server that does not answer is a finding, not an error.
 */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { domain, resolver, allowLists, networks, store, range = {}, now } = options;
  const mx = await checkMx(domain, resolverAt(resolver));
  const lists = allowLists.flatMap((file) => file.lists);
  const checks = lists.map((list) => coverageOf(list, regionsOf(mx)));
  const findings: Finding[] = [...mxFindings(domain, mx), ...allowListFindings(checks)];
  let seen: Diagnosis['seen_addresses'] = null;
  let refusals: Diagnosis['refusals'] = null;
  if (store) {
    const service = new HesClientsService(store, networks);
    seen = seenAddresses(await service.clients(range), lists, networks);
    // Who was turned away may have been known by its name at another time only.
    refusals = await service.refusals(await service.clients(), range);
    findings.push(...seenFindings(seen, lists.length), ...refusalFindings(refusals));
  }
  return {
    domain,
    checked_at: new Date(now).toISOString(),
    resolver: resolver || null,
    from: isoOf(range.from),
    to: isoOf(range.to),
    data_as_of: { mail_exchangers: HES_MAIL_EXCHANGERS_AS_OF, networks: HES_NETWORKS_AS_OF },
    ok: okOf(findings),
    findings,
    mx,
    allow_lists: checks,
    allow_list_problems: allowLists.flatMap(({ problems }) => problems),
    seen_addresses: seen,
    refusals,
  };
}

const isoOf = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString());

function okOf(findings: readonly Finding[]): boolean | null {
  if (findings.some(({ severity }) => severity === 'problem' || severity === 'warning')) return false;
  return findings.some(({ severity }) => severity === 'unknown') ? null : true;
}
