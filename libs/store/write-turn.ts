/**
 * One writer at a time: an upload, a watched folder and a correlation that follow each other give the same store as if each had been alone.
 * Whatever changes the store in a process that serves goes through the one turn of that store.
 */
export class WriteTurn {
  private last: Promise<unknown> = Promise.resolve();
  private open = 0;

  /** @param within what each work runs in: the turn of those in other processes */
  constructor(private readonly within: <T>(work: () => Promise<T>) => Promise<T> = (work) => work()) {}

  /** Works that run or wait. */
  get pending(): number {
    return this.open;
  }

  /** Runs `work` when all that came before it is done, whether that went well or not; answers or throws what it does. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.open++;
    const mine = this.last.then(() => this.within(work));
    this.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.open--;
    }
  }
}
