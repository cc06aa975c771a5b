import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { countText, durationText, shareText } from '../../libs/delay/duration-text';
import { type JourneyWithHops } from '../../libs/delay/journey';
import { type JourneyAccount } from '../../libs/delay/journey.service';
import { type RejectedReason } from '../../libs/delay/rejected.service';
import { type Distribution } from '../../libs/http/api-types';
import { type Report } from '../../libs/delay/report';
import { type Diagnosis } from '../../libs/diagnose/doctor/diagnosis';
import { NameServer } from '../../libs/diagnose/doctor/name-server.fixture';
import { type Inspection } from '../../libs/diagnose/inspection';
import { type Manifest } from '../../libs/report/issued/manifest';
import { type Workplace } from '../e2e/hoptime.fixture';
import { cellsOf, INSTALLING_MS, launch, settled, watchedPage } from './browser.fixture';
import { fleetWorkplace, REJECTED_FILE } from './fleet.fixture';
import { serve, type Server } from './server.fixture';

let place: Workplace;
let report: Report;
let journeys: JourneyWithHops[];
let waiting: JourneyAccount;
let rejected: RejectedReason[];
let server: Server;
let nameServer: NameServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  place = fleetWorkplace();
  report = place.json<Report>(['report', '--format', 'json']);
  journeys = JSON.parse(place.quick(['journeys', '--format', 'json', '--all']).stdout) as JourneyWithHops[];
  const late = journeys.find(({ verdict }) => verdict === 'hes_waiting_on_downstream') as JourneyWithHops;
  const told = place.json<{ journeys: JourneyAccount[] }>(['journey', late.message_id as string, '--json']);
  waiting = told.journeys[0];
  rejected = place.json<RejectedReason[]>(['rejected', '--json']);
  // Nothing in it, so the figures stay those of the report.
  mkdirSync(join(place.folder, 'watched'));
  writeFileSync(join(place.folder, 'watched', 'new.log'), '');
  // Nothing of this asks the name servers of the machine.
  nameServer = await NameServer.open({
    'corp.example': {
      mx: [
        [10, 'corp.in.tmes.trendmicro.eu'],
        [50, 'old.corp.example'],
      ],
    },
    'corp.in.tmes.trendmicro.eu': { a: ['203.0.113.20'] },
    'old.corp.example': { a: ['203.0.113.5'] },
  });
  process.env.RESOLVER = nameServer.address;
  server = await serve(place, '--watch', join(place.folder, 'watched'));
  browser = await launch();
  page = (await watchedPage(browser)).page;
}, INSTALLING_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await nameServer?.close();
  place?.remove();
});

async function open(path: string): Promise<void> {
  await page.goto(`${server.url}/${path}`);
  await settled(page);
}

describe('distribution', () => {
  it('shows as many journeys as the report counts, in the histogram of each segment', async () => {
    for (const segment of ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] as const) {
      await open(`distribution?segment=${segment}`);
      await page.getByText('Buckets as a table').click();
      const rows = await cellsOf(page, 'Buckets of the histogram');
      const counts = rows.map(([, n]) => Number(n.replaceAll(',', '')));
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(report.segments[segment].count);
      expect(rows[rows.length - 1][2]).toBe(countText(report.segments[segment].count));
      const under = rows.filter(([took]) => took === '0 ms').map(([, n]) => n);
      const zero = journeys.filter((journey) => journey[`${segment}_ms`] === 0).length;
      expect(under).toEqual(zero > 0 ? [countText(zero)] : []);
    }
  });

  it('draws the shares with mail in flight counted in beside the plain ones, and says them in a table', async () => {
    const answered = page.waitForResponse(/delays\/distribution\?.*estimate=true/);
    await open('distribution?segment=downstream');
    const card = page.getByRole('region', { name: 'With mail in flight counted in: After HES' });
    const label = (await card.getByRole('img').getAttribute('aria-label')) ?? '';
    await card.getByText('Shares as a table').click();
    const shown = await cellsOf(page, 'Shares with mail in flight counted in');
    const { count, buckets, cumulated } = ((await (await answered).json()) as Distribution).segments.downstream ?? {
      buckets: [],
    };
    if (!cumulated || !count) throw new Error('no estimate');
    const all = cumulated.map(([border, ...shares]) => {
      const below = buckets.reduce((sum, [, upper, n]) => sum + (upper !== null && upper <= border ? n : 0), 0);
      return [durationText(border), ...shares.map(shareText), shareText(below / count)];
    });
    expect(shown.length).toBeGreaterThan(10);
    for (const row of shown) expect(all).toContainEqual(row);
    expect(shown[shown.length - 1].slice(1)).toEqual(all[all.length - 1].slice(1));
    expect(shown.some(([, estimate, , , plain]) => estimate !== plain)).toBe(report.in_flight.count > 0);
    const half = cumulated.find(([, share]) => share >= 0.5) ?? [NaN, NaN];
    expect(label).toContain(`${shareText(half[1])} took less than ${durationText(half[0])}.`);
    expect(await card.locator('canvas').count()).toBe(1);
    await open('distribution?segment=hes_waiting');
    await page.getByText('There is no estimate of this part of the time at HES').waitFor();
  });

  it('opens what differs and the journeys when a patch of the heat map is brushed', async () => {
    await open('distribution?segment=hes');
    const box = await page.locator('[data-heat] canvas').boundingBox();
    if (!box) throw new Error('no heat map');
    // the upper half, from the first day to the last: mail that HES held long
    await page.mouse.move(box.x + 60, box.y + 12);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page.mouse.move(box.x + box.width - 16, box.y + box.height * 0.36);
    await page.mouse.up();
    await page.waitForURL(/patch=/);
    await settled(page);
    const [from, to, min, max] = (new URL(page.url()).searchParams.get('patch') ?? '').split('~');
    const inside = journeys.filter(
      ({ hes_ms, hes_received_at }) =>
        hes_ms !== null &&
        hes_received_at !== null &&
        hes_received_at >= from &&
        hes_received_at < to &&
        hes_ms >= Number(min) &&
        (max === '' || hes_ms < Number(max)),
    );
    expect(Number(min)).toBeGreaterThan(20_000);
    expect(inside.length).toBeGreaterThan(3);
    const card = page.getByRole('region', { name: 'The journeys in it' });
    expect(await card.locator('.card-head .n').textContent()).toBe(
      `n = ${countText(inside.length)}, the slowest first`,
    );
    const shown = await cellsOf(page, 'Journeys of the selected patch');
    const slowest = inside.map(({ total_ms }) => total_ms ?? -1).sort((a, b) => b - a);
    expect(shown.map((cells) => cells[6])).toEqual(slowest.slice(0, 20).map((ms) => (ms < 0 ? '–' : durationText(ms))));
    const differs = page.getByRole('region', { name: 'What differs in this mail' });
    const sameTime = journeys.filter(
      ({ hes_ms, hes_received_at }) =>
        hes_ms !== null && hes_received_at !== null && hes_received_at >= from && hes_received_at < to,
    );
    const rest = countText(sameTime.length - inside.length);
    await differs.getByText(`${inside.length} selected, compared with the other ${rest} of the same time.`).waitFor();
    await page.getByRole('button', { name: 'The rest of the range' }).click();
    const others = countText(report.segments.hes.count - inside.length);
    await differs.getByText(`${inside.length} selected, compared with the other ${others} of the range.`).waitFor();
    await page.goBack();
    await page.getByRole('region', { name: 'The journeys in it' }).waitFor({ state: 'detached' });
  });
});

describe('hops', () => {
  it('shows the MTAs of the report, and HES', async () => {
    await open('hops');
    const rows = await cellsOf(page, 'HES and the MTAs after it');
    const { hes } = report.segments;
    expect(rows[0].slice(0, 5)).toEqual([
      'HES',
      countText(hes.count),
      ...[hes.p50_ms, hes.p95_ms, hes.p99_ms].map(durationText),
    ]);
    const cells = rows
      .slice(1)
      .map(([mta, n, p50, p95, p99, deferrals, , share]) => [mta, n, p50, p95, p99, deferrals, share]);
    expect(cells).toEqual(
      report.hops.map((hop) => [
        `${hop.mta} ${hop.product}`,
        countText(hop.count),
        ...[hop.p50_ms, hop.p95_ms, hop.p99_ms].map(durationText),
        countText(hop.deferrals),
        shareText(hop.share_of_downstream),
      ]),
    );
    const picture = (await page.locator('svg.paths').textContent()) ?? '';
    for (const name of ['HES', ...report.hops.map(({ mta }) => mta)]) expect(picture).toContain(name);
  });

  it('leads to the mail of an MTA', async () => {
    await page.getByRole('link', { name: report.hops[0].mta, exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/journey' && url.searchParams.get('mta') === report.hops[0].mta);
    await settled(page);
    const through = journeys.filter(({ hops }) => hops.some(({ mta }) => mta === report.hops[0].mta));
    expect((await cellsOf(page, 'Journeys')).length).toBe(Math.min(50, through.length));
  });
});

describe('journey', () => {
  it('is found by its Message-ID and told as hoptime journey tells it', async () => {
    await open('journey');
    await page.getByRole('searchbox').fill(waiting.message_id as string);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/search=/);
    await page
      .getByRole('link', { name: waiting.message_id as string })
      .first()
      .click();
    await page.locator('[data-account]').waitFor();
    const finding = page.locator('.finding');
    expect(await finding.textContent()).toBe(waiting.explanation.finding);
    await page.locator('.finding:focus').waitFor();
    await page.getByText(waiting.explanation.advice as string).waitFor();
    const facts = { 'Held by HES': waiting.hes_ms, 'After HES': waiting.downstream_ms, Total: waiting.total_ms };
    for (const [name, ms] of Object.entries(facts)) {
      expect(await page.locator(`[data-fact="${name}"] [data-ms]`).getAttribute('data-ms')).toBe(String(ms));
    }
    const evidence = await page
      .locator('[data-evidence]')
      .evaluateAll((all) => all.map(({ title }) => title as string));
    expect(evidence).toEqual(waiting.events.map(({ file, line }) => `${file}:${line}`));
    await page.getByText('The lines as they stand in the files').click();
    await page.locator('[data-record]').first().waitFor();
    const lines = await page
      .locator('[data-record]')
      .evaluateAll((all) => all.map(({ dataset, textContent }) => [dataset.record, textContent]));
    expect(lines.map(([place]) => place).sort()).toEqual([...new Set(evidence)].sort());
    expect(lines.filter(([, text]) => text?.includes('Not shown'))).toEqual([]);
    const deferrals = waiting.events.filter(({ kind }) => kind === 'deferred' || kind === 'rejected').length;
    expect(deferrals).toBeGreaterThan(0);
    expect(await page.locator('.wf-mark').count()).toBeGreaterThan(0);
    const bars = await page.locator('.wf-row[role="listitem"]').count();
    expect(bars).toBe(waiting.upstream_hops.length + 1 + waiting.hops.length);
  });

  it('gives a support bundle as a ZIP', async () => {
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: /support bundle/ }).click();
    const bytes = readFileSync((await (await coming).path()) as string);
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  });

  it('is found by the address of its recipient', async () => {
    const recipient = waiting.recipient as string;
    await open(`journey?search=${encodeURIComponent(recipient)}`);
    const expected = journeys.filter(
      (journey) =>
        journey.recipient === recipient || journey.original_recipient === recipient || journey.sender === recipient,
    );
    const rows = await cellsOf(page, 'Journeys');
    expect(rows.map(([message]) => message).sort()).toEqual(
      expected.map(({ message_id }) => message_id ?? 'without Message-ID').sort(),
    );
  });

  it('says so where nobody knows the Message-ID', async () => {
    await open('journey?message=nobody%40nowhere.example');
    await page.getByText('No journey has this Message-ID').waitFor();
  });
});

describe('inspect', () => {
  const mail = (): string => join(place.folder, 'fleet', 'mail', '01-plain.eml');

  it('tells of a pasted header and of a chosen file what hoptime inspect tells', async () => {
    const { files } = place.json<{ files: { inspections: Inspection[] }[] }>(['inspect', '--json', mail()]);
    const [told] = files[0].inspections;
    const expectTold = async (): Promise<void> => {
      await page.locator('[data-inspection]').waitFor();
      expect(await page.locator('[data-fact="Held by HES"] [data-ms]').getAttribute('data-ms')).toBe(
        String(told.hes_ms),
      );
      expect(await page.locator('[data-fact="After HES"] [data-ms]').getAttribute('data-ms')).toBe(
        String(told.downstream_ms),
      );
      await page.getByText(told.advice, { exact: true }).waitFor();
      expect((await cellsOf(page, 'Hops of the header')).length).toBe(told.hops.length);
    };
    await open('inspect');
    await page.getByLabel(/^Header text/).fill(readFileSync(mail(), 'utf8').split(/\r?\n\r?\n/)[0]);
    await page.getByRole('button', { name: 'Inspect' }).click();
    await expectTold();
    await open('inspect');
    await page.locator('input[type="file"]').setInputFiles(mail());
    await expectTold();
  });
});

describe('input', () => {
  it('balances the books and names what was not understood', async () => {
    await open('input');
    const total = async (name: string): Promise<number> =>
      Number((await page.locator(`[data-total="${name}"]`).textContent())?.replaceAll(',', ''));
    expect(await total('records')).toBe((await total('parsed')) + (await total('skipped')) + (await total('rejected')));
    expect(await total('rejected')).toBe(report.coverage.rejected_records);
    const rows = await cellsOf(page, 'Records not understood, by file and reason');
    expect(rows.map(([, reason, n]) => [reason, n])).toEqual(
      rejected.map(({ reason, count }) => [reason, countText(count)]),
    );
    expect(rows[0][0]).toContain(REJECTED_FILE);
    expect(await page.locator('[data-funnel="matched_downstream"]').textContent()).toBe(
      countText(report.coverage.matched_downstream),
    );
    expect(await page.locator('[data-funnel="complete"]').textContent()).toMatch(/^[\d,]+$/);
  });

  it('says what live input follows, and that nothing waits', async () => {
    await open('input');
    const [[name, state, lag, records]] = await cellsOf(page, 'Followed files');
    expect([name, state, lag, records]).toEqual([join(place.folder, 'watched', 'new.log'), 'empty', '–', '0']);
    await page.getByText('Nothing waits to be read.').waitFor();
  });
});

describe('the doctor', () => {
  it('says of a domain what the API says, and what to do', async () => {
    await open('doctor');
    await page.getByRole('button', { name: /^corp\.example [\d,]+$/ }).click();
    expect(await page.getByLabel(/^Mail domain/).inputValue()).toBe('corp.example');
    await page.waitForURL(/doctor\?domain=corp\.example$/);
    await page.locator('[data-finding]').first().waitFor();
    await settled(page);
    const diagnosis = (await (await fetch(`${server.url}/api/v1/doctor/corp.example`)).json()) as Diagnosis;
    expect(diagnosis.mx.status).toBe('backup_bypasses_hes');
    const shown = (severity: string): Promise<string[]> =>
      page.locator(`[data-severity="${severity}"] [data-finding]`).allTextContents();
    const told = (wanted: string): string[] =>
      diagnosis.findings.filter(({ severity }) => severity === wanted).map(({ finding }) => finding);
    for (const severity of ['problem', 'warning', 'note', 'ok']) {
      expect((await shown(severity)).sort()).toEqual(told(severity).sort());
    }
    expect(await page.getByText('What to do: Remove the MX record 50 old.corp.example').count()).toBe(1);
    const refusals = await cellsOf(page, 'Replies that turned HES away');
    expect(refusals.map(([reply, mta, , , times, held, delay]) => [reply, mta, times, held, delay])).toEqual(
      (diagnosis.refusals ?? []).map(({ reply, mta, refusals: times, journeys: held, waiting_ms }) => [
        reply,
        mta ?? '–',
        countText(times),
        countText(held),
        durationText(waiting_ms),
      ]),
    );
    expect(refusals.length).toBeGreaterThan(0);
  });
});

describe('reports', () => {
  it('issues the report of a month, opens it, and hands out what it rests on', async () => {
    await open('reports');
    expect(await page.getByText('No report was issued yet').isVisible()).toBe(true);
    // offered as the last one with mail
    await page.locator('input[type="month"]').and(page.locator('[value="2026-03"]')).waitFor();
    const issue = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Issue it' }).click();
    };
    await issue();
    await page.getByText(/-1 is issued\.$/).waitFor();
    const { via_hes, journeys: all, matched_downstream } = report.coverage;
    const [[period, ...cells]] = await cellsOf(page, 'Issued reports');
    expect(period).toBe('2026-03 UTC');
    const passed = `${countText(via_hes)} of ${countText(all)}`;
    const found = countText(matched_downstream);
    const documents = 'pdf csv json manifest';
    const expected = [documents, '1', 'trend-hes-2019-latency', passed, found, 'not signed', '1, the first'];
    expect(cells.slice(0, 7)).toEqual(expected);

    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: '2026-03 UTC' }).click(),
    ]);
    await opened.waitForLoadState();
    const segments = await cellsOf(opened, 'Delay by segment');
    expect([segments[0][1], segments[0][4]]).toEqual([
      countText(report.segments.hes.count),
      durationText(report.segments.hes.p95_ms),
    ]);
    // its own style counts
    expect(await opened.evaluate<string>('getComputedStyle(document.querySelector("caption")).textAlign')).toBe('left');
    await opened.close();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^manifest of report/ }).click(),
    ]);
    const { values } = JSON.parse(readFileSync(await download.path(), 'utf8')) as Manifest;
    expect(values['segments.downstream.p95_ms']).toBe(report.segments.downstream.p95_ms);

    await issue();
    await page.getByText(/^Nothing differs from \w{12}-1, which stands\.$/).waitFor();
    expect(await cellsOf(page, 'Issued reports')).toHaveLength(1);
  });
});
