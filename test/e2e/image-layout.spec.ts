import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { until } from '../support/until';

/**
 * No container engine runs here: what the Dockerfile copies is put together in a folder by its own steps, with production packages only, and the
 * program and every worker is started from there, from another working directory.
 */
const ROOT = resolve(__dirname, '../..');
// Not below the checkout, whose own packages would be found from there.
const image = mkdtempSync(join(tmpdir(), 'hoptime-image-'));
const data = mkdtempSync(join(tmpdir(), 'hoptime-image-data-'));
const home = join(image, 'opt', 'hoptime');
afterAll(() => {
  rmSync(image, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
});

/** The `COPY --from=build FROM TO` lines of the image, with FROM relative to the checkout and TO to its WORKDIR. */
function copies(): [from: string, to: string][] {
  const [, last] = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8').split(/^FROM (?!.*AS build)/m);
  const lines = [...last.matchAll(/^COPY --from=build \/hoptime\/(\S+) (\S+)$/gm)];
  return lines.map(([, from, to]) => [from, to === './' ? from : to]);
}

/** As `npm prune --omit=dev` leaves it: what the lock file does not call a package of development. */
function productionPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(join(ROOT, path)))
    .map(([path]) => path);
}

beforeAll(() => {
  if (!existsSync(join(ROOT, 'dist/apps/cli/main.js'))) throw new Error('dist is not there: run "npm run build" first');
  const steps = copies();
  expect(steps.map(([from]) => from)).toEqual(
    expect.arrayContaining(['package.json', 'node_modules', 'dist', 'libs/store/sql']),
  );
  for (const [from, to] of steps) {
    if (from !== 'node_modules') {
      cpSync(join(ROOT, from), join(home, to), { recursive: true });
      continue;
    }
    for (const path of productionPackages()) {
      // A package inside another one came with it.
      if (existsSync(join(home, path))) continue;
      mkdirSync(dirname(join(home, path)), { recursive: true });
      // Packages are large: linked where that can be.
      const copied = [['-al'], ['-a']].some(
        (how) => spawnSync('cp', [...how, join(ROOT, path), join(home, path)]).status === 0,
      );
      if (!copied) throw new Error(`${path} cannot be copied to ${home}`);
    }
  }
});

const CLEAN = { PATH: process.env.PATH, HOME: data, NODE_ENV: 'production' };
const run = (main: string, args: string[], env: Record<string, string> = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [join(home, 'dist/apps', main, 'main.js'), ...args], {
    cwd: data,
    env: { ...CLEAN, ...env },
    encoding: 'utf8',
    timeout: 150_000,
  });

it('reads, reports and answers SQL from the image', () => {
  const story = join(ROOT, 'test/scenarios/greylisted-hes-says-so/inputs');
  const read = run('cli', ['ingest', story, '--json']);
  expect(read.stderr).toBe('');
  expect(JSON.parse(read.stdout)).toMatchObject({
    totals: { files: 2, records: 10 },
    journeys: { total: 1, complete: 1 },
  });
  const report = run('cli', ['report', '--format', 'json']);
  // 10:00:00 to 10:05:08, as the story's README computes it
  expect(JSON.parse(report.stdout)).toMatchObject({
    coverage: { journeys: 1 },
    segments: { hes: { max_ms: 308_000 } },
  });
  expect(run('cli', ['sql', 'SELECT hes_ms FROM journeys', '--format', 'TSV']).stdout).toBe('308000\n');
});

it('a worker with every role in one process reads a log', () => {
  const log = join(ROOT, 'test/scenarios/greylisted-hes-says-so/inputs/mx1.log');
  const env = {
    WORKER_ROLE: 'all',
    WORKER_PORT: '0',
    HTTP_PORT: '0',
    SQL_PORT: '0',
    STORE_URL: `chdb:${join(data, 'all')}`,
  };
  const child = spawn(process.execPath, [join(home, 'dist/apps/worker/main.js'), log], {
    cwd: data,
    env: { ...CLEAN, ...env },
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit');
  return (async () => {
    await until(() => said.includes('all is at work') || child.exitCode !== null, { told: () => said });
    const [, api] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
    expect(said).toContain('all is at work');
    if (api) expect((await fetch(`${api}/health/live`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  })();
});

/** Starts a worker where neither broker nor store answers; what it says that is no note of its own, and its exit code when it has found that out. */
async function started(role: string): Promise<{ role: string; code: number | null; said: string }> {
  const env = {
    WORKER_ROLE: role,
    WORKER_PORT: '0',
    HTTP_PORT: '0',
    BUS_URL: 'kafka://127.0.0.1:1',
    STORE_URL: 'http://127.0.0.1:1/hoptime_store',
  };
  const args = [join(home, 'dist/apps/worker/main.js'), ...(role === 'collector' ? ['--watch', data] : [])];
  const child = spawn(process.execPath, args, { cwd: data, env: { ...CLEAN, ...env } });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit');
  await until(() => said.includes('ECONNREFUSED') || child.exitCode !== null, { told: () => said });
  const { exitCode: code } = child;
  child.kill('SIGKILL');
  await ended;
  return { role, code, said: said.replace(/^hoptime-worker: .*$\n/gm, '') };
}

it('a worker of each role starts, and waits for what is not there', async () => {
  // A file that the image lacks would have ended it at once.
  const roles = ['collector', 'writer', 'correlator', 'api'];
  expect(await Promise.all(roles.map(started))).toEqual(roles.map((role) => ({ role, code: null, said: '' })));
});
