import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { QueryPool } from './query-pool';
import { RemoteConnection, StoreServerGone } from './remote-connection';
import { frameOf } from './socket-frames';
import { Store } from './store';
import { StoreServer } from './store-server';
import { programIdentity, withSocketName } from './store-socket';
import { WriteTurn } from './write-turn';

describe('StoreServer', () => {
  let folder: string;
  let path: string;
  let store: Store;
  let turn: WriteTurn;
  let server: StoreServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hoptime-share-'));
    // longer than the name of a socket may be
    path = join(folder, 'a'.repeat(60), 'b'.repeat(60), 'store');
    store = await Store.open(`chdb:${path}`);
    turn = new WriteTurn();
    server = await StoreServer.listen(store, turn);
  });
  afterAll(async () => {
    await server.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  let commands = 0;
  const remote = async (command = `command ${commands++}`) => {
    const connection = await RemoteConnection.open(path, command);
    return { connection, client: createClient({ connection }) };
  };
  const rows = async (client: ReturnType<typeof createClient>, query: string, query_params?: Record<string, unknown>) =>
    (await client.query({ query, query_params, format: 'JSONEachRow' })).json();

  it('has a socket for its user only', () => {
    const socket = statSync(join(path, 'hoptime-socket'));
    expect([socket.isSocket(), socket.mode & 0o777]).toEqual([true, 0o600]);
  });

  it('answers queries, commands, inserts and raw statements as the engine does', async () => {
    const { connection, client } = await remote();
    expect(connection.server).toBe(programIdentity());
    const text = `it's \\ a "text" ü\n\t`;
    expect(await rows(client, 'SELECT {text:String} AS text, {n:Int64} AS n', { text, n: -5 })).toEqual([
      { text, n: -5 },
    ]);
    await client.command({ query: 'CREATE TABLE hoptime_store.shared (n UInt32) ENGINE = MergeTree ORDER BY n' });
    await client.insert({ table: 'hoptime_store.shared', values: [{ n: 1 }, { n: 41 }], format: 'JSONEachRow' });
    expect(await rows(client, 'SELECT toUInt32(sum(n)) AS n FROM hoptime_store.shared')).toEqual([{ n: 42 }]);
    expect(await store.rows({ sql: 'SELECT toUInt32(sum(n)) AS n FROM hoptime_store.shared' })).toEqual([{ n: 42 }]);
    const raw = await client.exec({ query: 'SELECT 7', clickhouse_settings: { default_format: 'RowBinary' as never } });
    const bytes: Buffer[] = [];
    for await (const piece of raw.stream) bytes.push(piece as Buffer);
    expect([...Buffer.concat(bytes)]).toEqual([7]);
    await client.close();
  });

  it('carries answers that are larger than a frame, and statements in the order they were given', async () => {
    const { client } = await remote();
    const many = 'SELECT toUInt32(number) AS n FROM numbers(400000)';
    const [large, one] = await Promise.all([rows(client, many), rows(client, 'SELECT 1 AS one')]);
    expect([large.length, large.at(-1), one]).toEqual([400_000, { n: 399_999 }, [{ one: 1 }]]);
    await client.close();
  });

  it('hands on the engine’s error, and goes on', async () => {
    const { client } = await remote();
    const own = await store.rows({ sql: 'SELECT nonsense' }).catch((error: unknown) => error as Error);
    await expect(rows(client, 'SELECT nonsense')).rejects.toMatchObject({
      message: (own as Error).message.replace('SELECT nonsense', 'SELECT nonsense'),
      code: '47',
      type: 'UNKNOWN_IDENTIFIER',
    });
    expect(await rows(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('keeps the settings of one from the others', async () => {
    const [one, other] = [await remote(), await remote()];
    await one.client.command({ query: 'SET readonly = 1' });
    await expect(one.client.command({ query: 'DROP TABLE hoptime_store.shared' })).rejects.toThrow();
    await other.client.command({ query: 'DROP TABLE hoptime_store.shared' });
    await Promise.all([one.client.close(), other.client.close()]);
  });

  it('gives the turn to one at a time, and takes it back from one that goes without a word', async () => {
    const [one, lane, other] = [await remote('one'), await remote('one'), await remote()];
    const order: string[] = [];
    const own = turn.run(async () => {
      await new Promise((done) => setTimeout(done, 50));
      order.push('own');
    });
    await one.connection.inTurn(async () => {
      order.push('one');
      await rows(one.client, 'SELECT sleep(0.2)');
      order.push('one ends');
    });
    void one.connection.inTurn(() => new Promise(() => undefined)).catch(() => undefined);
    await rows(one.client, 'SELECT 1');
    const second = other.connection.inTurn(() => Promise.resolve(order.push('other')));
    // the longest that the engine sleeps
    const running = rows(lane.client, 'SELECT sleep(3)').catch(() => undefined);
    await new Promise((done) => setTimeout(done, 100));
    await one.client.close();
    await lane.client.close();
    await running;
    await new Promise((done) => setTimeout(done, 100));
    // the statement of the one that has gone is at work still
    expect(order).toEqual(['own', 'one', 'one ends']);
    await second;
    await own;
    expect(order).toEqual(['own', 'one', 'one ends', 'other']);
    await other.client.close();
    await turn.run(() => Promise.resolve());
  });

  it('lets nobody read while a command changes the store in several statements, but that command', async () => {
    const [one, lane, other] = [await remote('one'), await remote('one'), await remote()];
    const pool = new QueryPool(store);
    const order: string[] = [];
    const read = async (name: string, work: Promise<unknown>): Promise<void> => {
      await work;
      order.push(name);
    };
    let waiting: Promise<void>[] = [];
    await one.connection.inTurn(() =>
      one.connection.alone(async () => {
        waiting = [read('pool', pool.rows({ sql: 'SELECT 1' })), read('other', rows(other.client, 'SELECT 1'))];
        await read('itself', rows(one.client, 'SELECT sleep(0.1)'));
        await read('its lane', rows(lane.client, 'SELECT sleep(0.1)'));
      }),
    );
    await Promise.all(waiting);
    expect(order.slice(0, 2)).toEqual(['itself', 'its lane']);
    expect(order.slice(2).sort()).toEqual(['other', 'pool']);
    void one.connection.alone(() => new Promise(() => undefined)).catch(() => undefined);
    await rows(one.client, 'SELECT 1');
    await Promise.all([one.client.close(), lane.client.close()]);
    // one that goes without a word closes nothing for ever
    expect(await pool.rows({ sql: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
    await other.client.close();
    await pool.close();
  });

  it('drops whoever speaks otherwise, and serves the others', async () => {
    const stranger = withSocketName(path, (name) => connect(name));
    stranger.write('GET / HTTP/1.1\r\n\r\n');
    stranger.resume();
    await once(stranger, 'close');
    const odd = withSocketName(path, (name) => connect(name));
    odd.write(frameOf('Q', 'no JSON'));
    odd.resume();
    await once(odd, 'close');
    const { client } = await remote();
    expect(await rows(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('says to a command in mid-statement that it is gone', async () => {
    const below = join(folder, 'second');
    mkdirSync(below);
    const other = await StoreServer.listen(store, new WriteTurn());
    const connection = await RemoteConnection.open(path);
    const asked = createClient({ connection }).query({ query: 'SELECT sleep(3)' });
    await new Promise((done) => setTimeout(done, 100));
    const gone = expect(asked).rejects.toThrow(StoreServerGone);
    await other.close();
    await gone;
    expect(readdirSync(path)).not.toContain('hoptime-socket');
  });

  it('takes the place of a socket that a killed process left', async () => {
    const left = createServer();
    withSocketName(path, (name) => left.listen(name));
    await once(left, 'listening');
    const next = await StoreServer.listen(store, new WriteTurn());
    const { client } = await remote();
    expect(await rows(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await client.close();
    await next.close();
    left.close();
  });
});
