import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerStoreUrl } from '../config/store-url';
import { sqlFolder } from './sql-file';
import { withDatabases } from './statement-rendering';
import { withNumbers, type Store } from './store';

/** What one query of a reader may take. */
export interface ViewerLimits {
  readonly maxSeconds: number;
  /** bytes */
  readonly maxMemory: number;
  /** bytes */
  readonly maxResult: number;
}

/**
 * The statements that make the settings profile and the role of those who read the views on a ClickHouse server, on all servers of a cluster.
 * The embedded engine has no such thing: there the program itself keeps readers to the views.
 */
export function viewerAccess({ cluster, database }: ServerStoreUrl, limits: ViewerLimits): string[] {
  const numbers = { max_seconds: limits.maxSeconds, max_memory: limits.maxMemory, max_result: limits.maxResult };
  return readdirSync(join(sqlFolder(), 'access'))
    .sort()
    .map((file) => {
      const sql = withDatabases(withNumbers(`access/${file.replace(/\.sql$/, '')}`, numbers).sql, database);
      if (cluster === undefined) return sql;
      const on = `ON CLUSTER '${cluster}'`;
      return sql
        .replace(/^(CREATE SETTINGS PROFILE OR REPLACE \w+|CREATE ROLE IF NOT EXISTS \w+)/m, `$1 ${on}`)
        .replace(/^GRANT /m, `GRANT ${on} `);
    });
}

/**
 * Makes them on the server that has the store. Answers a sentence when its user may not: then an administrator has to; nothing on the embedded
 * engine.
 */
export async function grantViewers(store: Store, limits: ViewerLimits): Promise<string | undefined> {
  const { server } = store;
  if (!server) return undefined;
  try {
    for (const sql of viewerAccess(server.url, limits)) await store.command({ sql });
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0].trim() : String(error);
    return `the role of those who read the views was not made (${said}): let an administrator run the last three statements of \`hoptime migrate --dry-run\``;
  }
}
