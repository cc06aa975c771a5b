import { source as axeSource } from 'axe-core';
import { type Browser, type Page } from 'playwright-core';
import { type JourneyWithHops } from '../../libs/delay/journey';
import { NameServer } from '../../libs/diagnose/doctor/name-server.fixture';
import { type Workplace } from '../e2e/hoptime.fixture';
import { until } from '../support/until';
import { INSTALLING_MS, launch, settled, watchedPage } from './browser.fixture';
import { fleetWorkplace } from './fleet.fixture';
import { serve, type Server } from './server.fixture';

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

const PATCH = '2026-03-09T00:00:00.000Z~2026-03-11T00:00:00.000Z~60000~';

let place: Workplace;
let server: Server;
let nameServer: NameServer;
let browser: Browser;
/** every view, and the states in which it shows most */
let views: Record<string, string>;

beforeAll(async () => {
  place = fleetWorkplace();
  expect(place.run(['report', '--month', '2026-03', '--format', 'html', '-o', 'r.html', '--issue']).status).toBe(0);
  const [late] = JSON.parse(
    place.quick(['journeys', '--format', 'json', '--verdict', 'hes_waiting_on_downstream', '--limit', '1']).stdout,
  ) as JourneyWithHops[];
  views = {
    overview: '',
    distribution: 'distribution',
    'distribution with a patch': `distribution?segment=hes&patch=${encodeURIComponent(PATCH)}`,
    hops: 'hops',
    'journey, the list': 'journey',
    'journey, one of them': `journey?message=${encodeURIComponent(late.message_id as string)}`,
    clocks: 'clocks',
    reports: 'reports',
    'overview, corrected clocks': '?clock=corrected',
    inspect: 'inspect',
    doctor: 'doctor?domain=corp.example',
    input: 'input',
    'nothing in the range': '?from=2020-01-01&to=2020-01-02',
    'a wrong address': '?verdict=nonsense',
  };
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
  server = await serve(place);
  browser = await launch();
}, INSTALLING_MS);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await nameServer?.close();
  place?.remove();
});

async function openEach(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  for (const [name, path] of Object.entries(views)) {
    await page.goto(`${server.url}/${path}`);
    await settled(page);
    await look(name);
  }
}

async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  // All rules run; what passes is not described node by node.
  const violations = await page.evaluate<Violation[]>(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

it.each([
  ['light', 1440, 900],
  ['dark', 390, 844],
] as const)(
  'in %s colours on %i px axe finds nothing serious or critical on any view, and none scrolls sideways',
  async (colorScheme, width, height) => {
    const { page, context } = await watchedPage(browser, { colorScheme, width, height });
    const found: Record<string, string[]> = {};
    const wide: Record<string, number> = {};
    await openEach(page, async (name) => {
      const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (needed > width) wide[name] = needed;
      const violations = await seriousViolations(page);
      if (violations.length > 0) found[name] = violations;
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('main').count()).toBe(1);
    });
    expect({ found, wide }).toEqual({ found: {}, wide: {} });
    await context.close();
  },
);

it('is used by keyboard alone', async () => {
  const { page, context } = await watchedPage(browser);
  const focused = (what: string): Promise<string> => page.evaluate<string>(`document.activeElement.${what}`);
  await page.goto(server.url);
  await settled(page);
  await page.keyboard.press('Tab');
  expect(await focused('textContent')).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await focused('id')).toBe('content');

  // to the navigation, and by it to another view, whose title then has the focus
  await page.getByRole('link', { name: 'Distribution' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/distribution$/);
  // The focus is set when the view has been drawn.
  await page.locator('h1:focus').waitFor();
  expect(await focused('textContent')).toBe('Distribution');
  await settled(page);

  // a patch without a pointer
  await page.getByText('Select a patch by hand').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('took at least').focus();
  await page.getByRole('button', { name: 'Compare and list' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/patch=/);
  await page.getByRole('heading', { name: /^Selected: Held by HES 1 min 0 s or more/ }).waitFor();
  await page.locator(':focus', { hasText: 'Selected: Held by HES' }).waitFor();
  expect(await focused('textContent')).toContain('Selected: Held by HES');
  await context.close();
});

it('follows the switch of colours, remembers it, and else what the system says', async () => {
  const { page, context } = await watchedPage(browser, { colorScheme: 'dark' });
  const background = (): Promise<string> =>
    page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  await page.goto(server.url);
  await settled(page);
  const dark = await background();
  await page.getByLabel('Colours').selectOption('light');
  await until(async () => (await background()) !== dark);
  const light = await background();
  await page.reload();
  await settled(page);
  expect(await background()).toBe(light);
  await page.getByLabel('Colours').selectOption('system');
  await until(async () => (await background()) === dark);
  await context.close();
});
