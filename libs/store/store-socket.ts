import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion } from '../config/package-root';
import { sqlFolder, sqlText } from './sql-file';

const SOCKET_FILE = 'hoptime-socket';
/** The system takes no longer name of a socket (sun_path of unix(7), with its NUL). */
const LONGEST_NAME = 107;

/** The method of @clickhouse/client's connection that a query frame asks for, and what it is given. */
export interface RemoteQuery {
  readonly method: 'query' | 'command' | 'exec' | 'insert';
  readonly query: string;
  readonly values?: string;
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings?: Record<string, unknown>;
}

/** Why a query failed, as the engine or the system says it. */
export interface RemoteFailure {
  readonly message: string;
  readonly code?: string;
  readonly type?: string;
}

/** Version and schema: only equal programs share a store. */
export function programIdentity(): string {
  const schema = createHash('sha256');
  for (const file of readdirSync(join(sqlFolder(), 'migrations')).sort())
    if (file.endsWith('.sql'))
      schema
        .update(file)
        .update('\0')
        .update(sqlText(`migrations/${file.slice(0, -4)}`));
  return `hoptime ${packageVersion()}, schema ${schema.digest('hex').slice(0, 16)}`;
}

/** Hands the name of the store's socket to `use`: by a descriptor of the folder where the path is longer than a name may be. */
export function withSocketName<T>(storePath: string, use: (name: string) => T): T {
  const plain = join(storePath, SOCKET_FILE);
  if (Buffer.byteLength(plain) <= LONGEST_NAME) return use(plain);
  const folder = openSync(storePath, 'r');
  try {
    return use(`/proc/self/fd/${folder}/${SOCKET_FILE}`);
  } finally {
    closeSync(folder);
  }
}
