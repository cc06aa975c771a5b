import { mkdirSync, rmSync } from 'node:fs';
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskFull } from './disk-full';

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
      throw asDiskFull(error, this.folder);
    } finally {
      await rm(path, { force: true });
    }
  }
}
