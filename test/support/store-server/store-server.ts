import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const USER = 'hoptime';
const PASSWORD = 'ge/he:im@%';

/** A stand-in for a ClickHouse server (main.mjs): a process of its own with a chDB directory of its own, at a free port of this machine. */
export class TestStoreServer {
  private child: ChildProcess | undefined;
  private stderr = '';
  port = 0;

  private constructor(
    private readonly folder: string,
    private readonly owned: boolean,
    private readonly cluster: string | undefined,
  ) {}

  /**
   * @param folder where its data lie; default: a temporary one that goes with it
   * @param cluster it is two shards of a cluster with this name
   */
  static async start(folder?: string, cluster?: string): Promise<TestStoreServer> {
    const made = folder ?? mkdtempSync(join(tmpdir(), 'hoptime-server-'));
    const server = new TestStoreServer(made, folder === undefined, cluster);
    await server.start();
    return server;
  }

  /** Starts the process, or starts it again, at the port that it had. */
  async start(): Promise<void> {
    const args = [join(__dirname, 'main.mjs'), this.folder, String(this.port)];
    const env = {
      ...process.env,
      STORE_SERVER_USER: USER,
      STORE_SERVER_PASSWORD: PASSWORD,
      ...(this.cluster === undefined ? {} : { STORE_SERVER_CLUSTER: this.cluster }),
      UV_THREADPOOL_SIZE: '16',
    };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stderr.on('data', (bytes: Buffer) => (this.stderr = (this.stderr + bytes.toString()).slice(-4000)));
    const ready = once(child.stdout, 'data').then(([bytes]) => String(bytes));
    const ended = once(child, 'exit').then(() => '');
    const said = await Promise.race([ready, ended]);
    const [, port] = /^port (\d+)/.exec(said) ?? [];
    if (port === undefined) throw new Error(`the store server did not start: ${this.stderr}`);
    this.port = Number(port);
  }

  /** Its process; undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** As STORE_URL. @param database each test has its own: they share the server, and nothing else */
  url(database: string, { port = this.port, query = '' } = {}): string {
    return `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}${query}`;
  }

  /** Ends the process at once, as a power cut does, and waits until it is gone. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    if (this.owned) rmSync(this.folder, { recursive: true, force: true });
  }
}
