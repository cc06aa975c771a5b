import { Session } from 'chdb';
import { nativeForRevision } from './native-revision';
import { WireError } from './wire-error';

/** Expressions over `number`, whose types are all that the views and ordinary expressions over them yield. */
const EXPRESSIONS: readonly string[] = [
  ...['toUInt8(number)', 'toUInt16(number)', 'toUInt32(number)', 'number', 'toUInt128(number)', 'toUInt256(number)'],
  ...['toInt8(number)', 'toInt16(number)', 'toInt32(number)', '-number', 'toInt128(number)', 'toInt256(number)'],
  ...['toFloat32(number)', 'number / 3', 'toBFloat16(number)', 'number > 2', 'true', 'NULL', '[]', '()', '[(), ()]'],
  ...["repeat('ä', number % 80)", "toFixedString('abc', 5)", "repeat('x', 200)", "''"],
  ...["toDate('2026-03-02')", "toDate32('1925-01-01')", "toDateTime('2026-03-02 01:02:03', 'Europe/Berlin')"],
  ...["toDateTime64('2026-03-02 01:02:03.456', 3, 'UTC')", "toTime('12:34:56')", "toTime64('12:34:56.789', 3)"],
  ...[
    'toIntervalDay(number)',
    'INTERVAL 3 MILLISECOND',
    'generateUUIDv4()',
    "toIPv4('192.0.2.1')",
    "toIPv6('2001:db8::1')",
  ],
  ...[
    String.raw`CAST(number % 3, 'Enum8(\'a\' = 0, \'it\\\'s, (b)\' = 1, \'c\' = 2)')`,
    "CAST('x', 'Enum16(\\'x\\' = 1000)')",
  ],
  ...['toDecimal32(number, 2)', 'toDecimal64(number, 4)', 'toDecimal128(number, 10)', 'toDecimal256(number, 20)'],
  ...['nullIf(number, 2)', "nullIf(toString(number), '2')", "CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))')"],
  ...[
    'toLowCardinality(toString(number % 3))',
    "CAST(nullIf(toString(number % 3), '1'), 'LowCardinality(Nullable(String))')",
  ],
  ...["toLowCardinality(repeat('k', number % 9))", 'range(number % 9)', 'arrayMap(i -> range(i), range(number % 9))'],
  ...["CAST([], 'Array(LowCardinality(String))')", 'arrayMap(i -> toLowCardinality(toString(i)), range(number % 9))'],
  ...["arrayMap(i -> CAST(nullIf(toString(i), '1'), 'LowCardinality(Nullable(String))'), range(number % 4))"],
  ...["(number, 'a', nullIf(number, 1))", "tuple(number, [toString(number)], toLowCardinality('z'))"],
  ...[
    "CAST((1, 'b'), 'Tuple(`first name` UInt8, `x, (y)` String)')",
    "CAST((1, NULL), 'Tuple(a UInt8, b Nullable(Int64))')",
  ],
  ...["map('a', number, toString(number), 2)", "map(toLowCardinality('k'), [number, 1])", "map('a', map('b', number))"],
  ...["CAST([(1, 'b')], 'Nested(a UInt8, b String)')", "CAST(range(number % 3), 'Array(Nullable(UInt64))')"],
  ...[
    '[1, NULL, 3]',
    'if(number % 2, [NULL], [])',
    "array(1, 'a')",
    "CAST(if(number % 3 = 0, NULL, number), 'Variant(UInt64, String)')",
  ],
  ...[
    "[CAST('q', 'Variant(UInt64, String)'), CAST(number, 'Variant(UInt64, String)')]",
    '(1., 2.)::Point',
    '[(1., 2.)]::Ring',
  ],
  ...[
    '[[(1., 2.)]]::Polygon',
    '[[[(1., 2.)]]]::MultiPolygon',
    '[(1., 2.)]::LineString',
    "CAST(number, 'SimpleAggregateFunction(sum, UInt64)')",
  ],
  ...[
    'quantilesExact(0.5, 0.9)(number)',
    'groupUniqArray(toString(number))',
    'topK(2)(toString(number))',
    'avg(nullIf(number, 1))',
  ],
  ...['sumMap(map(toString(number), number))', 'histogram(3)(number)', 'argMax((number, toString(number)), number)'],
];
const BLOCK_INFO = Buffer.from('010002ffffffff00', 'hex');

interface Block {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The engine's own Native form of one column in one block. */
async function oneBlock(session: Session, expression: string, rows: number, known?: string): Promise<Block> {
  const sql = `SELECT ${expression} AS x FROM numbers(${rows}) SETTINGS max_block_size = 100000`;
  const result = await session.queryAsync(sql, { format: 'Native' });
  const type = known ?? (await typeOf(session, expression));
  return { name: 'x', type, bytes: Buffer.from(result.bytes()) };
}

async function typeOf(session: Session, expression: string): Promise<string> {
  const sql = `SELECT any(toTypeName(x)) FROM (SELECT ${expression} AS x FROM numbers(1))`;
  return asInNative((await session.queryAsync(sql, { format: 'TSVRaw' })).text().trimEnd());
}

/** Native has no line breaks in the names of types, and no zone in DateTime (ClickHouse sends it from protocol 54337 on). */
const asInNative = (type: string): string =>
  type
    .replace(/\n\s*(?=\))/g, '')
    .replace(/\(\n\s*/g, '(')
    .replace(/,\n\s*/g, ', ')
    .replace(/^DateTime\(.*\)$/, 'DateTime');

const varint = (value: number): Buffer =>
  value < 128 ? Buffer.from([value]) : Buffer.from([(value % 128) + 128, Math.floor(value / 128)]);

/** The same block for a newer protocol by arithmetic: the place after the type's name is known from the names alone. */
function forNewerProtocol({ name, type, bytes }: Block, extra: Buffer): Buffer {
  const head = Buffer.concat([varint(name.length), Buffer.from(name), varint(type.length), Buffer.from(type)]);
  const rows = bytes[1] < 128 ? 1 : 2;
  const at = 1 + rows + head.length;
  expect(bytes.subarray(1 + rows, at)).toEqual(head);
  return Buffer.concat([BLOCK_INFO, bytes.subarray(0, at), extra, bytes.subarray(at)]);
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function rewritten(bytes: Buffer, revision: number, size = bytes.length): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of nativeForRevision(inChunks(bytes, size), revision)) parts.push(part);
  return Buffer.concat(parts);
}

describe('Native for the protocol of a client', () => {
  let session: Session;
  beforeAll(() => {
    session = new Session();
  });
  afterAll(() => session.close());

  it.each(EXPRESSIONS)('walks over a column of %s', async (expression) => {
    const type = await typeOf(session, expression);
    const blocks = await Promise.all([2, 150].map((rows) => oneBlock(session, expression, rows, type)));
    const stream = Buffer.concat(blocks.map(({ bytes }) => bytes));
    const expected = Buffer.concat(blocks.map((block) => forNewerProtocol(block, Buffer.from([0]))));
    for (const size of [stream.length, 1]) expect((await rewritten(stream, 54460, size)).equals(expected)).toBe(true);
  });

  it('changes nothing for a client that names no protocol', async () => {
    const { bytes } = await oneBlock(session, 'toString(number)', 5);
    expect((await rewritten(bytes, 0)).equals(bytes)).toBe(true);
  });

  it('writes block info alone for protocols before custom serialization', async () => {
    const block = await oneBlock(session, 'toLowCardinality(toString(number))', 5);
    expect((await rewritten(block.bytes, 54405)).equals(forNewerProtocol(block, Buffer.alloc(0)))).toBe(true);
  });

  it('walks over several columns, several blocks of one result, and a result without rows', async () => {
    const columns = [
      'number',
      'toLowCardinality(toString(number % 3))',
      'range(number % 5)',
      "nullIf(toString(number), '7')",
    ];
    const sql = `SELECT ${columns.map((column, i) => `${column} AS c${i}`).join(', ')} FROM numbers(700)`;
    const result = await session.queryAsync(`${sql} SETTINGS max_block_size = 250`, { format: 'Native' });
    const bytes = Buffer.from(result.bytes());
    const got = await rewritten(bytes, 54460, 7);
    // 3 blocks of 4 columns: 8 bytes a block and 1 byte a column more, and each block begins with 4 columns of its rows
    expect(got.length).toBe(bytes.length + 3 * (8 + 4));
    const starts = [250, 250, 200].map((rows) =>
      Buffer.concat([BLOCK_INFO, Buffer.from([4]), varint(rows), Buffer.from('\x02c0')]),
    );
    expect(starts.map((start) => got.includes(start))).toEqual([true, true, true]);
    const none = await session.queryAsync('SELECT 1 AS x WHERE 0', { format: 'Native' });
    expect((await rewritten(Buffer.from(none.bytes()), 54460)).length).toBe(0);
  });

  it.each([
    ['uniqState(number)', /AggregateFunction\(uniq, UInt64\) cannot be sent.*toString/],
    ["CAST('{}', 'JSON')", /a column of type JSON cannot be sent/],
    ["CAST(1, 'Dynamic')", /a column of type Dynamic cannot be sent/],
    ['[uniqState(number)]', /AggregateFunction/],
  ])('ends with an error that names the type of %s', async (expression, message) => {
    const { bytes } = await oneBlock(session, expression, 1);
    await expect(rewritten(bytes, 54460)).rejects.toThrow(message);
    await expect(rewritten(bytes, 54460)).rejects.toMatchObject({ code: 48 });
  });

  it('says that a stream ends within a block, wherever it is cut', async () => {
    const { bytes } = await oneBlock(session, "(number, [toString(number)], toLowCardinality('z'))", 5);
    const errors = [];
    for (let size = 1; size < bytes.length; size++) {
      errors.push(await rewritten(bytes.subarray(0, size), 54460).catch((error: unknown) => error));
    }
    expect(errors.filter((error) => !(error instanceof WireError && error.code === 33))).toEqual([]);
  });

  it('refuses protocols that are too old', async () => {
    await expect(rewritten(Buffer.from([0]), 54000)).rejects.toThrow('clients older than 54405 are not served');
  });
});
