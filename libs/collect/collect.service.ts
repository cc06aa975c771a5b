import type { TmesConfig } from '../config/config';
import type { IngestService } from '../ingest/ingest.service';
import type { Store } from '../store/store';
import type { WriteTurn } from '../store/write-turn';
import { lostText } from './collected-text';
import { Collector } from './collector';

/** Collects from Trend's API as long as a server runs, round after round. A failed round is told once, and the next one comes all the same. */
export class CollectService {
  private readonly ended = new AbortController();
  private running: Promise<void> | undefined;
  private said = '';

  constructor(
    private readonly store: Store,
    private readonly ingest: IngestService,
    private readonly turn: WriteTurn,
    /** folder below which records are kept */
    private readonly folder: string,
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
    const collector = await Collector.open(this.store, this.folder, {
      root,
      user,
      key,
      signal,
      onNote: (sentence) => this.tell(sentence),
      now: Date.now,
      inTurn: (work) => this.turn.run(work),
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
      await this.turn.run(async () => {
        const files = await collector.unread();
        if (files.length > 0) await this.ingest.ingest(files, { format: 'trend-email-security' });
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
