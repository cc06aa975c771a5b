import { Lease, newHolder } from './lease';
import { WorkInterruptedError, type ServerConnection } from './server-connection';

/** The turn of those who change a store on a server: one process at a time, by the lease; in a process, one inside the other. */
export class ServerTurn {
  private readonly holder = newHolder();
  private held: Lease | undefined;
  private taking: Promise<void> | undefined;
  private depth = 0;

  /** @param onNote takes a sentence when another process has the turn for long enough to be waited for */
  constructor(
    private readonly server: ServerConnection,
    private readonly onNote: (sentence: string) => void,
  ) {}

  /** Runs work when no other process has the turn; none will until it is done. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.depth++;
    try {
      await (this.taking ??= this.take());
      return await work();
    } finally {
      if (--this.depth === 0) await this.giveBack();
    }
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

  private async take(): Promise<void> {
    this.server.lease = undefined;
    this.held = await Lease.take(this.server, this.holder, (holder) => {
      this.onNote(`${holder} is writing to the store ${this.server.url.shown}: waiting for it`);
    });
    this.server.lease = this.held;
  }

  private async giveBack(): Promise<void> {
    const { held } = this;
    this.held = this.taking = this.server.lease = undefined;
    if (!held) return;
    // What is not given back is free when nobody has heard of it for a while.
    await (held.isHeld ? held.release() : held.stop()).catch(() => held.stop());
  }
}
