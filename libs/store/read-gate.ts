/**
 * Lets reads of a process run side by side, and a change of several statements alone: no read sees half of it. Reads that come while a
 * change waits or runs wait for its end.
 */
export class ReadGate {
  private reads = 0;
  private closed: Promise<void> | undefined;
  private lastReadDone: (() => void) | undefined;

  async read<T>(work: () => Promise<T>): Promise<T> {
    while (this.closed) await this.closed;
    this.reads++;
    try {
      return await work();
    } finally {
      if (--this.reads === 0) this.lastReadDone?.();
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.closed) await this.closed;
    let open: () => void = () => undefined;
    this.closed = new Promise((done) => (open = done));
    try {
      if (this.reads > 0) await new Promise<void>((done) => (this.lastReadDone = done));
      return await work();
    } finally {
      this.lastReadDone = undefined;
      this.closed = undefined;
      open();
    }
  }
}
