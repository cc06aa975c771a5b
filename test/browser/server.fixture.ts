import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { CLI, type Workplace } from '../e2e/hoptime.fixture';

/** A running `hoptime serve`. */
export interface Server {
  /** its address without a slash at the end */
  readonly url: string;
  stop(): Promise<void>;
}

const START_MS = 120_000;

/** Starts the built program's server on the store of `place`, at a port that the system chooses. */
export async function serve(place: Workplace, ...options: string[]): Promise<Server> {
  const child = spawn(process.execPath, [CLI, 'serve', ...options], {
    cwd: place.folder,
    env: place.env({ HTTP_PORT: '0', SQL_PORT: '0' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await addressOf(child);
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => reject(new Error(`hoptime serve ${why}: ${said}`));
    const timer = setTimeout(() => fail(`did not say its address within ${START_MS} ms`), START_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const match = /http:\/\/(127\.0\.0\.1|localhost):(\d+)/.exec(said);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[0]);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
