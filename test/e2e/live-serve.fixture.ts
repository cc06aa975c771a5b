import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { CLI, type Workplace } from './hoptime.fixture';

interface Totals {
  records: number;
  parsed: number;
  skipped: number;
  rejected: number;
}

/** `hoptime serve --watch logs --syslog PORT` as a process of its own, that can be killed and started again. */
export class ServingProcess {
  readonly logs: string;
  address = '';
  syslogPort = 0;
  stderr = '';
  stdout = '';
  private child: ChildProcess | undefined;

  constructor(private readonly place: Workplace) {
    this.logs = join(place.folder, 'logs');
    mkdirSync(this.logs, { recursive: true });
  }

  /** Starts it; resolves when it takes input, or when it was killed before. @throws Error with what it said where it ended by itself */
  async start(env: Record<string, string> = {}, port = 0): Promise<void> {
    // one that the system does not hand out to whoever connects while the server is down
    this.syslogPort ||= await freePort();
    const args = [CLI, 'serve', '--port', String(port), '--watch', this.logs, '--syslog', String(this.syslogPort)];
    const child = spawn(process.execPath, args, {
      cwd: this.place.folder,
      env: this.place.env(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.stderr = '';
    child.stderr.on('data', (bytes: Buffer) => {
      this.stderr += bytes.toString();
      this.syslogPort = Number(/syslog:tcp:(\d+)/.exec(this.stderr)?.[1] ?? this.syslogPort);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) => {
        if (signal !== null || code === 0) resolve();
        else reject(new Error(`serve ended with ${code}: ${this.stderr}`));
      });
      this.stdout = '';
      child.stdout.on('data', (bytes: Buffer) => {
        this.stdout += bytes.toString();
        const address = /Hoptime is at (\S+)/.exec(this.stdout)?.[1];
        if (address === undefined) return;
        this.address = address;
        resolve();
      });
    });
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Ends it with a signal, and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child || !this.runs) return child?.exitCode ?? null;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  /** Until the API says that so many records were read, and that the journeys show them. */
  async untilRecords(records: number, ms = 90_000): Promise<Totals> {
    const end = Date.now() + ms;
    for (;;) {
      const response = await fetch(`${this.address}/api/v1/inputs`);
      const { totals, inputs } = (await response.json()) as { totals: Totals; inputs: { correlated: boolean }[] };
      if (totals.records === records && inputs.every(({ correlated }) => correlated)) return totals;
      if (Date.now() > end)
        throw new Error(
          `not within ${ms} ms: ${records} records; ${JSON.stringify({ totals, inputs })} ${this.stderr}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
