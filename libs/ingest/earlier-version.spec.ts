import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { InputRepository } from '../store/input.repository';
import { rebuildRollups, rollupState } from '../store/rollup';
import { Store } from '../store/store';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { Correlator } from './correlator';
import { IngestService } from './ingest.service';

/** A store of the version before journeys said their replies (migrations 0319 to 0329). */
const NEW = /^03(19|2\d)_/;
const LOGS = globSync('{one-of-two-recipients-deferred,greylisted-hes-says-so}/inputs/*', {
  cwd: resolve(__dirname, '../../test/scenarios'),
  absolute: true,
});

async function made(): Promise<TemporaryStore> {
  const own = await openTemporaryStore();
  const { store } = own;
  await new IngestService(store).ingest(LOGS, { timeZone: 'UTC' });
  await rebuildRollups(store);
  return own;
}

/** Takes out what the later version has put in, and opens it with that version. */
async function reopenedAsEarlier({ store, folder }: TemporaryStore): Promise<Store> {
  for (const table of ['journeys', 'stage_journeys', 'stage_replaced_journeys', 'stage_legs'])
    await store.command({ sql: `ALTER TABLE hoptime_store.${table} DROP COLUMN replies` });
  await store.command({ sql: 'DROP VIEW hoptime.journeys' });
  await store.command({
    sql: `ALTER TABLE hoptime_store.schema_migrations DELETE WHERE match(name, '${NEW.source}') SETTINGS mutations_sync = 2`,
  });
  await store.close();
  return Store.open(`chdb:${join(folder, 'store')}`);
}

const repliesOf = async (store: Store): Promise<string[]> =>
  (
    await store.rows<{ text: string }>({
      sql: `SELECT concat(journey_id, ' ', arrayStringConcat(replies, ', ')) AS text FROM hoptime.journeys ORDER BY text`,
    })
  ).map(({ text }) => text);

describe('a store of an earlier version', () => {
  it.each<[string, (store: Store) => Promise<unknown>]>([
    ['a question, or a server that starts', (store) => new IngestService(store).catchUp()],
    [
      'a correlator that nothing new is told of',
      async (store) => expect(await new Correlator(store).bringUpToDate()).toBe('everything'),
    ],
  ])('its journeys say that their replies are not known, until %s builds them anew', async (_what, work) => {
    const own = await made();
    const before = await repliesOf(own.store);
    expect(before.filter((text) => /: Greylisted| 4\.\d\.\d /.test(text)).length).toBeGreaterThan(1);
    expect(before.filter((text) => text.endsWith(' ')).length).toBeGreaterThan(0);
    expect(await rollupState(own.store, 0)).toBe('in line');
    const store = await reopenedAsEarlier(own);
    try {
      expect(await repliesOf(store)).toEqual(
        before.map((text) => `${text.split(' ')[0]} unknown until journeys are built anew`),
      );
      // What rollups say of before is not asked.
      expect(await rollupState(store, 0)).toBe('behind');
      expect(await new InputRepository(store).anyUncorrelated()).toBe(true);
      expect(await new Correlator(store).isUpToDate()).toBe(false);
      await work(store);
      expect(await repliesOf(store)).toEqual(before);
    } finally {
      await store.close();
      rmSync(own.folder, { recursive: true });
    }
  });
});
