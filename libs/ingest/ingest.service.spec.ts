import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { IngestService } from './ingest.service';

let own: TemporaryStore;
let folder: string;
beforeAll(async () => {
  own = await openTemporaryStore();
  folder = mkdtempSync(join(tmpdir(), 'hoptime-ingest-'));
});
afterAll(async () => {
  await own.close();
  rmSync(folder, { recursive: true, force: true });
});

const FILES = ['a', 'b', 'c'];
/** One delivery of a queue id of its own; `stamp` may be none. */
const delivery = (name: string, stamp = '2026-03-02T09:00:01.000Z'): string =>
  `2026-03-02T09:00:00.000Z mx1 postfix/smtpd[1]: ${name.toUpperCase().repeat(10)}: client=gate.example[192.0.2.1]\n` +
  `${stamp} mx1 postfix/smtp[2]: ${name.toUpperCase().repeat(10)}: to=<${name}@corp.example>, relay=mbx1[10.0.0.1]:25, delay=1, delays=0.2/0/0.1/0.7, dsn=2.0.0, status=sent (250 ok)\n`;
const write = (stamp?: string): void => {
  for (const name of FILES) writeFileSync(join(folder, `${name}.log`), delivery(name, stamp));
};

/** Runs `work`; answers the mutations and correlations that it took. */
async function costOf(work: () => Promise<unknown>): Promise<{ deletions: number; correlations: number }> {
  const commands = jest.spyOn(own.store, 'command');
  await work();
  const texts = commands.mock.calls.map(([statement]) => (typeof statement === 'string' ? statement : statement.sql));
  commands.mockRestore();
  return {
    deletions: texts.filter((sql) => /^ALTER TABLE hoptime_store\.trace_events DELETE/.test(sql)).length,
    correlations: texts.filter((sql) => sql.includes('EXCHANGE TABLES hoptime_store.journeys ')).length,
  };
}

it('replaces what a folder of files brought at once', async () => {
  const service = new IngestService(own.store);
  write();
  const first = await service.ingest([folder], { format: 'postfix' });
  expect(first.journeys).toEqual({ total: 3, relayed: 3 });
  const cost = await costOf(async () => {
    const again = await service.ingest([folder], { format: 'postfix', replace: true });
    expect(again.journeys).toEqual({ total: 3, relayed: 3 });
    expect(again.totals).toEqual(first.totals);
  });
  expect(cost).toEqual({ deletions: 1, correlations: 1 });
});

it('replays the files that were read alike together, and those that were not apart', async () => {
  const service = new IngestService(own.store);
  write('whenever');
  const broken = await service.ingest([folder], { format: 'postfix', replace: true });
  expect(broken.totals).toMatchObject({ records: 6, parsed: 3, rejected: 3 });
  await service.ingest([join(folder, 'c.log')], { format: 'postfix', mta: 'mx9', replace: true });
  write();
  const cost = await costOf(async () => {
    const replayed = await service.replay();
    expect(replayed.totals).toMatchObject({ files: 3, parsed: 6, rejected: 0 });
    expect(replayed.journeys).toEqual({ total: 3, relayed: 3 });
  });
  expect(cost).toEqual({ deletions: 2, correlations: 2 });
  const mtas = await own.store.rows({
    sql: 'SELECT DISTINCT hops.mta[1] AS mta FROM hoptime_store.journeys ORDER BY mta',
  });
  expect(mtas).toEqual([{ mta: 'mx1' }, { mta: 'mx9' }]);
});
