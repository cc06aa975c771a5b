import { hostname } from 'node:os';
import { TestStoreServer } from '../../test/support/store-server/store-server';
import { hurryOutdatedParts } from './part-lifetimes';
import { Store } from './store';
import { WorkInterruptedError } from './server-connection';

/** Several processes on one server: stores of one process are as those of several, each has connection and turn of its own. */
let server: TestStoreServer;
let one: Store;
let other: Store;
const notes: string[] = [];
const openOther = (): Promise<Store> =>
  Store.open(server.url('lease_store'), { onNote: (sentence) => notes.push(sentence) });
beforeAll(async () => {
  server = await TestStoreServer.start();
  one = await Store.open(server.url('lease_store'));
  other = await openOther();
});
afterAll(async () => {
  await one.close();
  await other.close();
  await server.close();
});
afterEach(() => jest.restoreAllMocks());

const count = async (table: string): Promise<number> => {
  const [{ n }] = await one.rows<{ n: number }>({ sql: `SELECT toUInt32(count()) AS n FROM hoptime_store.${table}` });
  return n;
};
const leases = (): Promise<{ name: string }[]> =>
  one.rows({
    sql: `SELECT name FROM system.tables WHERE database = 'hoptime_store' AND match(name, '^(lease_|g[0-9]+_)') ORDER BY name`,
  });

const lifetimes = (): Promise<{ name: string; seconds: string }[]> =>
  one.rows({
    sql: `SELECT name, extract(create_table_query, 'old_parts_lifetime = ([0-9]+)') AS seconds FROM system.tables WHERE database = 'hoptime_store' AND seconds != ''`,
  });

it('one works at a time, the other is told for whom it waits', async () => {
  const done: string[] = [];
  let end: () => void = () => undefined;
  const first = one.inTurn(async () => {
    done.push('one begins');
    await new Promise<void>((resolve) => (end = resolve));
    done.push('one ends');
  });
  while (done.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = other.inTurn(() => Promise.resolve(done.push('other')));
  while (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  end();
  await Promise.all([first, second]);
  expect(done).toEqual(['one begins', 'one ends', 'other']);
  expect(notes).toEqual([
    `process ${process.pid} is writing to the store http://127.0.0.1:${server.port}/lease_store: waiting for it`,
  ]);
});

it('works of one process in each other are one turn, which takes over the stages of the turn before', async () => {
  const tableOf = (name: string): Promise<{ uuid: string }[]> =>
    one.rows({
      sql: `SELECT toString(uuid) AS uuid FROM system.tables WHERE database = 'hoptime_store' AND name = '${name}'`,
    });
  const [before] = await tableOf('g3_stage_legs');
  await one.inTurn(() => one.inTurn(() => one.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_legs' })));
  // the schema, the two of the test before, and this one
  const names = (await leases()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('lease'))).toEqual(['lease_4']);
  expect(names.filter((name) => !/^(lease_4$|g4_stage_)/.test(name))).toEqual([]);
  expect(await tableOf('g4_stage_legs')).toEqual([before]);
});

it('stages are made anew where the schema has changed since they were made', async () => {
  await other.inTurn(() => one.command({ sql: 'SELECT 1' }));
  await one.inTurn(() => one.command({ sql: 'ALTER TABLE hoptime_store.stage_legs ADD COLUMN added UInt8' }));
  expect((await leases()).map(({ name }) => name)).toEqual(['lease_6']);
  await other.inTurn(() => other.command({ sql: 'INSERT INTO hoptime_store.stage_legs (added) VALUES (1)' }));
  await one.inTurn(() => one.command({ sql: 'ALTER TABLE hoptime_store.stage_legs DROP COLUMN added' }));
});

it('what a process holds that has ended is free at once', async () => {
  await one.command({
    sql: `CREATE TABLE hoptime_store.lease_9 (holder String, at DateTime64(3, 'UTC'), released UInt8) ENGINE = MergeTree ORDER BY at
      COMMENT '${hostname()} 4194305 1 killed'`,
  });
  await one.command({ sql: 'CREATE TABLE hoptime_store.g9_stage_legs AS hoptime_store.stage_legs' });
  // and it was waiting for the engine to delete what an erasure had replaced
  await hurryOutdatedParts(one, ['journeys']);
  expect(await lifetimes()).toEqual([{ name: 'journeys', seconds: '1' }]);
  const began = Date.now();
  await one.inTurn(async () => {
    expect(await lifetimes()).toEqual([]);
    const names = (await leases()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('lease'))).toEqual(['lease_10']);
    expect(names.filter((name) => !/^(lease_10$|g10_stage_)/.test(name))).toEqual([]);
  });
  expect(Date.now() - began).toBeLessThan(20_000);
});

it('one that was held up changes nothing after another has taken its place', async () => {
  await one.inTurn(async () => {
    await one.command({
      sql: `INSERT INTO hoptime_store.stage_legs (key_hash, leg_id) SELECT number, number FROM numbers(3)`,
    });
    expect(await count('g11_stage_legs')).toBe(3);
    // as when nobody had heard of it for long
    await other.command({
      sql: `INSERT INTO hoptime_store.lease_11 SELECT holder, now64(3, 'UTC'), 1 FROM hoptime_store.lease_11 LIMIT 1`,
    });
    await other.command({ sql: `INSERT INTO hoptime_store.lease_11 SELECT 'x', now64(3, 'UTC'), 1` });
    await other.inTurn(async () => {
      const late = { sql: 'EXCHANGE TABLES hoptime_store.journeys AND hoptime_store.stage_journeys' };
      await expect(one.command(late)).rejects.toMatchObject({ code: '60' });
      const rows = { sql: 'INSERT INTO hoptime_store.journeys SELECT * FROM hoptime_store.stage_journeys' };
      await expect(one.command(rows)).rejects.toMatchObject({ code: '60' });
    });
  });
});

it('one that could not say for long that it lives sends nothing that would do harm', async () => {
  await one.inTurn(async () => {
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 25_000);
    await expect(one.command({ sql: 'TRUNCATE TABLE hoptime_store.group_links' })).rejects.toThrow(
      WorkInterruptedError,
    );
    expect(await count('group_links')).toBe(0);
  });
});

it('a work whose turn was lost is done again, as a whole, in a turn of its own', async () => {
  const runs: boolean[] = [];
  await one.whole(async (again) => {
    runs.push(again);
    if (!again) {
      const now = performance.now();
      jest
        .spyOn(performance, 'now')
        .mockReturnValueOnce(now + 25_000)
        .mockReturnValueOnce(now + 25_000);
      await one.command({ sql: 'TRUNCATE TABLE hoptime_store.group_links' });
    }
  });
  expect(runs).toEqual([false, true]);
});

it('a table that a migration drops is gone, not the one of a generation', async () => {
  await one.inTurn(async () => {
    await one.command({ sql: 'CREATE TABLE hoptime_store.stage_gone (n UInt8) ENGINE = MergeTree ORDER BY n' });
    await one.command({ sql: 'DROP TABLE IF EXISTS hoptime_store.stage_gone' });
  });
  const sql = "SELECT name FROM system.tables WHERE database = 'hoptime_store' AND name LIKE '%stage_gone'";
  expect(await one.rows({ sql })).toEqual([]);
});

it('a turn that is kept is the next one too, goes to whoever waits for it, and is given back when nothing comes', async () => {
  const lease = async (): Promise<string[]> =>
    (await leases()).map(({ name }) => name).filter((name) => name.startsWith('lease'));
  const KEPT_MS = 60_000;
  await one.inTurn(() => Promise.resolve(), KEPT_MS);
  const kept = await lease();
  const sent = jest.spyOn(one.server!, 'send');
  await one.inTurn(() => one.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_legs' }), KEPT_MS);
  // the statement itself, and whether another waits; signs of life come every few seconds
  const first = sent.mock.calls.map(([{ query }]) => query.split(' ')[0]).filter((word) => word !== 'INSERT');
  expect(first.sort()).toEqual(['SELECT', 'TRUNCATE']);
  expect(await lease()).toEqual(kept);

  // Between two works what this process sends is no part of them.
  await one.command({ sql: 'TRUNCATE TABLE hoptime_store.stage_paths' });
  const order: string[] = [];
  let waits: Promise<unknown> = Promise.resolve();
  await one.inTurn(async () => {
    notes.length = 0;
    waits = other.inTurn(() => Promise.resolve(order.push('other')));
    while (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // It says that it waits right after it has said so here.
    while ((await count(`${kept[0]} WHERE released = 2`)) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }, KEPT_MS);
  await one.inTurn(() => Promise.resolve(order.push('one again')), 50);
  await waits;
  expect(order).toEqual(['other', 'one again']);

  // In far less time than a lease that nobody gives back is waited for.
  const began = Date.now();
  await other.inTurn(() => Promise.resolve(), KEPT_MS);
  expect(Date.now() - began).toBeLessThan(20_000);
  await other.close();
  await one.inTurn(() => Promise.resolve());
  expect(Date.now() - began).toBeLessThan(25_000);
  other = await openOther();
});

it('one that was killed between two works on another machine is waited for a short while, at work for long', async () => {
  /** What a process of another machine has said last, and how many ms ago. */
  const saidElsewhere = async (...said: [says: number, ago: number][]): Promise<string> => {
    const [{ last }] = await one.rows<{ last: number }>({
      sql: `SELECT max(toUInt32OrZero(replaceOne(name, 'lease_', ''))) AS last FROM system.tables WHERE database = 'hoptime_store' AND startsWith(name, 'lease_')`,
    });
    const table = `hoptime_store.lease_${last + 1}`;
    await one.command({
      sql: `CREATE TABLE ${table} (holder String, at DateTime64(3, 'UTC'), released UInt8) ENGINE = MergeTree ORDER BY at COMMENT 'elsewhere 1 1 killed'`,
    });
    for (const [says, ago] of said)
      await one.command({
        sql: `INSERT INTO ${table} SELECT 'x', now64(3, 'UTC') - toIntervalMillisecond(${ago}), ${says}`,
      });
    return table;
  };
  const [LIVES, RELEASED, KEPT] = [0, 1, 3];
  notes.length = 0;
  await saidElsewhere([LIVES, 12_000], [KEPT, 9000]);
  await other.inTurn(() => Promise.resolve());
  expect(notes).toEqual([]);
  const atWork: [number, number][][] = [
    [
      [KEPT, 12_000],
      [LIVES, 9000],
    ],
    // in one millisecond: it has begun
    [
      [KEPT, 9000],
      [LIVES, 9000],
    ],
  ];
  for (const said of atWork) {
    notes.length = 0;
    const table = await saidElsewhere(...said);
    let isTaken = false;
    const taken = other.inTurn(() => Promise.resolve((isTaken = true)));
    while (notes.length === 0 && !isTaken) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isTaken).toBe(false);
    await one.command({ sql: `INSERT INTO ${table} SELECT 'x', now64(3, 'UTC'), ${RELEASED}` });
    await taken;
    expect(notes).toEqual([expect.stringContaining('process 1 of elsewhere is writing')]);
  }
  // It may still begin its next work.
  const began = Date.now();
  await saidElsewhere([KEPT, 0]);
  await other.inTurn(() => Promise.resolve());
  const seconds = (Date.now() - began) / 1000;
  expect(seconds).toBeGreaterThan(7.5);
  expect(seconds).toBeLessThan(25);
});

it('one that begins its next work says so, and takes the turn anew where it has been silent for too long', async () => {
  const KEPT_MS = 60_000;
  const lease = async (): Promise<{ table: string; says: number[] }> => {
    const [table] = (await leases()).map(({ name }) => name).filter((name) => name.startsWith('lease'));
    const rows = await one.rows<{ released: number }>({
      sql: `SELECT released FROM hoptime_store.${table} ORDER BY at`,
    });
    return { table, says: rows.map(({ released }) => released) };
  };
  const now = performance.now();
  jest.spyOn(performance, 'now').mockReturnValue(now);
  await one.inTurn(() => Promise.resolve(), KEPT_MS);
  const first = await lease();
  expect(first.says.at(-1)).toBe(3);
  await one.inTurn(async () => {
    expect((await lease()).says.at(-1)).toBe(0);
  }, KEPT_MS);
  const kept = await lease();
  expect(kept.table).toBe(first.table);
  expect(kept.says.slice(-3)).toEqual([3, 0, 3]);
  jest.spyOn(performance, 'now').mockReturnValue(now + 4500);
  await one.inTurn(() => Promise.resolve(), KEPT_MS);
  const anew = await lease();
  expect(anew.table).not.toBe(kept.table);
  jest.restoreAllMocks();

  // Somebody has taken it while this process was held up, which it finds when it says that it is at work.
  await one.command({ sql: `INSERT INTO hoptime_store.${anew.table} SELECT 'x', now64(3, 'UTC'), 1` });
  const order: string[] = [];
  let end: () => void = () => undefined;
  const taken = other.inTurn(async () => {
    order.push('other');
    await new Promise<void>((resolve) => (end = resolve));
    order.push('other ends');
  });
  while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const next = one.inTurn(() => Promise.resolve(order.push('one')));
  await new Promise((resolve) => setTimeout(resolve, 300));
  end();
  await Promise.all([taken, next]);
  expect(order).toEqual(['other', 'other ends', 'one']);
});
