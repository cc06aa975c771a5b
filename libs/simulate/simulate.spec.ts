import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { simulate } from './simulate';
import type { SimulationSummary } from './simulation-summary';
import type { TrueJourney } from './truth';

const root = mkdtempSync(join(tmpdir(), 'hoptime-simulate-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const out = join(root, 'fleet');
let summary: SimulationSummary;
let journeys: TrueJourney[];

beforeAll(async () => {
  summary = await simulate({ out, messages: 4000, seed: 5, days: 21 });
  journeys = readFileSync(join(out, 'truth.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrueJourney);
});

/** relative path → hash of the bytes, and the file's date */
function fingerprint(folder: string): Record<string, string> {
  const paths = globSync('**', { cwd: folder }).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const bytes = readFileSync(join(folder, path));
      return [path, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

describe('determinism', () => {
  test('the same seed gives the same bytes, also over an earlier run in the same folder', async () => {
    const again = join(root, 'again');
    await simulate({ out: again, messages: 50, seed: 6, days: 3 });
    await simulate({ out: again, messages: 4000, seed: 5, days: 21 });
    expect(fingerprint(again)).toEqual(fingerprint(out));
  });

  test('another seed gives another fleet', async () => {
    const other = join(root, 'other');
    await simulate({ out: other, messages: 50, seed: 7, days: 1 });
    const first = fingerprint(other);
    await simulate({ out: other, messages: 50, seed: 8, days: 1 });
    expect(fingerprint(other)['truth.ndjson']).not.toBe(first['truth.ndjson']);
  });
});

describe('truth', () => {
  test('hes_ms + Σ(dwell + transfer) = total_ms, and processing + waiting = hes_ms, for every journey that has them', () => {
    let checked = 0;
    for (const journey of journeys) {
      if (journey.hes_ms !== null)
        expect(Number(journey.hes_processing_ms) + Number(journey.hes_waiting_ms)).toBe(journey.hes_ms);
      if (journey.total_ms === null || journey.hes_released_at === null) continue;
      let sum = Number(journey.hes_ms);
      let previous = Date.parse(journey.hes_released_at);
      for (const hop of journey.hops) {
        sum += Date.parse(hop.received_at) - previous + Number(hop.dwell_ms);
        previous = Date.parse(String(hop.relayed_at));
      }
      expect(sum).toBe(journey.total_ms);
      checked++;
    }
    expect(checked).toBeGreaterThan(3000);
  });

  test('what is not known is null', () => {
    for (const journey of journeys) {
      if (journey.via_hes !== 'yes')
        expect([journey.hes_ms, journey.downstream_ms, journey.total_ms]).toEqual([null, null, null]);
      expect(journey.delivered_at !== null).toBe(journey.state === 'complete');
      if (['bounced', 'in_flight', 'expired'].includes(journey.state)) expect(journey.downstream_ms).toBeNull();
      for (const hop of journey.hops) expect(hop.dwell_ms === null).toBe(hop.relayed_at === null);
    }
  });

  test('totals are the sums of the journeys, and every state of the story occurs', () => {
    const { totals } = summary;
    expect(totals.messages).toBe(4000);
    expect(totals.journeys).toBe(journeys.length);
    const sum = journeys.reduce((total, journey) => total + (journey.total_ms ?? 0), 0);
    expect(totals.segments.total.sum_ms).toBe(sum);
    expect(Object.keys(totals.states).sort()).toEqual(
      ['bounced', 'complete', 'deleted', 'expired', 'in_flight', 'quarantined', 'relayed'].sort(),
    );
    expect(Object.keys(totals.origins).sort()).toEqual(['direct', 'hes', 'notification', 'pickup']);
    expect(journeys.some((journey) => journey.message_id === null)).toBe(true);
    expect(journeys.some((journey) => journey.recipient !== journey.original_recipient)).toBe(true);
    const written = JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')) as object;
    expect({ out, ...written }).toEqual(summary);
  });

  test('each incident is visible in its time and not before', () => {
    const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const during = (name: string): TrueJourney[] => {
      const { from, to } = summary.incidents[name];
      return journeys.filter(({ hes_received_at: at }) => at !== null && at >= from && at < to);
    };
    const slow = during('slow_hes').flatMap((journey) => journey.hes_processing_ms ?? []);
    expect(slow.length).toBeGreaterThan(5);
    expect(median(slow)).toBeGreaterThan(240_000);
    const waited = (some: readonly TrueJourney[]): number =>
      some.filter((journey) => (journey.hes_waiting_ms ?? 0) > 240_000).length / some.length;
    expect(waited(during('greylisting_mx2'))).toBeGreaterThan(0.15);
    expect(
      waited(journeys.filter(({ hes_received_at: at }) => at && at < summary.incidents.greylisting_mx2.from)),
    ).toBeLessThan(0.02);
    const mbx2 = (some: readonly TrueJourney[]): number[] =>
      some.flatMap(({ hops }) =>
        hops.flatMap((hop) => (hop.mta === 'mbx2' && hop.dwell_ms !== null ? [hop.dwell_ms] : [])),
      );
    expect(median(mbx2(during('bad_mbx2')))).toBeGreaterThan(60_000);
    expect(
      median(mbx2(journeys.filter(({ hes_received_at: at }) => at && at < summary.incidents.bad_mbx2.from))),
    ).toBeLessThan(2000);
  });
});

describe('files', () => {
  test('every form of HES tracking, Postfix logs of all hosts, and mail files', () => {
    const names = summary.files.map(({ path }) => path);
    for (const ending of ['page-001.json', '.csv', '.xml', '.cef.log', '.eml'])
      expect(names.some((name) => name.endsWith(ending))).toBe(true);
    for (const host of ['mx1', 'mx2', 'mbx1', 'mbx2'])
      expect(names.filter((name) => name.startsWith(`postfix/${host}/`))).toHaveLength(3);
    for (const { path, records, format } of summary.files.filter(({ format }) => format === 'postfix')) {
      expect([path, format, readFileSync(join(out, path), 'utf8').split('\n').length - 1]).toEqual([
        path,
        format,
        records,
      ]);
    }
  });

  test('the date of a log is that of its last line, so that a reader finds the year', () => {
    const modified = statSync(join(out, 'postfix/mbx1/mail-2026-03-09.log')).mtime.toISOString();
    expect(modified.slice(0, 10)).toBe('2026-03-15');
  });

  test('the overlapping export repeats records of its period byte for byte', () => {
    const read = (pattern: string): unknown[] =>
      globSync(pattern, { cwd: join(out, 'hes') }).flatMap(
        (path) => (JSON.parse(readFileSync(join(out, 'hes', path), 'utf8')) as { logs: unknown[] }).logs,
      );
    const all = new Set(read('mail-tracking-2026-03-04-page-*.json').map((record) => JSON.stringify(record)));
    const repeated = read('mail-tracking-2026-03-04-overlap-page-*.json').map((record) => JSON.stringify(record));
    expect(repeated.length).toBeGreaterThan(50);
    expect(repeated.filter((record) => !all.has(record))).toEqual([]);
  });
});

test('a folder with something else in it is left alone', async () => {
  const mine = mkdtempSync(join(root, 'mine-'));
  writeFileSync(join(mine, 'letter.txt'), 'keep me');
  await expect(simulate({ out: mine, messages: 1, seed: 1, days: 1 })).rejects.toThrow('no earlier simulation');
  expect(readFileSync(join(mine, 'letter.txt'), 'utf8')).toBe('keep me');
});

test.each([
  [{ messages: 0 }, 'messages'],
  [{ seed: 1.5 }, 'seed'],
  [{ days: 0 }, 'days'],
  [{ start: new Date('2026-03-02T01:00:00Z') }, 'start'],
])('impossible options %j are refused by name', async (wrong, name) => {
  const options = { out: join(root, 'never'), messages: 1, seed: 1, days: 1, ...wrong };
  await expect(simulate(options)).rejects.toThrow(name);
});
