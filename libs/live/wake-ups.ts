import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import { isDynamicPattern } from 'tinyglobby';
import { errorCode } from '../sources/readers/input-problem';

/** The system has no more watches or descriptors to give. */
const LIMITS = ['ENOSPC', 'EMFILE', 'ENFILE'];

/**
 * Tells of changes under the watched paths as the system reports them, so that they are read at once. Only a convenience: file systems
 * that report nothing (NFS), and limits of the system, are made up for by the regular look at all files.
 */
export class WakeUps {
  private watcher: FSWatcher | undefined;

  /** @param onChange takes the path that changed, absolute */
  async start(
    targets: readonly string[],
    onChange: (path: string) => void,
    note: (sentence: string) => void,
  ): Promise<void> {
    const roots = await Promise.all(targets.map(rootOf));
    if (!roots.length) return;
    let failed = false;
    this.watcher = watch(roots, {
      ignoreInitial: true,
      persistent: true,
      ignorePermissionErrors: true,
      ignored: (path) => /(^|[\\/])\.[^\\/.]/.test(path.slice(longestRoot(roots, path).length)),
    })
      .on('all', (_event, path) => onChange(resolve(path)))
      .on('error', (error) => {
        // What is wrong with a single file is said by those who read it.
        if (failed || !LIMITS.includes(errorCode(error))) return;
        note(`changes in watched folders are found by looking only, every second or less often (${String(error)})`);
        failed = true;
      });
  }

  async stop(): Promise<void> {
    await this.watcher?.close();
    this.watcher = undefined;
  }
}

/** The folder or file to watch for a target: of a glob, the folder before its first pattern. */
async function rootOf(target: string): Promise<string> {
  const exists = await stat(target).then(
    () => true,
    () => false,
  );
  if (exists || !isDynamicPattern(target)) return resolve(target);
  const fixed: string[] = [];
  for (const part of target.split('/')) {
    if (isDynamicPattern(part)) break;
    fixed.push(part);
  }
  return resolve(fixed.length ? join(fixed.join('/') || '/') : dirname(target));
}

const longestRoot = (roots: readonly string[], path: string): string =>
  roots.filter((root) => path.startsWith(root)).sort((a, b) => b.length - a.length)[0] ?? '';
