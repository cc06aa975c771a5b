import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputFile } from '../sources/readers/input-file';
import { inputIdOf, shownInputId } from './input-id';

describe('inputIdOf', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hoptime-input-id-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string): InputFile => ({ path: join(folder, name), display: name, modifiedAt: 0 });
  const head = 'x'.repeat(256);

  it('stays when the file is read again or has grown', async () => {
    writeFileSync(join(folder, 'mail.log'), head);
    const before = await inputIdOf(file('mail.log'));
    expect(await inputIdOf(file('mail.log'))).toBe(before);
    appendFileSync(join(folder, 'mail.log'), 'more');
    expect(await inputIdOf({ ...file('mail.log'), display: 'other', modifiedAt: 5 })).toBe(before);
  });

  it('stays when a file that was shorter than its beginning has grown, where the store knows it', async () => {
    const short = file('short.log');
    writeFileSync(short.path, 'first line\n');
    const first = await inputIdOf(short);
    expect(await inputIdOf(short, ['7', first])).toBe(first);
    appendFileSync(short.path, 'second line\n');
    const second = await inputIdOf(short);
    expect(second).not.toBe(first);
    expect(await inputIdOf(short, ['7', first])).toBe(first);
    appendFileSync(short.path, 'x'.repeat(300));
    expect(await inputIdOf(short, ['7', first])).toBe(first);
    // of two the longer beginning
    expect(await inputIdOf(short, [first, second])).toBe(second);
  });

  it('is another one when a short log was begun anew, and does not grow from an empty file', async () => {
    const begun = file('begun.log');
    writeFileSync(begun.path, '');
    const empty = await inputIdOf(begun);
    writeFileSync(begun.path, 'first line\n');
    const first = await inputIdOf(begun, [empty]);
    expect(first).not.toBe(empty);
    writeFileSync(begun.path, 'other line, longer\n');
    expect(await inputIdOf(begun, [empty, first])).toBe(await inputIdOf(begun));
  });

  it('is another one for another path, and for a log begun anew under the same name', async () => {
    writeFileSync(join(folder, 'a.log'), head);
    writeFileSync(join(folder, 'b.log'), head);
    const [a, b] = [await inputIdOf(file('a.log')), await inputIdOf(file('b.log'))];
    expect(a).not.toBe(b);
    writeFileSync(join(folder, 'a.log'), `y${head.slice(1)}`);
    expect(await inputIdOf(file('a.log'))).not.toBe(a);
  });

  it('is the first eight bytes of SHA-256, lowest first, of path, NUL and head', async () => {
    // printf -- '-\0abc' | sha256sum: 44d825bcb67f4075…
    writeFileSync(join(folder, 'stdin'), 'abc');
    const fd = openSync(join(folder, 'stdin'), 'r');
    expect(shownInputId(await inputIdOf({ path: '-', display: '-', modifiedAt: 0, fd }))).toBe('75407fb6bc25d844');
    closeSync(fd);
  });

  it('of an empty file is an id too', async () => {
    writeFileSync(join(folder, 'empty'), '');
    expect(await inputIdOf(file('empty'))).toMatch(/^\d+$/);
  });
});

describe('shownInputId', () => {
  it.each([
    ['0', '0000000000000000'],
    ['255', '00000000000000ff'],
    ['18446744073709551615', 'ffffffffffffffff'],
  ])('%s is shown as %s', (id, shown) => expect(shownInputId(id)).toBe(shown));
});
