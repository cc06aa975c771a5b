import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IngestService } from '../../libs/ingest/ingest.service';
import { Store } from '../../libs/store/store';
import { layEmptyStore } from '../../libs/store/temporary-store.fixture';

/** A store in a temporary folder and the program's own ingest service on it, in this process. One at a time: chDB opens one path per process. */
export interface OwnStore {
  readonly store: Store;
  readonly ingest: IngestService;
}

/** Opens a new, empty store, hands it to `work`, and removes it whatever happens. */
export async function withOwnStore<T>(work: (own: OwnStore) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-own-store-'));
  try {
    await layEmptyStore(join(folder, 'store'));
    const store = await Store.open(`chdb:${join(folder, 'store')}`);
    try {
      return await work({ store, ingest: new IngestService(store) });
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
