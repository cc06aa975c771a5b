import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const CLI = resolve(__dirname, '../../dist/apps/cli/cli.js');
/** What main.ts gives the program before it loads anything. */
const ENV = { UV_THREADPOOL_SIZE: '16', TZ: 'UTC' };

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The built program in a process of its own that runs one command line after the other, each with its own directory, environment and store: where
 * many are asked, most of their time would be that of loading the program. Tests of the process itself (signals, pipes, the zone it starts
 * in) start it anew each time (test/e2e/hoptime.fixture.ts).
 */
export class CommandLines {
  private child: ChildProcess | undefined;

  async run(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Ran> {
    if (!existsSync(CLI)) throw new Error(`${CLI} is not there: run "npm run build" first`);
    this.child ??= fork(join(__dirname, 'command-line-loop.cjs'), { env: { ...process.env, ...ENV }, stdio: 'ignore' });
    const answered = once(this.child, 'message');
    const ended = once(this.child, 'exit').then(([code, signal]) => {
      throw new Error(`the program ended with ${code ?? signal} at: hoptime ${args.join(' ')}`);
    });
    this.child.send({ args, env: { ...env, ...ENV }, cwd });
    const [answer] = (await Promise.race([answered, ended])) as [Ran];
    ended.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}
