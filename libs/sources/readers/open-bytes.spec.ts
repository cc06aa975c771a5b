import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import type { InputFile } from './input-file';
import { openBytes, type ReadOptions } from './open-bytes';
import { readRecords, recordsOf } from './read-records';
import { inputFile, readAll, temporaryFolder } from './readers.fixture';
import { PLATFORM_ZSTD } from './unzstd';

const folder = temporaryFolder(afterAll);

async function bytesOf(file: InputFile, options?: ReadOptions) {
  const stream = openBytes(file, options);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const { bytesRead, problem } = stream;
  return { text: Buffer.concat(chunks).toString('utf8'), bytesRead, problem };
}

/** Lines that compress badly, so that a cut falls into them. */
const LINES = Array.from(
  { length: 20_000 },
  (_, i) => `${i} ${(Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(36)} ä\n`,
).join('');

describe('openBytes', () => {
  it.each([
    ['UTF-8', Buffer.from('Zeit;Wert ü€😀\n')],
    ['UTF-8 with mark', Buffer.from('\ufeffZeit;Wert ü€😀\n')],
    ['UTF-16LE with mark', Buffer.from('\ufeffZeit;Wert ü€😀\n', 'utf16le')],
    ['UTF-16LE without mark', Buffer.from('Zeit;Wert ü€😀\n', 'utf16le')],
    ['UTF-16BE with mark', Buffer.from('\ufeffZeit;Wert ü€😀\n', 'utf16le').swap16()],
    ['UTF-16BE without mark', Buffer.from('Zeit;Wert ü€😀\n', 'utf16le').swap16()],
  ])('reads %s, plain and gzip, wherever chunks are cut', async (_name, bytes) => {
    for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes++) {
      expect((await bytesOf(inputFile(folder, 'text', bytes), { chunkBytes })).text).toBe('Zeit;Wert ü€😀\n');
    }
    expect((await bytesOf(inputFile(folder, 'text.gz', gzipSync(bytes)))).text).toBe('Zeit;Wert ü€😀\n');
  });

  it.each([
    ['part of a mark', Buffer.from([0xef, 0xbb])],
    ['a mark in the middle', Buffer.from('a\ufeffb')],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a])],
    ['a hole of NUL bytes', Buffer.concat([Buffer.alloc(5000), Buffer.from('line\n')])],
    ['nothing', Buffer.alloc(0)],
  ])('leaves %s as it is', async (_name, bytes) => {
    for (const chunkBytes of [1, 2, 7000]) {
      const chunks: Buffer[] = [];
      for await (const chunk of openBytes(inputFile(folder, 'raw', bytes), { chunkBytes }))
        chunks.push(Buffer.from(chunk));
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    }
  });

  it('cuts a long UTF-16 text right', async () => {
    expect((await bytesOf(inputFile(folder, 'long', Buffer.from(LINES, 'utf16le')), { chunkBytes: 4097 })).text).toBe(
      LINES,
    );
  });

  it('counts the bytes on disk', async () => {
    const packed = gzipSync(LINES);
    expect(await bytesOf(inputFile(folder, 'a.gz', packed))).toEqual({
      text: LINES,
      bytesRead: packed.length,
      problem: undefined,
    });
    expect((await bytesOf(inputFile(folder, 'a', LINES))).bytesRead).toBe(Buffer.byteLength(LINES));
  });

  it('reads gzip data of several members, also with padding behind them', async () => {
    const packed = Buffer.concat([gzipSync('one\n'), gzipSync(''), gzipSync(LINES), gzipSync('two\n')]);
    for (const chunkBytes of [1000, 4194304]) {
      expect(await bytesOf(inputFile(folder, 'members.gz', packed), { chunkBytes })).toMatchObject({
        text: `one\n${LINES}two\n`,
        problem: undefined,
      });
    }
    expect(await bytesOf(inputFile(folder, 'padded.gz', Buffer.concat([packed, Buffer.alloc(512)])))).toMatchObject({
      text: `one\n${LINES}two\n`,
      problem: undefined,
    });
  });

  it('hands on what there is of a truncated gzip file, then says so', async () => {
    const packed = gzipSync(LINES);
    for (const length of [packed.length - 1, packed.length - 9, packed.length >> 1, 20]) {
      const file = inputFile(folder, 'cut.gz', packed.subarray(0, length));
      const { text, bytesRead, problem } = await bytesOf(file);
      expect(LINES.startsWith(text)).toBe(true);
      // Deflate codes at most a block's tail beyond what the bytes tell.
      expect(text.length).toBeGreaterThanOrEqual(
        length < 100 ? 0 : Math.floor((LINES.length * (length - 40_000)) / packed.length),
      );
      expect(bytesRead).toBe(length);
      expect(problem).toEqual({
        path: file.path,
        reason: 'gzip data ends too early',
        advice: 'the copy is incomplete: copy the file again',
        bytesRead: length,
      });
    }
    const whole = await bytesOf(inputFile(folder, 'cut.gz', packed.subarray(0, packed.length - 8)));
    expect(whole.text).toBe(LINES);
    expect(whole.problem?.reason).toBe('gzip data ends too early');
  });

  it('hands on what there is of a truncated short file, too', async () => {
    const packed = Buffer.concat([gzipSync('one\ntwo\n'), gzipSync('three\n').subarray(0, 10)]);
    const { text, problem } = await bytesOf(inputFile(folder, 'short.gz', packed));
    expect([text, problem?.reason]).toEqual(['one\ntwo\n', 'gzip data ends too early']);
  });

  it('hands on what comes before broken gzip data, then says so', async () => {
    const broken = Buffer.concat([gzipSync(LINES), gzipSync(LINES).fill(0xff, 5000, 5100)]);
    const { text, problem } = await bytesOf(inputFile(folder, 'broken.gz', broken));
    expect(text.startsWith(LINES)).toBe(true);
    expect(problem?.reason).toMatch(/^broken gzip data/);
  });

  it('stops a gzip bomb once it is beyond the limit, and reads what merely compresses well', async () => {
    const zeros = gzipSync(Buffer.alloc(40_000_000), { level: 9 });
    const stopped = await bytesOf(inputFile(folder, 'bomb.gz', zeros), { bombBytes: 10_000_000 });
    expect(stopped.problem?.reason).toBe('gzip data that expands more than 1000:1');
    expect(stopped.text.length).toBeGreaterThanOrEqual(10_000_000);
    expect(stopped.text.length).toBeLessThan(10_000_000 + 20_000_000);
    expect((await bytesOf(inputFile(folder, 'bomb.gz', zeros))).text.length).toBe(40_000_000);
    const log = gzipSync('Mar  2 10:00:00 mx1 postfix/qmgr[1]: 4PbMVG6Tmjz3tG3: removed\n'.repeat(100_000));
    expect((await bytesOf(inputFile(folder, 'log.gz', log), { bombBytes: 1_000_000 })).problem).toBeUndefined();
  });

  it.each([
    ['gone', 'no such file or folder'],
    ['plain/below', 'a part of the path is a file, not a folder'],
    ['folder', 'is a folder'],
  ])('says why %s cannot be read', async (name, reason) => {
    inputFile(folder, 'plain', 'x');
    mkdirSync(join(folder, 'folder'), { recursive: true });
    const file = { path: join(folder, name), display: name, modifiedAt: 0 };
    expect(await bytesOf(file)).toMatchObject({ text: '', problem: { path: name, reason, bytesRead: 0 } });
    expect((await readAll(file, 'lines')).result.problem?.advice).not.toBe('');
  });

  it.each([
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 0, 0]],
    ['bzip2', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['zip', [0x50, 0x4b, 3, 4, 20, 0]],
  ])('names the packing %s, which it does not read', async (packing, magic) => {
    const { text, problem } = await bytesOf(inputFile(folder, 'packed', Buffer.from(magic)), { zstd: null });
    expect([text, problem?.reason]).toEqual(['', `is packed with ${packing}`]);
    expect(problem?.advice).toMatch(/^unpack it first, or pipe it: .* FILE \| hoptime ingest -/);
    expect(problem?.advice.endsWith('Node.js 22.15 or newer, which reads zstd')).toBe(packing === 'zstd');
  });
});

describe('readRecords', () => {
  const file = (): InputFile => inputFile(folder, 'records.log', LINES);

  it('waits for the consumer, reports progress, and ends with nothing left', async () => {
    const progress: number[] = [];
    let busy = false;
    let count = 0;
    const result = await readRecords(
      file(),
      'lines',
      async (batch, bytesRead) => {
        expect(busy).toBe(false);
        busy = true;
        while (batch.next()) count++;
        await new Promise((done) => setTimeout(done, 1));
        busy = false;
        progress.push(bytesRead);
      },
      { chunkBytes: 100_000 },
    );
    const size = Buffer.byteLength(LINES);
    expect(count).toBe(20_000);
    expect(result).toEqual({ bytesRead: size, problem: undefined, stopped: false });
    expect(progress).toEqual([100_000, 200_000, 300_000, size, size]);
  });

  it('stops when the consumer says so, and lets its exception through', async () => {
    let batches = 0;
    const stopped = await readRecords(file(), 'lines', () => ++batches < 2, { chunkBytes: 5000 });
    expect([batches, stopped]).toEqual([2, { bytesRead: 10_000, problem: undefined, stopped: true }]);
    await expect(
      readRecords(file(), 'lines', () => {
        throw new Error('disk full');
      }),
    ).rejects.toThrow('disk full');
  });

  it('leaves no file open, however reading ends', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let round = 0; round < 20; round++) {
      await readRecords(file(), 'lines', () => false);
      for await (const record of recordsOf(file(), 'lines')) if (record.line === 3) break;
      await readRecords({ ...file(), path: join(folder, 'gone') }, 'lines', () => undefined);
    }
    expect(open()).toBe(before);
  });
});

describe('zstd', () => {
  const part = Buffer.from(LINES.replaceAll('ä', 'a').slice(0, 200));
  /** RFC 8878 by hand: content size in one byte, one raw block. */
  const frame = Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 200, 1 | ((200 << 3) & 0xff), 200 >> 5, 0]),
    part,
  ]);
  /** Reads such a frame, as the platform's decompressor does: one frame, and nothing wrong with half of one. */
  const oneFrame = (): Transform => {
    let seen = 0;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        this.push(Buffer.from(chunk.subarray(Math.max(0, 9 - seen), Math.max(0, frame.length - seen))));
        seen += chunk.length;
        done(chunk.includes('\0\0\0') ? new Error('corrupted') : null);
      },
    });
  };
  const read = (content: Buffer, more: ReadOptions = {}) =>
    bytesOf(inputFile(folder, 'packed.zst', content), { zstd: oneFrame, ...more });

  it('is read frame by frame where the platform has it, wherever the bytes are cut', async () => {
    for (const chunkBytes of [3, 100, 4096])
      expect(await read(Buffer.concat([frame, frame, frame]), { chunkBytes })).toEqual({
        text: part.toString().repeat(3),
        bytesRead: 3 * frame.length,
        problem: undefined,
      });
  });

  it('is handed on as far as it goes when it is cut or broken', async () => {
    const cut = await read(Buffer.concat([frame, frame.subarray(0, 100)]));
    expect(cut.text).toBe(`${part.toString()}${part.subarray(0, 91).toString()}`);
    expect(cut.problem).toMatchObject({
      reason: 'zstd data ends too early',
      advice: expect.stringContaining('copy') as string,
    });
    const followed = await read(Buffer.concat([frame, Buffer.from('junk')]));
    expect([followed.text, followed.problem?.reason]).toEqual([
      part.toString(),
      'broken zstd data (no zstd frame begins here)',
    ]);
    const broken = await read(Buffer.concat([frame, Buffer.from(frame).fill(0, 50, 60)]));
    expect(broken.problem?.reason).toBe('broken zstd data (corrupted)');
  });

  it('is stopped when it expands beyond all reason', async () => {
    const bomb = (): Transform =>
      new Transform({ transform: (_chunk, _encoding, done) => done(null, Buffer.alloc(300_000)) });
    const { problem } = await read(frame, { zstd: bomb, bombBytes: 100_000 });
    expect(problem?.reason).toBe('zstd data that expands more than 1000:1');
  });

  it('of this Node.js is used, or said to be missing', async () => {
    const { text, problem } = await bytesOf(inputFile(folder, 'real.zst', frame));
    expect(text).toBe(PLATFORM_ZSTD ? part.toString() : '');
    expect(problem?.reason).toBe(PLATFORM_ZSTD ? undefined : 'is packed with zstd');
    expect(PLATFORM_ZSTD !== undefined).toBe('createZstdDecompress' in zlib);
  });
});
