import { mkdirSync, rmSync } from 'node:fs';
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskFull } from './disk-full';
import { MEMORY_FOLDER, MemoryFile } from './memory-file';
import { OWN_FOLDER } from './own-folder';

/** Rows in a format of ClickHouse: at one go, or in pieces that stand one behind the other, which are not copied together. */
export type RowBytes = Uint8Array | string | readonly Uint8Array[];

export function piecesOf(rows: RowBytes): readonly Uint8Array[] {
  if (typeof rows === 'string') return [Buffer.from(rows)];
  return rows instanceof Uint8Array ? [rows] : rows;
}

/**
 * Files through which rows reach the engine in binary form, the fast way into chDB: in memory where the system has room there, else beside
 * the store, in a folder that is emptied when it is opened.
 */
export class Spool {
  private readonly folder: string;
  private files = 0;
  private readonly idle: MemoryFile[] = [];

  constructor(
    storePath: string,
    private readonly memoryFolder: string = MEMORY_FOLDER,
  ) {
    this.folder = join(storePath, 'spool');
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, OWN_FOLDER);
  }

  /** Writes `content` to a file, hands its path to `use`, takes the file back. @throws DiskFullError */
  async through(content: RowBytes, use: (path: string) => Promise<void>): Promise<void> {
    const pieces = piecesOf(content);
    const memory = this.idle.pop() ?? MemoryFile.create(this.memoryFolder);
    if (!memory?.fill(pieces)) {
      memory?.close();
      return this.throughFolder(pieces, use);
    }
    try {
      await use(memory.path);
    } catch (error) {
      throw asDiskFull(error, this.folder);
    } finally {
      this.idle.push(memory);
    }
  }

  /** Gives the memory back. */
  close(): void {
    for (const file of this.idle.splice(0)) file.close();
  }

  private async throughFolder(pieces: readonly Uint8Array[], use: (path: string) => Promise<void>): Promise<void> {
    const path = join(this.folder, `${this.files++}.spool`);
    try {
      await writeFile(path, pieces);
      await use(path);
    } catch (error) {
      throw asDiskFull(error, this.folder);
    } finally {
      await rm(path, { force: true });
    }
  }
}
