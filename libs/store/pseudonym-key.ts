import { Pseudonyms } from '../trace/pseudonyms';
import type { StatementRunner } from './store';

/** The key given is not the one that the store was made with. */
export class PseudonymKeyError extends Error {
  constructor(place: string, trouble: string) {
    super(`the store ${place} ${trouble}`);
    this.name = 'PseudonymKeyError';
  }
}

/**
 * The pseudonyms of a store; undefined where its addresses are in clear. A store that holds nothing yet takes the key that it is opened with, and
 * remembers its fingerprint.
 * @param key '' or undefined: none
 * @throws PseudonymKeyError
 */
export async function pseudonymsOf(store: StatementRunner, key: string | undefined): Promise<Pseudonyms | undefined> {
  const pseudonyms = key ? new Pseudonyms(key) : undefined;
  const known = await fingerprintOf(store);
  if (known === undefined && pseudonyms) {
    if (await hasInputs(store))
      throw new PseudonymKeyError(
        store.place,
        'was made without PSEUDONYM_KEY, so its addresses are in clear: unset it, or name another store and ingest your files there',
      );
    await store.command(
      {
        sql: `INSERT INTO hoptime_store.pseudonym_keys SELECT now64(3, 'UTC'), {fingerprint:String}`,
      },
      { fingerprint: pseudonyms.fingerprint },
    );
  }
  // Another program may have been quicker.
  const kept = known ?? (pseudonyms && (await fingerprintOf(store)));
  if (kept === pseudonyms?.fingerprint) return pseudonyms;
  throw new PseudonymKeyError(
    store.place,
    pseudonyms
      ? 'was made with another PSEUDONYM_KEY, under which the same address has another pseudonym: set that one'
      : 'was made with a PSEUDONYM_KEY: set it, else new mail would be kept in clear and no address would be found',
  );
}

async function fingerprintOf(store: StatementRunner): Promise<string | undefined> {
  const [row] = await store.rows<{ fingerprint: string }>({
    sql: 'SELECT fingerprint FROM hoptime_store.pseudonym_keys ORDER BY since, fingerprint LIMIT 1',
  });
  return row?.fingerprint;
}

async function hasInputs(store: StatementRunner): Promise<boolean> {
  return (await store.rows({ sql: 'SELECT 1 AS one FROM hoptime_store.inputs LIMIT 1' })).length > 0;
}
