import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { IngestService } from '../../libs/ingest/ingest.service';
import { QueryLimitError, QueryPool } from '../../libs/store/query-pool';
import { REJECTED_ROW_STRUCTURE } from '../../libs/store/rejected-record.blocks';
import { Store } from '../../libs/store/store';
import { answerOf, type Answer } from '../support/answer';
import { TestStoreServer } from '../support/store-server/store-server';

/** What the program counts on, on every engine that a store may lie on: the embedded one, and a server over HTTP. */
const root = mkdtempSync(join(tmpdir(), 'hoptime-contract-'));
let server: TestStoreServer;
beforeAll(async () => (server = await TestStoreServer.start()));
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const ENGINES = ['chdb', 'http'] as const;
type Engine = (typeof ENGINES)[number];
const urlOf = (engine: Engine): string =>
  engine === 'chdb' ? `chdb:${join(root, 'store')}` : server.url('hoptime_store');
/** what one engine answered, for comparison with the other */
const seen: Partial<Record<Engine, { schema: unknown[]; stories: Answer }>> = {};

describe.each(ENGINES)('%s', (engine) => {
  let store: Store;
  beforeAll(async () => (store = await Store.open(urlOf(engine))));
  afterAll(() => store.close());
  const rows = <T>(sql: string, parameters?: Record<string, unknown>): Promise<T[]> =>
    store.rows<T>({ sql }, parameters);
  const command = (sql: string): Promise<void> => store.command({ sql });

  it('binds parameters by type, whatever is in them', async () => {
    const text = `it's "q" \\ back\\n \n line \t tab ; -- { } é 漢 😀`;
    const list = ['a', `b'c`, 'd\\', ''];
    const [row] = await rows(
      'SELECT {text:String} AS text, {list:Array(String)} AS list, {n:UInt8} AS n, hex({id:UInt64}) AS id',
      {
        text,
        list,
        n: 7,
        id: '18446744073709551615',
      },
    );
    expect(row).toEqual({ text, list, n: 7, id: 'FFFFFFFFFFFFFFFF' });
  });

  it('takes long lists', async () => {
    const list = Array.from({ length: 5000 }, (_, i) => `${i}`.padStart(16, '0'));
    const sql = 'SELECT toUInt32(length({list:Array(String)})) AS n, {list:Array(String)}[-1] AS last';
    expect(await rows(sql, { list })).toEqual([{ n: 5000, last: '0000000000004999' }]);
  });

  it('answers 64-bit numbers as numbers, no rows as none, and times in UTC', async () => {
    expect(
      await rows(`SELECT toUInt64(42) AS n, -1 AS m, toDateTime64('2026-03-02 10:00:00.123', 3, 'UTC') AS t`),
    ).toEqual([{ n: 42, m: -1, t: '2026-03-02 10:00:00.123' }]);
    expect(await rows('SELECT 1 AS n WHERE 0')).toEqual([]);
  });

  it.each([
    ['60', 'SELECT * FROM hoptime_store.no_such_table'],
    ['62', 'SELECT FROM WHERE'],
    // Rows come before the failure.
    ['395', `SELECT throwIf(number = 900000, 'as asked') FROM numbers(1000000)`],
    ['57', 'CREATE TABLE hoptime_store.inputs (n UInt8) ENGINE = MergeTree ORDER BY n'],
  ])('an error has its code, %s, and leaves nothing behind', async (code, sql) => {
    // One statement waits behind the one that fails, one comes after it.
    const [failed, waiting] = await Promise.allSettled([rows(sql), rows('SELECT 2 AS two')]);
    expect({ failed, waiting }).toMatchObject({
      failed: { reason: { code } },
      waiting: { value: [{ two: 2 }] },
    });
    expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('settings of a statement end with it', async () => {
    const sql = `SELECT toString(getSetting('max_block_size')) AS n`;
    const [usual] = await rows(sql);
    expect(await rows(`${sql} SETTINGS max_block_size = 1234`)).toEqual([{ n: '1234' }]);
    expect(await rows(sql)).toEqual([usual]);
  });

  it('takes rows as bytes, by the statement of each kind of record', async () => {
    const name = Buffer.from(`r'é\0`);
    const head = [9, 0, 0, 0, 0, 0, 0, 0, 3, ...Buffer.from(`s'1`), 7, 0, 0, 0, 1, 114, name.length];
    const row = Buffer.concat([Buffer.from(head), name]);
    await store.insert('ingest/insert_rejected_records', row, { structure: REJECTED_ROW_STRUCTURE });
    const found = await rows(
      `SELECT line, reason, hex(text) AS text, source FROM hoptime_store.rejected_records WHERE input_id = 9`,
    );
    expect(found).toEqual([{ line: 7, reason: 'r', text: '7227C3A900', source: `s'1` }]);
    const sql = `INSERT INTO hoptime_store.stage_rekeys SELECT * FROM file({spool:String}, 'TSV', 'key_hash UInt64, root_hash UInt64')`;
    await store.insert({ sql }, '1\t18446744073709551615\n2\t3');
    expect(
      await rows('SELECT key_hash, hex(root_hash) AS root FROM hoptime_store.stage_rekeys ORDER BY key_hash'),
    ).toEqual([
      { key_hash: 1, root: 'FFFFFFFFFFFFFFFF' },
      { key_hash: 2, root: '03' },
    ]);
    await command('TRUNCATE TABLE hoptime_store.stage_rekeys');
  });

  it('takes an insert once that comes twice with one token', async () => {
    await command(
      `CREATE TABLE hoptime_store.tokens (n UInt8) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10`,
    );
    for (const token of ['a', 'a', 'b']) {
      await command(`INSERT INTO hoptime_store.tokens SETTINGS insert_deduplication_token = '${token}' SELECT 1`);
    }
    expect(await rows('SELECT toUInt32(count()) AS n FROM hoptime_store.tokens')).toEqual([{ n: 2 }]);
    await command('DROP TABLE hoptime_store.tokens');
  });

  it('runs each of several works once, and ends before it says that one failed', async () => {
    const done: number[] = [];
    await store.inParallel([1, 2, 3, 4, 5], async (n, lane) => {
      const [{ twice }] = await lane.rows<{ twice: number }>({ sql: `SELECT ${n} * 2 AS twice` });
      done.push(twice);
    });
    expect(done.sort((a, b) => a - b)).toEqual([2, 4, 6, 8, 10]);
    let running = 0;
    const failing = store.inParallel([1, 2, 3, 4], async (n, lane) => {
      running++;
      try {
        await lane.rows({ sql: n === 1 ? 'SELECT throwIf(1)' : 'SELECT sleep(0.2)' });
      } finally {
        running--;
      }
    });
    await expect(failing).rejects.toMatchObject({ code: '395' });
    expect(running).toBe(0);
  });

  it('lets only one of several change the store at a time', async () => {
    const order: string[] = [];
    await store.inTurn(async () => {
      order.push('outer begins');
      await store.inTurn(() => Promise.resolve(order.push('inner')));
      order.push('outer ends');
    });
    expect(order).toEqual(['outer begins', 'inner', 'outer ends']);
  });

  it('bounds a read in time and memory', async () => {
    const limits = { running: 2, waiting: 10, seconds: 60, memoryBytes: 50_000_000 };
    const quick = new QueryPool(store, { ...limits, seconds: 1 });
    const small = new QueryPool(store, limits);
    expect(await quick.rows({ sql: 'SELECT {t:String} AS t' }, { t: `a'b` })).toEqual([{ t: `a'b` }]);
    const slow = quick.rows({ sql: 'SELECT sum(sipHash64(number)) AS n FROM numbers(100000000000)' });
    const large = small.rows({ sql: 'SELECT groupArray(toString(number)) AS n FROM numbers(50000000)' });
    const ends = await Promise.allSettled([slow, large]);
    expect(ends.map((end) => end.status === 'rejected' && end.reason)).toEqual([
      new QueryLimitError('time'),
      new QueryLimitError('memory'),
    ]);
    for (const pool of [quick, small]) {
      expect(await pool.rows({ sql: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
      await pool.close();
    }
  });

  it('has the schema, and answers every story', async () => {
    const paths = globSync('*/inputs', {
      cwd: resolve(__dirname, '../scenarios'),
      absolute: true,
      onlyDirectories: true,
    });
    expect(paths.length).toBeGreaterThan(40);
    const ingest = new IngestService(store);
    await store.inTurn(() => ingest.ingest(paths.sort(), { timeZone: 'UTC', year: 2026 }));
    const schema = await rows(
      `SELECT t.database AS database, t.name AS name, t.engine AS engine, c.name AS column, c.type AS type FROM system.tables AS t
      INNER JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
      WHERE t.database IN ('hoptime_store', 'hoptime') AND NOT match(t.name, '^(lease_|g[0-9]+_stage_)') ORDER BY database, name, c.position`,
    );
    seen[engine] = { schema, stories: await answerOf(store) };
    expect(schema.length).toBeGreaterThan(200);
    expect(seen[engine]?.stories.journeys.length).toBeGreaterThan(50);
  });
});

it('every engine has the same tables, and gives the same journeys of all stories', () => {
  expect(Object.keys(seen).sort()).toEqual(['chdb', 'http']);
  expect(seen.http?.schema).toEqual(seen.chdb?.schema);
  expect(seen.http?.stories).toEqual(seen.chdb?.stories);
});
