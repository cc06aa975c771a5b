import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus, BusRecord, Topic } from '../bus/bus';
import { InProcessBus } from '../bus/in-process.bus';
import { findInputs } from '../sources/readers/find-inputs';
import { isInputProblem } from '../sources/readers/input-file';
import { openTemporaryStore } from '../store/temporary-store.fixture';
import { collectFile } from './collector';
import { Outbox } from './outbox';
import { StoreWriter } from './store-writer';

interface Sent {
  readonly topic: Topic;
  readonly names: readonly string[];
}

/** A bus that notes what it was given, in requests. */
class NotingBus extends InProcessBus {
  readonly sent: Sent[] = [];
  failure: Error | undefined;

  override publish(topic: Topic, records: readonly BusRecord[]): Promise<void> {
    this.sent.push({ topic, names: records.map(({ key, headers }) => `${key} ${headers.kind}`) });
    return this.failure ? Promise.reject(this.failure) : Promise.resolve();
  }
}

const record = (key: string, kind: string, bytes = 10): BusRecord => ({
  key,
  headers: { kind },
  value: Buffer.alloc(bytes, key),
});

it('puts what small files bring on the bus in one request', async () => {
  const bus = new NotingBus();
  const outbox = new Outbox(bus);
  for (const key of ['1', '2', '3'])
    for (const kind of ['input', 'events', 'input']) await outbox.publish('trace-events', [record(key, kind)]);
  expect(bus.sent).toEqual([]);
  await outbox.flush();
  const of = (key: string): string[] => [`${key} input`, `${key} events`, `${key} input`];
  expect(bus.sent).toEqual([{ topic: 'trace-events', names: [...of('1'), ...of('2'), ...of('3')] }]);
  await outbox.flush();
  expect(bus.sent).toHaveLength(1);
});

it('says that an input is read behind its rejected records, and that it has begun before them', async () => {
  const bus = new NotingBus();
  const outbox = new Outbox(bus);
  await outbox.publish('trace-events', [record('1', 'input')]);
  await outbox.publish('rejected-records', [record('1', 'rejected')]);
  await outbox.publish('trace-events', [record('1', 'input')]);
  await outbox.publish('trace-events', [record('2', 'input')]);
  await outbox.flush();
  expect(bus.sent).toEqual([
    { topic: 'trace-events', names: ['1 input', '2 input'] },
    { topic: 'rejected-records', names: ['1 rejected'] },
    { topic: 'trace-events', names: ['1 input'] },
  ]);
});

it('copies what it holds back, and hands on at once what is much, with all before it', async () => {
  const bus = new NotingBus();
  const outbox = new Outbox(bus);
  const small = record('1', 'events');
  await outbox.publish('trace-events', [small]);
  small.value.fill('x');
  await outbox.publish('trace-events', [record('2', 'events', 4 * 1024 * 1024)]);
  expect(bus.sent).toEqual([{ topic: 'trace-events', names: ['1 events', '2 events'] }]);
  for (let n = 0; n < 1000; n++) await outbox.publish('trace-events', [record('3', 'events', 1)]);
  expect(bus.sent).toHaveLength(1);
  await outbox.publish('trace-events', [record('3', 'events', 1)]);
  expect(bus.sent[1].names).toHaveLength(1001);
});

it('tells whoever flushes what the bus says, and loses nothing', async () => {
  const bus = new NotingBus();
  bus.failure = new Error('the disk is full');
  const outbox = new Outbox(bus);
  await outbox.publish('trace-events', [record('1', 'events')]);
  await expect(outbox.flush()).rejects.toThrow('the disk is full');
  // What is much is told to its publisher, who has it still; what was held stays held.
  await expect(outbox.publish('trace-events', [record('2', 'events', 4 * 1024 * 1024)])).rejects.toThrow(
    'the disk is full',
  );
  await outbox.publish('trace-events', [record('1', 'input')]);
  bus.failure = undefined;
  bus.sent.length = 0;
  await outbox.flush();
  expect(bus.sent).toEqual([{ topic: 'trace-events', names: ['1 events', '1 input'] }]);
});

it('hundreds of files go into the store by a few inserts, each event with its own input', async () => {
  const own = await openTemporaryStore();
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-outbox-'));
  try {
    const files = 300;
    for (let n = 0; n < files; n++)
      writeFileSync(
        join(folder, `${n}.log`),
        `2026-03-02T09:00:00.${String(n).padStart(3, '0')}Z mx1 postfix/smtpd[1]: ${'ABCDE'}${n.toString(16).toUpperCase().padStart(5, '0')}: client=gate.example[192.0.2.1]\n`,
      );
    // No stamp at all: a rejected record of the last file.
    writeFileSync(join(folder, '299.log'), 'no stamp: ABCDE00001: from=<>\n', { flag: 'a' });
    const bus: Bus = new InProcessBus({ limitBytes: 2 ** 26, recordBytes: 2 ** 20, attempts: 1 });
    await new StoreWriter(own.store, bus).start();
    const inserts = jest.spyOn(own.store, 'insert');
    const outbox = new Outbox(bus);
    for await (const file of findInputs([folder])) {
      if (isInputProblem(file)) throw new Error(file.reason);
      await collectFile(outbox, file, { format: 'postfix' }, []);
    }
    await outbox.flush();
    // Rows of inputs before and after their events; the rejected record, and the row of its input behind it.
    expect(inserts.mock.calls.map(([statement]) => statement)).toEqual([
      'ingest/insert_inputs',
      'ingest/insert_trace_events',
      'ingest/insert_inputs',
      'ingest/insert_rejected_records',
      'ingest/insert_inputs',
    ]);
    const rows = await own.store.rows({
      sql: `SELECT toUInt32(count()) AS inputs, toUInt32(countIf(e.events = i.events AND e.name = concat(splitByChar('/', path)[-1])) ) AS right,
          toUInt32(sum(i.rejected)) AS rejected, toUInt32(countIf(state = 'read')) AS read
        FROM (SELECT input_id, path, events, rejected, state FROM hoptime_store.inputs FINAL) AS i
        LEFT JOIN (SELECT input_id, count() AS events, concat(toString(toUnixTimestamp64Milli(any(event_time)) % 1000), '.log') AS name
          FROM hoptime_store.trace_events GROUP BY input_id) AS e USING (input_id)`,
    });
    expect(rows).toEqual([{ inputs: files, right: files, rejected: 1, read: files }]);
  } finally {
    await own.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
