import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { CLI, Workplace } from '../e2e/hoptime.fixture';
import { freePort } from '../support/free-port';

const SCENARIOS = resolve(__dirname, '../scenarios');

/** `hoptime serve` over a store of stories, with the SQL endpoint at `/sql` and at a port of its own. */
export class SqlServing {
  private constructor(
    private readonly place: Workplace,
    private readonly child: ChildProcess,
    /** port of the API, which answers SQL at /sql */
    readonly apiPort: number,
    /** port that answers SQL at / */
    readonly sqlPort: number,
  ) {}

  /** Serves the stories of test/scenarios, or what `fill` puts into the store. */
  static async over(
    stories: readonly string[] | ((place: Workplace) => void),
    env: Record<string, string> = {},
  ): Promise<SqlServing> {
    const place = new Workplace();
    if (typeof stories === 'function') stories(place);
    else place.json(['ingest', ...stories.map((story) => join(SCENARIOS, story, 'inputs')), '--json']);
    const sqlPort = await freePort();
    const child = spawn(process.execPath, [CLI, 'serve', '--port', '0'], {
      cwd: place.folder,
      env: place.env({ SQL_PORT: String(sqlPort), ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const address = await new Promise<string>((served, failed) => {
      const read = (bytes: Buffer): void => {
        output += bytes.toString();
        const found = /Hoptime is at http:\/\/[^:]+:(\d+)/.exec(output);
        if (found) served(found[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => failed(new Error(`serve ended: ${output}`)));
    });
    return new SqlServing(place, child, Number(address), sqlPort);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The body of one answer at the port of its own. */
  async ask(sql: string, parameters: Record<string, string> = {}): Promise<string> {
    const query = new URLSearchParams(parameters).toString();
    const response = await fetch(`http://127.0.0.1:${this.sqlPort}/?${query}`, { method: 'POST', body: sql });
    return response.text();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await gone;
    }
    this.place.remove();
  }
}

/** Runs a program to its end and answers its standard output. @throws Error with what it said where it failed */
export function output(
  program: string,
  args: readonly string[],
  options: { input?: string; cwd?: string } = {},
): string {
  const run = spawnSync(program, args, { ...options, encoding: 'utf8', maxBuffer: 2 ** 27, timeout: 600_000 });
  if (run.error) throw run.error;
  if (run.status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${run.status}: ${run.stderr.slice(-4000)}`);
  return run.stdout;
}
