import { userInfo } from 'node:os';
import { Command, Option } from 'nest-commander';
import { countText } from '../../../libs/delay/duration-text';
import { textTable } from '../../../libs/delay/text-table';
import type { EraseReport } from '../../../libs/privacy/erase';
import type { Store } from '../../../libs/store/store';
import { UsageError } from '../failure';
import { note, print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface EraseOptions extends StoreOptions {
  address?: string;
  dryRun?: boolean;
  json?: boolean;
}

@Command({
  name: 'erase',
  description: 'Take an address out of the store: every table and every kept file, and the proof that nothing is left',
})
export class EraseCommand extends StoreCommand {
  protected readonly examples = `
    hoptime erase --address jane.doe@corp.example --dry-run
    hoptime erase --address jane.doe@corp.example`;

  async run(_arguments: string[], { address, dryRun = false, json, ...options }: EraseOptions): Promise<void> {
    if (address === undefined) throw new UsageError('erase: --address is needed');
    const { eraseAddress, leftOver } = await import('../../../libs/privacy/erase.js');
    const { traceOf } = await import('../../../libs/privacy/address-trace.js');
    try {
      traceOf(address);
    } catch (error) {
      throw new UsageError(`--address: ${error instanceof Error ? error.message : String(error)}`);
    }
    const report = await this.withStore(options, async (store, config) => {
      const { correlatorOptions } = await import('../../../libs/ingest/correlator-options.js');
      const correlation = { ...correlatorOptions(config), rollup: store.isShared };
      const onProgress = (what: string): void => void (process.stderr.isTTY && note(`hoptime: ${what}`));
      return store.inTurn(async () => {
        const done = await eraseAddress(store, address, { correlation, dryRun, onProgress });
        if (!dryRun) await audit(store, done);
        return done;
      });
    });
    const left = leftOver(report);
    if (json) await printJson(document(report, left));
    else await print(text(report, left));
    if (left > 0) throw new Error('something is left: new mail may have come in meanwhile; run it again');
    if (report.outdatedParts > 0)
      throw new Error(
        `${report.outdatedParts} parts of tables with what was replaced have not been deleted by the engine yet: reads that began before hold them, or the engine is busy; they go by themselves, on a server within eight minutes (old_parts_lifetime) of the end of these reads. Run it again then for the proof`,
      );
  }

  @Option({ flags: '--address <address>', description: 'the whole address, such as jane.doe@corp.example' })
  parseAddress(address: string): string {
    return address;
  }

  @Option({ flags: '--dry-run', description: 'count where it is, and change nothing' })
  parseDryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}

/** Who erased, and what stands in the place of the address now; not whose address it was. */
async function audit(store: Store, { replacedBy, tables }: EraseReport): Promise<void> {
  const { AuditLog } = await import('../../../libs/access/audit-log.js');
  let failure: string | undefined;
  const log = new AuditLog(store, (sentence) => (failure = sentence));
  const rows = tables.reduce((sum, { before }) => sum + before, 0);
  const target = `${replacedBy} stands in the place of an address in ${rows} rows`;
  const { username } = userInfo();
  log.add({
    at: Date.now(),
    keyId: '',
    keyName: username,
    role: '',
    address: '',
    method: 'CLI',
    route: 'erase',
    target,
    status: 0,
  });
  await log.flush();
  if (failure !== undefined) throw new Error(failure);
}

function document(report: EraseReport, left: number) {
  const traces = (list: EraseReport['tables']) => list.map(({ where, before, after }) => ({ where, before, after }));
  return {
    replaced_by: report.replacedBy,
    tables: traces(report.tables),
    files: traces(report.files),
    outdated_parts: report.outdatedParts,
    left,
  };
}

function text({ replacedBy, tables, files, outdatedParts }: EraseReport, left: number): string {
  const traces = [...tables, ...files];
  if (traces.length === 0) return 'No table and no kept file names this address.\n';
  const columns = [
    { title: 'names the address' },
    { title: 'before', align: 'right' },
    { title: 'after', align: 'right' },
  ] as const;
  const rows = traces.map(({ where, before, after }) => [
    where,
    countText(before),
    after === null ? '' : countText(after),
  ]);
  const table = textTable(columns, rows);
  if (replacedBy === null) return `${table}Nothing was changed.\n`;
  const deleted = outdatedParts === 0 ? ' The engine has deleted the files of what was replaced.' : '';
  const proof = left === 0 ? `All tables and kept files were searched again: nothing is left.${deleted}\n` : '';
  return `${table}${proof}${replacedBy} stands in its place. Files of your own that name the address bring it back when they are read again.\n`;
}
