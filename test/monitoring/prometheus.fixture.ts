import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installWhereMissing } from '../support/debian-packages';
import { freePort } from '../support/free-port';
import { until } from '../support/until';

const isThere = (): boolean => spawnSync('promtool', ['--version']).status === 0;

/** What promtool says, and whether all is well. Installs Prometheus where it is missing. @throws Error that says what to install where this may not */
export function promtool(args: readonly string[]): { status: number | null; said: string } {
  installWhereMissing(['--no-install-recommends', 'prometheus'], isThere);
  if (!isThere()) throw new Error('promtool is needed for this test: install it (Debian: prometheus)');
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

/** A real Prometheus that asks every second. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string,
  ) {}

  /** @param config of Prometheus, YAML. @param rules of alerts, YAML, as rules.yml beside it */
  static async start(folder: string, config: string, rules: string): Promise<Prometheus> {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'prometheus.yml'), config);
    writeFileSync(join(folder, 'rules.yml'), rules);
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4000)));
    const isReady = async (): Promise<boolean> =>
      (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok === true;
    await until(isReady, { told: () => said });
    return new Prometheus(child, address);
  }

  /** What a query answers at this moment. */
  async query(expression: string): Promise<Sample[]> {
    const response = await fetch(`http://${this.address}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data } = (await response.json()) as { data: { result: Sample[] } };
    return data.result;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await gone;
  }
}
