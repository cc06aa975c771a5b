import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeEngine, openSession, type EngineSession } from './engine-session';

const SECOND_LONG = 'SELECT sum(sleepEachRow(0.1)) FROM numbers(10) SETTINGS max_block_size = 1';
const native = nativeEngine();
const engineCloses = native.CloseConnection;
let folder: string;
let first: EngineSession;
/** connections that the engine gave up so far */
let closed = 0;

beforeAll(() => {
  native.CloseConnection = (connection) => {
    closed++;
    engineCloses(connection);
  };
  folder = mkdtempSync(join(tmpdir(), 'hoptime-session-'));
  first = openSession(folder);
});
afterAll(() => {
  first.close();
  native.CloseConnection = engineCloses;
  rmSync(folder, { recursive: true });
});
beforeEach(() => (closed = 0));

it('gives a connection up at once, whatever other sessions run', async () => {
  let isOver = false;
  const long = first.queryAsync(SECOND_LONG).finally(() => (isOver = true));
  for (let time = 1; time <= 3; time++) {
    const session = openSession(folder);
    expect((await session.queryAsync('SELECT 7', { format: 'TSV' })).text()).toBe('7\n');
    session.close();
    session.close();
    expect([closed, isOver]).toEqual([time, false]);
  }
  await long;
  expect((await first.queryAsync('SELECT 8', { format: 'TSV' })).text()).toBe('8\n');
});

it('gives a connection up after the statement that it runs', async () => {
  const session = openSession(folder);
  const long = session.queryAsync(SECOND_LONG, { format: 'TSV' });
  session.close();
  expect(closed).toBe(0);
  expect((await long).text()).toBe('0\n');
  await new Promise((done) => setImmediate(done));
  expect(closed).toBe(1);
});
