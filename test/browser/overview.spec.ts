import { type Browser, type Page } from 'playwright-core';
import { countText, durationText, shareText } from '../../libs/delay/duration-text';
import { localText } from '../../libs/delay/local-time';
import { SEGMENTS, type Report } from '../../libs/delay/report';
import { verdictText } from '../../libs/delay/verdict';
import { type Workplace } from '../e2e/hoptime.fixture';
import { cellsOf, INSTALLING_MS, launch, numberAt, settled, watchedPage } from './browser.fixture';
import { fleetWorkplace } from './fleet.fixture';
import { serve, type Server } from './server.fixture';

/** Part of the fleet: a week, and only what HES made late by waiting or the hops after it did. */
const WEEK = ['--from', '2026-03-09T00:00:00Z', '--to', '2026-03-16T00:00:00Z'];
const LATE = ['--verdict', 'hes_waiting_on_downstream', '--verdict', 'downstream'];
const WEEK_ADDRESS = 'from=2026-03-09T00:00:00.000Z&to=2026-03-16T00:00:00.000Z';

let place: Workplace;
let all: Report;
let allInWords: string;
let berlin: Report;
let lateWeek: Report;
let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  place = fleetWorkplace();
  // the command line answers first, alone with the store: the page must agree with it
  all = place.json<Report>(['report', '--format', 'json']);
  allInWords = place.quick(['report']).stdout;
  berlin = place.json<Report>(['report', '--format', 'json', '--tz', 'Europe/Berlin']);
  lateWeek = place.json<Report>(['report', '--format', 'json', ...WEEK, ...LATE]);
  server = await serve(place);
  browser = await launch();
  page = (await watchedPage(browser)).page;
}, INSTALLING_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  place?.remove();
});

async function open(path: string): Promise<void> {
  await page.goto(`${server.url}/${path}`);
  await settled(page);
}

/** Every figure of the overview, read from the page, beside the report's. */
async function expectFigures(report: Report): Promise<void> {
  for (const segment of ['hes', 'downstream'] as const) {
    const figures = report.segments[segment];
    const card = `section.segment-${segment}`;
    expect(await numberAt(page, `${card} [data-n]`, 'data-n')).toBe(figures.count);
    for (const name of ['p50', 'p95', 'p99'] as const) {
      expect(await numberAt(page, `${card} [data-figure="${name}"] [data-ms]`, 'data-ms')).toBe(figures[`${name}_ms`]);
    }
    for (const [limit, share] of Object.entries(figures.share_under)) {
      expect(await numberAt(page, `${card} [data-under="${limit}"] [data-share]`, 'data-share')).toBe(share);
    }
  }
  for (const name of ['journeys', 'via_hes', 'matched_downstream', 'complete', 'rejected_records'] as const) {
    expect(await page.locator(`[data-coverage="${name}"]`).textContent()).toBe(countText(report.coverage[name]));
  }
  expect(await page.locator('[data-coverage="in_flight"]').textContent()).toBe(countText(report.in_flight.count));
  for (const [verdict, count] of Object.entries(report.verdicts)) {
    expect(await page.locator(`[data-verdict="${verdict}"]`).textContent()).toBe(countText(count));
  }
}

/** The table of all segments as the report's figures give it. */
function segmentCells(report: Report): string[][] {
  const names = ['Held by HES', 'HES at work', 'HES waiting for the next MTA', 'After HES', 'Total'];
  return SEGMENTS.map((segment, index) => {
    const d = report.segments[segment];
    const times = [d.mean_ms, d.p50_ms, d.p75_ms, d.p90_ms, d.p95_ms, d.p99_ms, d.p999_ms, d.max_ms];
    const shares = [60_000, 300_000, 600_000].map((limit) => shareText(d.share_under[limit]));
    return [names[index], countText(d.count), ...times.map(durationText), ...shares];
  });
}

/** The causes of late mail as the report's figures give them. */
function causeCells({ pareto }: Report): string[][] {
  return pareto.causes.map(({ verdict, journeys, delay_ms, share_of_delay, cumulated_share }) => [
    verdictText(verdict),
    countText(journeys),
    durationText(delay_ms),
    shareText(share_of_delay),
    shareText(cumulated_share),
  ]);
}

/** Time, segment, n, p50, p95 and max of the time line, of the parts that the page draws. */
function timelineCells(report: Report): string[][] {
  const names = { hes_processing: 'HES at work', hes_waiting: 'HES waiting for the next MTA', downstream: 'After HES' };
  return report.timeline
    .filter(({ segment }) => segment in names)
    .map(({ at, segment, count, p50_ms, p95_ms, max_ms }) => [
      localText(at, report.tz).slice(0, 10),
      names[segment as keyof typeof names],
      countText(count),
      ...[p50_ms, p95_ms, max_ms].map(durationText),
    ])
    .sort();
}

async function shownTimeline(): Promise<string[][]> {
  await page.getByText('Figures as a table').click();
  const cells = await cellsOf(page, 'Time line in figures');
  // mean and p99 are not in the report's time line
  return cells.map(([at, segment, n, , p50, p95, , max]) => [at, segment, n, p50, p95, max]).sort();
}

describe('the overview', () => {
  it('opens on everything in the store and shows the figures of hoptime report', async () => {
    await open('');
    expect(all.coverage.journeys).toBeGreaterThan(500);
    await expectFigures(all);
    expect(await cellsOf(page, 'Figures of all segments')).toEqual(segmentCells(all));
    expect(all.pareto.causes.length).toBeGreaterThan(3);
    expect(await cellsOf(page, 'Causes by share of all delay')).toEqual(causeCells(all));
    await page.getByText('By recipient domain', { exact: true }).click();
    expect((await cellsOf(page, 'Causes by recipient domain')).map(([domain, cause, n]) => [domain, cause, n])).toEqual(
      all.pareto.domains.flatMap(({ recipient_domain, causes }) =>
        causes.map(({ verdict, journeys }) => [recipient_domain, verdictText(verdict), countText(journeys)]),
      ),
    );
    const { hes, downstream } = all.segments;
    expect((await page.locator('[data-answer]').textContent())?.replace(/\s+/g, ' ')).toBe(
      `HES held half of the mail at most ${durationText(hes.p50_ms)}, 95 of 100 at most ${durationText(hes.p95_ms)}. ` +
        `The hops after HES took at most ${durationText(downstream.p50_ms)} and ${durationText(downstream.p95_ms)}.`,
    );
  });

  it('says in words how many mails were late, as the report does', async () => {
    const [, late, judged] = /Late were ([\d,]+) of the ([\d,]+) that can be judged/.exec(
      allInWords,
    ) as RegExpExecArray;
    const words = `Late (over 1 min in one place) were ${late} of the ${judged} that can be judged`;
    expect((await page.locator('.answer-more').first().textContent())?.replace(/\s+/g, ' ')).toContain(words);
  });

  it('shows the time line of the report, and in the zone that is chosen', async () => {
    expect(await shownTimeline()).toEqual(timelineCells(all));
    await page.getByLabel('Time zone').selectOption('Europe/Berlin');
    await page.waitForURL(/tz=Europe%2FBerlin/);
    await open(new URL(page.url()).search);
    expect(await shownTimeline()).toEqual(timelineCells(berlin));
  });

  it('keeps range and filters in its address: a link shows the same, and the back button works', async () => {
    await open('');
    await page.getByRole('button', { name: 'Filter' }).click();
    const form = page.getByRole('form', { name: 'Add a filter' });
    await form.getByRole('combobox', { name: 'Only mail whose' }).selectOption('verdict');
    await form.getByRole('combobox', { name: 'is', exact: true }).selectOption('hes_waiting_on_downstream');
    await form.getByRole('button', { name: 'Add filter' }).click();
    await page.waitForURL(/verdict=hes_waiting_on_downstream/);
    await open(`?${WEEK_ADDRESS}&verdict=hes_waiting_on_downstream&verdict=downstream`);
    expect(lateWeek.coverage.journeys).toBeGreaterThan(0);
    await expectFigures(lateWeek);
    await page.getByRole('button', { name: 'Remove filter: verdict slow after HES' }).click();
    await page.waitForURL((url) => url.searchParams.getAll('verdict').join() === 'hes_waiting_on_downstream');
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.getAll('verdict').length === 2);
    await settled(page);
    await expectFigures(lateWeek);
    await page.reload();
    await settled(page);
    await expectFigures(lateWeek);
  });

  it('takes a range by hand', async () => {
    await open('');
    await page.getByRole('button', { name: 'From … to' }).click();
    await page.getByLabel('From (UTC)').fill('2026-03-09T00:00');
    await page.getByLabel('To, not included').fill('2026-03-16T00:00');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL((url) => url.search === `?${WEEK_ADDRESS}`);
    await page.getByText('2026-03-09 to 2026-03-15').waitFor();
  });

  it('says what to do where the range holds no mail, or the address is wrong', async () => {
    await open('?from=2020-01-01&to=2020-01-02');
    await page.getByText('No mail in this range').waitFor();
    await page.getByRole('link', { name: 'Show everything' }).click();
    await settled(page);
    await expectFigures(all);
    await open('?verdict=nonsense');
    const alert = page.getByRole('alert').first();
    expect(await alert.textContent()).toContain('verdict');
    await page.getByRole('link', { name: 'start again without them' }).first().click();
    await settled(page);
    await expectFigures(all);
  });
});
