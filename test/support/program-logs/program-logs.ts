import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An address with a local part; `…@corp.example`, as logs name it, is none. A host without a name of letters at its end is no domain of mail. */
const ADDRESS = /[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gi;

/** Makes the folder into which the programs of the tests write their logs, from now on. */
export function keepLogs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-program-logs-'));
  // some programs run as nobody
  chmodSync(folder, 0o1777);
  process.env.PROGRAM_LOGS = folder;
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require ${join(__dirname, 'keep.cjs')}`.trim();
  return folder;
}

/** How many programs wrote a log, and each line of them that names somebody, with the arguments of its program. */
export interface LogFindings {
  readonly logs: number;
  readonly lines: readonly string[];
}

/**
 * Looks for addresses in the logs of a folder. Who serves or works names nobody at all; a command may repeat what stands in its own arguments, since
 * whoever typed it reads it.
 */
export function addressesIn(folder: string): LogFindings {
  const names = readdirSync(folder);
  const lines = names.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const end = text.indexOf('\n');
    // It was killed, or could write nothing, before it said anything.
    if (end < 0) return [];
    const { serves, args } = JSON.parse(text.slice(0, end)) as { serves: boolean; args: string[] };
    const asked = serves ? '' : args.join(' ').toLowerCase();
    return text
      .slice(end + 1)
      .split('\n')
      .filter((line) => (line.match(ADDRESS) ?? []).some((address) => !asked.includes(address.toLowerCase())))
      .map((line) => `${serves ? 'served' : 'hoptime'} ${args.join(' ')}: ${line}`);
  });
  return { logs: names.length, lines };
}
