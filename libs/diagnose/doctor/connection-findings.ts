import { counted, duration } from '../terminal-text';
import { calledList } from './coverage';
import type { AllowListCheck, Finding, Refusal, RegionCoverage, SeenAddress, Severity } from './diagnosis';
import { regionText } from './mx-findings';
import type { RefusalKind } from './refusal-kind';

const MOST_LISTED = 8;

/** What the allow-lists lack of the ranges that Trend publishes (KB step 2). */
export function allowListFindings(checks: readonly AllowListCheck[]): Finding[] {
  return checks.map((check): Finding => {
    const list = calledList(check);
    const lacking = check.regions.filter(({ needed, missing }) => needed !== false && missing.length > 0);
    const about = { check: 'allow_list' as const };
    if (lacking.length === 0) {
      const regions = check.regions.filter(({ needed }) => needed !== false).map(named);
      const which = check.covers_needed === null ? 'every region' : regions.join(', ');
      return { ...about, severity: 'ok', finding: `${list} lets in all published ranges of ${which}.`, advice: null };
    }
    const missing = lacking.map((region) => `${named(region)}: ${region.missing.join(', ')}`).join('; ');
    if (check.covers_needed === null) {
      const finding = `${list} does not let in all ranges, and no MX record says which region is yours. Missing of ${missing}.`;
      return { ...about, severity: 'note', finding, advice: 'Let in the ranges of your region.' };
    }
    const denied = lacking.flatMap((region) => region.denied);
    const turned = denied.length > 0 ? ` A rule of the list turns away ${denied.join(', ')}.` : '';
    const finding = `${list} does not let in all of HES. Missing of ${missing}.${turned}`;
    return { ...about, severity: 'problem', finding, advice: `Add ${lacking.flatMap((r) => r.missing).join(', ')}.` };
  });
}

/** What came from HES, and from where none was to be expected. */
export function seenFindings(seen: readonly SeenAddress[], listCount: number): Finding[] {
  const about = { check: 'seen_addresses' as const };
  if (seen.length === 0) {
    const finding = 'No log in the store has met a client of HES, so nothing can be said of its connections.';
    return [{ ...about, severity: 'unknown', finding, advice: 'Ingest the logs of the MTA behind HES.' }];
  }
  const unlisted = seen.filter(({ published, configured }) => !published && !configured);
  const refusedHere = seen.filter(({ missing_in }) => missing_in.length > 0);
  const findings: Finding[] = [];
  if (unlisted.length > 0) {
    findings.push({
      ...about,
      severity: 'warning',
      finding: `HES came from ${counted(unlisted.length, 'address', 'addresses')} outside of the published ranges: ${addresses(unlisted)}.`,
      advice: `Let them in too, and name them in HES_NETWORKS, so that mail from them counts as HES's where its name cannot be verified.`,
    });
  }
  if (refusedHere.length > 0) {
    const lists = [...new Set(refusedHere.flatMap(({ missing_in }) => missing_in))].join(', ');
    findings.push({
      ...about,
      severity: 'problem',
      finding: `${counted(refusedHere.length, 'address', 'addresses')} from which HES came ${refusedHere.length === 1 ? 'is' : 'are'} not let in by ${lists}: ${addresses(refusedHere)}.`,
      advice: `Add ${refusedHere.length <= MOST_LISTED ? 'them' : 'the ranges that hold them'} to ${lists}.`,
    });
  }
  if (findings.length > 0) return findings;
  const where = listCount > 0 ? 'published ranges, and every allow-list lets them in' : 'published ranges';
  const finding = `HES came from ${counted(seen.length, 'address', 'addresses')}, all in ${where}.`;
  return [{ ...about, severity: 'ok', finding, advice: null }];
}

const WORDS: Record<RefusalKind, [string, string]> = {
  greylisted: [
    'greylisted',
    'Exempt the HES address ranges from greylisting: HES tries again, minutes later each time.',
  ],
  rate_limited: [
    'turned away by a rate limit',
    'Exempt the HES address ranges from rate and connection limits (Postfix: smtpd_client_event_limit_exceptions).',
  ],
  blocked: [
    'turned away by a block list or rule',
    'Exempt the HES address ranges from block lists and client checks: HES has checked the sender already.',
  ],
  deferred: ['deferred', 'Look at the reply: what made the MTA ask HES to try again later?'],
  refused: ['refused', 'Look at the reply: HES bounces mail that is refused for good.'],
};

/** What the logs say of refused connections, by MTA and kind; those that held mail longest first. */
export function refusalFindings(refusals: readonly Refusal[]): Finding[] {
  const about = { check: 'refusals' as const };
  if (refusals.length === 0) {
    const finding = 'The logs in the store tell of no client of HES that was turned away.';
    return [{ ...about, severity: 'ok', finding, advice: null }];
  }
  const groups = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const key = `${refusal.told_by} ${refusal.mta} ${refusal.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), refusal]);
  }
  return toldOnce([...groups.values()]).map((group): Finding => {
    const [{ told_by, mta, kind, reply }] = group;
    const sum = (field: 'refusals' | 'journeys' | 'waiting_ms'): number =>
      group.reduce((total, refusal) => total + refusal[field], 0);
    const [word, advice] = WORDS[kind];
    const at = mta ? ` at ${mta}` : '';
    const cost =
      sum('journeys') > 0
        ? ` HES held ${counted(sum('journeys'), 'mail')} for it, ${duration(sum('waiting_ms'))} in all.`
        : ' No late mail in the store can be tied to it.';
    const says = told_by === 'hes' ? 'HES says that it' : 'HES';
    const finding = `${says} was ${word}${at} ${counted(sum('refusals'), 'time')}: "${reply}".${cost}`;
    return { ...about, severity: severityOf(kind, sum('waiting_ms')), finding, advice };
  });
}

/** The same trouble is often told by both ends: the end that knows more of its cost speaks, the MTA's own log where they know the same. */
function toldOnce(groups: readonly (readonly Refusal[])[]): (readonly Refusal[])[] {
  const cost = (group: readonly Refusal[]): number => group.reduce((sum, { waiting_ms }) => sum + waiting_ms, 0);
  const knowsMore = (one: readonly Refusal[], other: readonly Refusal[]): boolean =>
    cost(one) > cost(other) || (cost(one) === cost(other) && one[0].told_by === 'mta');
  const same = ([one]: readonly Refusal[], [other]: readonly Refusal[]): boolean =>
    one.told_by !== other.told_by && one.kind === other.kind && isSameMta(one.mta, other.mta);
  return groups.filter((group) => !groups.some((other) => same(group, other) && knowsMore(other, group)));
}

/** Equal names, or one is the first label of the other (delay model §4.5). */
function isSameMta(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

// A mailbox that does not exist is refused with right, and a full disk defers with right; what is aimed at the client is not.
const severityOf = (kind: RefusalKind, waitingMs: number): Severity =>
  kind === 'refused' ? 'note' : kind === 'deferred' && waitingMs === 0 ? 'note' : 'warning';

const named = ({ service, region }: RegionCoverage): string => `${service.toUpperCase()} (${regionText(region)})`;

function addresses(seen: readonly SeenAddress[]): string {
  const texts = seen.slice(0, MOST_LISTED).map(({ address, name }) => (name ? `${address} (${name})` : address));
  return [...texts, ...(seen.length > MOST_LISTED ? [`and ${seen.length - MOST_LISTED} more`] : [])].join(', ');
}
