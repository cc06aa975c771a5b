import { isOfCoordinator, JOURNEYS_BY } from './cluster-statements';

/** Where tables are to be: in an engine or on a server by itself, or on every server of a cluster. */
export interface Topology {
  readonly server: boolean;
  /** name of the cluster in ClickHouse's configuration */
  readonly cluster: string | undefined;
}

/** Tables that are written with retries on a server: it remembers the tokens of so many inserts, so that one that comes twice is taken once. */
const WITH_TOKENS = ['trace_events', 'touched_groups', 'taken_groups', 'rejected_records'];
const TOKENS = 10_000;

/**
 * By what the rows of a table are spread over the shards of a cluster (storage.md A8): events by what they are correlated by first; rows that replace each
 * other must be on one shard. Journeys by themselves and not by message: those that no Message-ID is known of would all be on one. Tables that are not here
 * have rows that nothing replaces, and are spread evenly.
 */
const SHARDED_BY: Readonly<Record<string, string>> = {
  api_keys: 'cityHash64(key_id)',
  // every shard has the whole list
  expired_groups: 'shard',
  inputs: 'input_id',
  issued_reports: 'sequence',
  report_runs: 'cityHash64(schedule)',
  rejected_records: 'input_id',
  live_checkpoints: 'input_id',
  trace_events: 'group_hash',
  touched_groups: 'group_hash',
  taken_groups: 'group_hash',
  group_links: 'link_hash',
  journeys: JOURNEYS_BY,
  stage_journeys: JOURNEYS_BY,
  stage_replaced_journeys: JOURNEYS_BY,
  rollup_versions: 'cityHash64(span, begins)',
  rollup_marks: 'one',
  collect_checkpoints: 'cityHash64(log)',
  sessions: 'cityHash64(session_hash)',
  schema_migrations: 'cityHash64(name)',
};

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS (\w+)\.(\w+)/m;
const ENGINE = /\bENGINE = (Replacing|Summing|)MergeTree(?:\(([^)]*)\))?/;

/**
 * The statements of a migration for a topology: on the embedded engine, the migration as it stands. On a cluster every table is one
 * `Replicated…` on each server, named `…_local`, and a `Distributed` over them that has the table's name; but for stages of a correlation, which are the
 * asked server's own.
 * @param engineOf the engine clause of a table that another one is made after
 * @throws Error for a form of statement that has no rule
 */
export function renderMigration(
  sql: string,
  { server, cluster }: Topology,
  engineOf: (table: string) => string,
): string[] {
  const table = CREATE_TABLE.exec(sql)?.[2];
  if (cluster !== undefined) return renderForCluster(sql, `ON CLUSTER '${cluster}'`, cluster, engineOf);
  if (!server || table === undefined || !WITH_TOKENS.includes(table)) return [sql];
  return [withSetting(sql, `non_replicated_deduplication_window = ${TOKENS}`)];
}

function withSetting(sql: string, setting: string): string {
  return /^SETTINGS /m.test(sql) ? sql.replace(/^SETTINGS /m, `SETTINGS ${setting}, `) : `${sql}\nSETTINGS ${setting}`;
}

function renderForCluster(sql: string, on: string, cluster: string, engineOf: (table: string) => string): string[] {
  if (/^CREATE DATABASE/m.test(sql)) return [sql.replace(/^(CREATE DATABASE IF NOT EXISTS \w+)/m, `$1 ${on}`)];
  const created = CREATE_TABLE.exec(sql);
  if (created) {
    const [head, database, table] = created;
    if (isOfCoordinator(table)) {
      const own = sql.replace(head, () => `${head} ${on}`);
      return [own.replace(/^(CREATE TABLE .*) AS (\w+\.\w+)/m, '$1 AS $2_local')];
    }
    const whole = ENGINE.test(sql) ? sql : `${sql}\n${engineOf(/ AS \w+\.(\w+)/.exec(sql)?.[1] ?? '')}`;
    const local = whole
      .replace(head, () => `${head}_local ${on}`)
      .replace(/^(CREATE TABLE .*) AS (\w+\.\w+)/m, '$1 AS $2_local')
      .replace(ENGINE, (_, kind: string, version: string | undefined) => replicated(kind, version));
    const by = SHARDED_BY[table] ?? 'rand()';
    if (/ENGINE = Replacing/.test(sql) && by === 'rand()') throw new Error(`no rule spreads the rows of ${table}`);
    return [
      local,
      `${head} ${on} AS ${database}.${table}_local ENGINE = Distributed('${cluster}', '${database}', '${table}_local', ${by})`,
    ];
  }
  if (/^ALTER TABLE/m.test(sql)) {
    if (isOfCoordinator(/^ALTER TABLE \w+\.(\w+)/m.exec(sql)?.[1] ?? ''))
      return [sql.replace(/^ALTER TABLE (\w+\.\w+)/m, `ALTER TABLE $1 ${on}`)];
    const local = sql.replace(/^ALTER TABLE (\w+\.\w+)/m, `ALTER TABLE $1_local ${on}`);
    return /MODIFY SETTING/.test(sql)
      ? [local]
      : [local, sql.replace(/^ALTER TABLE (\w+\.\w+)/m, `ALTER TABLE $1 ${on}`)];
  }
  if (/^CREATE MATERIALIZED VIEW/m.test(sql)) {
    return [
      sql
        .replace(/^(CREATE MATERIALIZED VIEW IF NOT EXISTS \w+\.\w+) TO (\w+\.\w+)/m, `$1 ${on} TO $2_local`)
        .replace(/\bFROM (\w+\.\w+)/g, 'FROM $1_local'),
    ];
  }
  if (/^CREATE( OR REPLACE)? VIEW/m.test(sql)) {
    // A table of another shard is looked up once, by the server that was asked.
    const view = sql.replace(/\b(LEFT JOIN|INNER JOIN|IN) \(/g, 'GLOBAL $1 (');
    return [view.replace(/^(CREATE (?:OR REPLACE )?VIEW (?:IF NOT EXISTS )?\w+\.\w+)/m, `$1 ${on}`)];
  }
  const dropped = /^DROP (?:TABLE|VIEW) IF EXISTS \w+\.\w+/m.exec(sql);
  if (dropped) return [`${dropped[0]} ${on}`, ...(/^DROP TABLE/.test(dropped[0]) ? [`${dropped[0]}_local ${on}`] : [])];
  const emptied = /^TRUNCATE TABLE \w+\.(\w+)$/m.exec(sql);
  if (emptied)
    return [sql.replace(emptied[0], () => `${emptied[0]}${isOfCoordinator(emptied[1]) ? '' : '_local'} ${on}`)];
  // Rows go where their table spreads them.
  if (/^INSERT INTO/m.test(sql)) return [sql];
  throw new Error(`no rule for a cluster: ${sql.slice(0, 80)}`);
}

const replicated = (kind: string, version: string | undefined): string =>
  `ENGINE = Replicated${kind}MergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}'${version ? `, ${version}` : ''})`;
