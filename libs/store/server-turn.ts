import { setTimeout as sleep } from 'node:timers/promises';
import { Lease, MAKES_WAY_MS, newHolder } from './lease';
import { WorkInterruptedError, type ServerConnection } from './server-connection';

/** The turn of those who change a store on a server: one process at a time, by the lease; in a process, one inside the other. */
export class ServerTurn {
  private readonly holder = newHolder();
  private held: Lease | undefined;
  private taking: Promise<void> | undefined;
  private depth = 0;
  /** set while the lease is kept and nobody works */
  private keeping: NodeJS.Timeout | undefined;
  private ending: Promise<void> = Promise.resolve();
  /** ms of `performance.now()`: another was let go first */
  private makesWayUntil = 0;

  /** @param onNote takes a sentence when another process has the turn for long enough to be waited for */
  constructor(
    private readonly server: ServerConnection,
    private readonly onNote: (sentence: string) => void,
  ) {}

  /**
   * Runs work when no other process has the turn; none will until it is done.
   * @param keepMs so long the lease is kept for the next work, where no other process wants it: to give it back and take it costs eight statements
   */
  async run<T>(work: () => Promise<T>, keepMs = 0): Promise<T> {
    this.depth++;
    try {
      await this.begin();
      return await work();
    } finally {
      if (--this.depth === 0) await this.end(keepMs);
    }
  }

  /** Gives back what is kept. */
  async close(): Promise<void> {
    await this.ending;
    if (this.keeping) await this.giveBack();
    await this.ending;
  }

  /** Runs a work of several statements until none of them was cut off, or the store has been away for too long. */
  async whole<T>(work: (again: boolean) => Promise<T>): Promise<T> {
    const patience = this.server.outage.patience();
    return this.run(async () => {
      for (let again = false; ; again = true) {
        try {
          if (!this.held?.isHeld) {
            await this.held?.stop();
            await this.take();
          }
          const result = await work(again);
          patience.passed();
          return result;
        } catch (error) {
          if (!(error instanceof WorkInterruptedError)) {
            patience.gaveUp();
            throw error;
          }
          await patience.wait(error.cause);
        }
      }
    });
  }

  private async begin(): Promise<void> {
    await this.ending;
    if (this.keeping) this.ending = this.resume();
    await this.ending;
    await (this.taking ??= this.take());
    this.server.lease = this.held;
  }

  private async take(): Promise<void> {
    this.server.lease = undefined;
    await sleep(Math.max(0, this.makesWayUntil - performance.now()));
    this.held = await Lease.take(this.server, this.holder, (holder) => {
      this.onNote(`${holder} is writing to the store ${this.server.url.shown}: waiting for it`);
    });
    this.server.lease = this.held;
  }

  private async end(keepMs: number): Promise<void> {
    const { held } = this;
    if (keepMs === 0 || !held?.isHeld) return this.giveBack();
    // What others of this process do meanwhile is no part of the work.
    this.server.lease = undefined;
    // Who begins meanwhile waits for it.
    await (this.ending = this.keep(held, keepMs));
  }

  private async keep(held: Lease, keepMs: number): Promise<void> {
    if (!(await held.keep().catch(() => false))) {
      this.makesWayUntil = performance.now() + MAKES_WAY_MS;
      return this.giveBack();
    }
    this.keeping = setTimeout(() => (this.ending = this.giveBack()), keepMs);
    this.keeping.unref();
  }

  /** The next work goes on with what was kept; kept for too long, it may be another's by now. */
  private async resume(): Promise<void> {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    if (!(await this.held?.resume().catch(() => false))) await this.giveBack();
  }

  private async giveBack(): Promise<void> {
    const { held } = this;
    clearTimeout(this.keeping);
    this.held = this.taking = this.keeping = this.server.lease = undefined;
    if (!held) return;
    // What is not given back is free when nobody has heard of it for a while.
    await (held.isHeld ? held.release() : held.stop()).catch(() => held.stop());
  }
}
