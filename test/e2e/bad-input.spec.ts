import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { layEmptyStore } from '../../libs/store/temporary-store.fixture';
import { waitsForInput } from '../support/waits-for-input';
import { BAD_INPUTS, GOOD } from './bad-input.fixture';
import { CLI, Workplace } from './hoptime.fixture';

/** Each kind of bad input beside a good file: it is named with what to do, the exit code tells, and the good file is ingested. */
const place = new Workplace();
const { folder } = place;
let stores = 0;
/** An empty one for the case alone. */
const ownStore = (): string[] => {
  const path = join(folder, `store-${stores++}`);
  cpSync(join(folder, 'empty-store'), path, { recursive: true });
  return ['--store-url', `chdb:${path}`];
};

interface File {
  path: string;
  records: number;
  parsed: number;
  skipped: number;
  rejected: number;
  problem: string | null;
  warnings: string[];
  rejected_reasons: { reason: string }[];
}
type Report = { files: File[]; journeys: Record<string, number> };

beforeAll(async () => {
  await layEmptyStore(join(folder, 'empty-store'));
  writeFileSync(join(folder, 'good.log'), GOOD);
});
afterAll(() => place.remove());

const fileOf = (report: Report, name: string): File => {
  const found = report.files.find(({ path }) => path === name);
  if (!found) throw new Error(`no ${name} in ${JSON.stringify(report.files.map(({ path }) => path))}`);
  return found;
};
const goodIsIngested = (store: string[]): void =>
  expect(place.quick(['journey', 'good@partner.example', '--json', ...store])).toMatchObject({ status: 0 });

describe.each(Object.entries(BAD_INPUTS))('%s', (name, content) => {
  it('is named, and the good file beside it ingested', () => {
    const bad = content();
    writeFileSync(join(folder, name), bad.content);
    const store = ownStore();
    const both = ['ingest', name, 'good.log', ...(bad.args ?? [])];
    const asJson = place.quick([...both, '--json', ...store]);
    expect({ status: asJson.status, stderr: asJson.stderr }).toEqual({ status: bad.status, stderr: '' });
    const report = JSON.parse(asJson.stdout) as Report;
    expect(fileOf(report, 'good.log')).toMatchObject({ records: 5, parsed: 5, problem: null });
    expect(report.journeys.complete).toBeGreaterThan(0);
    const file = fileOf(report, name);
    expect([file.problem, ...file.warnings, ...file.rejected_reasons.map(({ reason }) => reason)].join('\n')).toMatch(
      bad.says,
    );
    expect(file.records).toBe(file.parsed + file.skipped + file.rejected);
    if (bad.records >= 0) expect(file.records).toBe(bad.records);
    if (bad.parsed >= 0) expect(file.parsed).toBe(bad.parsed);

    const asText = place.quick([...both, ...store]);
    const said = `${asText.stdout}${asText.stderr}`;
    expect(asText.stdout).not.toMatch(/^(PROBLEM|WARNING)/m);
    expect(asText.stderr).not.toMatch(/^REJECTED/m);
    expect(said.match(/hoptime forget FILE/g) ?? []).toHaveLength(name === 'wrong-zone.log' ? 1 : 0);
    expect(asText.status).toBe(bad.status);
    expect(said).toMatch(bad.says);
    expect(said).toMatch(new RegExp(`(PROBLEM|WARNING|REJECTED) ${name.replaceAll('.', '\\.')}`));
  });
});

describe('what cannot be reached', () => {
  it('names a broken link, a path through a file and an unreadable folder, and ingests the rest', () => {
    mkdirSync(join(folder, 'mixed/locked'), { recursive: true });
    writeFileSync(join(folder, 'mixed/locked/hidden.log'), GOOD);
    writeFileSync(join(folder, 'mixed/good.log'), GOOD);
    symlinkSync('nowhere', join(folder, 'mixed/broken.log'));
    chmodSync(join(folder, 'mixed/locked'), 0);
    const store = ownStore();
    const words = [CLI, 'ingest', 'mixed', 'good.log/inner.log', '--json', ...store];
    // Root reads everything, unless it lacks these two capabilities.
    const asRoot = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', process.execPath, ...words];
    const [command, ...args] = process.getuid?.() === 0 ? asRoot : [process.execPath, ...words];
    const run = spawnSync(command, args, { cwd: folder, env: place.env(), encoding: 'utf8' });
    chmodSync(join(folder, 'mixed/locked'), 0o700);
    if (run.error) throw run.error;
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 1, stderr: '' });
    const report = JSON.parse(run.stdout) as Report;
    expect(report.files.map(({ path, problem }) => [path, problem?.split(';')[0]])).toEqual([
      ['mixed/broken.log', 'no such file or folder'],
      ['mixed/good.log', undefined],
      ['mixed/locked', 'permission denied'],
      ['good.log/inner.log', 'a part of the path is a file, not a folder'],
    ]);
    goodIsIngested(store);
  });

  it('names the process that holds the store, and goes on when that is done', async () => {
    const path = join(folder, `store-${stores++}`);
    const store = ['--store-url', `chdb:${path}`];
    const holder = spawn(process.execPath, [CLI, 'ingest', '-', ...store], {
      cwd: folder,
      env: place.env(),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = once(holder, 'exit');
    await waitsForInput(holder);
    const run = place.run(['ingest', 'good.log', ...store]);
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
    expect(run.stderr).toBe(
      `hoptime: the store ${path} is held by process ${holder.pid}; wait until it is done, or stop it\n`,
    );
    holder.stdin.end(GOOD);
    expect(await ended).toEqual([0, null]);
    expect(place.run(['ingest', 'good.log', ...store]).status).toBe(0);
    goodIsIngested(store);
  });
});

describe('a full disk', () => {
  const lines = GOOD.split('\n').slice(0, -1);
  const big = join(folder, 'big.log');

  /** Twenty thousand messages with texts that hardly compress: some 70 MB of events. */
  function writeBig(): void {
    const texts = Array.from({ length: 20_000 }, (_, copy) => {
      const id = `4F${(0x10000000 + copy * 7919).toString(16).toUpperCase()}`;
      const noise = Array.from({ length: 6 }, (_, i) => Math.imul(copy * 6 + i + 1, 0x9e3779b1).toString(36)).join('');
      return lines
        .map((line) =>
          line
            .replace('4fPZDN0mgNz8xQ', id)
            .replace('good@', `${noise}@`)
            .replace('delivered to mailbox', noise.repeat(4)),
        )
        .join('\n');
    });
    writeFileSync(big, `${texts.join('\n')}\n`);
  }

  it('ends with 1 and says what to do; the store survives, and the same command succeeds when there is room', () => {
    writeBig();
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    // A disk of its own, in a mount namespace that ends with the script.
    const script = `
      mount -t tmpfs -o size=100k none ${disk} || exit 99
      run() { "$NODE" "$CLI" "$@" --store-url chdb:${disk}/store; }
      run ingest good.log > none.out 2> none.err; echo $? > none.code
      mount -o remount,size=16m ${disk}
      run ingest good.log > first.out 2> first.err; echo $? > first.code
      run ingest big.log good.log > full.out 2> full.err; echo $? > full.code
      run journey good@partner.example > after.out 2> after.err; echo $? > after.code
      mount -o remount,size=2g ${disk}
      run ingest big.log good.log --json > again.out 2> again.err; echo $? > again.code
    `;
    const user = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
    const env = { ...place.env(), NODE: process.execPath, CLI };
    const run = spawnSync('unshare', [...user, 'sh', '-c', script], { cwd: folder, env, encoding: 'utf8' });
    if (run.error) throw run.error;
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
    const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect({ code: text('first.code'), err: text('first.err') }).toEqual({ code: '0\n', err: '' });
    expect(text('full.err')).toMatch(
      new RegExp(`^hoptime: no space left on the disk of ${disk}/store.*: free some, then run the same command again`),
    );
    expect(text('full.code')).toBe('1\n');
    expect({ code: text('none.code'), err: text('none.err') }).toEqual({
      code: '1\n',
      err: expect.stringMatching(
        new RegExp(`^hoptime: no space left on the disk of ${disk}/store.*run the same command again.*\\n$`),
      ) as unknown,
    });
    expect([text('after.code'), text('after.err')]).toEqual(['0\n', expect.anything()]);
    expect({ code: text('again.code'), err: text('again.err') }).toEqual({ code: '0\n', err: '' });
    expect((JSON.parse(text('again.out')) as Report).journeys).toEqual({ total: 20_001, complete: 20_001 });
  });

  it.each([0, 64, 4000])('a limit of %i KiB per file is named too, and the store survives', (limit) => {
    if (!existsSync(big)) writeBig();
    const path = join(folder, `store-${stores++}`);
    const store = ['--store-url', `chdb:${path}`];
    const words = ['-c', `ulimit -f ${limit} && exec "$@"`, 'bash', process.execPath, CLI, 'ingest', big, ...store];
    const run = spawnSync('bash', words, { cwd: folder, env: place.env(), encoding: 'utf8' });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(
      new RegExp(
        `^hoptime: a file of ${path}[a-z/]* would become larger than the system allows: .*\\(ulimit -f\\).*\\n$`,
      ),
    );
    const again = place.run(['ingest', 'good.log', '--json', ...store]);
    expect({ status: again.status, stderr: again.stderr }).toEqual({ status: 0, stderr: '' });
    expect((JSON.parse(again.stdout) as Report).journeys.complete).toBeGreaterThanOrEqual(1);
  });

  it('is named where an answer goes, too', () => {
    const simulate = ['simulate', '--messages', '50', '--out', 'fleet'];
    for (const [words, what] of [
      [['formats', '--json'], 'standard output'],
      [['report', '-o', '/dev/full', ...ownStore()], '/dev/full'],
    ] as const) {
      const script = `exec "$@" ${what === 'standard output' ? '> /dev/full' : ''}`;
      const run = spawnSync('bash', ['-c', script, 'bash', process.execPath, CLI, ...words], {
        cwd: folder,
        env: place.env(),
        encoding: 'utf8',
      });
      expect({ status: run.status, stderr: run.stderr }).toEqual({
        status: 1,
        stderr: `hoptime: no space left on the disk of ${what}: free some, then run the same command again (reading twice is safe)\n`,
      });
    }
    const limited = ['-c', 'ulimit -f 4 && exec "$@"', 'bash', process.execPath, CLI, ...simulate];
    const run = spawnSync('bash', limited, { cwd: folder, env: place.env(), encoding: 'utf8' });
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^hoptime: a file of fleet would become larger than the system allows/);
  });
});
