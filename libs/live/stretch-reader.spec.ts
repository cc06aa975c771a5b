import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parserOptions } from '../ingest/file-ingest';
import { embeddedBus } from '../ingest/embedded-bus';
import { RecordIntake } from '../ingest/record-intake';
import { ZoneCheck } from '../ingest/zone-check';
import { sourceNamed } from '../sources/registry';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { NO_DIGEST, type Progress } from './checkpoint';
import { NO_PRINT } from './fingerprint';
import { continued, continuedPacked, type Continuation } from './stretch-bytes';
import { readStretch, type FollowedFraming, type Stretch } from './stretch-reader';

/** A file that grows byte by byte is read in any number of steps, each beginning anew from the progress of the one before. */
let temporary: TemporaryStore;
let folder: string;
beforeAll(async () => {
  temporary = await openTemporaryStore();
  folder = mkdtempSync(join(tmpdir(), 'hoptime-stretch-'));
});
afterAll(async () => {
  await temporary.close();
  rmSync(folder, { recursive: true, force: true });
});

const START: Progress = { ...NO_PRINT, ...NO_DIGEST, position: 0, lines: 0, prologue: '' };

async function step(path: string, from: Progress, framing: FollowedFraming, budget = Infinity): Promise<Stretch> {
  const continuation = await continued(path, from);
  if (!continuation) throw new Error('the file is another one');
  return stretchOf(continuation, from, framing, { budget, toEnd: false });
}

async function stretchOf(
  continuation: Continuation,
  from: Progress,
  framing: FollowedFraming,
  limit: { budget: number; toEnd: boolean },
): Promise<Stretch> {
  const source = sourceNamed(framing === 'csv' ? 'trend-email-security' : 'postfix');
  if (!source) throw new Error('no source');
  const options = parserOptions(source, { timeZone: 'UTC' }, Date.UTC(2026, 2, 3), {});
  const intake = new RecordIntake(embeddedBus(temporary.store), '7', { source, framing }, options, new ZoneCheck());
  try {
    return await readStretch(from, continuation, framing, intake, limit);
  } finally {
    await continuation.close();
  }
}

const CSV =
  '\ufeffsep=;\r\nTimestamp;Delivery Time;Sender;Recipient;Subject;Message ID;Action\r\n' +
  [1, 2, 3, 4, 5]
    .map(
      (n) =>
        `2026-03-02 09:0${n}:00;2026-03-02 09:0${n}:04;a@p.example;b@c.example;"one; ""two""\r\nthree";<${n}@p.example>;Delivered\r\n`,
    )
    .join('');
const LOG = [1, 2, 3, 4, 5]
  .map((n) => `2026-03-02T10:00:0${n}Z mx1.corp.example postfix/qmgr[1]: A00000000${n}: removed\r\n\n`)
  .join('');

it.each([
  // Rows begin on lines 3, 5, …; every line of a log is a record, blank ones too.
  ['csv', CSV, { records: 5, parsed: 5, lines: 12 }],
  ['lines', LOG, { records: 10, parsed: 5, lines: 10 }],
] as const)('%s', async (framing, text, expected) => {
  const bytes = Buffer.from(text);
  for (const pieceBytes of [17, 60, 128, bytes.length]) {
    const path = join(folder, `${framing}-${pieceBytes}`);
    writeFileSync(path, '');
    let progress = START;
    let [records, parsed] = [0, 0];
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      appendFileSync(path, bytes.subarray(at, at + pieceBytes));
      const stretch = await step(path, progress, framing);
      progress = stretch.progress;
      records += stretch.books.records;
      parsed += stretch.books.parsed;
      expect(progress.position).toBeLessThanOrEqual(at + pieceBytes);
      const read = bytes.subarray(0, progress.position);
      if (read.length > 0) expect(progress.sha256).toBe(createHash('sha256').update(read).digest('hex'));
    }
    expect({ records, parsed, lines: progress.lines }).toEqual(expected);
    expect(progress.position).toBe(bytes.length);
    expect(progress.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

it('goes on in a file that was packed when more had come than was read, in many pieces', async () => {
  // So much that unpacking brings it in several pieces.
  const lines = Array.from({ length: 20_000 }, (_, n) => LOG.replaceAll('A0000', `B${n}C`)).join('');
  const path = join(folder, 'whole.log');
  writeFileSync(path, lines.slice(0, 1000));
  const { progress } = await step(path, START, 'lines');
  const packed = join(folder, 'whole.log.gz');
  writeFileSync(packed, gzipSync(lines));
  const continuation = continuedPacked({ path: packed, display: packed, modifiedAt: 0 }, progress);
  const { progress: end } = await stretchOf(continuation, progress, 'lines', { budget: Infinity, toEnd: true });
  expect([end.position, end.lines]).toEqual([lines.length, 200_000]);
  expect(end.sha256).toBe(createHash('sha256').update(lines).digest('hex'));
});

it('does not go on in a file that says something else before the position', async () => {
  const path = join(folder, 'other');
  writeFileSync(path, LOG);
  const { progress } = await step(path, START, 'lines');
  appendFileSync(path, 'and more\n');
  const same = await continued(path, progress);
  const added: Uint8Array[] = [];
  for await (const chunk of same?.chunks ?? []) added.push(Buffer.from(chunk));
  await same?.close();
  expect(Buffer.concat(added).toString()).toBe('and more\n');
  writeFileSync(path, LOG.replace('mx1', 'mx2'));
  expect(await continued(path, progress)).toBeUndefined();
  writeFileSync(path, LOG.slice(0, -1));
  expect(await continued(path, progress)).toBeUndefined();
});
