import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { globSync } from 'tinyglobby';
import { simulate } from './simulate';
import type { SimulationSummary } from './simulation-summary';
import type { TrueJourney } from './truth';

/** As recount.spec.ts: what the logs of Sendmail, Exim and Exchange say, counted from their lines without the model, against truth. */
const out = mkdtempSync(join(tmpdir(), 'hoptime-recount-mixed-'));
let summary: SimulationSummary;
let journeys: TrueJourney[];
beforeAll(async () => {
  summary = await simulate({ out, messages: 1500, seed: 77, days: 21, fleet: 'mixed' });
  const lines = readFileSync(join(out, 'truth.ndjson'), 'utf8').trimEnd().split('\n');
  journeys = lines.map((line) => JSON.parse(line) as TrueJourney);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const read = (pattern: string): string[] =>
  globSync(pattern, { cwd: out })
    .sort()
    .flatMap((path) => readFileSync(join(out, path), 'utf8').trimEnd().split(/\r?\n/));
const hop = (received: number | undefined, relayed: number): string =>
  `${new Date(received ?? NaN).toISOString()} ${new Date(relayed).toISOString()}`;

/** Hops that ended, of mail that came over SMTP: notifications and local mail are told in ways of their own. */
const trueHops = (mta: string): string[] =>
  journeys
    .filter(({ origin }) => origin === 'hes' || origin === 'direct')
    .flatMap(({ hops }) => hops.filter((each) => each.mta === mta && each.relayed_at))
    .map(({ received_at, relayed_at }) => hop(Date.parse(received_at), Date.parse(String(relayed_at))))
    .sort();

test('Sendmail: from the from= line to stat=Sent, once per recipient of a to= line', () => {
  const begun = new Map<string, number>();
  const hops: string[] = [];
  for (const line of read('sendmail/mx2/*.log')) {
    const at = Date.parse(`2026 ${line.slice(0, 15)} UTC`);
    const [, id, text] = /^.{15} mx2 sm-mta\[\d+\]: (\w{8}\d{6}): (.*)$/.exec(line) ?? [];
    if (/^from=.* nrcpts=[1-9].* relay=(?!localhost)/.test(text)) begun.set(id, at);
    const sent = /^to=(\S+), delay=.* stat=Sent /.exec(text);
    if (sent && begun.has(id)) hops.push(...sent[1].split(',').map(() => hop(begun.get(id), at)));
  }
  expect(hops.length).toBeGreaterThan(400);
  expect(hops.sort()).toEqual(trueHops('mx2'));
});

test('Exim: from <= to => and ->', () => {
  const begun = new Map<string, number>();
  const hops: string[] = [];
  for (const line of read('exim/mx3/*')) {
    const at = Date.parse(`${line.slice(0, 10)}T${line.slice(11, 19)}Z`);
    const [, id, flag, rest] = /^.{19} (\w{6}-\w{11}-\w{4}) (<=|=>|->) (.*)$/.exec(line) ?? [];
    if (flag === '<=' && !rest.startsWith('<> R=')) begun.set(id, at);
    if ((flag === '=>' || flag === '->') && begun.has(id)) hops.push(hop(begun.get(id), at));
  }
  expect(hops.length).toBeGreaterThan(100);
  expect(hops.sort()).toEqual(trueHops('mx3'));
});

test('Exchange: from RECEIVE to DELIVER, once per recipient of a row; message-info adds up to the time between them', () => {
  const begun = new Map<string, number>();
  const hops: string[] = [];
  for (const path of globSync('exchange/mbx2/*.LOG', { cwd: out }).sort()) {
    const [, fields, rows] = /#Fields: (.*)\r\n([^]*)$/.exec(readFileSync(join(out, path), 'utf8')) ?? [];
    const { data } = Papa.parse<Record<string, string>>(`${fields}\r\n${rows}`, { header: true, skipEmptyLines: true });
    for (const row of data) {
      const at = Date.parse(row['date-time']);
      if (row['event-id'] === 'RECEIVE') begun.set(row['internal-message-id'], at);
      if (row['event-id'] !== 'DELIVER') continue;
      const received = begun.get(row['internal-message-id']);
      const [, total, reception] = /:TOTAL-DEL=([\d.]+)\|SMR=([\d.]+)\|/.exec(row['message-info']) ?? [];
      // Three numbers that were cut to whole milliseconds.
      expect(Math.abs((Number(total) - Number(reception)) * 1000 - (at - Number(received)))).toBeLessThan(2.5);
      expect(row['recipient-address'].split(';')).toHaveLength(Number(row['recipient-count']));
      hops.push(...row['recipient-address'].split(';').map(() => hop(received, at)));
    }
  }
  expect(hops.length).toBeGreaterThan(200);
  expect(hops.sort()).toEqual(trueHops('mbx2'));
});

test('Microsoft 365: only an extended trace tells when a mail was delivered, and every form occurs', () => {
  const names = summary.files.filter(({ format }) => format === 'm365-trace').map(({ path }) => path);
  for (const form of ['reporting.json', 'shell.csv', 'enhanced.csv', 'extended.csv'])
    expect(names.some((name) => name.endsWith(form))).toBe(true);
  const days = new Set(
    names.filter((name) => name.endsWith('extended.csv')).map((name) => /\d{4}-\d\d-\d\d/.exec(name)?.[0]),
  );
  const hops = journeys.flatMap((journey) => journey.hops.filter(({ mta }) => mta.endsWith('.outlook.com')));
  expect(hops.length).toBeGreaterThan(100);
  for (const { received_at, relayed_at } of hops)
    if (relayed_at !== null) expect(days.has(received_at.slice(0, 10))).toBe(true);
  expect(hops.filter(({ relayed_at }) => relayed_at !== null).length).toBeGreaterThan(10);
});

test('the same seed gives the same mixed fleet', async () => {
  const first = read('**/*');
  await simulate({ out, messages: 1500, seed: 77, days: 21, fleet: 'mixed' });
  expect(read('**/*')).toEqual(first);
});
