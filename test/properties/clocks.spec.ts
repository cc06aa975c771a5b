import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClockService } from '../../libs/delay/clocks/clock.service';
import { correctedStore, type Rows } from '../../libs/delay/clocks/corrected-store';
import { accountsOf } from '../../libs/delay/clocks/journey-accounts';
import { estimateOf } from '../../libs/delay/clocks/offset-estimate';
import { DelayService } from '../../libs/delay/delay.service';
import { FleetService } from '../../libs/delay/fleet.service';
import { type JourneyWithHops } from '../../libs/delay/journey';
import { JourneyService } from '../../libs/delay/journey.service';
import { simulate } from '../../libs/simulate/simulate';
import { IngestService } from '../../libs/ingest/ingest.service';
import { verifyAgainstInputs, verifyAgainstStore } from '../../libs/report/issued/verify.service';
import type { IssuedJson } from '../../libs/report/issued/figures';
import { IssueService, seriesOf } from '../../libs/report/issued/issue.service';
import { IssuedReportRepository } from '../../libs/report/issued/issued-report.repository';
import { manifestText, type Manifest } from '../../libs/report/issued/manifest';
import { findInputs } from '../../libs/sources/readers/find-inputs';
import type { InputFile } from '../../libs/sources/readers/input-file';
import { Store } from '../../libs/store/store';
import { atShare, beyondBounds, errorsOf, type ClockErrors } from '../support/clock-truth';

/** A fleet whose clocks are wrong by 0.5 to 600 s, run away or jump: what its logs say raw, and what is left after correction. */
const START = Date.UTC(2026, 2, 2);
const JUMP = START + 30.4 * 3_600_000;
const ERRORS: ClockErrors = {
  mx1: { offsetMs: -90_000, driftPpm: 20 },
  mx2: { offsetMs: 500 },
  mbx1: { offsetMs: 600_000, driftPpm: -300 },
  mbx2: { offsetMs: -4200, steps: [{ atMs: JUMP, byMs: 60_000 }] },
};
const folder = mkdtempSync(join(tmpdir(), 'hoptime-clocks-'));
const truth = join(folder, 'fleet', 'truth.ndjson');
let store: Store;
let isOpen = true;
let clocks: ClockService;
let corrected: Rows;

beforeAll(async () => {
  const out = join(folder, 'fleet');
  await simulate({ out, messages: 3000, seed: 4, days: 2, clockErrors: ERRORS });
  store = await Store.open(`chdb:${join(folder, 'store')}`);
  await new IngestService(store).ingest(
    ['hes', 'postfix', 'mail'].map((name) => join(out, name)),
    { timeZone: 'UTC' },
  );
  clocks = new ClockService(store);
  corrected = await clocks.corrected({});
});
afterAll(async () => {
  if (isOpen) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const journeysOf = (rows: Rows): AsyncIterable<JourneyWithHops> =>
  new JourneyService(rows).journeys({ filter: {}, sort: 'time', limit: Infinity, withHops: true });

const lists = new Map<Rows, Promise<JourneyWithHops[]>>();
/** All journeys; nothing in the store changes, so they are asked for once. */
function listed(rows: Rows): Promise<JourneyWithHops[]> {
  let list = lists.get(rows);
  if (!list) lists.set(rows, (list = all(rows)));
  return list;
}

async function all(rows: Rows): Promise<JourneyWithHops[]> {
  const found: JourneyWithHops[] = [];
  for await (const journey of journeysOf(rows)) found.push(journey);
  return found;
}

it('bounds hold the true offset of at least 99 % of the pair-hours with 30 transfers', async () => {
  const { pairs } = await clocks.clocks({});
  const { pairHours, beyond } = beyondBounds(pairs, ERRORS, START);
  expect(pairHours).toBeGreaterThan(60);
  expect(beyond.slice(0, Math.floor(pairHours / 100) + 1)).toEqual(beyond.slice(0, Math.floor(pairHours / 100)));
});

it('the statement and the program make the same estimate of the same transfers', async () => {
  const { pairs } = await clocks.clocks({});
  const few = pairs
    .flatMap(({ hours }) => hours)
    .filter(({ transfers, single }) => transfers < 16 && single.length > 0);
  expect(few.length).toBeGreaterThan(20);
  for (const { single, estimate_ms, lower_ms, upper_ms, ...limits } of few) {
    const transfers = single.map(([, ms]) => ms);
    expect(estimateOf(transfers, limits)).toEqual({ estimate_ms, lower_ms, upper_ms });
  }
});

it('corrected segments are within 1 s of the truth at the median and 3 s at 99 %, where raw ones are minutes off', async () => {
  const raw = await errorsOf(truth, await listed(store));
  const right = await errorsOf(truth, await listed(corrected));
  expect(raw.downstream_ms.length).toBeGreaterThan(2800);
  expect(right.downstream_ms).toHaveLength(raw.downstream_ms.length);
  expect(atShare(raw.downstream_ms, 0.5)).toBeGreaterThan(60_000);
  expect(atShare(raw.hes_ms, 0.99)).toBeGreaterThan(400);
  for (const errors of Object.values(right)) {
    expect(atShare(errors, 0.5)).toBeLessThanOrEqual(1000);
    expect(atShare(errors, 0.99)).toBeLessThanOrEqual(3000);
  }
});

it('corrected hops still add up to the corrected total', async () => {
  let whole = 0;
  for (const { hes_ms, downstream_ms, total_ms, hops } of await listed(corrected)) {
    if (downstream_ms === null || hops.some((hop) => hop.dwell_ms === null || hop.transfer_ms === null)) continue;
    const sum = hops.reduce((ms, hop) => ms + (hop.dwell_ms ?? 0) + (hop.transfer_ms ?? 0), 0);
    expect(sum).toBe(downstream_ms);
    if (hes_ms === null) continue;
    whole++;
    expect(total_ms).toBe(hes_ms + downstream_ms);
  }
  expect(whole).toBeGreaterThan(2000);
});

it('the correction of a journey is what its total changed by', async () => {
  const raw = await listed(store);
  const right = await listed(corrected);
  expect(raw.every(({ clock_correction_ms }) => clock_correction_ms === null)).toBe(true);
  let changed = 0;
  raw.forEach(({ total_ms, downstream_ms, hes_ms, message_id }, i) => {
    const other = right[i];
    expect(other.message_id).toBe(message_id);
    const before = total_ms ?? downstream_ms ?? hes_ms;
    const after = other.total_ms ?? other.downstream_ms ?? other.hes_ms;
    if (before !== null && after !== null) expect(other.clock_correction_ms).toBe(after - before);
    if (other.clock_correction_ms) changed++;
  });
  expect(changed).toBeGreaterThan(2500);
  const correction = await clocks.correction({});
  expect(correction).toMatchObject({ reference: 'hes', not_correctable: 0 });
  expect(correction.corrected + correction.one_clock).toBe(raw.length);
  expect(correction.max_ms).toBe(Math.max(...right.map((journey) => Math.abs(journey.clock_correction_ms ?? 0))));
});

it('without a known offset everything is as it is raw: the corrected statements are copies of the views', async () => {
  const nothing = correctedStore(store, { reference: null, hosts: new Map() });
  const without = (journeys: JourneyWithHops[]): unknown[] =>
    journeys.map((journey) => ({ ...journey, clock_correction_ms: null }));
  expect(without(await listed(nothing))).toEqual(await listed(store));
  expect(await new FleetService(nothing).hops({})).toEqual(await new FleetService(store).hops({}));
});

it('what is put right for a part of the journeys is what is put right for all of them', async () => {
  const range = { from: START + 6 * 3_600_000, to: START + 30 * 3_600_000 };
  // without a parameter that narrows them: every row of the store is put right
  const all = await corrected.rows<{ journey_id: string; at: number; message_id: string; total_ms: number }>({
    sql: `SELECT journey_id, toUnixTimestamp64Milli(first_event_at) AS at, message_id, total_ms FROM hoptime.journeys WHERE total_ms IS NOT NULL
      ORDER BY total_ms DESC, first_event_at, journey_id`,
  });
  const hops = await corrected.rows<{ journey_id: string; dwell_ms: number; transfer_ms: number }>({
    sql: `SELECT journey_id, dwell_ms, transfer_ms FROM hoptime.hops WHERE segment = 'downstream' ORDER BY journey_id, position`,
  });
  const expected = all
    .filter(({ at }) => at >= range.from && at < range.to)
    .slice(0, 30)
    .map(({ journey_id, message_id, total_ms }) => ({
      message_id,
      total_ms,
      hops: hops
        .filter((hop) => hop.journey_id === journey_id)
        .map(({ dwell_ms, transfer_ms }) => ({ dwell_ms, transfer_ms })),
    }));
  const asked = { filter: range, sort: 'slowest', limit: 30, withHops: true } as const;
  const { journeys } = await new JourneyService(corrected).page(asked);
  expect(expected.flatMap((journey) => journey.hops).length).toBeGreaterThan(30);
  expect(journeys).toMatchObject(expected);
  const [{ message_id, total_ms }] = expected;
  const { journeys: accounts } = await new JourneyService(corrected).accounts(message_id, '', 5);
  expect(accounts.map((account) => account.total_ms)).toContain(total_ms);
});

it('finds the jump of one clock and the drift of another, and says so', async () => {
  const { pairs } = await clocks.clocks({});
  const changes = pairs.flatMap((pair) => pair.changes);
  const jumps = changes.filter(({ kind }) => kind === 'jump');
  expect(jumps.length).toBeGreaterThan(0);
  for (const { to_mta, from_ms, to_ms, change_ms } of jumps) {
    expect(to_mta).toBe('mbx2');
    expect(Math.abs(change_ms - 60_000)).toBeLessThan(2000);
    // the clock of mbx2 shows 4.2 s less before the jump, and 55.8 s more after it; some minutes pass between two transfers
    expect(from_ms).toBeLessThanOrEqual(JUMP + 55_800 + 600_000);
    expect(to_ms).toBeGreaterThanOrEqual(JUMP - 4_200 - 600_000);
  }
  const drift = changes.find(({ kind, to_mta }) => kind === 'drift' && to_mta === 'mbx1');
  // 300 ppm behind, against mx1 or mx2: 25.9 to 27.6 s a day
  expect(drift?.per_day_ms).toBeGreaterThan(-29_000);
  expect(drift?.per_day_ms).toBeLessThan(-25_000);
  expect(drift?.sentence).toMatch(
    /^The clock of mbx1 ran \d+\.\d s back against that of mx[12] from 2026-03-02 .* UTC: 2\d\.\d s a day\.$/,
  );
  expect(changes.some(({ to_mta, from_mta }) => to_mta === 'mx2' || (from_mta === 'hes' && to_mta !== 'mx1'))).toBe(
    false,
  );
});

it('an issued report says raw and corrected side by side, one message shows both, and the inputs alone give the same again', async () => {
  const period = { from: START, to: START + 3 * 86_400_000 };
  const question = { filter: period, timeZone: 'UTC', clauses: [] };
  const issuer = new IssueService(store, { version: '0', verdictThresholdMs: 60_000 });
  const { head } = await issuer.issue({ ...question, clock: 'corrected' }, START);
  expect(head.series).not.toBe(seriesOf(question));
  const reports = new IssuedReportRepository(store);
  const report = JSON.parse((await reports.document(head.id, 'json'))?.toString() ?? '') as IssuedJson;
  const byOwnMail = new ClockService(store, 'of the range');
  const right = await byOwnMail.corrected(period);
  expect(report.clock).toBe('corrected');
  expect(report.raw_segments).toEqual(await new DelayService(store).figures(period));
  expect(report.segments).toEqual(await new DelayService(right).figures(period));
  expect(report.segments.downstream.p50_ms).not.toBe(report.raw_segments?.downstream.p50_ms);
  const page = await new JourneyService(right).page({ filter: period, sort: 'slowest', limit: 10, withHops: true });
  expect(page.journeys.map(({ total_ms }) => total_ms)).toEqual(
    report.slowest.slice(0, 10).map(({ total_ms }) => total_ms),
  );
  const message = report.slowest[0].message_id ?? '';
  const asked = { messageId: message, recipient: report.slowest[0].recipient ?? '', limit: 5 };
  const raw = await accountsOf(store, byOwnMail, { ...asked, clock: 'raw' });
  const both = await accountsOf(store, byOwnMail, { ...asked, clock: 'corrected' });
  expect(both.journeys[0].raw?.total_ms).toBe(raw.journeys[0].total_ms);
  expect(both.journeys[0].events).toEqual(raw.journeys[0].events);

  const text = (await reports.manifest(head.id))?.text ?? '';
  const manifest = JSON.parse(text) as Manifest;
  expect(manifest.report.clock).toBe('corrected');
  expect([...(manifest.clocks?.clock_hosts ?? [])].sort()).toEqual(['hes', 'mbx1', 'mbx2', 'mx1', 'mx2']);
  expect(manifest.statements['queries/report_segments (corrected clocks)']).toContain('AS clock_correction_ms');
  expect(manifest.figures.filter(({ part }) => part === 'unknown')).toEqual([]);
  expect(manifest.figures.filter(({ part }) => part === 'clocks')).toHaveLength(1);
  const issued = { manifestName: 'm', manifest: text, signature: undefined, documents: [] };
  const ofStore = await verifyAgainstStore(issued, store);
  expect(ofStore.differences).toEqual([]);
  expect(ofStore.notes.clock).toEqual(['leads of 5 of 5 clocks computed again with the same values']);
  await store.close();
  isOpen = false;
  const files: InputFile[] = [];
  for await (const file of findInputs(['hes', 'postfix', 'mail'].map((name) => join(folder, 'fleet', name))))
    files.push(file as InputFile);
  // the text of the manifest as somebody changed it, with the check sum put right: the clocks are named, the figures are right
  const { sha256, ...body } = JSON.parse(text) as Manifest & { sha256: string };
  expect(sha256).toHaveLength(64);
  const leads = [...(body.clocks?.clock_leads ?? [])];
  leads[leads.length - 1] += 1000;
  const changed = manifestText({ ...body, clocks: body.clocks && { ...body.clocks, clock_leads: leads } });
  const given = { manifestName: 'm', manifest: changed, signature: undefined, documents: [] };
  const { differences, notes } = await verifyAgainstInputs(given, files);
  const last = body.clocks?.clock_hosts.at(-1);
  expect(differences).toEqual([{ what: 'clock', name: last, problem: 'has another lead at some time' }]);
  expect(notes.clock).toEqual(['leads of 4 of 5 clocks computed again with the same values']);
  const count = Object.keys(manifest.values).length.toLocaleString('en-US');
  expect(notes.figure).toEqual([`${count} of ${count} figures computed again with the same value`]);
});
