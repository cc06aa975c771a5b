import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryFile } from './memory-file';

describe('MemoryFile', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hoptime-memory-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what it was filled with last, shorter or longer, and has no name', () => {
    const file = MemoryFile.create(folder);
    if (!file) throw new Error('no file');
    for (const text of ['first', 'a second text', '3', '']) {
      expect(file.fill([Buffer.from(text)])).toBe(true);
      expect(readFileSync(file.path, 'utf8')).toBe(text);
    }
    expect(file.fill(['one, ', '', 'two, ', 'three'].map((text) => Buffer.from(text)))).toBe(true);
    expect(readFileSync(file.path, 'utf8')).toBe('one, two, three');
    expect(file.fill([])).toBe(true);
    expect(readFileSync(file.path, 'utf8')).toBe('');
    expect(readdirSync(folder)).toEqual([]);
    file.close();
  });

  it('is not to be had where the folder is missing', () => {
    expect(MemoryFile.create(join(folder, 'missing'))).toBeUndefined();
  });

  it('says when it cannot take the content', () => {
    const file = MemoryFile.create(folder);
    if (!file) throw new Error('no file');
    file.close();
    expect(file.fill([Buffer.from('x')])).toBe(false);
  });
});
