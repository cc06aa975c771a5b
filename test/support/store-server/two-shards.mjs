/**
 * Two shards in one engine. Both are this process, so each part of a `Distributed` table's question is planned and run here, with the states that shards send each
 * other; `shardNum()` tells such a part which shard it is. A table `…_local` holds the rows of both shards, and each sees those that the sharding key gives it, by
 * a filter. Tables that only the server that was asked has cannot be read by the second shard: it throws. What is for all servers (`ON CLUSTER`) is done
 * once, changes of rows once for each shard with that shard's rows. What it is not: Keeper, replicas, two machines, a shard that is away.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Nobody listens there: it is what the engine knows itself by. */
const PORT = 9000;
const SHARDS = [1, 2];

/** Arguments of a session of an engine that knows the cluster. */
export function clusterArguments(cluster, folder) {
  const file = join(folder, 'cluster.xml');
  const replica = (port) => `<replica><host>127.0.0.1</host><port>${port}</port></replica>`;
  const shard = (...replicas) => `<shard><internal_replication>true</internal_replication>${replicas.join('')}</shard>`;
  // and two that the program must refuse
  const clusters = {
    [cluster]: shard(replica(PORT)).repeat(SHARDS.length),
    replicas: shard(replica(PORT), replica(PORT)),
    elsewhere: shard(replica(PORT + 1)),
  };
  const servers = Object.entries(clusters).map(([name, shards]) => `<${name}>${shards}</${name}>`);
  writeFileSync(
    file,
    `<clickhouse><tcp_port>${PORT}</tcp_port><remote_servers>${servers.join('')}</remote_servers></clickhouse>`,
  );
  // with the role of readers
  const users = fileURLToPath(new URL('../../../libs/store/engine.xml', import.meta.url));
  return [`--config-file=${file}`, `--users_config=${users}`];
}

/** A statement as an engine without Keeper takes it. */
export const withoutKeeper = (sql) =>
  sql
    .replace(/ ON CLUSTER '?\w+'?/g, '')
    .replace(/\bReplicated(\w*)MergeTree\('[^']*', '[^']*'(?:, )?/g, '$1MergeTree(');

const CHANGE =
  /^((?:\s|\/\*[\s\S]*?\*\/|--[^\n]*\n)*(?:DELETE FROM|ALTER TABLE) (\w+)\.(\w+)_local ON CLUSTER [\s\S]*?\bWHERE\b)([\s\S]*?)(\sSETTINGS [^()]*)?$/;
const DISTRIBUTED = /^Distributed\('\w+', '\w+', '(\w+)', ([\s\S]*?)\)$/;

export class TwoShards {
  tables;

  /** @param rows asks the engine, which filters nothing then */
  constructor(rows) {
    this.rows = rows;
  }

  /** What a statement is here: itself, or once per shard; with the filters that show a shard its rows. */
  async parts(sql) {
    this.tables ??= await this.known();
    const change = CHANGE.exec(sql);
    if (!change) return [{ sql: withoutKeeper(sql), filters: this.filters('shardNum()', 'shardNum() = 0 OR ') }];
    const [, head, database, name, condition, settings = ''] = change;
    const key = this.tables.keys.get(`${database}.${name}_local`);
    return SHARDS.map((shard) => ({
      sql: withoutKeeper(`${head} (${key} % ${SHARDS.length} + 1 = ${shard}) AND (${condition})${settings}`),
      filters: this.filters(`if(shardNum() = 0, ${shard}, shardNum())`),
    }));
  }

  /** To be called after a statement. */
  async done(sql) {
    // Tables of a lease nobody filters, and a table of shards counts from the Distributed one on that follows it.
    const made = /\bCREATE TABLE IF NOT EXISTS \w+\.(\w+)/.exec(sql)?.[1];
    if (/^(?:\s|\/\*[\s\S]*?\*\/)*RENAME\b|\bCOLUMN\b/.test(sql) || (made && !made.endsWith('_local')))
      this.tables = undefined;
    // Rows that a merge adds up would come to lie on another shard between the two parts of one question.
    const summing = /CREATE TABLE IF NOT EXISTS (\w+\.\w+_local) [\s\S]*SummingMergeTree/.exec(sql);
    if (summing) await this.rows(`SYSTEM STOP MERGES ${summing[1]}`);
  }

  filters(shard, before = '') {
    const { keys, own } = this.tables;
    return new Map([
      ...[...keys].map(([table, key]) => [table, `${before}${key} % ${SHARDS.length} + 1 = ${shard}`]),
      ...own.map((table) => [table, 'throwIf(shardNum() > 1) = 0']),
    ]);
  }

  /** The sharding key of each table of the shards, and the tables of the server that was asked. */
  async known() {
    const found = await this.rows(
      `SELECT database, name, engine, engine_full FROM system.tables WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')`,
    );
    const engines = new Map(found.map(({ database, name, engine }) => [`${database}.${name}`, engine]));
    const keys = new Map();
    for (const { database, engine_full } of found) {
      const [, local, key] = DISTRIBUTED.exec(engine_full) ?? [];
      if (local === undefined) continue;
      const table = `${database}.${local}`;
      keys.set(table, key === 'rand()' ? await this.anyhow(table, database, local, engines.get(table)) : `(${key})`);
    }
    const own = [...engines].filter(([table, engine]) => engine.endsWith('MergeTree') && !keys.has(table));
    return { keys, own: own.map(([table]) => table) };
  }

  /** What spreads rows that may be on any shard, each always on one. */
  async anyhow(table, database, local, engine) {
    if (engine === 'SummingMergeTree') return 'cityHash64(_part, _part_offset)';
    const columns = await this.rows(
      `SELECT name FROM system.columns WHERE database = '${database}' AND table = '${local}' ORDER BY position`,
    );
    return `cityHash64(toString(tuple(${columns.map(({ name }) => `\`${name}\``).join(', ')})))`;
  }
}
