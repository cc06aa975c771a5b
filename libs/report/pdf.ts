import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const OTHERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const MOST_MS = 120_000;

/** There is no browser that could print, or it could not. */
export class NoPdfError extends Error {}

/** The Chromium of this machine; undefined where there is none. `path`: the value of PATH. */
export function findChromium(path: string): string | undefined {
  const places = path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...places, ...OTHERS].find((place) => existsSync(place));
}

/** Prints a self-contained HTML page by an installed Chromium. @throws NoPdfError */
export async function pdfOf(html: string, path: string, asRoot: boolean): Promise<Buffer> {
  const chromium = findChromium(path);
  if (!chromium)
    throw new NoPdfError(
      'a PDF is printed by Chromium or Chrome, and none is installed (Debian: apt install chromium); --format html needs none',
    );
  const folder = await mkdtemp(join(tmpdir(), 'hoptime-pdf-'));
  try {
    const page = join(folder, 'report.html');
    const pdf = join(folder, 'report.pdf');
    await writeFile(page, html, { mode: 0o600 });
    const options = [
      '--headless',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
      '--no-pdf-header-footer',
    ];
    // Chromium's sandbox does not start as root.
    if (asRoot) options.push('--no-sandbox');
    options.push(`--user-data-dir=${join(folder, 'profile')}`, `--print-to-pdf=${pdf}`, pathToFileURL(page).href);
    await run(chromium, options, { timeout: MOST_MS });
    return await readFile(pdf);
  } catch (error) {
    throw new NoPdfError(
      `${chromium} could not print the report: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
