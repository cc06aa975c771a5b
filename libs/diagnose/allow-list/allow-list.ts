import { commonRanges, joinRanges, subtractRanges, type AddressRange } from '../../trace/address-ranges';

export const ALLOW_LIST_FORMS = [
  'cidr-list',
  'access-table',
  'postfix-parameter',
  'receive-connectors',
  'inbound-connectors',
] as const;
export type AllowListForm = (typeof ALLOW_LIST_FORMS)[number];

/** One rule: what it does with clients of these addresses. */
export interface AllowListEntry {
  readonly ranges: readonly AddressRange[];
  /** `pass`: this rule decides nothing, and ends the search in its list (DUNNO of access(5)) */
  readonly action: 'allow' | 'deny' | 'pass';
}

/** What of a file was not understood, and so does not count. */
export interface AllowListProblem {
  readonly file: string;
  /** null where the file has no lines that mean something (JSON) */
  readonly line: number | null;
  readonly reason: string;
}

/** Rules that are looked through in order, the first that matches decides. */
export interface AllowList {
  readonly file: string;
  /** the parameter of main.cf; '' where the file is the list */
  readonly name: string;
  readonly form: AllowListForm;
  readonly entries: readonly AllowListEntry[];
}

/** What a file holds: main.cf several lists, another file one. */
export interface AllowListFile {
  readonly lists: readonly AllowList[];
  readonly problems: readonly AllowListProblem[];
}

/** The addresses that a list lets in, and those that it turns away. */
export function decisionsOf({ entries }: Pick<AllowList, 'entries'>): {
  allowed: AddressRange[];
  denied: AddressRange[];
} {
  let decided: AddressRange[] = [];
  let allowed: AddressRange[] = [];
  let denied: AddressRange[] = [];
  for (const { ranges, action } of entries) {
    const fresh = subtractRanges(ranges, decided);
    if (action === 'allow') allowed = joinRanges([...allowed, ...fresh]);
    if (action === 'deny') denied = joinRanges([...denied, ...fresh]);
    decided = joinRanges([...decided, ...fresh]);
  }
  return { allowed, denied };
}

/** Which of the addresses `wanted` a list does not let in, and which of these it turns away by a rule of its own. */
export function lackOf(
  list: Pick<AllowList, 'entries'>,
  wanted: readonly AddressRange[],
): {
  missing: AddressRange[];
  denied: AddressRange[];
} {
  const { allowed, denied } = decisionsOf(list);
  return { missing: subtractRanges(wanted, allowed), denied: commonRanges(wanted, denied) };
}
