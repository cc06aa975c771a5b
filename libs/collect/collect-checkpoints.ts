import type { Store } from '../store/store';

/** How far logs have been collected, and which of the files that were kept are still to be read. */
export interface CollectBooks {
  /** Epoch ms; undefined when the log was never collected. */
  collectedTo(log: string): Promise<number | undefined>;
  save(log: string, collectedTo: number): Promise<void>;
  /** Those of `paths` that nobody has read to their end, nor a user taken out again. */
  unread(paths: readonly string[]): Promise<string[]>;
}

/** {@link CollectBooks} in the store. */
export class CollectCheckpoints implements CollectBooks {
  constructor(private readonly store: Store) {}

  async collectedTo(log: string): Promise<number | undefined> {
    const [row] = await this.store.rows<{ ms: number }>(
      {
        sql: `SELECT toUnixTimestamp64Milli(collected_to) AS ms FROM hoptime_store.collect_checkpoints FINAL WHERE log = {log:String}`,
      },
      { log },
    );
    return row?.ms;
  }

  async save(log: string, collectedTo: number): Promise<void> {
    await this.store.client.insert({
      table: 'hoptime_store.collect_checkpoints',
      format: 'JSONEachRow',
      values: [
        {
          log,
          version: Date.now() * 1000,
          collected_to: new Date(collectedTo).toISOString().replace('T', ' ').replace('Z', ''),
        },
      ],
    });
  }

  async unread(paths: readonly string[]): Promise<string[]> {
    if (paths.length === 0) return [];
    const rows = await this.store.rows<{ path: string }>(
      {
        sql: `SELECT DISTINCT path FROM hoptime_store.inputs FINAL WHERE state != 'reading' AND has({paths:Array(String)}, path)`,
      },
      { paths: [...paths] },
    );
    const done = new Set(rows.map(({ path }) => path));
    return paths.filter((path) => !done.has(path));
  }
}
