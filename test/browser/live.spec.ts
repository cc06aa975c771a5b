import { gzipSync } from 'node:zlib';
import { type Browser } from 'playwright-core';
import { countText } from '../../libs/delay/duration-text';
import { Workplace } from '../e2e/hoptime.fixture';
import { INSTALLING_MS, launch, settled, watchedPage } from './browser.fixture';
import { fleetWorkplace } from './fleet.fixture';
import { serve, type Server } from './server.fixture';

/** Compressed script that the first page may load, bytes. */
const MOST_SCRIPT = 300 * 1024;

let place: Workplace;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  place = fleetWorkplace();
  server = await serve(place);
  browser = await launch();
}, INSTALLING_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  place?.remove();
});

/** One mail through one MTA, delivered at once. */
function mailLog(queueId: string): string {
  const line = (second: string, text: string): string =>
    `2026-03-20T10:00:${second}.000000+00:00 mxnew postfix/${text}\n`;
  return (
    line('01', `smtpd[4711]: ${queueId}: client=mail.sender.example[192.0.2.9]`) +
    line('01', `cleanup[4712]: ${queueId}: message-id=<${queueId}.new@sender.example>`) +
    line('01', `qmgr[4713]: ${queueId}: from=<a@sender.example>, size=1234, nrcpt=1 (queue active)`) +
    line(
      '02',
      `local[4714]: ${queueId}: to=<new@corp.example>, relay=local, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (delivered to mailbox)`,
    ) +
    line('02', `qmgr[4713]: ${queueId}: removed`)
  );
}

it('loads at most 300 KB of compressed script, charts included, and asks no other host', async () => {
  const { page, context, asked, said } = await watchedPage(browser);
  const scripts = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.set(response.url(), response.body());
  });
  await page.goto(server.url);
  await settled(page);
  const sizes = await Promise.all([...scripts.values()].map(async (body) => gzipSync(await body).length));
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_SCRIPT);
  for (const view of ['distribution', 'hops', 'journey', 'inspect', 'input']) {
    await page.goto(`${server.url}/${view}`);
    await settled(page);
  }
  expect([...new Set(asked.map((address) => new URL(address).origin))]).toEqual([server.url]);
  expect(said).toEqual([]);
  await context.close();
});

it('shows mail that comes in while the page is open, within seconds and without a reload', async () => {
  const { page, context, said } = await watchedPage(browser);
  await page.goto(server.url);
  await settled(page);
  const journeys = page.locator('[data-coverage="journeys"]');
  const before = Number((await journeys.textContent())?.replaceAll(',', ''));
  await page.evaluate('window.stillHere = true');
  const upload = await fetch(`${server.url}/api/v1/ingest?name=mxnew.log`, {
    method: 'POST',
    body: mailLog('A1B2C3D4E5'),
  });
  expect({ status: upload.status, ok: upload.ok }).toEqual({ status: upload.status, ok: true });
  await journeys.filter({ hasText: new RegExp(`^${countText(before + 1)}$`) }).waitFor();
  expect(await page.evaluate('window.stillHere')).toBe(true);
  expect(said).toEqual([]);
  await context.close();
});

it('reads files that somebody chooses, one after the other, and says what came of each', async () => {
  const { page, context, said } = await watchedPage(browser);
  await page.goto(`${server.url}/input`);
  await settled(page);
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  // a log of five lines, one with a line too many that is none, and what is no mail log
  const logs = [
    file('one.log', mailLog('B1B2C3D4E5')),
    file('two.log', `${mailLog('C1B2C3D4E5')}no stamp: C1B2C3D4E5: from=<>\n`),
    file('letter.txt', 'Dear Sir or Madam,\n'),
  ];
  await page.locator('input[type="file"]').setInputFiles(logs);
  await page.getByRole('button', { name: 'Read 3 files' }).click();
  await page.locator('[data-read]').nth(2).waitFor();
  const told = await page.locator('[data-read]').allTextContents();
  expect(told[0]).toMatch(/one\.log, postfix: 5 records, of them 5 parsed, 0 skipped, 0 rejected\. $/);
  expect(told[1]).toMatch(/two\.log, postfix: 6 records, of them 5 parsed, 0 skipped, 1 rejected\. ./);
  expect(told[2]).not.toContain('records');
  await page.getByRole('button', { name: 'Read 3 files' }).waitFor();
  expect(said).toEqual([]);
  await context.close();
});

it('keeps its figures and says what to do when the server is gone', async () => {
  const empty = new Workplace();
  const other = await serve(empty);
  const { page, context } = await watchedPage(browser);
  try {
    await page.goto(other.url);
    await page.getByText('No mail in the store yet').waitFor();
    await page.getByRole('link', { name: 'Inspect its header' }).click();
    await page.getByLabel(/^Header text/).fill('Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000');
    await other.stop();
    await page.getByText('no answer from the server').waitFor();
    await page.getByRole('button', { name: 'Inspect' }).click();
    await page.getByText('Is "hoptime serve" still running?').waitFor();
  } finally {
    await context.close();
    await other.stop();
    empty.remove();
  }
});
