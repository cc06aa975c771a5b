import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Several test processes may find it missing at the same time: one installs, the others wait for it. */
const INSTALL = `flock ${join(tmpdir(), 'hoptime-chromium.lock')} sh -c 'test -x /usr/bin/chromium || (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium)'`;

/**
 * The browser that the tests drive: CHROMIUM_PATH, else Debian's chromium, which is installed where it is missing and this is root.
 * Throws one sentence that says what to do where there is no browser; a test is never skipped for it.
 */
export function chromiumPath(): string {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH names ${given}, which is not there`);
  }
  const usual = '/usr/bin/chromium';
  if (existsSync(usual)) return usual;
  if (process.getuid?.() === 0) spawnSync('sh', ['-c', INSTALL], { stdio: 'inherit', timeout: 600_000 });
  if (existsSync(usual)) return usual;
  throw new Error(
    'The browser tests need Chromium: install it (apt-get install chromium) or name one in CHROMIUM_PATH.',
  );
}
