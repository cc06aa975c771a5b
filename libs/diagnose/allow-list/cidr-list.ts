import type { AllowListEntry, AllowListFile, AllowListProblem } from './allow-list';
import { addressPattern } from './address-pattern';

/** Addresses, CIDRs and ranges, several a line or one; `#`, `;` and `//` begin a comment, `!` excludes. */
export function readCidrList(file: string, text: string): AllowListFile {
  const entries: AllowListEntry[] = [];
  const problems: AllowListProblem[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const bare = line.replace(/(^|\s)(#|;|\/\/).*$/, '').replace(/(?<!\s)\s*-\s*/g, '-');
    for (const word of bare.split(/[\s,;"']+/).filter(Boolean)) {
      const range = addressPattern(word.replace(/^!/, ''));
      if ('reason' in range) problems.push({ file, line: index + 1, reason: range.reason });
      else entries.push({ ranges: [range], action: word.startsWith('!') ? 'deny' : 'allow' });
    }
  });
  return { lists: [{ file, name: '', form: 'cidr-list', entries }], problems };
}
