import type { IngestService } from '../ingest/ingest.service';
import type { Store } from '../store/store';
import { removalText } from './removal-text';
import { applyRetention, type RetentionOptions } from './retention';

const HOUR_MS = 3_600_000;

export interface RetentionParts {
  readonly store: Store;
  readonly ingest: Pick<IngestService, 'catchUp'>;
  /** runs what changes the store, one at a time */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly options: RetentionOptions;
  /** takes a sentence without personal data */
  readonly onNote: (sentence: string) => void;
}

/** Applies retention as long as a program runs: when it starts and every hour. A round that fails is told, and the next one comes all the same. */
export class RetentionService {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(private readonly parts: RetentionParts) {}

  /** Does nothing where everything is kept for ever. */
  start(): void {
    if (Object.values(this.parts.options.days).every((days) => days === 0)) return;
    this.begin();
    this.timer = setInterval(() => this.begin(), HOUR_MS);
  }

  /** Resolves when the round at work is done. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  private begin(): void {
    this.round = this.round.then(() => this.apply());
  }

  private async apply(): Promise<void> {
    const { store, ingest, inTurn, options, onNote } = this.parts;
    try {
      const removals = await inTurn(async () => {
        await ingest.catchUp();
        return applyRetention(store, options, Date.now());
      });
      if (removals.some(({ removed }) => removed > 0)) onNote(`retention removed ${removalText(removals)}`);
    } catch (error) {
      onNote(`retention could not be applied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
