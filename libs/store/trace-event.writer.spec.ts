import { fill, openTemporaryStore, writeEvents, type EventFacts, type TemporaryStore } from './temporary-store.fixture';
import { TraceEventBlocks } from './trace-event.blocks';
import { insertTraceEvents } from './trace-event.writer';

const AT = Date.UTC(2026, 2, 2, 0, 0, 0, 123);
const POSTFIX: EventFacts = {
  kind: 'opened',
  statement: 'client',
  eventTime: AT,
  mta: 'mx1',
  product: 'postfix',
  queueId: '4F2',
};
const HES: EventFacts = {
  kind: 'received',
  statement: 'tracking',
  eventTime: AT,
  mta: 'hes',
  product: 'trend-email-security',
  messageId: 'm@x.example',
  recipient: 'a@corp.example',
};

describe('events in the store', () => {
  let own: TemporaryStore;
  beforeAll(async () => (own = await openTemporaryStore()));
  beforeEach(() => own.store.command({ sql: 'TRUNCATE TABLE hoptime_store.trace_events' }));
  afterAll(() => own.close());

  const stored = <T>(columns: string, from = 'hoptime_store.trace_events'): Promise<T[]> =>
    own.store.rows<T>({ sql: `SELECT ${columns} FROM ${from} ORDER BY line, input_id` });
  /** One hash per event, as text. */
  async function hashes(column: 'group_hash' | 'event_id', events: EventFacts[]): Promise<string[]> {
    await writeEvents(own.store, events);
    return (await stored<{ hash: string }>(`toString(${column}) AS hash`)).map(({ hash }) => hash);
  }
  const distinct = async (column: 'group_hash' | 'event_id', events: EventFacts[]): Promise<number> =>
    new Set(await hashes(column, events)).size;

  it('is shown by the view as the source said it, unknown as NULL', async () => {
    await writeEvents(own.store, [{ ...POSTFIX, timeResolutionMs: 1000, delayMs: 0 }]);
    const [row] = await stored<Record<string, unknown>>('*', 'hoptime.trace_events');
    expect(row).toMatchObject({
      input_id: '0000000000000001',
      file: '',
      line: 1,
      event_time: '2026-03-02 00:00:00.123',
      time_resolution_ms: 1000,
      time_basis: 'event',
      kind: 'opened',
      statement: 'client',
      mta: 'mx1',
      product: 'postfix',
      queue_id: '4F2',
      delay_ms: 0,
      message_key: '',
    });
    for (const column of [
      'peer',
      'peer_address',
      'message_id',
      'next_mta',
      'sender',
      'recipient',
      'smtp_reply',
      'enhanced_status',
      'size_bytes',
      'transaction_id',
    ]) {
      expect(row[column]).toBeNull();
    }
  });

  it('lower-cases names and addresses, and leaves ids and replies as they are', async () => {
    const mixed = 'AbC';
    await writeEvents(own.store, [
      {
        ...POSTFIX,
        mta: mixed,
        peer: mixed,
        nextMta: mixed,
        sender: mixed,
        recipient: mixed,
        originalRecipient: mixed,
        transactionId: mixed,
        queueId: mixed,
        nextQueueId: mixed,
        originalQueueId: mixed,
        smtpReply: mixed,
        messageId: mixed,
        product: mixed,
      },
    ]);
    const columns = 'mta, peer, next_mta, sender, recipient, original_recipient, transaction_id, message_key';
    expect(Object.values((await stored<Record<string, string>>(columns))[0])).toEqual(Array(8).fill('abc'));
    const others = 'queue_id, next_queue_id, original_queue_id, smtp_reply, message_id, product';
    expect(Object.values((await stored<Record<string, string>>(others))[0])).toEqual(Array(6).fill('AbC'));
  });

  it.each([
    ['M@X.Example', 'm@x.example'],
    ['a b\tc@x', 'abc@x'],
    ['', ''],
    ['<inner>@x', '<inner>@x'],
  ])('message id %j has the key %j', async (messageId, key) => {
    await writeEvents(own.store, [{ ...POSTFIX, messageId }]);
    expect(await stored('message_key, message_id')).toEqual([{ message_key: key, message_id: messageId }]);
  });

  describe('group_hash', () => {
    it('is one for a queue id of an MTA, whatever the event says', async () => {
      const events: EventFacts[] = [
        POSTFIX,
        { ...POSTFIX, mta: 'MX1', kind: 'closed', statement: 'removed', eventTime: AT + 9_000_000 },
        { ...POSTFIX, messageId: 'm@x', recipient: 'a@x', product: 'trace-headers', transactionId: 't' },
      ];
      expect(await distinct('group_hash', events)).toBe(1);
    });

    it('differs by queue id, its case, and MTA', async () => {
      const events = [
        POSTFIX,
        { ...POSTFIX, queueId: '4f2' },
        { ...POSTFIX, queueId: '4F3' },
        { ...POSTFIX, mta: 'mx2' },
      ];
      expect(await distinct('group_hash', events)).toBe(4);
    });

    it('is one for a message and recipient at HES, whatever the transaction and the way the id is written', async () => {
      const events: EventFacts[] = [
        HES,
        {
          ...HES,
          messageId: 'M@X.example',
          recipient: 'A@Corp.example',
          transactionId: 't2',
          kind: 'relayed',
          queueId: 'Q',
        },
        { ...HES, product: 'trace-headers', statement: 'received-field' },
      ];
      expect(await distinct('group_hash', events)).toBe(1);
    });

    it('differs by message and recipient at HES; without a message id by transaction', async () => {
      const nameless = { ...HES, messageId: undefined };
      const events = [
        HES,
        { ...HES, messageId: 'n@x.example' },
        { ...HES, recipient: 'b@corp.example' },
        { ...nameless, transactionId: 't1' },
        { ...nameless, transactionId: 't2' },
      ];
      expect(await distinct('group_hash', events)).toBe(5);
    });

    it('of refusals without queue id differs by envelope', async () => {
      const noqueue: EventFacts = {
        kind: 'deferred',
        statement: 'noqueue',
        eventTime: AT,
        mta: 'mx1',
        product: 'postfix',
        sender: 's@x',
        recipient: 'a@x',
      };
      expect(
        await distinct('group_hash', [noqueue, { ...noqueue, sender: 't@x' }, { ...noqueue, recipient: 'b@x' }]),
      ).toBe(3);
    });
  });

  describe('event_id', () => {
    it('is one for the same statement from two inputs, on other lines, read at another resolution', async () => {
      await writeEvents(own.store, [POSTFIX], '1');
      await writeEvents(
        own.store,
        [
          { ...POSTFIX, queueId: 'other' },
          { ...POSTFIX, mta: 'MX1', timeResolutionMs: 1000 },
        ],
        '2',
      );
      const rows = await stored<{ id: string; q: string }>('toString(event_id) AS id, queue_id AS q');
      expect(new Set(rows.filter(({ q }) => q === '4F2').map(({ id }) => id)).size).toBe(1);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
    });

    it('differs by each thing that a statement says', async () => {
      const others: Partial<EventFacts>[] = [
        { kind: 'closed' },
        { statement: 'pickup' },
        { direction: 'in' },
        { timeBasis: 'record' },
        { eventTime: AT + 1 },
        { mta: 'mx2' },
        { product: 'exim' },
        { peer: 'p' },
        { peerAddress: 'p' },
        { messageId: 'p' },
        { queueId: 'p' },
        { originalQueueId: 'p' },
        { nextMta: 'p' },
        { nextAddress: 'p' },
        { nextQueueId: 'p' },
        { sender: 'p' },
        { recipient: 'p' },
        { originalRecipient: 'p' },
        { smtpReply: 'p' },
        { transactionId: 'p' },
        { sizeBytes: 0 },
        { delayMs: 0 },
        { beforeQueueMs: 0 },
        { inQueueMs: 0 },
        { connectMs: 0 },
        { transmitMs: 0 },
      ];
      expect(await distinct('event_id', [POSTFIX, ...others.map((other) => ({ ...POSTFIX, ...other }))])).toBe(27);
    });
  });

  it('the same record of one input stays once, of two inputs twice', async () => {
    for (const input of ['1', '1', '2']) await writeEvents(own.store, [POSTFIX], input);
    expect(await stored('toString(input_id) AS input', 'hoptime_store.trace_events FINAL')).toEqual([
      { input: '1' },
      { input: '2' },
    ]);
  });

  it('writes nothing when there is nothing', async () => {
    await writeEvents(own.store, []);
    expect(await stored('line')).toEqual([]);
  });

  it('blocks that fill up while others are on their way lose and repeat nothing', async () => {
    const writer = new TraceEventBlocks('1', (block) => insertTraceEvents(own.store, block), 2 ** 24, 1);
    // 48 KB a row: more than two blocks of 48 MB
    const long = 'x'.repeat(8000);
    const texts = {
      smtpReply: long,
      nextMta: long,
      originalRecipient: long,
      sender: long,
      peer: long,
      transactionId: long,
    };
    for (writer.line = 1; writer.line <= 2200; writer.line++) {
      fill(writer.draft, { ...POSTFIX, ...texts, eventTime: AT + writer.line });
      writer.emit();
      if (writer.line % 100 === 0) await writer.handOver();
    }
    await writer.finish();
    await writer.finish();
    expect(writer.events).toBe(2200);
    const columns =
      'toUInt32(count()) AS rows, toUInt32(uniqExact(line)) AS lines, max(line) AS last, min(length(peer)) AS peer';
    const [row] = await own.store.rows<Record<string, unknown>>({
      sql: `SELECT ${columns} FROM hoptime_store.trace_events`,
    });
    expect({ ...row, peer: Number(row.peer) }).toEqual({ rows: 2200, lines: 2200, last: 2200, peer: 8000 });
  });
});
