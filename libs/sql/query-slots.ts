import { SqlError } from './sql-error';

/** So many queries run at a time, so many wait for their turn; the next one is refused (202). */
export class QuerySlots {
  private runningNow = 0;
  private readonly queue: { go: () => void }[] = [];

  constructor(
    private readonly running: number,
    private readonly waiting: number,
  ) {}

  /** Queries that run, and that wait. */
  get load(): { running: number; waiting: number } {
    return { running: this.runningNow, waiting: this.queue.length };
  }

  /** Resolves when it is this query's turn; answers what ends it. @throws SqlError 202 when too many wait, 394 when `signal` comes first */
  async take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw SqlError.refusal(394, 'Query was cancelled');
    if (this.runningNow >= this.running || this.queue.length > 0) {
      if (this.queue.length >= this.waiting)
        throw SqlError.refusal(
          202,
          `Too many simultaneous queries: ${this.running} run and ${this.waiting} wait. Ask again in a moment`,
        );
      await this.turn(signal);
    } else this.runningNow++;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      // The place goes to the next one at once, so that nobody slips in between.
      const next = this.queue.shift();
      if (next) next.go();
      else this.runningNow--;
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((done, fail) => {
      const entry = {
        go: () => {
          signal.removeEventListener('abort', gone);
          done();
        },
      };
      const gone = (): void => {
        const at = this.queue.indexOf(entry);
        if (at >= 0) this.queue.splice(at, 1);
        fail(SqlError.refusal(394, 'Query was cancelled'));
      };
      signal.addEventListener('abort', gone, { once: true });
      this.queue.push(entry);
    });
  }
}
