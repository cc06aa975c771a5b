import { Command, Option } from 'nest-commander';
import { readConfig } from '../../../libs/config/config';
import { note, print } from '../output';
import { serverOptions, StoreCommand, type StoreOptions } from '../store.command';

@Command({ name: 'migrate', description: "Bring the store's schema up to date, or print what that would do" })
export class MigrateCommand extends StoreCommand {
  protected readonly examples = `
    hoptime migrate --dry-run
    hoptime migrate
    hoptime migrate --dry-run --store-url 'http://USER:PASSWORD@HOST:8123/hoptime_store?cluster=NAME'`;

  async run(_arguments: string[], options: StoreOptions & { dryRun?: boolean }): Promise<void> {
    const config = readConfig({ flags: { STORE_URL: options.storeUrl } });
    const { Store } = await import('../../../libs/store/store.js');
    const { migrate, migrations, statementsOf } = await import('../../../libs/store/migrator.js');
    const { grantViewers, viewerAccess } = await import('../../../libs/store/viewer-access.js');
    const store = await Store.open(config.storeUrl, {
      ...serverOptions(config),
      skipMigrations: true,
      cluster: 'schema',
    });
    try {
      const url = store.server?.url;
      const limits = {
        maxSeconds: config.sqlMaxSeconds,
        maxMemory: config.sqlMaxMemory,
        maxResult: config.sqlMaxResult,
      };
      const missing = (await migrations(store)).filter((migration) => !migration.applied);
      if (options.dryRun) {
        for (const { name } of missing) {
          await print(`-- ${name}\n`);
          for (const sql of statementsOf(url, name)) await print(`${sql};\n\n`);
        }
        if (url) for (const sql of viewerAccess(url, limits)) await print(`${sql};\n\n`);
      } else {
        // A cluster has no lease: its schema is made by one who knows that nobody else does.
        await (url?.cluster === undefined ? store.inTurn(() => migrate(store)) : migrate(store));
        const refusal = await grantViewers(store, limits);
        if (refusal !== undefined) await note(refusal);
      }
      const what =
        missing.length === 0
          ? 'The schema is up to date.'
          : `${missing.length} migrations ${options.dryRun ? 'are to be' : 'were'} applied.`;
      await note(what);
    } finally {
      await store.close();
    }
  }

  @Option({ flags: '--dry-run', description: 'print the SQL of the missing migrations, apply nothing' })
  parseDryRun(): boolean {
    return true;
  }
}
