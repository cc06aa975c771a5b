import { isOld, refuseOldServer } from './server-version';
import { openTemporaryStore } from './temporary-store.fixture';

it.each([
  ['22.8.15.23', true],
  ['25.12.9.1', true],
  ['26.6.9.9', true],
  ['26.7.1.1', false],
  ['26.10.1.1', false],
  ['27.1.1.1', false],
])('version %s is too old: %s', (version, expected) => expect(isOld(version)).toBe(expected));

it('takes the version of the embedded engine, and refuses an older one with both versions', async () => {
  const temporary = await openTemporaryStore();
  try {
    await refuseOldServer(temporary.store, 'http://db:8123/hoptime_store');
  } finally {
    await temporary.close();
  }
  const old = { rows: <T>() => Promise.resolve([{ version: '24.8.4.13' }] as T[]) };
  await expect(refuseOldServer(old, 'http://db:8123/hoptime_store')).rejects.toThrow(
    'the store http://db:8123/hoptime_store: its ClickHouse is version 24.8.4.13, and hoptime needs 26.7 or newer',
  );
});
