import { existsSync } from 'node:fs';
import { installWhereMissing } from '../support/debian-packages';

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
  installWhereMissing(['--no-install-recommends', 'chromium'], () => existsSync(usual));
  if (existsSync(usual)) return usual;
  throw new Error(
    'The browser tests need Chromium: install it (apt-get install chromium) or name one in CHROMIUM_PATH.',
  );
}
