import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
export const MEMORY_FOLDER = '/dev/shm';

/**
 * A file in memory without a name: the engine, which runs in this process, opens it by its descriptor. It goes when the process goes, however
 * that ends, and nobody else can open it.
 */
export class MemoryFile {
  private constructor(private readonly descriptor: number) {}

  /** A new, empty file; undefined where the system has no memory file system (other than Linux, or a container without one). */
  static create(folder: string = MEMORY_FOLDER): MemoryFile | undefined {
    if (process.platform !== 'linux') return undefined;
    try {
      const own = mkdtempSync(join(folder, 'hoptime-'));
      try {
        return new MemoryFile(openSync(join(own, 'spool'), 'wx+', 0o600));
      } finally {
        rmSync(own, { recursive: true });
      }
    } catch {
      return undefined;
    }
  }

  /** What the engine opens. */
  get path(): string {
    return `/proc/self/fd/${this.descriptor}`;
  }

  /** Makes the pieces, one behind the other, all that the file holds; false when there is no room for them. */
  fill(pieces: readonly Uint8Array[]): boolean {
    try {
      let end = 0;
      for (const piece of pieces)
        for (let at = 0; at < piece.length;) {
          const written = writeSync(this.descriptor, piece, at, piece.length - at, end);
          at += written;
          end += written;
        }
      ftruncateSync(this.descriptor, end);
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
