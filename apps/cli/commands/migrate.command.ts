import { Command, Option } from 'nest-commander';
import { readConfig } from '../../../libs/config/config';
import { note, print } from '../output';
import { serverOptions, StoreCommand, type StoreOptions } from '../store.command';

@Command({ name: 'migrate', description: "Bring the store's schema up to date, or print what that would do" })
export class MigrateCommand extends StoreCommand {
  protected readonly examples = `
    hoptime migrate --dry-run
    hoptime migrate`;

  async run(_arguments: string[], options: StoreOptions & { dryRun?: boolean }): Promise<void> {
    const config = readConfig({ flags: { STORE_URL: options.storeUrl } });
    const { Store } = await import('../../../libs/store/store.js');
    const { migrate, migrations } = await import('../../../libs/store/migrator.js');
    const { sqlText } = await import('../../../libs/store/sql-file.js');
    const store = await Store.open(config.storeUrl, { ...serverOptions(config), skipMigrations: true });
    try {
      const missing = (await migrations(store)).filter((migration) => !migration.applied);
      if (options.dryRun) {
        for (const { name } of missing) await print(`-- ${name}\n${sqlText(`migrations/${name}`)};\n\n`);
      } else {
        await store.inTurn(() => migrate(store));
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
