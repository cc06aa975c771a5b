import type { TmesConfig } from '../config/config';
import type { Pseudonyms } from '../trace/pseudonyms';
import type { CollectBooks } from './collect-checkpoints';
import { lostText } from './collected-text';
import { Collector } from './collector';

/** Where {@link CollectService} puts what it collects. */
export interface CollectTarget {
  readonly books: CollectBooks;
  readonly pseudonyms: Pseudonyms | undefined;
  /** folder below which records are kept */
  readonly folder: string;
  /** runs what changes books or store */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** reads files of records to their end; in the turn */
  readonly read: (files: readonly string[]) => Promise<unknown>;
}

/** Collects from Trend's API as long as a process runs, round after round. A failed round is told once, and the next one comes all the same. */
export class CollectService {
  private readonly ended = new AbortController();
  private running: Promise<void> | undefined;
  private said = '';

  constructor(
    private readonly target: CollectTarget,
    private readonly onNote: (sentence: string) => void,
  ) {}

  start(access: TmesConfig): void {
    this.running = this.run(access);
  }

  /** Ends waiting and requests at once, and lets an ingest come to its end. */
  async stop(): Promise<void> {
    this.ended.abort(new Error('stopped'));
    await this.running;
  }

  private async run({ root, user, key, intervalMs }: TmesConfig): Promise<void> {
    const { signal } = this.ended;
    const collector = await Collector.open(this.target.books, this.target.folder, {
      root,
      user,
      key,
      signal,
      onNote: (sentence) => this.tell(sentence),
      now: Date.now,
      pseudonyms: this.target.pseudonyms,
      inTurn: (work) => this.target.inTurn(work),
    });
    while (!signal.aborted) {
      const begun = Date.now();
      try {
        await this.round(collector);
      } catch (error) {
        if (!signal.aborted) this.tell(error instanceof Error ? error.message : String(error));
      }
      await pause(begun + intervalMs - Date.now(), signal);
    }
    await collector.close();
  }

  private async round(collector: Collector): Promise<void> {
    try {
      const logs = await collector.collect();
      for (const log of logs) {
        const lost = lostText(log);
        if (lost !== undefined) this.onNote(lost);
      }
      const problems = logs.flatMap(({ problem }) => problem ?? []);
      if (problems.length > 0) this.tell(problems[0]);
      else this.said = '';
    } finally {
      await this.target.inTurn(async () => {
        const files = await collector.unread();
        if (files.length > 0) await this.target.read(files);
      });
    }
  }

  /** The same trouble every five minutes is told once. */
  private tell(sentence: string): void {
    const kind = sentence.replace(/\d+/g, '#');
    if (kind === this.said) return;
    this.said = kind;
    this.onNote(`Trend's API: ${sentence}`);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, Math.max(0, ms));
    signal.addEventListener('abort', end, { once: true });
  });
}
