import { createHash } from 'node:crypto';
import { fill, openTemporaryStore, READ_INPUT, type TemporaryStore } from '../store/temporary-store.fixture';
import type { Bus, BusRecord, OnBatch, Topic } from '../bus/bus';
import { RowBinaryBuffer } from '../store/row-binary';
import { EventDraft } from '../trace/event-draft';
import { eventsRecord, inputRecord, OtherVersionError, rejectedRecord, removalRecord } from './bus-message';
import { rejectedRow } from '../store/rejected-record.blocks';
import { StoreWriter } from './store-writer';

/** The writer's side over a bus whose records come from elsewhere, as they are on Kafka: the batches of this test are those of a broker. */
let own: TemporaryStore;
let deliver: OnBatch;
let writer: StoreWriter;
const published: [Topic, number][] = [];
const NEVER = new AbortController().signal;

const bus: Bus = {
  recordBytes: 256 * 1024,
  isDurable: true,
  publish: (topic, records) => Promise.resolve(void published.push([topic, records.length])),
  subscribe: (topic, _group, onBatch) => {
    if (topic === 'trace-events') deliver = onBatch;
    return Promise.resolve();
  },
  lag: () => Promise.resolve(0),
  status: () => Promise.reject(new Error('not asked')),
  close: () => Promise.resolve(),
};

beforeAll(async () => {
  own = await openTemporaryStore();
  writer = new StoreWriter(own.store, bus, { announce: true });
  await writer.start();
});
afterAll(() => own.close());
beforeEach(async () => {
  for (const table of ['trace_events', 'rejected_records', 'inputs'])
    await own.store.command({ sql: `TRUNCATE TABLE hoptime_store.${table}` });
  published.length = 0;
});

const AT = Date.UTC(2026, 2, 2);

function block(inputId: string, lines: readonly number[]): Buffer {
  const draft = new EventDraft();
  const rows = new RowBinaryBuffer(inputId, 0);
  for (const line of lines) {
    fill(draft, { kind: 'opened', statement: 'client', eventTime: AT + line, mta: 'mx1', queueId: 'Q' });
    rows.append(draft, line);
  }
  return Buffer.from(rows.content());
}

const events = (inputId: string, ...lines: number[]): BusRecord =>
  eventsRecord(bus, inputId, block(inputId, lines), lines.length);

const ROW = READ_INPUT;

const written = (records: readonly BusRecord[]): Promise<void> =>
  deliver({
    lost: NEVER,
    records: records.map((record, n) => ({ ...record, place: `t/0@${n}`, publishedAt: AT })),
  });
const lines = async (): Promise<string[]> =>
  (
    await own.store.rows<{ row: string }>({
      sql: `SELECT concat(toString(input_id), ' ', toString(line)) AS row FROM hoptime_store.trace_events FINAL ORDER BY input_id, line`,
    })
  ).map(({ row }) => row);
const rejected = (): Promise<unknown[]> =>
  own.store.rows({
    sql: `SELECT toString(input_id) AS input, line, source, reason, text FROM hoptime_store.rejected_records FINAL ORDER BY reason`,
  });

it('writes blocks of several inputs, rejected records and the books, and says that the store has changed', async () => {
  const text = rejectedRow({
    inputId: '7',
    source: 'postfix',
    line: 9,
    reason: 'no stamp',
    text: Buffer.from('nonsense'),
  });
  const records = [
    events('7', 1, 2),
    events('8', 1),
    rejectedRecord(bus, '7', text, 1),
    events('7', 3),
    inputRecord(bus, ROW),
  ];
  await written(records);
  expect(await lines()).toEqual(['7 1', '7 2', '7 3', '8 1']);
  expect(await rejected()).toEqual([{ input: '7', line: 9, source: 'postfix', reason: 'no stamp', text: 'nonsense' }]);
  expect(await own.store.rows({ sql: 'SELECT path, state, events FROM hoptime_store.inputs FINAL' })).toEqual([
    { path: '/var/log/mail.log', state: 'read', events: 3 },
  ]);
  expect(published).toEqual([['store-changes', 1]]);
  await written(records);
  expect(await lines()).toEqual(['7 1', '7 2', '7 3', '8 1']);
});

it('takes back what an input brought when it is read in another way', async () => {
  await written([events('7', 1, 2), events('8', 1), removalRecord(bus, '7'), events('7', 5)]);
  expect(await lines()).toEqual(['7 5', '8 1']);
});

it('keeps poison among the rejected records, and writes what is around it', async () => {
  const damaged = events('7', 1);
  damaged.value[damaged.value.length - 1] ^= 1;
  // Its hash is right, its rows are none: by a program that claims to be ours.
  const noRows = eventsRecord(bus, '7', Buffer.from('no rows at all'), 1);
  const before = { ...writer.counts };
  await written([
    events('7', 2),
    { key: '', headers: {}, value: Buffer.from('hello') },
    damaged,
    noRows,
    events('7', 3),
  ]);
  expect(await lines()).toEqual(['7 2', '7 3']);
  const kept = (await rejected()) as { input: string; reason: string; source: string; text: string }[];
  expect(kept.map(({ input, source, reason }) => [input, source, reason])).toEqual([
    ['0', 'bus', 't/0@1: no message of hoptime: its headers name no input'],
    ['7', 'bus', 't/0@2: damaged: its bytes are not those that its hash is of'],
    ['7', 'bus', expect.stringMatching(/^t\/0@3: the store cannot read its rows \(code \d+\)$/)],
  ]);
  expect(kept[0].text).toBe('hello');
  expect(kept[2].text).toBe('no rows at all');
  expect(writer.counts.poison - before.poison).toBe(3);
});

it('reads blocks as collectors wrote them before they packed them, and keeps what claims to be packed and is not', async () => {
  const withHash = (record: BusRecord): BusRecord => ({
    ...record,
    headers: { ...record.headers, hash: createHash('sha1').update(record.value).digest('hex').slice(0, 16) },
  });
  const rows = block('7', [4, 5]);
  const before = withHash(eventsRecord({ ...bus, isDurable: false }, '7', rows, 2));
  expect(before.value).toBe(rows);
  const packed = events('7', 6, 7, 8, 9, 10, 11, 12);
  expect(packed.value.length).toBeLessThan(block('7', [6, 7, 8, 9, 10, 11, 12]).length / 3);
  // what it unpacks to would be 4 GiB
  const huge = withHash({ ...packed, value: Buffer.from('ffffffff00', 'hex') });
  const cut = withHash({ ...packed, value: packed.value.subarray(0, 20) });
  await written([before, packed, huge, cut]);
  expect(await lines()).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12].map((line) => `7 ${line}`));
  const kept = (await rejected()) as { reason: string }[];
  expect(kept.map(({ reason }) => reason)).toEqual([
    't/0@2: damaged: its rows cannot be unpacked',
    't/0@3: damaged: its rows cannot be unpacked',
  ]);
});

it('leaves on the bus what another version wrote', async () => {
  const other = events('7', 1);
  await expect(written([{ ...other, headers: { ...other.headers, structure: 'ffffffff' } }])).rejects.toThrow(
    OtherVersionError,
  );
  await expect(written([{ ...other, headers: { ...other.headers, kind: 'novel' } }])).rejects.toThrow(
    OtherVersionError,
  );
  expect(await rejected()).toEqual([]);
});

it('inserts nothing more of a batch that another writer has by now', async () => {
  const lost = new AbortController();
  lost.abort(new Error('another member has the partition'));
  const records = [events('7', 1)].map((record) => ({ ...record, place: 't/0@0', publishedAt: AT }));
  await expect(deliver({ records, lost: lost.signal })).rejects.toThrow('another member has the partition');
  expect(await lines()).toEqual([]);
});
