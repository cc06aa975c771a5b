import { join } from 'node:path';
import type { CollectBooks } from '../collect/collect-checkpoints';
import type { CollectorTarget } from '../live/collector-target';
import { KeyedLog } from '../live/keyed-log';

/** How far Trend's logs have been collected, in the folder of a collector, which has no store. */
export class FolderCollectBooks implements CollectBooks {
  private readonly collected: KeyedLog<number>;

  /** @throws what the system says of the folder */
  constructor(private readonly target: CollectorTarget) {
    this.collected = new KeyedLog<number>(join(target.folder, 'collected.ndjson'));
  }

  collectedTo(log: string): Promise<number | undefined> {
    return Promise.resolve(this.collected.get(log));
  }

  save(log: string, collectedTo: number): Promise<void> {
    this.collected.put([[log, collectedTo]]);
    return Promise.resolve();
  }

  async unread(paths: readonly string[]): Promise<string[]> {
    const done = new Set(
      (await this.target.books.find()).filter(({ state }) => state !== 'reading').map(({ path }) => path),
    );
    return paths.filter((path) => !done.has(path));
  }

  close(): void {
    this.collected.close();
  }
}
