import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InProcessBus } from '../bus/in-process.bus';
import { LogApiStub, stubRecord } from '../collect/log-api.fixture';
import type { InputRow } from '../store/input.repository';
import { CollectorWorker } from './collector.worker';

const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'hoptime-collector-'));
let api: LogApiStub;
beforeAll(async () => (api = await LogApiStub.open(Date.now)));
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a collector that only asks Trend's API until it has put `wanted` inputs on the bus, and ends it; answers these. */
async function collected(wanted: number): Promise<InputRow[]> {
  const bus = new InProcessBus();
  const read: InputRow[] = [];
  await bus.subscribe('trace-events', 'test', ({ records }) => {
    for (const { headers, value } of records) {
      const row = headers.kind === 'input' ? (JSON.parse(value.toString()) as InputRow) : undefined;
      if (row?.state === 'read') read.push(row);
    }
    return Promise.resolve();
  });
  const asked = api.requests.length;
  const tmes = { root: api.root, user: 'collector@corp.example', key: 'key/with+signs=', intervalMs: 50 };
  const notes: string[] = [];
  const worker = new CollectorWorker(
    folder,
    bus,
    { paths: [], watch: [], options: {} },
    (sentence) => notes.push(sentence),
    undefined,
    tmes,
  );
  expect(worker.follows).toBe(true);
  await worker.start();
  // Both logs once more after what is wanted was read: whatever is read twice would be there.
  let rounds = Infinity;
  for (const end = Date.now() + 90_000; Date.now() < end && api.requests.length < rounds;) {
    if (rounds === Infinity && read.length >= wanted && api.requests.length > asked) rounds = api.requests.length + 8;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await worker.stop();
  await bus.close();
  expect(notes.filter((note) => note.includes('API'))).toEqual([]);
  return read;
}

it("takes what Trend's API has onto the bus, once, also after a restart", async () => {
  for (let n = 0; n < 3; n++) api.records.push(stubRecord('accepted_traffic', n, Date.now() - (90 + n) * MINUTE));
  api.records.push(stubRecord('blocked_traffic', 9, Date.now() - 10 * MINUTE));
  const first = await collected(2);
  expect(first.map(({ format }) => format)).toEqual(first.map(() => 'trend-email-security'));
  expect(first.reduce((sum, { records, parsed }) => sum + records * 1000 + parsed, 0)).toBe(4004);
  for (const { path } of first) expect(readFileSync(path, 'utf8')).toContain('"logs":[');

  expect(await collected(0)).toEqual([]);
  api.records.push(stubRecord('accepted_traffic', 20, Date.now() - 5 * MINUTE));
  const [late, ...more] = await collected(1);
  expect({ records: late.records, more }).toEqual({ records: 1, more: [] });
});

it('says what came of a file that goes on growing every two seconds, and in the end what came of all', async () => {
  const watched = join(folder, 'watched');
  mkdirSync(watched);
  const bus = new InProcessBus();
  const seen: (number | 'events')[] = [];
  await bus.subscribe('trace-events', 'test', ({ records }) => {
    for (const { headers, value } of records)
      seen.push(headers.kind === 'input' ? (JSON.parse(value.toString()) as InputRow).records : 'events');
    return Promise.resolve();
  });
  const sources = { paths: [], watch: [watched], options: {} };
  const worker = new CollectorWorker(join(folder, 'of-watched'), bus, sources, () => undefined);
  await worker.start();
  const blocks = (): number => seen.filter((one) => one === 'events').length;
  for (let n = 1; n <= 3; n++) {
    const id = `${n}A0000000B`;
    appendFileSync(
      join(watched, 'mail.log'),
      `2026-11-28T10:00:0${n}.000000+00:00 mx1 postfix/smtpd[7]: ${id}: client=a.example[192.0.2.1]\n`.repeat(4),
    );
    for (const end = Date.now() + 20_000; blocks() < n && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await worker.stop();
  await bus.close();
  expect(blocks()).toBe(3);
  // with the first block, and at the end
  expect(seen.filter((one) => one !== 'events')).toEqual([4, 12]);
  expect(seen.slice(0, 2)).toEqual(['events', 4]);
});
