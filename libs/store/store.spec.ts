import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskFullError } from './disk-full';
import { quoted, Store, withNumbers } from './store';
import { StoreHeldError } from './store-lock';

describe('Store.open', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hoptime-store's-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes the folder, says who holds it, and forgets that when it is closed', async () => {
    const path = join(folder, 'deep', 'er');
    const store = await Store.open(`chdb:${path}`);
    expect(readFileSync(join(path, 'hoptime-holder'), 'utf8')).toMatch(new RegExp(`^process ${process.pid}\\n`));
    await store.close();
    expect(existsSync(join(path, 'hoptime-holder'))).toBe(false);
  });

  it('makes the folder for its own user alone, and leaves one that is there as it is', async () => {
    const path = join(folder, 'deep', 'store');
    await (await Store.open(`chdb:${path}`)).close();
    expect((statSync(path).mode & 0o777).toString(8)).toBe('700');
    chmodSync(path, 0o750);
    await (await Store.open(`chdb:${path}`)).close();
    expect((statSync(path).mode & 0o777).toString(8)).toBe('750');
  });

  it('keeps what was written when it is opened again', async () => {
    const url = `chdb:${join(folder, 'store')}`;
    const first = await Store.open(url);
    await first.command({
      sql: `INSERT INTO hoptime_store.rejected_records VALUES (1, 2, 3, 's', 'r', 't', '2026-03-02 00:00:00.000')`,
    });
    await first.close();
    const second = await Store.open(url);
    expect(await second.rows({ sql: 'SELECT line, reason FROM hoptime_store.rejected_records' })).toEqual([
      { line: 2, reason: 'r' },
    ]);
    await second.close();
  });

  it.each(['mysql://user:secret@db.example/hoptime', 'chdb:', './hoptime-data'])(
    'refuses %s without telling a password',
    async (url) => {
      await expect(Store.open(url)).rejects.toThrow(
        /^STORE_URL must be chdb:PATH, or http\(s\):\/\/USER:PASSWORD@HOST:8123\/DATABASE of a ClickHouse server$/,
      );
    },
  );

  it('says what to do with a store that the engine cannot open', async () => {
    const path = join(folder, 'store');
    await (await Store.open(`chdb:${path}`)).close();
    mkdirSync(join(path, 'status'));
    await expect(Store.open(`chdb:${path}`)).rejects.toThrow(
      /^the engine cannot open the store .* delete the folder and ingest your files again$/,
    );
    rmSync(join(path, 'status'), { recursive: true });
    await (await Store.open(`chdb:${path}`)).close();
  });

  it('asks for room before the engine does', async () => {
    const path = join(folder, 'store');
    mkdirSync(path);
    symlinkSync('/dev/full', join(path, 'hoptime-probe'));
    await expect(Store.open(`chdb:${path}`)).rejects.toThrow(DiskFullError);
    expect(readdirSync(path)).toEqual([]);
  });

  it('names the process that holds the store, though nothing but the engine tells; opens it when that one is gone', async () => {
    const path = join(folder, 'store');
    await (await Store.open(`chdb:${path}`)).close();
    const holder = await hold(path);
    try {
      const refused = Store.open(`chdb:${path}`);
      await expect(refused).rejects.toThrow(StoreHeldError);
      await expect(refused).rejects.toThrow(
        `the store ${path} is held by process ${holder.pid}; wait until it is done, or stop it`,
      );
    } finally {
      const gone = new Promise((resolve) => holder.once('exit', resolve));
      holder.kill('SIGKILL');
      await gone;
    }
    const store = await Store.open(`chdb:${path}`);
    expect(readFileSync(join(path, 'hoptime-holder'), 'utf8')).toMatch(new RegExp(`^process ${process.pid}\\n`));
    await store.close();
  });
});

/** Another process that has the directory open. */
async function hold(path: string): Promise<ChildProcess> {
  const script = `
    const { Session } = require(${JSON.stringify(require.resolve('chdb'))});
    const session = new Session(process.argv[1]);
    session.query('SELECT 1');
    process.stdout.write('held');
    setInterval(() => session, 1000);`;
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the holder ended with ${code}`)));
  });
  return child;
}

describe('statements', () => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hoptime-statements-'));
    store = await Store.open(`chdb:${join(folder, 'store')}`);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes typed parameters, whatever text they hold', async () => {
    const text = `it's \\ a "text"; DROP TABLE x -- ü\n\t`;
    expect(await store.rows({ sql: 'SELECT {text:String} AS text, {n:Int64} AS n' }, { text, n: -5 })).toEqual([
      { text, n: -5 },
    ]);
  });

  it('runs statements in the order they were given', async () => {
    await store.command({ sql: 'CREATE TABLE hoptime_store.numbers (n UInt32) ENGINE = MergeTree ORDER BY n' });
    await Promise.all([
      store.command({ sql: 'INSERT INTO hoptime_store.numbers VALUES (1), (2)' }),
      store.command({ sql: 'INSERT INTO hoptime_store.numbers VALUES (3)' }),
    ]);
    expect(await store.rows({ sql: 'SELECT toUInt32(sum(n)) AS sum FROM hoptime_store.numbers' })).toEqual([
      { sum: 6 },
    ]);
  });

  it('works on items side by side, each once', async () => {
    const done: number[] = [];
    await store.inParallel([1, 2, 3, 4, 5], async (item, lane) => {
      const [{ n }] = await lane.rows<{ n: number }>({ sql: `SELECT toUInt32(${item} * 10) AS n` });
      done.push(n);
    });
    expect(done.sort((a, b) => a - b)).toEqual([10, 20, 30, 40, 50]);
    await store.inParallel([], () => Promise.reject(new Error('nothing to work on')));
  });

  it('fails when the work on one of them fails', async () => {
    const work = store.inParallel([1, 2, 3], (item) =>
      item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(),
    );
    await expect(work).rejects.toThrow('two');
    expect(await store.rows({ sql: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
  });

  it('reads back what quoted() made of a text', async () => {
    const text = `/data/o'brien\\n "x"`;
    expect(await store.rows({ sql: `SELECT ${quoted(text)} AS text` })).toEqual([{ text }]);
  });
});

describe('withNumbers', () => {
  const numbers = { slice: 1, slices: '18446744073709551615' };

  it('writes numbers in the place of parameters', () => {
    const statement = withNumbers('correlate/rekey_candidates', numbers);
    expect(statement).toEqual({ sql: expect.stringContaining('% 18446744073709551615 = 1') });
    expect(statement).toEqual({ sql: expect.not.stringMatching(/\{\w+:/) });
  });

  it.each(['1; DROP TABLE x', '', ' 1', '1.5', 'NaN'])('takes no "%s"', (slice) => {
    const refusal = 'correlate/rekey_candidates.sql: slice is no whole number';
    expect(() => withNumbers('correlate/rekey_candidates', { ...numbers, slice })).toThrow(refusal);
  });

  it('takes no parameter without a value', () => {
    expect(() => withNumbers('correlate/rekey_candidates', { slice: 1 })).toThrow('slices is no whole number');
  });
});
