import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskFullError } from './disk-full';
import { Spool } from './spool';

describe('Spool', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hoptime-spool-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const files = (): string[] => readdirSync(join(folder, 'spool'));
  const NO_MEMORY = '/nowhere';

  it.each([
    ['in memory', undefined],
    ['beside the store', NO_MEMORY],
  ])('hands the content over as a file, %s', async (_where, memory) => {
    const spool = new Spool(folder, memory);
    for (const content of ['a longer text', Uint8Array.of(0, 255), '']) {
      await spool.through(content, async (path) => {
        expect(path.startsWith(folder)).toBe(memory === NO_MEMORY);
        expect(readFileSync(path)).toEqual(Buffer.from(content));
      });
    }
    spool.close();
  });

  it('removes what it wrote beside the store', async () => {
    const spool = new Spool(folder, NO_MEMORY);
    const paths: string[] = [];
    for (const content of ['text', Uint8Array.of(0, 255)]) {
      await spool.through(content, async (path) => {
        paths.push(path);
        expect(readFileSync(path)).toEqual(Buffer.from(content));
      });
    }
    expect(new Set(paths).size).toBe(2);
    expect(files()).toEqual([]);
  });

  it('gives each of several at a time a file of its own', async () => {
    const spool = new Spool(folder);
    const contents = await Promise.all(
      ['a', 'b', 'c'].map(async (content) => {
        let read = '';
        await spool.through(content, async (path) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          read = readFileSync(path, 'utf8');
        });
        return read;
      }),
    );
    expect(contents).toEqual(['a', 'b', 'c']);
  });

  it('is emptied when it is opened: a killed program leaves files', () => {
    mkdirSync(join(folder, 'spool'));
    writeFileSync(join(folder, 'spool', '0.spool'), 'left over');
    new Spool(folder);
    expect(files()).toEqual([]);
  });

  it('a full disk is a DiskFullError with advice', async () => {
    const spool = new Spool(folder, NO_MEMORY);
    // the device that is always full: the system itself says ENOSPC
    symlinkSync('/dev/full', join(folder, 'spool', '0.spool'));
    const failed = spool.through('x'.repeat(100_000), () => Promise.resolve());
    await expect(failed).rejects.toThrow(DiskFullError);
    await expect(failed).rejects.toThrow(
      `no space left on the disk of ${join(folder, 'spool')}: free some, then run the same command again (reading twice is safe)`,
    );
    expect(files()).toEqual([]);
    expect(existsSync('/dev/full')).toBe(true);
  });

  it('and so is what the engine says when it has no room', async () => {
    const error = Object.assign(new Error('cannot reserve'), { code: '243' });
    await expect(new Spool(folder).through('', () => Promise.reject(error))).rejects.toThrow(DiskFullError);
  });

  it.each<[string, unknown]>([
    ['another code', Object.assign(new Error('Memory limit exceeded'), { code: '241' })],
    ['another errno', Object.assign(new Error('denied'), { code: 'EACCES' })],
    ['no error object', 'gone'],
  ])('%s is passed on, and the file removed', async (_what, error) => {
    await expect(new Spool(folder).through('', () => Promise.reject(error))).rejects.toBe(error);
    expect(files()).toEqual([]);
  });
});
