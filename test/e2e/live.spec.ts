import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { IngestService } from '../../libs/ingest/ingest.service';
import type { Answer } from '../support/answer';
import { LivePlace, mails, plainAnswer } from './live.fixture';

/** Watched folders, with real files and a real store: the journeys are those of a plain `ingest` of the same lines, whatever happens to the files. */
const LINES = mails(60);
const TEXT = LINES.join('');
const part = (from: number, to: number): string => LINES.slice(from, to).join('');

let whole: Answer;
beforeAll(async () => {
  whole = await plainAnswer([TEXT]);
  expect(whole.journeys.length).toBe(60);
});

let place: LivePlace;
beforeEach(() => (place = new LivePlace()));
afterEach(async () => {
  await place.stop();
  await place.remove();
});

const evidenceOf = (name: string, lines: number): string[] =>
  Array.from({ length: lines }, (_, index) => `${name}:${index + 1}`).sort();

describe('a growing log', () => {
  it('is read from its beginning and as it grows, whole lines only, each traceable', async () => {
    writeFileSync(place.path('mail.log'), part(0, 100));
    await place.start();
    await place.untilRecords(100);
    const half = LINES[100].slice(0, 40);
    appendFileSync(place.path('mail.log'), half);
    await place.until(() => place.file('mail.log')?.lag === half.length);
    expect((await place.books()).records).toBe(100);
    appendFileSync(place.path('mail.log'), LINES[100].slice(40) + part(101, 300));
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
    expect(await place.evidence()).toEqual(evidenceOf('mail.log', 300));
    expect(place.file('mail.log')).toMatchObject({
      state: 'following',
      format: 'postfix',
      size: TEXT.length,
      offset: TEXT.length,
      lag: 0,
      records: 300,
      parsed: 300,
      skipped: 0,
      rejected: 0,
      lastError: null,
      lastEventAt: Date.UTC(2026, 2, 2, 10, 0, 59, 990),
    });
    expect(place.notes).toEqual([]);
  });

  it('balances its books with noise and lines that are not understood', async () => {
    await place.start();
    const noise = '2026-03-02T10:00:00.000Z mx1.corp.example sshd[9]: session opened\n';
    const broken = 'no stamp at all\n';
    writeFileSync(place.path('mail.log'), part(0, 50) + noise + broken);
    await place.untilRecords(52);
    appendFileSync(place.path('mail.log'), broken + part(50, 300) + noise);
    await place.untilRecords(304);
    expect(await place.books()).toMatchObject({ records: 304, parsed: 300, skipped: 2, rejected: 2 });
    const rejected = await place.turn.run(() =>
      place.store.rows<{ line: number }>({
        sql: 'SELECT DISTINCT line FROM hoptime.rejected_records ORDER BY line',
      }),
    );
    expect(rejected.map(({ line }) => line)).toEqual([52, 53]);
    expect(await place.answer()).toEqual(whole);
  });

  it('goes on where it was after a restart, and reads what came meanwhile', async () => {
    writeFileSync(place.path('mail.log'), part(0, 120) + LINES[120].slice(0, 10));
    await place.start();
    await place.untilRecords(120, 10);
    await place.stop();
    appendFileSync(place.path('mail.log'), LINES[120].slice(10) + part(121, 300));
    await place.start();
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
    expect(await place.evidence()).toEqual(evidenceOf('mail.log', 300));
    const [{ rows }] = await place.turn.run(() =>
      place.store.rows<{ rows: number }>({ sql: 'SELECT toUInt32(count()) AS rows FROM hoptime_store.trace_events' }),
    );
    expect(rows).toBe(300);
  });

  it('takes a last line without its end when nothing more comes, and the whole line when it does', async () => {
    writeFileSync(place.path('mail.log'), TEXT.slice(0, -1));
    await place.start({ timing: { lineTailMs: 800 } });
    await place.until(async () => (await place.books()).records === 300);
    expect(place.file('mail.log')).toMatchObject({ records: 300, lag: LINES[299].length - 1 });
    appendFileSync(place.path('mail.log'), '\n');
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
  });
});

describe('log rotation', () => {
  it.each([
    ['rename, and a new file', (from: string, to: string) => renameSync(from, to)],
    [
      'copytruncate',
      (from: string, to: string) => {
        copyFileSync(from, to);
        truncateSync(from, 0);
      },
    ],
    [
      'copy and delete, to another inode',
      (from: string, to: string) => {
        copyFileSync(from, to);
        unlinkSync(from);
      },
    ],
  ])('by %s', async (_how, rotate) => {
    const [log, rotated] = [place.path('mail.log'), place.path('mail.log.1')];
    writeFileSync(log, part(0, 100));
    await place.start();
    await place.untilRecords(100);
    // Lines that nobody has seen before the rotation.
    appendFileSync(log, part(100, 150));
    rotate(log, rotated);
    await place.until(() => place.file('mail.log.1')?.state === 'following');
    appendFileSync(log, part(150, 300));
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
    expect(place.file('mail.log')).toMatchObject({ records: 150, lag: 0 });
    expect(place.file('mail.log.1')).toMatchObject({ records: 150, lag: 0 });
    expect(await place.evidence()).toEqual([...evidenceOf('mail.log', 150), ...evidenceOf('mail.log.1', 150)].sort());
  });

  it('while nobody watches, with lines before and after it', async () => {
    const log = place.path('mail.log');
    writeFileSync(log, part(0, 100));
    await place.start();
    await place.untilRecords(100);
    await place.stop();
    appendFileSync(log, part(100, 160));
    renameSync(log, place.path('mail.log.1'));
    writeFileSync(log, part(160, 220));
    renameSync(place.path('mail.log.1'), place.path('mail.log.2'));
    renameSync(log, place.path('mail.log.1'));
    writeFileSync(log, part(220, 300));
    await place.start();
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
    expect(['mail.log', 'mail.log.1', 'mail.log.2'].map((name) => place.file(name)?.records)).toEqual([80, 60, 160]);
  });

  it('knows a file again that was packed, and what it had not read of it', async () => {
    const log = place.path('mail.log.1');
    writeFileSync(log, part(0, 200));
    await place.start();
    await place.untilRecords(200);
    writeFileSync(place.path('mail.log.1.gz'), gzipSync(readFileSync(log)));
    unlinkSync(log);
    await place.until(() => place.file('mail.log.1.gz')?.state === 'read');
    expect(place.file('mail.log.1.gz')).toMatchObject({ records: 200, lag: 0 });
    expect((await place.books()).records).toBe(200);
    await place.stop();
    // Unseen: the rest was written, and then all of it packed under another name.
    rmSync(place.path('mail.log.1.gz'));
    writeFileSync(place.path('mail.log.2.gz'), gzipSync(TEXT));
    await place.start();
    await place.untilRecords(300);
    expect(place.file('mail.log.2.gz')).toMatchObject({ state: 'read', records: 300 });
    expect(await place.answer()).toEqual(whole);
    expect(await place.evidence()).toEqual(evidenceOf('mail.log.2.gz', 300));
  });

  it('reads a packed file that it does not know, and a damaged one when it was mended', async () => {
    const packed = gzipSync(TEXT);
    writeFileSync(place.path('old.gz'), packed.subarray(0, packed.length / 2));
    await place.start();
    await place.until(() => typeof place.file('old.gz')?.lastError === 'string');
    expect(place.notes.filter((note) => note.includes('old.gz'))).toEqual([
      expect.stringContaining('gzip data ends too early'),
    ]);
    writeFileSync(place.path('old.gz'), packed);
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
    expect(place.file('old.gz')?.lastError).toBeNull();
  });

  it('begins anew where a file is truncated and written again, shorter or longer', async () => {
    const log = place.path('mail.log');
    writeFileSync(log, part(0, 100));
    await place.start();
    await place.untilRecords(100);
    writeFileSync(log, part(100, 150));
    await place.until(async () => (await place.books()).records === 150);
    writeFileSync(log, part(150, 300));
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
  });
});

describe('files of a folder', () => {
  it('come, go, lie in folders below, and are chosen by a glob', async () => {
    mkdirSync(join(place.logs, 'deep/er'), { recursive: true });
    await place.start({ watch: [join(place.logs, '**/*.log')] });
    writeFileSync(place.path('deep/er/a.log'), part(0, 150));
    writeFileSync(place.path('other.txt'), part(0, 10));
    await place.untilRecords(150);
    unlinkSync(place.path('deep/er/a.log'));
    await place.until(() => place.file('deep/er/a.log')?.state === 'gone');
    writeFileSync(place.path('b.log'), part(150, 300));
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
    expect(place.file('other.txt')).toBeUndefined();
  });

  it('that cannot be read are named once, and read when they can be', async () => {
    symlinkSync('loop.log', place.path('loop.log'));
    writeFileSync(place.path('picture.log'), Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251)));
    await place.start({ watch: [place.logs, join(place.folder, 'later')] });
    writeFileSync(place.path('mail.log'), part(0, 150));
    await place.untilRecords(150);
    await place.until(() => place.file('picture.log')?.state === 'unknown_format');
    expect(place.file('loop.log')).toMatchObject({ state: 'unreadable', inputId: null });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(place.notes.map((note) => note.replace(place.folder, '')).sort()).toEqual([
      expect.stringMatching(/^\/later: no such file or folder/),
      expect.stringMatching(/^\/logs\/loop\.log: symbolic links lead in a circle/),
      expect.stringMatching(/^\/logs\/picture\.log: looks like none of the known formats/),
    ]);
    unlinkSync(place.path('loop.log'));
    mkdirSync(join(place.folder, 'later'));
    writeFileSync(join(place.folder, 'later/rest.log'), part(150, 300));
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);
  });

  it('hold a backlog larger than one turn', async () => {
    const many = mails(25_000).join('');
    // as TURN_BYTES of input-reader.ts
    expect(many.length).toBeGreaterThan(16 * 2 ** 20);
    writeFileSync(place.path('mail.log'), many);
    writeFileSync(place.path('other.log'), mails(100, 0, 'mx2.corp.example').join(''));
    await place.start();
    await place.untilRecords(125_500);
    expect((await place.answer()).journeys.length).toBe(25_100);
  });
});

describe('ingest and forget beside it', () => {
  it('ingest of a watched file changes nothing, forget takes it out until it is read with other options', async () => {
    const log = place.path('mail.log');
    writeFileSync(log, part(0, 150));
    await place.start();
    await place.untilRecords(150);
    const ingest = new IngestService(place.store);
    const report = await place.turn.run(() => ingest.ingest([log]));
    expect(report.files[0]).toMatchObject({ inputId: place.file('mail.log')?.inputId, records: 150 });
    expect((await place.books()).records).toBe(150);
    appendFileSync(log, part(150, 300));
    await place.untilRecords(300);
    expect(await place.answer()).toEqual(whole);

    expect((await place.turn.run(() => ingest.forget(log))).inputs.length).toBe(1);
    appendFileSync(log, LINES[0]);
    await place.until(() => place.file('mail.log')?.state === 'forgotten');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await place.answer()).journeys).toEqual([]);
    expect((await place.books()).records).toBe(0);
    await place.stop();

    await place.start();
    await place.until(() => place.file('mail.log')?.state === 'forgotten');
    expect((await place.books()).records).toBe(0);
    await place.stop();

    await place.start({ ingest: { timeZone: 'Europe/Berlin' } });
    await place.untilRecords(301);
    expect(await place.answer()).toEqual(whole);
  });
});
