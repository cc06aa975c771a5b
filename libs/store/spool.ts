import { mkdirSync, rmSync } from 'node:fs';
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The disk that holds the store is full: nothing of what was read is lost, since reading a file again is safe. */
export class DiskFullError extends Error {
  constructor(readonly path: string) {
    super(`no space left on the disk of ${path}: free some, then run the same command again (reading twice is safe)`);
  }
}

/** Files beside the store through which rows reach the engine in binary form, the fast way into chDB. Emptied when it is opened. */
export class Spool {
  private readonly folder: string;
  private files = 0;

  constructor(storePath: string) {
    this.folder = join(storePath, 'spool');
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /** Writes `content` to a file, hands its path to `use`, removes it. @throws DiskFullError */
  async through(content: Uint8Array | string, use: (path: string) => Promise<void>): Promise<void> {
    const path = join(this.folder, `${this.files++}.spool`);
    try {
      await writeFile(path, content);
      await use(path);
    } catch (error) {
      if (isDiskFull(error)) throw new DiskFullError(this.folder);
      throw error;
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** ENOSPC of the system, or NOT_ENOUGH_SPACE (243) and "No space left" of the engine. */
function isDiskFull(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const code = 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : '';
  return code === 'ENOSPC' || code === '243' || /No space left on device|NOT_ENOUGH_SPACE/.test(message);
}
