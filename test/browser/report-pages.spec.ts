import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axeSource } from 'axe-core';
import { type Browser, type Page } from 'playwright-core';
import { countText, durationText, shareText } from '../../libs/delay/duration-text';
import type { JourneyWithHops } from '../../libs/delay/journey';
import type { Report } from '../../libs/delay/report';
import { type Workplace } from '../e2e/hoptime.fixture';
import { cellsOf, INSTALLING_MS, launch, watchedPage, type Watched } from './browser.fixture';
import { chromiumPath } from './chromium.fixture';
import { fleetWorkplace } from './fleet.fixture';

/** The report as pages: the figures of `--format json`, one file that asks nobody, and printed on A4. */
const ASKED = ['report', '--month', '2026-03', '--sla', 'trend-hes-2019'];
const HOSTILE = `x"&amp;'onload=alert(1)@evil.example`;
const REPLY = '250 </td><script>document.title="owned"</script>';
let place: Workplace;
let report: Report;
let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  place = fleetWorkplace();
  // the slowest of all, by hours, and what it says is markup
  const line = (time: string, text: string): string => `2026-03-20T${time}.000+00:00 mx9 ${text}\n`;
  const id = '4ZZZZZ0Tbkz9tBr';
  const delivery = `to=<b@corp.example>, relay=local, delay=79200, delays=0/79200/0/0, dsn=2.0.0, status=sent (${REPLY})`;
  writeFileSync(
    join(place.folder, 'hostile.log'),
    line('01:00:00', `postfix/smtpd[1]: ${id}: client=repre01.hes.trendmicro.com[54.219.191.1]`) +
      line('01:00:00', `postfix/cleanup[1]: ${id}: message-id=<${HOSTILE}>`) +
      line('01:00:00', `postfix/qmgr[1]: ${id}: from=<a@evil.example>, size=900, nrcpt=1 (queue active)`) +
      line('23:00:00', `postfix/lmtp[1]: ${id}: ${delivery}`),
  );
  const record = {
    ...{ timestamp: '2026-03-20T00:59:00Z', deliveryTime: '2026-03-20T01:00:00Z', genTime: '2026-03-20T01:00:05Z' },
    ...{ sender: 'a@evil.example', recipient: 'b@corp.example', direction: 'in', messageID: `<${HOSTILE}>` },
    ...{ mailID: '5d1c7a60-0b1e-4a52-9c3f-0000000000ff', action: 'Delivered', deliveredTo: 'mx9[192.0.2.9]:25' },
    details: `250 2.0.0 Ok: queued as ${id}`,
  };
  writeFileSync(join(place.folder, 'hostile.json'), JSON.stringify({ nextToken: '', logs: [record] }));
  expect(place.quick(['ingest', 'hostile.log', 'hostile.json']).status).toBe(0);
  report = place.json<Report>([...ASKED, '--format', 'json']);
  place.quick([...ASKED, '--format', 'html', '-o', 'report.html']);
  chromiumPath();
  browser = await launch();
  watched = await watchedPage(browser);
  page = watched.page;
  await page.goto(pathToFileURL(join(place.folder, 'report.html')).href);
}, INSTALLING_MS);

afterAll(async () => {
  await browser?.close();
  place?.remove();
});

it('shows the figures of the report', async () => {
  const segments = await cellsOf(page, 'Delay by segment');
  const expected = (['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] as const).map((name) => {
    const figures = report.segments[name];
    return [countText(figures.count), durationText(figures.p95_ms), shareText(figures.share_under['300000'])];
  });
  expect(segments.map((cells) => [cells[1], cells[4], cells[8]])).toEqual(expected);
  const hops = await cellsOf(page, 'MTAs after HES');
  expect(hops.map(([mta, , count]) => [mta, count])).toEqual(
    report.hops.map(({ mta, count }) => [mta, countText(count)]),
  );
  const [[journeys]] = (await cellsOf(page, 'Of how much mail anything is known')).map((cells) => cells.slice(1));
  expect(journeys).toBe(countText(report.coverage.journeys));
});

it('holds the month against the clause as somebody else computes it from the exported journeys', async () => {
  const journeys = JSON.parse(
    place.quick(['journeys', '--format', 'json', '--all', '--from', '2026-03-01', '--to', '2026-04-01']).stdout,
  ) as JourneyWithHops[];
  const samples = new Map<string, number>();
  for (const journey of journeys) {
    if (journey.via_hes !== 'yes' || journey.hes_ms === null) continue;
    const { message_id, original_recipient, hes_received_at } = journey;
    const key = [message_id?.toLowerCase(), original_recipient, hes_received_at].join(' ');
    samples.set(key, journey.hes_ms - (journey.hes_quarantine_ms ?? 0) - (journey.hes_waiting_ms ?? 0));
  }
  const sorted = [...samples.values()].sort((a, b) => a - b);
  const measured = sorted.slice(0, Math.ceil((sorted.length * 95) / 100));
  const mean = Math.floor(measured.reduce((sum, ms) => sum + ms, 0) / measured.length + 0.5);
  expect(sorted.length).toBeGreaterThan(50);
  const [clause] = report.sla;
  expect(clause).toMatchObject({ period: '2026-03', value: mean, counted: sorted.length, measured: measured.length });
  const [[, , value, , outcome]] = await cellsOf(page, 'Clauses and their values');
  expect([value, outcome]).toEqual([durationText(mean), 'met']);
});

it('shows text from outside as text, with the file and line that hold it', async () => {
  const heading = page.locator('h3 code', { hasText: 'evil.example' });
  expect(await heading.textContent()).toBe(HOSTILE);
  expect(await page.title()).toMatch(/^Mail delay report, 2026-03-01 00:00 to 2026-04-01 00:00/);
  const article = page.locator('article', { has: heading });
  expect((await article.locator('tbody tr').last().locator('td').allTextContents())[4]).toBe(REPLY);
  expect(await article.locator('td code').last().textContent()).toBe(`${join(place.folder, 'hostile.log')}:4`);
});

it('asks nobody, says nothing, and axe finds no serious violation', async () => {
  expect(watched.asked.filter((address) => !address.startsWith('file:'))).toEqual([]);
  expect(watched.said).toEqual([]);
  await page.evaluate(axeSource);
  const violations = await page.evaluate<{ id: string; impact: string }[]>(
    'axe.run(document).then(({ violations }) => violations)',
  );
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  );
});

it('does not move sideways on a phone: wide tables do, within themselves', async () => {
  const usual = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  // by how much they are wider than what is seen of them
  const beyond = (selector: string): Promise<number> =>
    page
      .locator(selector)
      .first()
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  const [whole, segments, events] = [
    await beyond('html'),
    await beyond('.wide[aria-label="Delay by segment"]'),
    await beyond('.wide[aria-label="Its events (UTC)"]'),
  ];
  if (usual) await page.setViewportSize(usual);
  expect(whole).toBe(0);
  expect(Math.min(segments, events)).toBeGreaterThan(100);
});

it('is printed as a PDF of several pages', () => {
  const run = place.quick([...ASKED, '--format', 'pdf', '-o', 'report.pdf']);
  expect([run.status, run.stderr]).toEqual([0, '']);
  const pdf = readFileSync(join(place.folder, 'report.pdf'));
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  // the catalogue of pages is the only object with a count of them
  const pages = [
    ...pdf.toString('latin1').matchAll(/\/Type \/Pages[^>]*?\/Count (\d+)|\/Count (\d+)[^>]*?\/Type \/Pages/g),
  ];
  expect(Math.max(...pages.map(([, a, b]) => Number(a ?? b)))).toBeGreaterThan(3);
});

it('without a browser says what to install, and writes no PDF', () => {
  const run = place.quick([...ASKED, '--format', 'pdf', '-o', 'none.pdf'], {
    env: { PATH: join(place.folder, 'no-programs') },
  });
  expect(run.status).toBe(1);
  expect(run.stderr).toContain('a PDF is printed by Chromium or Chrome, and none is installed');
  expect(existsSync(join(place.folder, 'none.pdf'))).toBe(false);
});
