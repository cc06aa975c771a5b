import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.fixture';

/** Before the first page, the browser may have to be installed. */
export const INSTALLING_MS = 600_000;
/** So long a page may take on a machine that is busy with other tests. */
const PATIENCE_MS = 90_000;

/** Starts Chromium; `--no-sandbox` because tests also run as root, where the sandbox refuses to. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** What a page did besides showing itself. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** what the console said, and errors that nobody caught */
  readonly said: string[];
  /** addresses of all requests */
  readonly asked: string[];
}

/** A new page in a context of its own, watched from its first request on. */
export async function watchedPage(
  browser: Browser,
  options: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Watched> {
  const { width = 1440, height = 900, colorScheme = 'light' } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('request', (request) => asked.push(request.url()));
  return { page, context, said, asked };
}

/** Waits until everything on the page that asks has its answer and every chart is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  const unfinished = 'main .skeleton, main [aria-busy="true"], main [data-drawn="false"]';
  await page.locator(unfinished).first().waitFor({ state: 'detached' });
}

/** The attribute of an element, as a number; null where it is empty. */
export async function numberAt(page: Page, selector: string, attribute: string): Promise<number | null> {
  const text = await page.locator(selector).first().getAttribute(attribute);
  return text === null || text === '' ? null : Number(text);
}

/** The texts of a table's cells, row by row, without the head. */
export function cellsOf(page: Page, caption: string): Promise<string[][]> {
  return page
    .locator(`table:has(caption:text-is("${caption}")) > tbody > tr`)
    .evaluateAll((rows) =>
      rows.map((row) =>
        Array.from(row.children, ({ textContent }: { textContent: string | null }) =>
          (textContent ?? '').replace(/\s+/g, ' ').trim(),
        ),
      ),
    );
}
