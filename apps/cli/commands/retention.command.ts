import { Command, Option } from 'nest-commander';
import { textTable } from '../../../libs/delay/text-table';
import { countText } from '../../../libs/delay/duration-text';
import { print, printJson } from '../output';
import { ingestInto, StoreCommand, type StoreOptions } from '../store.command';

interface RetentionOptions extends StoreOptions {
  days?: string;
  dryRun?: boolean;
  json?: boolean;
}

@Command({
  name: 'retention',
  description: 'Remove what came in too long ago (RETENTION_DAYS), as serve does every hour, and say how much it was',
})
export class RetentionCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime retention --days 90 --dry-run
    hoptime retention --days 90,rejected_records=14,audit_log=365
    RETENTION_DAYS=90 hoptime serve`;

  async run(_arguments: string[], { days, dryRun = false, json, ...options }: RetentionOptions): Promise<void> {
    const flags = { RETENTION_DAYS: days };
    const removals = await this.withStore(
      options,
      async (store, config) => {
        const { applyRetention } = await import('../../../libs/privacy/retention.js');
        const ingest = await ingestInto(store, config);
        return store.inTurn(async () => {
          await ingest.catchUp();
          return applyRetention(store, { days: config.retentionDays, dryRun }, Date.now());
        });
      },
      flags,
    );
    if (json) return printJson({ dry_run: dryRun, removed: removals });
    if (removals.length === 0) return print('Everything is kept for ever: set RETENTION_DAYS or --days.\n');
    const columns = [
      { title: dryRun ? 'would be removed from' : 'removed from' },
      { title: 'count', align: 'right' } as const,
    ];
    return print(
      textTable(
        columns,
        removals.map(({ what, removed }) => [what, countText(removed)]),
      ),
    );
  }

  @Option({
    flags: '--days <days>',
    description: 'age in days, also of one kind: 90,audit_log=365 (default: RETENTION_DAYS, else for ever)',
  })
  parseDays(text: string): string {
    return text;
  }

  @Option({ flags: '--dry-run', description: 'count, and remove nothing' })
  parseDryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}
