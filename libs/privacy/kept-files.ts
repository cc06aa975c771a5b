import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders below a store that hold records as they came. */
export const FOLDERS = ['uploads', 'syslog', join('collected', 'tmes')];
/** A listener writes to the newest file of its name. */
const SYSLOG_NUMBER = /\.(\d{6})\.log$/;

/** Files of uploads, received syslog and collected records that nothing was added to since `before` (epoch ms). */
export async function expiredFiles(storePath: string, before: number): Promise<string[]> {
  const found: string[] = [];
  for (const folder of FOLDERS) {
    const names = await readdir(join(storePath, folder)).catch(() => [] as string[]);
    const newest = new Map(names.sort().map((name) => [name.replace(SYSLOG_NUMBER, ''), name]));
    for (const name of names) {
      if (SYSLOG_NUMBER.test(name) && newest.get(name.replace(SYSLOG_NUMBER, '')) === name) continue;
      const path = join(storePath, folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (facts?.isFile() && facts.mtimeMs < before) found.push(path);
    }
  }
  return found;
}

export async function removeFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}
