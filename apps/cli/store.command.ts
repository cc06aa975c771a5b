import { Option } from 'nest-commander';
import { readConfig, type Config } from '../../libs/config/config';
import type { ConfigName } from '../../libs/config/config-values';
import type { Store } from '../../libs/store/store';
import { CliCommand } from './command';

export interface StoreOptions {
  storeUrl?: string;
}

/** A command that works on the store. */
export abstract class StoreCommand extends CliCommand {
  @Option({
    flags: '--store-url <url>',
    description: 'where the data lie, chdb:PATH (default: STORE_URL, else chdb:./hoptime-data)',
  })
  parseStoreUrl(text: string): string {
    return text;
  }

  /** Reads the configuration, opens the store, and closes it whatever happens. The engine is loaded here, so that --help need not wait for it. */
  protected async withStore<T>(
    options: StoreOptions,
    work: (store: Store, config: Config) => Promise<T>,
    flags: Partial<Record<ConfigName, string>> = {},
  ): Promise<T> {
    const config = readConfig({ flags: { STORE_URL: options.storeUrl, ...flags } });
    const { Store } = await import('../../libs/store/store.js');
    const store = await Store.open(config.storeUrl);
    try {
      return await work(store, config);
    } finally {
      await store.close();
    }
  }
}
