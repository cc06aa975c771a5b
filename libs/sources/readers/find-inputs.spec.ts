import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { findInputs } from './find-inputs';
import { isInputProblem, type InputFile, type InputProblem } from './input-file';
import { readAll, temporaryFolder } from './readers.fixture';
import { closeSpool } from './spool';

const folder = temporaryFolder(afterAll);
const at = (...names: string[]): string => join(folder, ...names);

async function find(paths: string[], stdin?: Readable): Promise<(InputFile | InputProblem)[]> {
  const found = [];
  for await (const input of findInputs(paths, stdin)) found.push(input);
  return found;
}

const shown = (inputs: (InputFile | InputProblem)[]): string[] =>
  inputs.map((input) =>
    isInputProblem(input) ? `${relative(folder, input.path)}: ${input.reason}` : relative(folder, input.path),
  );

beforeAll(() => {
  for (const name of ['tree/b', 'tree/a', 'tree/.git', 'empty', 'globs']) mkdirSync(at(name), { recursive: true });
  for (const name of [
    'tree/b/2.log',
    'tree/b/1.log',
    'tree/a/3.log',
    'tree/c.log',
    'tree/.hidden',
    'tree/.git/x.log',
    'globs/[1].log',
    'globs/1.log',
  ]) {
    writeFileSync(at(name), 'x\n');
  }
  symlinkSync('../c.log', at('tree/a/again.log'));
  symlinkSync('..', at('tree/a/up'));
  symlinkSync('nowhere', at('tree/b/broken.log'));
  symlinkSync('loop', at('loop'));
});

describe('findInputs', () => {
  it('reads a folder with all below, by name, without hidden files, each file once, links included', async () => {
    expect(shown(await find([at('tree')]))).toEqual([
      'tree/a/3.log',
      'tree/a/again.log',
      'tree/b/1.log',
      'tree/b/2.log',
      'tree/b/broken.log: no such file or folder',
    ]);
  });

  it('keeps the order of the arguments and reads what two of them reach once', async () => {
    expect(shown(await find([at('tree/c.log'), at('tree/b/2.log'), at('tree/b')]))).toEqual([
      'tree/c.log',
      'tree/b/2.log',
      'tree/b/1.log',
      'tree/b/broken.log: no such file or folder',
    ]);
  });

  it('expands patterns, also to folders, and takes an existing name literally', async () => {
    expect(shown(await find([at('tr*/b/[12].log')]))).toEqual(['tree/b/1.log', 'tree/b/2.log']);
    expect(shown(await find([at('tree/{a,b}/[13].log')]))).toEqual(['tree/a/3.log', 'tree/b/1.log']);
    expect(shown(await find([at('globs/[1].log')]))).toEqual(['globs/[1].log']);
    expect(shown(await find([at('glo*')]))).toEqual(['globs/1.log', 'globs/[1].log']);
  });

  it('says what is wrong with each bad input and goes on with the others', async () => {
    const inputs = await find([
      at('gone.log'),
      at('tree/c.log/x'),
      at('loop'),
      at('x'.repeat(300)),
      at('none-*.log'),
      at('empty'),
      at('tree/c.log'),
    ]);
    expect(shown(inputs)).toEqual([
      'gone.log: no such file or folder',
      'tree/c.log/x: a part of the path is a file, not a folder',
      'loop: symbolic links lead in a circle',
      `${'x'.repeat(300)}: the path is too long`,
      'none-*.log: the pattern matches nothing',
      'tree/c.log',
    ]);
    for (const input of inputs) if (isInputProblem(input)) expect(input.advice).not.toBe('');
  });

  it('describes a file: absolute path, name as given, size and last change', async () => {
    utimesSync(at('globs/1.log'), 1_700_000_000, 1_700_000_000.25);
    const given = relative(process.cwd(), at('globs/1.log'));
    expect(await find([given])).toEqual([
      { path: at('globs/1.log'), display: given, sizeBytes: 2, modifiedAt: 1_700_000_000_250 },
    ]);
  });

  it('copies standard input, so that it can be read again, and leaves no file behind', async () => {
    const before = Date.now();
    const copies = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('hoptime-input-'));
    const others = new Set(copies());
    // already while it is copied, the copy has no name that a killed program would leave behind
    let named: string[] = ['not looked'];
    async function* chunks(): AsyncGenerator<Buffer> {
      yield Buffer.from('one\nt');
      named = copies().filter((name) => !others.has(name));
      await new Promise((done) => setTimeout(done, 100));
      // Those of other programs that read their standard input just now have gone since.
      const still = copies();
      named = named.filter((name) => still.includes(name));
      yield Buffer.from('wo\n');
    }
    const [input] = await find(['-', '-'], Readable.from(chunks()));
    expect(named).toEqual([]);
    if (isInputProblem(input)) throw new Error(input.reason);
    expect(input).toMatchObject({ path: '-', display: '-', sizeBytes: 8 });
    expect(input.modifiedAt).toBeGreaterThanOrEqual(before);
    for (let pass = 0; pass < 2; pass++) {
      expect((await readAll(input, 'lines')).records).toEqual([
        { text: 'one', line: 1 },
        { text: 'two', line: 2 },
      ]);
    }
    closeSpool(input);
  });

  it('reports standard input that breaks', async () => {
    const broken = new Readable({ read: () => broken.destroy(Object.assign(new Error('read'), { code: 'EIO' })) });
    expect(await find(['-'], broken)).toEqual([
      { path: '-', reason: 'the disk reports a read error', advice: 'check the disk, then read the file again' },
    ]);
  });

  it('reads a pipe that is named, and passes by one in a folder', async () => {
    mkdirSync(at('pipes'));
    execFileSync('mkfifo', [at('pipes/pipe')]);
    expect(await find([at('pipes')])).toEqual([]);
    const writing = execFile('sh', ['-c', `echo hello > '${at('pipes/pipe')}'`]);
    const [input] = await find([at('pipes/pipe')]);
    if (isInputProblem(input)) throw new Error(input.reason);
    expect((await readAll(input, 'lines')).records).toEqual([{ text: 'hello', line: 1 }]);
    closeSpool(input);
    expect(writing.exitCode).toBe(0);
  });
});
