import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommandLine } from '../support/command-lines';

/** The built program. */
export const CLI = resolve(__dirname, '../../dist/apps/cli/main.js');

type Run = Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>;

export interface Ingested {
  files: Record<string, unknown>[];
  totals: Record<string, number>;
  journeys: Record<string, number>;
}

/** A folder of its own with a store of its own, in which the built program is run as a user runs it. */
export class Workplace {
  /** @param folder default: a temporary one */
  constructor(readonly folder = mkdtempSync(join(tmpdir(), 'hoptime-e2e-'))) {
    if (!existsSync(CLI)) throw new Error(`${CLI} is not there: run "npm run build" first`);
  }

  /** A far zone and an own store: neither the host's zone nor another store may reach the figures. */
  env(more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return {
      ...process.env,
      TZ: 'Pacific/Auckland',
      STORE_URL: `chdb:${join(this.folder, 'store')}`,
      DEBUG: '',
      // several servers run side by side in the tests
      SQL_PORT: '0',
      ...more,
    };
  }

  run(args: string[], more: { env?: Record<string, string>; input?: string } = {}): Run {
    const options = {
      cwd: this.folder,
      env: this.env(more.env),
      input: more.input ?? '',
      timeout: 150_000,
      maxBuffer: 2 ** 26,
    };
    const run = spawnSync(process.execPath, [CLI, ...args], { ...options, encoding: 'utf8' });
    if (run.error) throw run.error;
    return run;
  }

  /** As {@link run}, without the cost of starting a process; commands that read standard input, or stay, need one of their own. */
  quick(args: readonly string[], more: { env?: Record<string, string> } = {}): Run {
    const { status, stdout, stderr } = runCommandLine(args, this.env(more.env), this.folder);
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  }

  /** Runs with `--json` among the arguments; stdout must be one document and stderr empty. */
  json<T>(args: string[], status = 0): T {
    const run = this.quick(args);
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status, stderr: '' });
    return JSON.parse(run.stdout) as T;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
