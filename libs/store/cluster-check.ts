import type { ServerStoreUrl } from '../config/store-url';
import type { StatementRunner } from './store';

/** What a command does on a cluster: only its schema, or all that it does on a server. Others refuse a cluster. */
export type ClusterUse = 'schema' | 'whole';

interface Found {
  readonly shards: number;
  readonly replicas: number;
  readonly here: number;
}

/**
 * Refuses a cluster on which journeys would be built otherwise than it is tested (docs/cluster.md).
 * @throws Error that says why
 */
export async function refuseUntested(
  { hosts, cluster, shown }: ServerStoreUrl,
  store: Pick<StatementRunner, 'rows'>,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new Error(`the store ${shown}: ${why} (docs/cluster.md)`);
  };
  if (hosts.length > 1)
    refuse(
      'with ?cluster=, STORE_URL names one server: it coordinates, and all processes that use the store must name the same one',
    );
  const sql = `SELECT toUInt32(uniqExact(shard_num)) AS shards, toUInt32(max(replica_num)) AS replicas, toUInt8(max(is_local)) AS here
    FROM system.clusters WHERE cluster = {cluster:String}`;
  const [{ shards, replicas, here }] = await store.rows<Found>({ sql }, { cluster });
  if (shards === 0) refuse(`the server knows no cluster ${cluster}`);
  if (here === 0) refuse(`the server is none of the cluster ${cluster}`);
  if (replicas > 1)
    refuse(`shards of the cluster ${cluster} have several replicas: journeys can be built where each has one`);
  const earlier = `SELECT name FROM system.tables WHERE database = 'hoptime_store' AND name = 'stage_legs' AND engine = 'Distributed'`;
  if ((await store.rows({ sql: earlier })).length > 0)
    refuse(
      'the tables were made by an earlier version, which could keep nothing in them: drop both databases ON CLUSTER and run `hoptime migrate`',
    );
}
