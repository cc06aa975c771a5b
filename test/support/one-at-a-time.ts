import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ASK_AGAIN_MS = 200;

/** Does what only one process of this machine may do at a time, such as installing; the others wait. A process that was killed keeps nobody waiting. */
export function oneAtATime<T>(name: string, work: () => T): T {
  const file = join(tmpdir(), `hoptime-${name}.lock`);
  while (!taken(file)) {
    if (!holderLives(file)) rmSync(file, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ASK_AGAIN_MS);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function taken(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderLives(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // It is made, and has not said by whom.
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}
