import { spawnSync } from 'node:child_process';
import { oneAtATime } from './one-at-a-time';

const APT = ['-o', 'DPkg::Lock::Timeout=300', '-y', '-qq'];

/**
 * Installs packages of Debian where `isThere` says that they lack and this is root. One process at a time: apt-get does not wait for another one's
 * lists. @param words arguments of `apt-get install`
 */
export function installWhereMissing(words: readonly string[], isThere: () => boolean): void {
  if (isThere() || process.getuid?.() !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  oneAtATime('apt-get', () => {
    if (isThere() || spawnSync('apt-get', [...APT, 'install', ...words], { env }).status === 0) return;
    spawnSync('apt-get', [...APT, 'update'], { env });
    spawnSync('apt-get', [...APT, 'install', ...words], { env });
  });
}
