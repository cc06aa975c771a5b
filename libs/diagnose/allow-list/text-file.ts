import { readFileSync, statSync } from 'node:fs';
import { encodingOf } from '../../sources/readers/text-encoding';

const MOST_BYTES = 16 * 2 ** 20;

/** The text of a small file of any Unicode encoding (PowerShell writes UTF-16); a reason when it cannot be read. */
export function readText(path: string): string | { reason: string } {
  try {
    if (statSync(path).size > MOST_BYTES) return { reason: 'it is larger than 16 MiB, so it is no allow-list' };
    const bytes = readFileSync(path);
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch (error) {
    return { reason: error instanceof Error ? error.message.replace(/^\w+: |, \w+( '.*')?$/g, '') : String(error) };
  }
}
