import { addressRange, cidrRange, subtractRanges, type AddressRange } from '../../trace/address-ranges';
import type { AllowListEntry, AllowListProblem } from './allow-list';
import { postfixPattern } from './address-pattern';
import { logicalLines } from './logical-lines';

interface Table {
  readonly entries: AllowListEntry[];
  readonly problems: AllowListProblem[];
}

const EVERYTHING = [cidrRange('0.0.0.0/0'), cidrRange('::/0')] as AddressRange[];

/** What a result of access(5) or postscreen(8) does with the client. What names another restriction decides nothing. */
export function accessAction(result: string): AllowListEntry['action'] {
  const [word] = result.trim().split(/[\s,]+/);
  if (/^(ok|relay|permit(_\w+)?)$/i.test(word)) return 'allow';
  if (/^(reject(_\w+)?|discard|defer(_\w+)?|[45]\d\d)$/i.test(word)) return 'deny';
  // access(5): an all-numerical result is treated as OK
  return /^\d+$/.test(word) ? 'allow' : 'pass';
}

/** A `cidr:` table (cidr_table(5)): rules in order, `!` takes the addresses outside. */
export function readCidrTable(file: string, text: string): Table {
  const entries: AllowListEntry[] = [];
  const problems: AllowListProblem[] = [];
  for (const { line, text: rule } of logicalLines(text)) {
    const [pattern, ...result] = rule.split(/\s+/);
    if (/^(if|endif)$/i.test(pattern)) {
      problems.push({ file, line, reason: 'if … endif is not evaluated: its rules count for all addresses' });
      continue;
    }
    const range = postfixPattern(pattern.replace(/^!/, ''));
    if ('reason' in range) problems.push({ file, line, reason: range.reason });
    else if (result.length === 0) problems.push({ file, line, reason: 'the rule has no result' });
    else {
      const ranges = pattern.startsWith('!') ? subtractRanges(EVERYTHING, [range]) : [range];
      entries.push({ ranges, action: accessAction(result.join(' ')) });
    }
  }
  return { entries, problems };
}

/** The text of an indexed table (`hash:`, `lmdb:` …; access(5)): the longest key that fits decides; keys that name hosts say nothing of addresses. */
export function readIndexedTable(file: string, text: string): Table {
  const entries: (AllowListEntry & { readonly octets: number })[] = [];
  const problems: AllowListProblem[] = [];
  for (const { line, text: rule } of logicalLines(text)) {
    const [key, ...result] = rule.split(/\s+/);
    const octets = key.split('.').length;
    const range = /^[\d.]+$/.test(key)
      ? cidrRange(`${[...key.split('.'), '0', '0', '0'].slice(0, 4).join('.')}/${8 * octets}`)
      : addressRange(key);
    if (result.length === 0) problems.push({ file, line, reason: 'the rule has no result' });
    else if (range) entries.push({ ranges: [range], action: accessAction(result.join(' ')), octets });
    else if (/^[\d./:]+$/.test(key)) {
      problems.push({ file, line, reason: `${JSON.stringify(key)} is no key of an indexed table: CIDRs need cidr:` });
    }
  }
  entries.sort((a, b) => b.octets - a.octets);
  return { entries: entries.map(({ ranges, action }) => ({ ranges, action })), problems };
}
