import fc from 'fast-check';
import { until } from '../../test/support/until';
import { asker, AskerGoneError } from './asker';
import { nativeBlocks, type NativeNumbers } from './native-blocks';
import { QueryLimitError, QueryPool, PoolFullError } from './query-pool';
import { openTemporaryStore, type TemporaryStore } from './temporary-store.fixture';

let place: TemporaryStore;
let pool: QueryPool;
const OPTIONS = { running: 4, waiting: 1000, seconds: 10, memoryBytes: 2 ** 30 };

beforeAll(async () => {
  place = await openTemporaryStore();
  pool = new QueryPool(place.store, OPTIONS);
});
afterAll(async () => {
  await pool.close();
  await place.close();
});

describe('parameters', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => text.search(/\p{Cs}/u) < 0);
  const nasty = fc.constantFrom(
    "'",
    "\\'",
    '\\',
    "x'; DROP TABLE hoptime_store.journeys; --",
    '\0',
    '\t\n\r\b\f',
    '{a:String}',
    '\\N',
    "['x']",
    '漢',
    'NULL',
  );

  it('come back as they were given, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(texts, nasty),
        fc.array(fc.oneof(texts, nasty), { maxLength: 5 }),
        fc.integer(),
        async (text, list, number) => {
          const sql = 'SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Int64} AS c, length({b:Array(String)}) AS n';
          const rows = await pool.rows({ sql }, { a: text, b: list, c: number });
          expect(rows).toEqual([{ a: text, b: list, c: number, n: list.length }]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of the wrong type, without a value, or with a name that is no name are errors', async () => {
    await expect(pool.rows({ sql: 'SELECT {c:UInt32} AS c' }, { c: '1 OR 1' })).rejects.toThrow(/parsed/);
    await expect(pool.rows({ sql: 'SELECT {c:UInt32} AS c' }, {})).rejects.toThrow(/is not set/);
    await expect(pool.rows({ sql: 'SELECT 1' }, { 'a = 1, b': 1 })).rejects.toThrow('no name of a parameter');
    await expect(pool.rows({ sql: 'SELECT {a:String}' }, { a: { b: 1 } })).rejects.toThrow('cannot be object');
  });

  it('may be longer than the engine lets a statement be', async () => {
    const [long, list] = ['ä\t'.repeat(300_000), [...Array(100_000).keys()]];
    const sql = 'SELECT length({a:String}) AS bytes, arraySum({b:Array(UInt32)}) AS sum';
    const answer = [{ bytes: 900_000, sum: 4_999_950_000 }];
    expect(await pool.rows({ sql }, { a: long, b: list })).toEqual(answer);
    expect(await place.store.rows({ sql }, { a: long, b: list })).toEqual(answer);
  });

  it('of one query are unknown to the next', async () => {
    await pool.rows({ sql: 'SELECT {secret:String} AS s' }, { secret: 'of one' });
    await expect(pool.rows({ sql: 'SELECT {secret:String} AS s' })).rejects.toThrow(/is not set/);
  });
});

describe('the format Native', () => {
  const answer = (sql: string): Promise<Uint8Array> => pool.native({ sql });

  it('comes as numbers, texts and arrays of each row, block by block', async () => {
    const blocks = nativeBlocks(
      await answer(`SELECT
          toUInt8(200 + number) AS a, toInt8(-number) AS b, toInt16(-300 * number) AS c, toUInt32(4294967295 - number) AS d,
          toInt64(number - 1) * 9007199254740991 AS e, concat('ä', toString(number)) AS f,
          arrayMap(n -> toInt16(n - 5), range(number)) AS g, CAST(arrayMap(n -> -5000000000 - n, range(number)), 'Array(Int64)') AS h
        FROM numbers(3) SETTINGS max_block_size = 2`),
    );
    const listed = (column: NativeNumbers): number[] => Array.from({ length: column.length }, (_, i) => column.at(i));
    const all = (column: (block: (typeof blocks)[number]) => NativeNumbers): number[] =>
      blocks.flatMap((block) => listed(column(block)));
    expect(blocks.map(({ rows }) => rows)).toEqual([2, 1]);
    const numbers = ['a', 'b', 'c', 'd', 'e'].map((name) => all((block) => block.numbers(name)).map((n) => n + 0));
    expect(numbers).toEqual([
      [200, 201, 202],
      [0, -1, -2],
      [0, -300, -600],
      [4_294_967_295, 4_294_967_294, 4_294_967_293],
      [-9_007_199_254_740_991, 0, 9_007_199_254_740_991],
    ]);
    expect(blocks.flatMap((block) => block.texts('f'))).toEqual(['ä0', 'ä1', 'ä2']);
    expect(blocks.map((block) => listed(block.arrays('g').ends))).toEqual([[0, 1], [2]]);
    expect(all((block) => block.arrays('g').values)).toEqual([-5, -5, -4]);
    expect(all((block) => block.arrays('h').values)).toEqual([-5e9, -5e9, -5e9 - 1]);
  });

  it('has no blocks without rows, and is refused where it is of other types or cut short', async () => {
    expect(nativeBlocks(await answer('SELECT 1 AS a WHERE 0')).reduce((rows, block) => rows + block.rows, 0)).toBe(0);
    const floats = await answer('SELECT 0.5 AS a');
    expect(() => nativeBlocks(floats)).toThrow('type Float64');
    const [first] = nativeBlocks(await answer('SELECT toInt16(7) AS a'));
    expect(() => first.numbers('b')).toThrow('no column b');
    const whole = await answer('SELECT toInt64(7) AS a');
    expect(() => nativeBlocks(whole.subarray(0, whole.length - 1))).toThrow('ends too early');
  });
});

describe('limits', () => {
  it('cut off a query that runs too long or needs too much memory, and say which', async () => {
    const quick = new QueryPool(place.store, { ...OPTIONS, seconds: 1 });
    const small = new QueryPool(place.store, { ...OPTIONS, seconds: 60, memoryBytes: 50 * 2 ** 20 });
    const endless = 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))';
    const large = 'SELECT length(groupArray(number)) AS n FROM numbers(100000000)';
    await expect(quick.rows({ sql: endless })).rejects.toEqual(new QueryLimitError('time'));
    await expect(small.rows({ sql: large })).rejects.toEqual(new QueryLimitError('memory'));
    await quick.close();
    await small.close();
  });

  it('refuse what exceeds the queue at once, and answer all others', async () => {
    const small = new QueryPool(place.store, { ...OPTIONS, running: 1, waiting: 2 });
    const asked = [1, 2, 3, 4, 5].map((n) => small.rows({ sql: 'SELECT {n:UInt8} AS n, sleep(0.1) AS s' }, { n }));
    const answers = await Promise.allSettled(asked);
    expect(answers.slice(0, 3)).toEqual([1, 2, 3].map((n) => ({ status: 'fulfilled', value: [{ n, s: 0 }] })));
    for (const answer of answers.slice(3)) {
      expect(answer).toEqual({ status: 'rejected', reason: new PoolFullError(2) });
    }
    expect(small.load).toEqual({ running: 0, waiting: 0 });
    await small.close();
    await expect(small.rows({ sql: 'SELECT 1' })).rejects.toThrow('being closed');
  });
});

describe('one who asked and has gone', () => {
  const endless = 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))';
  const gone = { status: 'rejected', reason: new AskerGoneError() };
  const left = `SELECT toUInt32(count()) AS n FROM system.processes WHERE query LIKE '%sipHash64(number)%' AND query NOT LIKE '%processes%'`;

  it('leaves no query running, and none waiting', async () => {
    const single = new QueryPool(place.store, { ...OPTIONS, running: 1, seconds: 40 });
    const asked = new AbortController();
    const both = asker.run(asked.signal, () =>
      Promise.allSettled([single.rows({ sql: endless }), single.rows({ sql: 'SELECT 1' })]),
    );
    const other = single.rows({ sql: 'SELECT 2 AS two' });
    expect(single.load).toEqual({ running: 1, waiting: 2 });
    await until(async () => (await pool.rows<{ n: number }>({ sql: left }))[0].n === 1);
    asked.abort();
    expect(await both).toEqual([gone, gone]);
    expect(await other).toEqual([{ two: 2 }]);
    expect(single.load).toEqual({ running: 0, waiting: 0 });
    expect(await single.rows({ sql: left })).toEqual([{ n: 0 }]);
    await single.close();
  });

  it('asks nothing more', async () => {
    const rows = asker.run(AbortSignal.abort(), () => pool.rows({ sql: 'SELECT 1' }));
    await expect(rows).rejects.toEqual(new AskerGoneError());
  });
});

it('runs queries with parameters side by side', async () => {
  const slow = (n: number) => pool.rows({ sql: 'SELECT {n:UInt8} AS n, sleep(0.5) AS s' }, { n });
  // One after the other they would need 1500 ms, each time; a machine that stands still for a moment does so once.
  let fastestMs = Infinity;
  for (let tries = 0; tries < 5 && fastestMs >= 1200; tries++) {
    const begin = performance.now();
    const rows = await Promise.all([1, 2, 3].map(slow));
    fastestMs = performance.now() - begin;
    expect(rows.flat()).toEqual([1, 2, 3].map((n) => ({ n, s: 0 })));
  }
  expect(fastestMs).toBeLessThan(1200);
});

it('never answers with rows of another query, whatever fails beside it in mid-stream', async () => {
  // fails after several blocks of rows have been written
  const failing = `SELECT 'of another' AS mine, throwIf(number = 200000, 'broken on purpose') AS t FROM numbers(300000) SETTINGS max_threads = 1, max_block_size = 1000`;
  const right = 'SELECT {mine:String} AS mine, number AS n FROM numbers({rows:UInt32})';
  let failed = 0;
  const ask = async (i: number): Promise<void> => {
    if (i % 3 === 0) {
      await pool.rows({ sql: failing }).then(
        () => Promise.reject(new Error('was to fail')),
        (error: Error) => expect(error.message).toContain('broken on purpose'),
      );
      failed++;
      return;
    }
    const mine = `request ${i}`;
    const rows = await pool.rows({ sql: right }, { mine, rows: i % 7 });
    expect(rows).toEqual(Array.from({ length: i % 7 }, (_, n) => ({ mine, n })));
  };
  await Promise.all(Array.from({ length: 150 }, (_, i) => ask(i)));
  expect(failed).toBe(50);
});
