import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const WORKER = resolve(__dirname, '../../dist/apps/worker/main.js');

interface Health {
  status: string;
  parts: { part: string; status: string; detail?: string }[];
}

/** A worker of the built program as a process of its own, that can be killed and started again. */
export class WorkerProcess {
  stderr = '';
  private child: ChildProcess | undefined;

  constructor(
    readonly role: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly args: readonly string[] = [],
    private readonly folder: string = process.cwd(),
  ) {
    if (!existsSync(WORKER)) throw new Error(`${WORKER} is not there: run "npm run build" first`);
  }

  /** it has said that it is at work, and runs */
  get isAtWork(): boolean {
    return this.runs && this.stderr.includes('is at work');
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** undefined before it is started */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Peak of its resident memory, MiB. */
  get peakMiB(): number {
    const status = readFileSync(`/proc/${this.child?.pid ?? 0}/status`, 'utf8');
    return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024);
  }

  /** Starts it (again); with `wait`, resolves when it is at work or has ended. */
  async start(wait = true): Promise<void> {
    const child = spawn(process.execPath, [WORKER, ...this.args], {
      cwd: this.folder,
      env: {
        ...process.env,
        TZ: 'Pacific/Auckland',
        HTTP_PORT: '0',
        SQL_PORT: '0',
        WORKER_PORT: '0',
        ...this.env,
        WORKER_ROLE: this.role,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    this.stderr = '';
    const atWork = new Promise<void>((done) => {
      child.once('exit', () => done());
      child.stderr.on('data', (bytes: Buffer) => {
        this.stderr += bytes.toString();
        if (this.stderr.includes('is at work')) done();
      });
    });
    if (wait) await atWork;
  }

  /** Its exit code, when it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.child && this.runs) await once(this.child, 'exit');
    return this.child?.exitCode ?? null;
  }

  /** Ends it with a signal, and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    if (!this.child || !this.runs) return this.child?.exitCode ?? null;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
    return this.child.exitCode;
  }

  /** http://host:port of its health and metrics */
  get operation(): string {
    const address = /metrics at (http:\S+)/.exec(this.stderr)?.[1];
    if (!address) throw new Error(`${this.role} has not said where its health is: ${this.stderr}`);
    return address;
  }

  async health(): Promise<Health> {
    return (await (
      await fetch(`${this.operation}/health/ready`, { signal: AbortSignal.timeout(10_000) })
    ).json()) as Health;
  }

  /** The value of a metric of Prometheus's text format; NaN where there is none. `labels`: texts that its line must hold. */
  async metric(name: string, ...labels: string[]): Promise<number> {
    const text = await (await fetch(`${this.operation}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
    const line = text
      .split('\n')
      .find(
        (one) =>
          (one.startsWith(`${name} `) || one.startsWith(`${name}{`)) && labels.every((label) => one.includes(label)),
      );
    return line ? Number(line.slice(line.lastIndexOf(' ') + 1)) : NaN;
  }
}
