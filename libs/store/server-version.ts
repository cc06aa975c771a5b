import type { StatementRunner } from './store';

/** Major and minor version of the embedded engine: what its statements need is there, and was tried, from this one on. */
const OLDEST = [26, 7] as const;

/**
 * Refuses a ClickHouse server of a version that the statements were not tried on, before it is made tables that it may not understand.
 * @param shown the store in messages
 * @throws Error that names both versions
 */
export async function refuseOldServer(store: Pick<StatementRunner, 'rows'>, shown: string): Promise<void> {
  const [{ version }] = await store.rows<{ version: string }>({ sql: 'SELECT version() AS version' });
  if (isOld(version))
    throw new Error(
      `the store ${shown}: its ClickHouse is version ${version}, and hoptime needs ${OLDEST.join('.')} or newer`,
    );
}

/** @param version as a server says it, `26.7.2.35` */
export function isOld(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
