import { readFileSync } from 'node:fs';
import { IngestService } from '../ingest/ingest.service';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { CollectCheckpoints } from './collect-checkpoints';
import { Collector, type CollectedLog } from './collector';
import { LogApiStub, stubRecord } from './log-api.fixture';
import { retryAfterMs } from './retry-after';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-03-05T12:00:00Z');
const TIMING = { attempts: 4, firstPause: 5, longestPause: 20, longestRetryAfter: 2000, answerTimeout: 5000 };

let place: TemporaryStore;
let api: LogApiStub;
let now = NOON;
const notes: string[] = [];

beforeAll(async () => {
  place = await openTemporaryStore();
  api = await LogApiStub.open(() => now);
});
afterAll(async () => {
  await api.close();
  await place.close();
});
beforeEach(() => {
  api.records.length = api.faults.length = api.requests.length = notes.length = 0;
  api.tokensSince = 0;
  api.onRequest = () => undefined;
});

/** A collector as a new process would have it; `folder` and `user` keep the tests apart in one store. */
function collector(folder: string, key = 'key/with+signs='): Promise<Collector> {
  return Collector.open(new CollectCheckpoints(place.store), `${place.folder}/${folder}`, {
    root: api.root,
    user: 'collector@corp.example',
    key,
    signal: new AbortController().signal,
    onNote: (sentence) => notes.push(sentence),
    now: () => now,
    pseudonyms: undefined,
    inTurn: (work) => work(),
    timing: TIMING,
  });
}
const newRecords = (logs: readonly CollectedLog[]): number[] => logs.map((log) => log.newRecords);
const forgetCheckpoints = (): Promise<void> =>
  place.store.command({ sql: 'TRUNCATE TABLE hoptime_store.collect_checkpoints' });
const recordsIn = (files: readonly string[]): { genTime: string; messageID: string; type?: string }[] =>
  files.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { logs: never[] }).logs);

describe('Collector', () => {
  it('collects what the API has, goes on where it was, and takes late records once', async () => {
    now = NOON;
    // 1,230 in the last hour are three pages; one lies 71 hours back, one beyond the reach.
    for (let n = 0; n < 1230; n++) api.records.push(stubRecord('accepted_traffic', n, NOON - 30 * MINUTE + n * 1000));
    api.records.push(stubRecord('accepted_traffic', 2000, NOON - 71 * HOUR));
    api.records.push(stubRecord('accepted_traffic', 2001, NOON - 73 * HOUR));
    for (let n = 3000; n < 3010; n++) api.records.push(stubRecord('blocked_traffic', n, NOON - HOUR - n * 1000));

    const first = await collector('plain');
    const logs = await first.collect();
    // 72 windows (71 h 50 min) of a page each, the last one with three
    expect(logs.map(({ pages, records, from, to, problem }) => ({ pages, records, from, to, problem }))).toEqual([
      { pages: 74, records: 1231, from: NOON - 72 * HOUR + 10 * MINUTE, to: NOON, problem: undefined },
      // The record of 10:10:00 lies on the border of two windows.
      { pages: 72, records: 11, from: NOON - 72 * HOUR + 10 * MINUTE, to: NOON, problem: undefined },
    ]);
    expect(newRecords(logs)).toEqual([1231, 10]);
    const kept = recordsIn(await first.unread());
    expect(kept).toHaveLength(1241);
    expect(kept.filter(({ type }) => type === 'blocked_traffic')).toHaveLength(10);

    // A record that the API shows an hour late, and one written since; the process is a new one.
    now = NOON + HOUR;
    api.records.push(stubRecord('accepted_traffic', 4000, NOON - 20 * MINUTE, NOON + 50 * MINUTE));
    api.records.push(stubRecord('accepted_traffic', 4001, NOON + 10 * MINUTE));
    api.requests.length = 0;
    const second = await collector('plain');
    const later = await second.collect();
    expect(newRecords(later)).toEqual([2, 0]);
    expect(later[0]).toMatchObject({ from: NOON - 2 * HOUR, to: NOON + HOUR, records: 1232 });
    expect(api.requests.map((query) => `${query.get('type')} ${query.get('start')}`)).toContain(
      'blocked_traffic 2026-03-05T10:00:00.000Z',
    );

    // What the files hold becomes journeys: one of each accepted mail.
    const ingest = new IngestService(place.store);
    const report = await ingest.ingest(await second.unread(), { format: 'trend-email-security' });
    expect(report.totals).toMatchObject({ records: 1243, parsed: 1243, skipped: 0, rejected: 0 });
    const [counts] = await place.store.rows<{ held: number; journeys: number }>({
      sql: `SELECT toUInt32(countIf(hes_ms = 5000)) AS held, toUInt32(countIf(via_hes = 'yes' AND state = 'relayed')) AS journeys FROM hoptime.journeys`,
    });
    expect(counts).toEqual({ held: 1233, journeys: 1233 });
    expect(await second.unread()).toEqual([]);
    await first.close();
    await second.close();
  });

  it('repeats what fails in passing, and waits as long as the API asks', async () => {
    await forgetCheckpoints();
    now = NOON;
    api.records.push(stubRecord('accepted_traffic', 1, NOON - MINUTE));
    api.faults.push({ status: 429, headers: { 'retry-after': '1' } }, { status: 503 }, { cut: true });
    const begun = Date.now();
    const one = await collector('passing');
    expect(newRecords(await one.collect(NOON - HOUR))).toEqual([1, 0]);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1000);
    expect(notes.map((note) => note.replace(/127\S+/, 'HOST').replace(/\(.*\);/, '(…);'))).toEqual([
      'HOST answers 429 (…); next attempt in 1 s',
      'HOST answers 503; next attempt in 1 s',
      'HOST cannot be reached (…); next attempt in 1 s',
    ]);
    expect(one.requests).toBe(5);
    await one.close();
  });

  it('keeps what it has when the API stays away, and goes on from there', async () => {
    await forgetCheckpoints();
    now = NOON;
    api.records.push(
      stubRecord('accepted_traffic', 1, NOON - 150 * MINUTE),
      stubRecord('accepted_traffic', 2, NOON - MINUTE),
    );
    const one = await collector('away');
    // The first window is answered, then the four attempts at the second fail.
    api.onRequest = (count) => void (count >= 2 && count <= 5 && api.faults.push({ status: 500 }));
    const [accepted] = await one.collect(NOON - 3 * HOUR);
    expect(accepted).toMatchObject({ newRecords: 1, to: NOON - 2 * HOUR });
    expect(accepted.problem).toMatch(/^127\S+ answers 500, 4 times\. What was collected is kept; run it again later$/);
    expect(newRecords(await one.collect())).toEqual([1, 0]);
    await one.close();
  });

  it('does not wait longer than makes sense', async () => {
    await forgetCheckpoints();
    api.faults.push({ status: 429, headers: { 'retry-after': '86400' } });
    const one = await collector('long');
    const [accepted] = await one.collect(NOON - HOUR);
    expect(accepted.problem).toMatch(/answers 429 \(too many requests\), 1 times\. It asks to wait 86400 s\./);
    await one.close();
  });

  it('says what to do about wrong credentials, at once and without showing the key', async () => {
    await forgetCheckpoints();
    const one = await collector('wrong', 'wrong-key');
    const logs = await one.collect(NOON - HOUR);
    expect(one.requests).toBe(2);
    expect(logs[0].problem).toMatch(/refuses the credentials \(401\): .*Check TMES_USER and TMES_API_KEY/);
    const other = await collector('wrong', 'key/with+signs=');
    api.faults.push({ status: 403, body: 'key/with+signs= is locked' });
    const [locked] = await other.collect(NOON - HOUR);
    expect(locked.problem).toContain('(403): … is locked.');
    await one.close();
    await other.close();
  });

  it('begins a window anew when its token has become stale', async () => {
    await forgetCheckpoints();
    now = NOON;
    for (let n = 0; n < 600; n++) api.records.push(stubRecord('accepted_traffic', n, NOON - 30 * MINUTE + n * 1000));
    const one = await collector('stale');
    // Its second request brings a token of the first.
    api.onRequest = (count) => void (count === 2 && (api.tokensSince = ++now));
    expect(newRecords(await one.collect(NOON - HOUR))).toEqual([600, 0]);
    // page, refused page, page, page; and one of the other log
    expect(api.requests.map((query) => query.has('token'))).toEqual([false, true, false, true, false]);
    await one.close();
  });

  it('says which time is lost for good', async () => {
    await forgetCheckpoints();
    now = NOON;
    const one = await collector('lost');
    await one.collect(NOON - HOUR);
    now = NOON + 80 * HOUR;
    // 80 h − (72 h − 10 min)
    expect((await one.collect()).map(({ lostMs }) => lostMs)).toEqual([8 * HOUR + 10 * MINUTE, 8 * HOUR + 10 * MINUTE]);
    await one.close();
  });
});

describe('retryAfterMs', () => {
  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 05 Mar 2026 12:00:30 GMT', 30_000],
    ['Thu, 05 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    [null, undefined],
  ])('%s', (field, ms) => {
    expect(retryAfterMs(field, NOON)).toBe(ms);
  });
});
