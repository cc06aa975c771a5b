import { Option } from 'nest-commander';
import { readConfig, type Config } from '../../libs/config/config';
import type { ConfigName } from '../../libs/config/config-values';
import { correlatorOptions } from '../../libs/ingest/correlator-options';
import type { IngestService } from '../../libs/ingest/ingest.service';
import type { SqlLimits } from '../../libs/sql/sql-settings';
import { asDiskFull } from '../../libs/store/disk-full';
import type { ClusterUse } from '../../libs/store/cluster-check';
import type { Store, StoreOptions as OpenOptions } from '../../libs/store/store';
import { withoutAddresses } from '../../libs/trace/without-addresses';
import { CliCommand } from './command';
import { note } from './output';

export interface StoreOptions {
  storeUrl?: string;
}

/** What the configuration grants one SQL query. */
export const sqlLimits = ({ sqlMaxSeconds, sqlMaxMemory, sqlMaxResult }: Config): SqlLimits => ({
  maxSeconds: sqlMaxSeconds,
  maxMemory: sqlMaxMemory,
  maxResult: sqlMaxResult,
});

/** What the configuration says of how a store is opened. */
export const serverOptions = ({ storeRetrySeconds, dataFolder, pseudonymKey }: Config): OpenOptions => ({
  pseudonymKey,
  retrySeconds: storeRetrySeconds,
  folder: dataFolder,
  onNote: (sentence) => void note(`hoptime: ${withoutAddresses(sentence)}`),
});

/** A command that works on the store. */
export abstract class StoreCommand extends CliCommand {
  /** what it does on a cluster of several shards; undefined: it refuses one, since nobody has tried it there (docs/cluster.md) */
  protected readonly cluster: ClusterUse | undefined = undefined;

  @Option({
    flags: '--store-url <url>',
    description: 'where the data lie, chdb:PATH or http(s)://… (default: STORE_URL, else chdb:./hoptime-data)',
  })
  parseStoreUrl(text: string): string {
    return text;
  }

  /** Reads the configuration, opens the store, and closes it whatever happens. The engine is loaded here, so that --help need not wait for it. */
  protected async withStore<T>(
    options: StoreOptions,
    work: (store: Store, config: Config) => Promise<T>,
    flags: Partial<Record<ConfigName, string>> = {},
    open: OpenOptions = {},
  ): Promise<T> {
    const config = readConfig({ flags: { STORE_URL: options.storeUrl, ...flags } });
    const { Store } = await import('../../libs/store/store.js');
    const store = await Store.open(config.storeUrl, { ...serverOptions(config), cluster: this.cluster, ...open });
    try {
      return await work(store, config);
    } catch (error) {
      throw asDiskFull(error, store.place);
    } finally {
      await store.close();
    }
  }

  /** As {@link withStore}, for questions about journeys: catches up on what a killed ingest left, and says which files were not read to their end. */
  protected withJourneys<T>(options: StoreOptions, work: (store: Store, config: Config) => Promise<T>): Promise<T> {
    return this.withStore(options, async (store, config) => {
      for (const path of await unreadInputs(store, config))
        await note(`hoptime: ${path} was not read to its end, so figures may lack its mail: ingest it again`);
      return work(store, config);
    });
  }
}

/** Reads and correlates with what the configuration says; in a store that a server holds, as that server does. */
export async function ingestInto(store: Store, config: Config): Promise<IngestService> {
  const { IngestService } = await import('../../libs/ingest/ingest.service.js');
  return new IngestService(store, { ...correlatorOptions(config), rollup: store.isShared });
}

/** Catches up where anything was left half done, and answers the inputs that were not read to their end. */
async function unreadInputs(store: Store, config: Config): Promise<string[]> {
  const unfinished = (): Promise<{ path: string; state: string }[]> => store.rows('queries/unfinished_inputs');
  if ((await unfinished()).length === 0) return [];
  // What another command is at work on looks half done until it is its turn no more.
  return store.inTurn(async () => {
    const left = await unfinished();
    try {
      if (left.length > 0) await (await ingestInto(store, config)).catchUp();
    } catch (error) {
      // A question is answered from what there is: the journeys are those of before.
      if (!(error instanceof Error && error.name === 'DiskFullError')) throw error;
    }
    return left.filter(({ state }) => state === 'reading').map(({ path }) => path);
  });
}
