import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventDraft, TEXT } from '../trace/event-draft';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../trace/trace-event';
import { MAX_TEXT_BYTES, ROW_STRUCTURE, RowBinaryBuffer, snake } from './row-binary';
import { fill, openTemporaryStore, type EventFacts, type TemporaryStore } from './temporary-store.fixture';

const BARE: EventFacts = { kind: 'opened', statement: 'client', eventTime: 0 };

describe('a row, read back by the engine', () => {
  let own: TemporaryStore;
  beforeAll(async () => (own = await openTemporaryStore()));
  afterAll(() => own.close());

  /** What `columns` give for the rows of the buffer. */
  async function read<T>(buffer: RowBinaryBuffer, columns: string): Promise<T[]> {
    const spool = join(own.folder, 'rows');
    writeFileSync(spool, buffer.content());
    const sql = `SELECT ${columns} FROM file({spool:String}, 'RowBinary', {structure:String})`;
    return own.store.rows<T>({ sql }, { spool, structure: ROW_STRUCTURE });
  }

  const oneRow = (event: EventFacts, line = 1): RowBinaryBuffer => {
    const buffer = new RowBinaryBuffer('1', 0);
    const draft = new EventDraft();
    fill(draft, event);
    buffer.append(draft, line);
    return buffer;
  };

  it('has every column in its place', async () => {
    const texts = Object.fromEntries(TEXT_COLUMNS.map((name) => [name, `<${name}>`]));
    const numbers = Object.fromEntries(NUMBER_COLUMNS.map((name, i) => [name, 1000 + i]));
    const buffer = oneRow(
      {
        ...texts,
        ...numbers,
        kind: 'expanded',
        statement: 'delivered-to',
        direction: 'internal',
        timeBasis: 'record',
        eventTime: 1_772_409_600_123,
        timeResolutionMs: 60_000,
      },
      77,
    );
    expect(await read(buffer, '*')).toEqual([
      {
        input_id: 1,
        line: 77,
        kind: 11,
        statement: 15,
        direction: 3,
        time_basis: 1,
        event_ms: 1_772_409_600_123,
        time_resolution_ms: 60_000,
        mta: '<mta>',
        product: '<product>',
        peer: '<peer>',
        peer_address: '<peerAddress>',
        message_id: '<messageId>',
        queue_id: '<queueId>',
        original_queue_id: '<originalQueueId>',
        next_mta: '<nextMta>',
        next_address: '<nextAddress>',
        next_queue_id: '<nextQueueId>',
        sender: '<sender>',
        recipient: '<recipient>',
        original_recipient: '<originalRecipient>',
        smtp_reply: '<smtpReply>',
        enhanced_status: '<enhancedStatus>',
        transaction_id: '<transactionId>',
        size_bytes: 1000,
        delay_ms: 1001,
        delay_unit_ms: 1002,
        before_queue_ms: 1003,
        in_queue_ms: 1004,
        connect_ms: 1005,
        transmit_ms: 1006,
      },
    ]);
  });

  it('says unknown as empty text and −1', async () => {
    const [row] = await read<Record<string, unknown>>(oneRow(BARE), '*');
    expect(TEXT_COLUMNS.map((name) => row[snake(name)])).toEqual(TEXT_COLUMNS.map(() => ''));
    expect(NUMBER_COLUMNS.map((name) => row[snake(name)])).toEqual(NUMBER_COLUMNS.map(() => -1));
  });

  it.each([
    -1,
    0,
    1,
    255,
    256,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 40,
    2 ** 40 + 1,
    Number.MAX_SAFE_INTEGER,
  ])('number %d', async (value) => {
    const columns = 'toString(size_bytes) AS size, toString(transmit_ms) AS last';
    const buffer = oneRow({ ...BARE, sizeBytes: value, transmitMs: value });
    expect(await read(buffer, columns)).toEqual([{ size: String(value), last: String(value) }]);
  });

  it.each([-1, -62_135_596_800_000, 0, 4_102_444_799_999])('time %d', async (eventTime) => {
    const columns = 'toString(event_ms) AS event_ms';
    expect(await read(oneRow({ ...BARE, eventTime }), columns)).toEqual([{ event_ms: String(eventTime) }]);
  });

  it.each([0, 1, 2 ** 31, 2 ** 32 - 1])('line %d', async (line) => {
    expect(await read(oneRow(BARE, line), 'line')).toEqual([{ line }]);
  });

  it.each([1, 127, 128, 129, 300, 8191, 8192])('text of %i bytes', async (size) => {
    const reply = `${'x'.repeat(size - 1)}!`;
    expect(await read(oneRow({ ...BARE, smtpReply: reply, transactionId: 'T' }), 'smtp_reply, transaction_id')).toEqual(
      [{ smtp_reply: reply, transaction_id: 'T' }],
    );
  });

  it.each([8193, 16_384, 1_000_000])('text of %i bytes is cut to 8192; the next column is whole', async (size) => {
    const buffer = oneRow({ ...BARE, smtpReply: 'x'.repeat(size), transactionId: 'T' });
    expect(await read(buffer, 'length(smtp_reply) AS size, transaction_id')).toEqual([
      { size: 8192, transaction_id: 'T' },
    ]);
    expect(MAX_TEXT_BYTES).toBe(8192);
  });

  it.each([
    ['a chunk of a file', 16_384],
    ['a small buffer', 300],
  ])('takes texts of any length over from anywhere in %s', async (_name, size) => {
    const source = Buffer.from(Array.from({ length: size }, (_, i) => 33 + (i % 90)));
    const buffer = new RowBinaryBuffer('1', 1_000_000);
    const draft = new EventDraft();
    const expected: { message_id: string; smtp_reply: string; recipient: string }[] = [];
    for (let length = 1; length < 270; length++) {
      const from = length % 13;
      fill(draft, { ...BARE, recipient: 'after@corp.example' });
      draft.bytes(TEXT.messageId, source, from, from + length);
      draft.bytes(TEXT.smtpReply, source, size - length, size);
      buffer.append(draft, length);
      expected.push({
        message_id: source.toString('latin1', from, from + length),
        smtp_reply: source.toString('latin1', size - length),
        recipient: 'after@corp.example',
      });
    }
    expect(await read(buffer, 'message_id, smtp_reply, recipient')).toEqual(expected);
  });

  it('UTF-8 stays', async () => {
    const sender = 'jörg+日本🚀@müller.example';
    expect(await read(oneRow({ ...BARE, sender }), 'sender')).toEqual([{ sender }]);
  });

  it('bytes stay whatever they are: invalid UTF-8, NUL, line ends', async () => {
    const draft = new EventDraft();
    fill(draft, { ...BARE, recipient: 'after@corp.example' });
    draft.bytes(TEXT.sender, Uint8Array.of(9, 0xc3, 0x28, 0xff, 0x00, 0x0a, 0x0d, 0x27, 9), 1, 8);
    const buffer = new RowBinaryBuffer('1', 0);
    buffer.append(draft, 1);
    expect(await read(buffer, 'hex(sender) AS sender, recipient')).toEqual([
      { sender: 'C328FF000A0D27', recipient: 'after@corp.example' },
    ]);
  });

  it('rows follow each other; a cleared buffer begins anew', async () => {
    const buffer = new RowBinaryBuffer('1', 1_000_000);
    const draft = new EventDraft();
    for (let line = 1; line <= 3; line++) {
      fill(draft, { ...BARE, queueId: 'Q'.repeat(line) });
      buffer.append(draft, line);
    }
    expect(buffer.rows).toBe(3);
    expect(await read(buffer, 'line, queue_id')).toEqual([
      { line: 1, queue_id: 'Q' },
      { line: 2, queue_id: 'QQ' },
      { line: 3, queue_id: 'QQQ' },
    ]);
    buffer.clear();
    expect([buffer.rows, buffer.content().length]).toEqual([0, 0]);
    buffer.append(draft, 9);
    expect(await read(buffer, 'line, queue_id')).toEqual([{ line: 9, queue_id: 'QQQ' }]);
  });

  it('grows once, and keeps what is in it', async () => {
    const size = 4 * 2 ** 20;
    const buffer = new RowBinaryBuffer('18446744073709551615', size);
    const draft = new EventDraft();
    let line = 0;
    fill(draft, { ...BARE, queueId: `Q${++line}` });
    for (; buffer.hasRoomFor(draft); fill(draft, { ...BARE, queueId: `Q${++line}` })) buffer.append(draft, line);
    line--;
    // 28 bytes, 15 empty texts and one of five signs (six from Q10000 on), 7 numbers of 8
    expect(line).toBeGreaterThan(30_000);
    // the next row has 105 bytes, and 16 more are taken for what the lengths of long texts would take
    expect(size - buffer.content().length).toBeLessThan(105 + 17);
    expect(
      await read(
        buffer,
        "toString(any(input_id)) AS id, uniqExact(input_id) AS ids, max(line) AS last, countIf(queue_id = concat('Q', toString(line))) AS right",
      ),
    ).toEqual([{ id: '18446744073709551615', ids: 1, last: line, right: line }]);
  });

  it('says that it has no room before a row would not fit', async () => {
    const buffer = new RowBinaryBuffer('1', 0);
    const draft = new EventDraft();
    fill(draft, BARE);
    expect(buffer.hasRoomFor(draft)).toBe(true);
    fill(draft, { ...BARE, ...Object.fromEntries(TEXT_COLUMNS.map((name) => [name, 'x'.repeat(9000)])) });
    expect(buffer.hasRoomFor(draft)).toBe(true);
    buffer.append(draft, 5);
    fill(draft, BARE);
    expect(buffer.hasRoomFor(draft)).toBe(false);
    // 28 bytes of fixed columns, 16 texts of 8192 bytes after a length of two, 7 numbers of 8
    expect(buffer.content().length).toBe(28 + 16 * 8194 + 7 * 8);
    expect(await read(buffer, 'line, length(mta) AS mta, length(transaction_id) AS transaction, transmit_ms')).toEqual([
      { line: 5, mta: 8192, transaction: 8192, transmit_ms: -1 },
    ]);
  });
});

describe('snake', () => {
  it.each([
    ['mta', 'mta'],
    ['queueId', 'queue_id'],
    ['originalQueueId', 'original_queue_id'],
    ['beforeQueueMs', 'before_queue_ms'],
  ])('%s → %s', (name, column) => expect(snake(name)).toBe(column));
});
