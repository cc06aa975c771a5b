import type { ClickHouseSettings } from '@clickhouse/client';

/** Stages whose rows lie on the shards: they change places with `journeys`, or say what is masked there. All others lie on the server that is asked. */
const STAGES_OF_SHARDS = ['stage_journeys', 'stage_replaced_journeys'];
/** A list that each shard has as a whole, for its changes of rows to look into. */
const WHOLE_ON_EACH_SHARD = 'expired_groups';
/** By what journeys are spread over the shards, finished ones and those of stages: those that take each other's place are on one shard. */
export const JOURNEYS_BY = 'journey_id';

const TABLE = String.raw`hoptime_store\.(\w+)`;
/** Texts and comments, which stay as they are, or what a statement looks up. */
const LOOKED_UP = /'(?:[^'\\]|\\[\s\S])*'|--[^\n]*|\/\*[\s\S]*?\*\/|(?<!GLOBAL )\b((?:NOT )?IN\s*\(\s*SELECT\b)/g;
/** Before a statement, comments say who sends it and what it does. */
const COMMENTS = String.raw`^((?:\s|/\*[\s\S]*?\*/|--[^\n]*\n)*)`;

/** Whether a table of a cluster's store is one of the server that is asked: a stage of a correlation that no shard looks into. */
export function isOfCoordinator(table: string): boolean {
  const name = table.replace(/^g\d+_/, '').replace(/_local$/, '');
  return name.startsWith('stage_') && !STAGES_OF_SHARDS.includes(name);
}

/**
 * What every statement gets on a cluster (docs/cluster.md). Tables of other shards, and those of the server that is asked, are looked up by this server, and
 * the answer goes to all shards; an insert is done when its rows are on the shards; and what is inserted from a table of shards is what all of them answer
 * together: by itself the engine would let each shard insert what it has, sums and counts in as many parts as there are shards.
 */
export const CLUSTER_SETTINGS: ClickHouseSettings = {
  prefer_global_in_and_join: 1,
  distributed_foreground_insert: 1,
  parallel_distributed_insert_select: '0',
  load_balancing: 'in_order',
  allow_nondeterministic_mutations: 1,
};

/**
 * A statement of the program for a cluster: what changes tables as such goes to the tables of all shards, since a `Distributed` one has nothing to change.
 * @throws Error for a change that no rule makes right
 */
export function onCluster(sql: string, cluster: string): string {
  if (/\bON CLUSTER '/.test(sql)) return sql;
  const on = `ON CLUSTER '${cluster}'`;
  const local = (table: string): string => `hoptime_store.${table}_local`;
  const exchange = matched(`EXCHANGE TABLES ${TABLE} AND ${TABLE}`, sql);
  if (exchange) return `${exchange[1]}EXCHANGE TABLES ${local(exchange[2])} AND ${local(exchange[3])} ${on}`;
  const whole = matched(`(TRUNCATE|OPTIMIZE) TABLE ${TABLE}`, sql);
  if (whole) {
    const [head, comments, verb, table] = whole;
    return isOfCoordinator(table) ? sql : `${comments}${verb} TABLE ${local(table)} ${on}${sql.slice(head.length)}`;
  }
  const setting = matched(String.raw`ALTER TABLE ${TABLE}\s+(MODIFY|RESET) SETTING\b`, sql);
  if (setting && isOfCoordinator(setting[2])) return sql;
  if (setting) return sql.replace(`hoptime_store.${setting[2]}`, `${local(setting[2])} ${on}`);
  const rows = matched(String.raw`(DELETE FROM|ALTER TABLE) ${TABLE}\s+((?:DELETE\s+|UPDATE [^;]*?)?WHERE\b)`, sql);
  if (rows) {
    const [head, comments, verb, table, what] = rows;
    const condition = sql.slice(head.length).replaceAll(new RegExp(TABLE, 'g'), (name, other: string) => {
      if (isOfCoordinator(other))
        throw new Error(`on a cluster, no shard has ${other}: ${verb} ${table} cannot ask it`);
      return other.includes('stage_') || other === WHOLE_ON_EACH_SHARD ? `${name}_local` : name;
    });
    return `${comments}${verb} ${local(table)} ${on} ${what}${condition}`;
  }
  if (matched(`(ALTER|EXCHANGE|DELETE)\\b`, sql)) throw new Error(`no rule for a cluster: ${sql.slice(0, 80)}`);
  return (
    sql
      .replaceAll(/\bFROM (system\.(?:parts|processes))\b/g, `FROM clusterAllReplicas('${cluster}', $1)`)
      // The setting does so in WHERE, and neither in PREWHERE nor in what is selected.
      .replaceAll(LOOKED_UP, (found, lookedUp?: string) => (lookedUp === undefined ? found : `GLOBAL ${lookedUp}`))
  );
}

const matched = (form: string, sql: string): RegExpExecArray | null => new RegExp(`${COMMENTS}${form}`).exec(sql);

/** What makes a stage of a generation of the lease, and what drops it. */
export interface StageStatements {
  readonly create: readonly string[];
  readonly drop: readonly string[];
}

/**
 * @param stage `stage_…`
 * @param cluster undefined on a server by itself
 */
export function stageStatements(stage: string, generation: number, cluster: string | undefined): StageStatements {
  const name = `hoptime_store.g${generation}_${stage}`;
  const own = {
    create: [`CREATE TABLE IF NOT EXISTS ${name} AS hoptime_store.${stage}`],
    drop: [`DROP TABLE IF EXISTS ${name}`],
  };
  if (cluster === undefined || isOfCoordinator(stage)) return own;
  const on = `ON CLUSTER '${cluster}'`;
  return {
    create: [
      `CREATE TABLE IF NOT EXISTS ${name}_local ${on} AS hoptime_store.${stage}_local`,
      `CREATE TABLE IF NOT EXISTS ${name} AS ${name}_local ENGINE = Distributed('${cluster}', 'hoptime_store', 'g${generation}_${stage}_local', ${JOURNEYS_BY})`,
    ],
    drop: [...own.drop, `DROP TABLE IF EXISTS ${name}_local ${on}`],
  };
}
