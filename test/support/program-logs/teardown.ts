import { rmSync } from 'node:fs';
import { addressesIn } from './program-logs';

/** After all tests: no log of any program that they started names anybody. */
export default function teardown(): void {
  const { PROGRAM_LOGS: folder, SHARED_FOLDER: shared } = process.env;
  if (shared !== undefined) rmSync(shared, { recursive: true, force: true });
  if (folder === undefined) throw new Error('the logs of the programs were not kept: setup.ts did not run');
  const { logs, lines } = addressesIn(folder);
  if (lines.length > 0)
    throw new Error(
      `${lines.length} lines of program logs name somebody (all logs: ${folder})\n${lines.slice(0, 40).join('\n')}`,
    );
  process.stdout.write(`${logs} logs of programs name nobody\n`);
  rmSync(folder, { recursive: true, force: true });
}
