import type { MtaNames } from '../trace/mta-name';

/** A row of correlate/rekey_candidates.sql: a hand-over and an ownership whose queue id it names, nearest first per hand-over. */
export interface RekeyCandidate {
  from_key: string;
  to_key: string;
  from_hes: number;
  from_mta: string;
  next_mta: string;
  next_address: string;
  to_mta: string;
  to_client: string;
  to_nameless: number;
  to_custody: string;
  distance_ms: number;
  from_leg: string;
}

/**
 * Which message keys belong to the message of another key: key → root, both decimal hashes. Links chain, so keys form groups; the root of
 * a group is its smallest key, which makes the result independent of the order of links.
 */
export function rekeys(candidates: Iterable<RekeyCandidate>, mtas: MtaNames): Map<string, string> {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parent.get(root); next !== undefined; next = parent.get(root)) root = next;
    return root;
  };
  const served = new Set<string>();
  for (const candidate of candidates) {
    if (served.has(candidate.from_leg) || !names(candidate, mtas)) continue;
    served.add(candidate.from_leg);
    const [low, high] = [rootOf(candidate.from_key), rootOf(candidate.to_key)].sort(byNumber);
    if (low !== high) parent.set(high, low);
  }
  return new Map([...parent.keys()].map((key) => [key, rootOf(key)]));
}

/** Does the hand-over mean the MTA of that ownership, and not another one with the same queue id? */
function names(candidate: RekeyCandidate, mtas: MtaNames): boolean {
  if (candidate.from_mta === candidate.to_mta)
    return candidate.to_client === 'self' || candidate.next_address.startsWith('127.');
  if (mtas.means(candidate.next_mta, candidate.to_mta)) return true;
  // HES names the MX it delivered to, which need not be the name in that host's log.
  return (
    candidate.from_hes === 1 &&
    !mtas.knows(candidate.next_mta) &&
    (candidate.to_client === 'hes' || candidate.next_mta === '')
  );
}

function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
