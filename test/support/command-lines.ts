import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CLI = resolve(__dirname, '../../dist/apps/cli/cli.js');
const START_MS = 120_000;
let socket: string | undefined;
let loop: ChildProcess | undefined;
// Each file of tests has its own.
afterAll(() => {
  loop?.kill('SIGKILL');
  loop = socket = undefined;
});

/** What a command line of the program ended with, and said. */
export interface Ran {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * Runs a command line of the built program in a process that runs one after the other, each with its own directory, environment and store: where
 * many are asked, most of their time would be that of loading the program. It ends with the tests of the file. What is about the process itself
 * (standard input, signals, the zone it starts in) needs one of its own.
 */
export function runCommandLine(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Ran {
  socket ??= startLoop();
  const words = ['--silent', '--show-error', '--unix-socket', socket, '--data-binary', '@-', 'http://localhost/'];
  const input = JSON.stringify({ args, env, cwd });
  const { status, stdout, stderr } = spawnSync('curl', words, { input, maxBuffer: 2 ** 27, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the program ended at: hoptime ${args.join(' ')} (${stderr})`);
  const ran = JSON.parse(stdout) as { status: number; stdout: string; stderr: string };
  return { ...ran, stdout: Buffer.from(ran.stdout, 'base64'), stderr: Buffer.from(ran.stderr, 'base64') };
}

function startLoop(): string {
  if (!existsSync(CLI)) throw new Error(`${CLI} is not there: run "npm run build" first`);
  const path = join(mkdtempSync(join(tmpdir(), 'hoptime-loop-')), 'socket');
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16', TZ: 'UTC' };
  loop = fork(join(__dirname, 'command-line-loop.cjs'), [path], { env });
  loop.unref();
  loop.channel?.unref();
  for (const end = Date.now() + START_MS; !existsSync(path);) {
    if (Date.now() > end) throw new Error(`the program did not start within ${START_MS} ms`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  return path;
}
