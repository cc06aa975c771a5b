import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepLogs } from './program-logs';

/** Before all tests: what the programs that they start say is kept, and there is a folder for what several files of tests use. */
export default function setup(): void {
  process.env.SHARED_FOLDER = mkdtempSync(join(tmpdir(), 'hoptime-shared-'));
  keepLogs();
}
