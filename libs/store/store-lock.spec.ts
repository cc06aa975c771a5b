import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseStore, StoreHeldError, takeStore } from './store-lock';

describe('takeStore', () => {
  let folder: string;
  let other: ChildProcess;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hoptime-lock-'));
    other = spawn('sleep', ['60']);
  });
  afterEach(() => {
    other.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (): string => join(folder, 'hoptime-holder');
  const holder = (): string => readFileSync(file(), 'utf8');
  const mine = new RegExp(`^process ${process.pid}\nstarted \\d+\n$`);
  /** Field 22 of stat, as proc(5) has it; the name of `sleep` holds no blank. */
  const startOf = (pid: number | undefined): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21];

  it('says who has it, and leaves nothing behind', () => {
    takeStore(folder);
    expect(holder()).toMatch(mine);
    expect(readdirSync(folder)).toEqual(['hoptime-holder']);
    releaseStore(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('may be taken several times by the same process; the last to give it back frees it', () => {
    takeStore(folder);
    takeStore(folder);
    releaseStore(folder);
    expect(holder()).toMatch(mine);
    releaseStore(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused while another process lives that has it', () => {
    writeFileSync(file(), `process ${other.pid}\nstarted ${startOf(other.pid)}\n`);
    expect(() => takeStore(folder)).toThrow(StoreHeldError);
    expect(() => takeStore(folder)).toThrow(
      `the store ${folder} is held by process ${other.pid}; wait until it is done, or stop it`,
    );
    expect(readdirSync(folder)).toEqual(['hoptime-holder']);
  });

  it('is taken from a process that was killed', async () => {
    const gone = new Promise((resolve) => other.once('exit', resolve));
    const started = startOf(other.pid);
    other.kill('SIGKILL');
    await gone;
    writeFileSync(file(), `process ${other.pid}\nstarted ${started}\n`);
    takeStore(folder);
    expect(holder()).toMatch(mine);
    releaseStore(folder);
  });

  it('is taken from a process whose number another one has now, as after a restart of a container', () => {
    writeFileSync(file(), `process ${other.pid}\nstarted 1\n`);
    takeStore(folder);
    expect(holder()).toMatch(mine);
    releaseStore(folder);
  });

  it('takes no notice of a file that says nothing', () => {
    writeFileSync(file(), '');
    takeStore(folder);
    expect(holder()).toMatch(mine);
    releaseStore(folder);
  });
});
