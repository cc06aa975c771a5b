/** Where tables are to be: in an engine or server by itself, or on every server of a cluster. */
export interface Topology {
  readonly server: boolean;
  readonly cluster: string | undefined;
}

/** Tables that are written with retries on a server: it remembers the tokens of so many inserts, so that one that comes twice is taken once. */
const WITH_TOKENS = ['trace_events', 'touched_groups', 'taken_groups', 'rejected_records'];
const TOKENS = 10_000;

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS (\w+)\.(\w+)/m;

/** The statements of a migration for a topology; on the embedded engine, the migration as it stands. */
export function renderMigration(sql: string, { server }: Topology): string[] {
  const table = CREATE_TABLE.exec(sql)?.[2];
  if (!server || table === undefined || !WITH_TOKENS.includes(table)) return [sql];
  return [withSetting(sql, `non_replicated_deduplication_window = ${TOKENS}`)];
}

function withSetting(sql: string, setting: string): string {
  return /^SETTINGS /m.test(sql) ? sql.replace(/^SETTINGS /m, `SETTINGS ${setting}, `) : `${sql}\nSETTINGS ${setting}`;
}
