import { setTimeout as sleep } from 'node:timers/promises';
import { shortReason } from './clickhouse-error';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/** The store has not done what was asked, for longer than this program waits. */
export class StoreAwayError extends Error {
  constructor(place: string, seconds: number, cause: unknown) {
    super(
      `the store ${place} cannot be used: ${shortReason(cause)}; tried for ${seconds} s. Nothing that was read is lost: run the same command again (reading twice is safe)`,
      { cause },
    );
    this.name = 'StoreAwayError';
  }
}

/** A store that does not do what it is asked at the moment, as health and metrics tell it. */
export interface OutageState {
  /** when it began */
  readonly since: Date;
  readonly reason: string;
  readonly attempts: number;
}

/** How long one statement, or one work of several, is tried. */
export interface Patience {
  /** Waits before the next attempt. @throws StoreAwayError when it has been tried for long enough */
  wait(error: unknown): Promise<void>;
  /** it was done */
  passed(): void;
  /** it is not tried any more, for another reason */
  gaveUp(): void;
}

/**
 * Whether the store of a process does what it is asked, and how long this process waits while it does not. Many statements may wait at a time:
 * each has its own end of patience, all are one outage, which is over when none of them waits any more and something is done.
 */
export class StoreOutage {
  private readonly failing = new Set<Patience>();
  private current: { since: Date; reason: string; attempts: number } | undefined;

  /**
   * @param seconds how long one statement is tried; Infinity = until the process ends
   * @param onNote takes a sentence when an outage begins and when it is over
   */
  constructor(
    private readonly place: string,
    readonly seconds: number,
    private readonly onNote: (sentence: string) => void,
  ) {}

  get state(): OutageState | undefined {
    return this.current;
  }

  /** Patience for one statement, or for one work of several. */
  patience(seconds = this.seconds): Patience {
    const began = Date.now();
    let attempts = 0;
    const patience: Patience = {
      wait: async (error) => {
        const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts++) * (0.8 + Math.random() * 0.4);
        this.failed(error);
        this.failing.add(patience);
        if (Date.now() + delay - began > seconds * 1000) {
          this.failing.delete(patience);
          throw new StoreAwayError(this.place, seconds, error);
        }
        await sleep(delay);
      },
      passed: () => {
        this.failing.delete(patience);
        if (this.failing.size === 0) this.over();
      },
      gaveUp: () => void this.failing.delete(patience),
    };
    return patience;
  }

  private over(): void {
    if (!this.current) return;
    const seconds = Math.round((Date.now() - this.current.since.getTime()) / 1000);
    this.current = undefined;
    this.onNote(`the store ${this.place} works again, after ${seconds} s`);
  }

  private failed(error: unknown): void {
    const reason = shortReason(error);
    if (!this.current) {
      this.current = { since: new Date(), reason, attempts: 0 };
      const long = Number.isFinite(this.seconds) ? `for up to ${this.seconds} s` : 'until it works';
      this.onNote(`the store ${this.place} does not work: ${reason}; trying again ${long}`);
    }
    this.current.reason = reason;
    this.current.attempts++;
  }
}
