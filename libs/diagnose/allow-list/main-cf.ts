import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { cidrRange, type AddressRange } from '../../trace/address-ranges';
import type { AllowList, AllowListEntry, AllowListFile, AllowListProblem } from './allow-list';
import { readCidrTable, readIndexedTable } from './access-table';
import { postfixPattern } from './address-pattern';
import { logicalLines } from './logical-lines';
import { readText } from './text-file';

/** Parameters that say which clients are let in (postconf(5)). */
const LISTS = /^(mynetworks|postscreen_access_list|smtpd_(client|helo|sender|relay|recipient)_restrictions)$/;
const INDEXED = /^(hash|btree|lmdb|cdb|dbm|texthash)$/;
const EVERYTHING = [cidrRange('0.0.0.0/0'), cidrRange('::/0')] as AddressRange[];

/**
 * `mynetworks`, `postscreen_access_list` and the client checks of `smtpd_…_restrictions`, each a list of its own: a client has to pass
 * them all. Tables are read from where main.cf says, else from beside it (a copied folder); where it came `alone`, not at all. Sources: postconf(5), access(5), postscreen(8).
 */
export function readMainCf(file: string, text: string, alone = false): AllowListFile {
  const reading = new MainCf(file, text, alone);
  const lists = [...reading.parameters.keys()].filter((name) => LISTS.test(name)).flatMap((name) => reading.list(name));
  if (lists.length === 0) {
    const reason = 'it sets neither mynetworks, postscreen_access_list nor a client check in smtpd_…_restrictions';
    reading.problems.push({ file, line: null, reason });
  }
  // mynetworks is read for each list that permits it.
  const problems = [...new Map(reading.problems.map((problem) => [JSON.stringify(problem), problem])).values()];
  return { lists, problems };
}

/** A few parameters that name each other twice would else be gigabytes. */
const MOST_EXPANDED = 1_000_000;
const TOO_LONG = `parameters that name others come to more than ${MOST_EXPANDED} characters`;

class MainCf {
  readonly parameters = new Map<string, { line: number; value: string }>();
  readonly problems: AllowListProblem[] = [];
  /** characters that may still come in for names of parameters */
  private toExpand = MOST_EXPANDED;

  constructor(
    private readonly file: string,
    text: string,
    private readonly alone: boolean,
  ) {
    for (const { line, text: logical } of logicalLines(text)) {
      const match = /^([\w.-]+)\s*=\s*(.*)$/s.exec(logical);
      if (match) this.parameters.set(match[1], { line, value: match[2] });
      else this.problems.push({ file, line, reason: 'the line is no NAME = VALUE' });
    }
  }

  /** The list of a parameter; none where restrictions check no client. */
  list(name: string): AllowList[] {
    const { line, value } = this.parameters.get(name) as { line: number; value: string };
    const words = this.expanded(value, 0)
      .split(/[\s,]+/)
      .filter(Boolean);
    if (name === 'mynetworks') return [this.made(name, this.networks(words, line))];
    if (!words.some((word) => /^(check_client_access|permit_mynetworks|cidr:|\w+:\/)/.test(word))) return [];
    return [this.made(name, this.restrictions(words, line))];
  }

  private made(name: string, entries: AllowListEntry[]): AllowList {
    return { file: this.file, name, form: 'postfix-parameter', entries };
  }

  private networks(words: readonly string[], line: number): AllowListEntry[] {
    return words.flatMap((word) => {
      const bare = word.replace(/^!/, '');
      const action = word.startsWith('!') ? 'deny' : 'allow';
      if (bare.startsWith('/')) {
        const inner = this.table('file', bare, line, (_path, text) => ({
          entries: this.networks(
            text
              .replace(/^[^\S\n]*#.*$/gm, '')
              .split(/[\s,]+/)
              .filter(Boolean),
            line,
          ),
          problems: [],
        }));
        return action === 'allow' ? inner : inner.map((entry) => ({ ...entry, action: 'deny' as const }));
      }
      const typed = /^(\w+):(\/.*)$/.exec(bare);
      // Any result of a table means that the client is one of mynetworks.
      if (typed) return this.lookUp(typed[1], typed[2], line).map((entry) => ({ ...entry, action: 'allow' as const }));
      const range = postfixPattern(bare);
      if (!('reason' in range)) return [{ ranges: [range], action } as const];
      this.problems.push({ file: this.file, line, reason: range.reason });
      return [];
    });
  }

  private restrictions(words: readonly string[], line: number): AllowListEntry[] {
    const entries: AllowListEntry[] = [];
    words.forEach((word, i) => {
      const typed = /^(\w+):(.+)$/.exec(word);
      const client = words[i - 1] === 'check_client_access' || !/^check_\w+$/.test(words[i - 1] ?? '');
      if (word === 'permit_mynetworks') entries.push(...this.myNetworks());
      else if (word === 'permit') entries.push({ ranges: EVERYTHING, action: 'allow' });
      else if (word === 'reject' || word === 'defer') entries.push({ ranges: EVERYTHING, action: 'deny' });
      // What a table passes on, later restrictions decide.
      else if (typed && client)
        entries.push(...this.lookUp(typed[1], typed[2], line).filter((e) => e.action !== 'pass'));
    });
    return entries;
  }

  private myNetworks(): AllowListEntry[] {
    const own = this.parameters.get('mynetworks');
    if (!own) return [];
    const entries = this.networks(
      this.expanded(own.value, 0)
        .split(/[\s,]+/)
        .filter(Boolean),
      own.line,
    );
    return entries.filter((entry) => entry.action === 'allow');
  }

  private lookUp(type: string, path: string, line: number): AllowListEntry[] {
    if (type === 'cidr') return this.table(type, path, line, readCidrTable);
    if (INDEXED.test(type)) return this.table(type, path, line, readIndexedTable);
    const reason = `${type}:${path} is not evaluated: its rules do not count`;
    this.problems.push({ file: this.file, line, reason });
    return [];
  }

  private table(
    type: string,
    path: string,
    line: number,
    read: (file: string, text: string) => { entries: AllowListEntry[]; problems: AllowListProblem[] },
  ): AllowListEntry[] {
    const there = isAbsolute(path) ? path : join(dirname(this.file), path);
    const found = this.alone
      ? undefined
      : [join(dirname(this.file), basename(path)), there].find((candidate) => existsSync(candidate));
    const text = found === undefined ? undefined : readText(found);
    if (found === undefined || text === undefined || typeof text !== 'string') {
      const what = type === 'file' ? path : `${type}:${path}`;
      const advice = this.alone
        ? 'send it as a list of its own'
        : `put a copy of ${basename(path)} beside ${basename(this.file)}`;
      const reason = `${what} is not here, so its rules do not count: ${advice}`;
      this.problems.push({ file: this.file, line, reason });
      return [];
    }
    const { entries, problems } = read(found, text);
    this.problems.push(...problems);
    return entries;
  }

  /** `$name`, `${name}` and `$(name)` replaced by the values of this file; what it does not set is empty, as far as we know. */
  private expanded(value: string, depth: number): string {
    if (depth > 10) return '';
    return value.replace(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (_all, a?: string, b?: string, c?: string) => {
      const parameter = this.parameters.get((a ?? b ?? c) as string);
      if (!parameter) return '';
      const before = this.toExpand;
      this.toExpand -= parameter.value.length + 1;
      if (this.toExpand >= 0) return this.expanded(parameter.value, depth + 1);
      const { line } = parameter;
      if (before >= 0) this.problems.push({ file: this.file, line, reason: `${TOO_LONG}: the rest does not count` });
      return '';
    });
  }
}
