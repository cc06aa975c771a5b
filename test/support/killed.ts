import { spawn } from 'node:child_process';
import { CLI, type Workplace } from '../e2e/hoptime.fixture';
import { CHECKSUM_SQL } from './answer';

/** Starts the built program and kills it (SIGKILL) after `afterMs`. Answers whether it died of that, or was done before. */
export async function killed(place: Workplace, args: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: place.folder, env: place.env(), stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

/** The checksum over all columns of all journeys and hops, as the built program answers it. */
export function checksum(place: Workplace): string {
  const { status, stdout, stderr } = place.run(['sql', CHECKSUM_SQL, '--format', 'TSV']);
  if (status !== 0) throw new Error(`hoptime sql ended with ${status}: ${stderr}`);
  return stdout;
}
