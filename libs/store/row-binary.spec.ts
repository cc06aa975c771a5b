import { EventDraft, KIND, STATEMENT, TEXT } from '../trace/event-draft';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../trace/trace-event';
import { RowBinaryBuffer } from './row-binary';

const AT = Date.UTC(2026, 2, 2, 0, 0, 0, 123);
/** input id, line, codes, time, resolution; without texts and numbers */
const FIXED = 28;

/** The texts of a row with the numbers behind them, read as the format is defined: LEB128 length, bytes. */
function textsOf(row: Buffer): string[] {
  let at = FIXED;
  const texts = TEXT_COLUMNS.map(() => {
    let length = 0;
    let shift = 0;
    for (let more = true; more; shift += 7) {
      more = row[at] > 127;
      length |= (row[at++] & 127) << shift;
    }
    at += length;
    return row.toString('latin1', at - length, at);
  });
  expect(row.length - at).toBe(8 * NUMBER_COLUMNS.length);
  return texts;
}

describe('a row', () => {
  it('begins with input, line, codes and time, and ends with numbers of which −1 is unknown', () => {
    const rows = new RowBinaryBuffer('4294967298', 1);
    const draft = new EventDraft().begin(KIND.relayed, STATEMENT.delivery, AT, 1000);
    draft.direction = 2;
    draft.timeBasis = 1;
    draft.numbers[1] = 5_000_000_000;
    rows.append(draft, 7);
    const row = rows.content();
    expect([row.readBigUInt64LE(0), row.readUInt32LE(8)]).toEqual([4294967298n, 7]);
    expect([...row.subarray(12, 16)]).toEqual([KIND.relayed, STATEMENT.delivery, 2, 1]);
    expect([row.readBigInt64LE(16), row.readUInt32LE(24)]).toEqual([BigInt(AT), 1000]);
    const numbers = NUMBER_COLUMNS.map((_, i) => row.readBigInt64LE(row.length - 8 * (NUMBER_COLUMNS.length - i)));
    expect(numbers).toEqual(NUMBER_COLUMNS.map((_, i) => (i === 1 ? 5_000_000_000n : -1n)));
  });

  it.each([
    ['a chunk of a file', 16_384],
    ['a small buffer', 300],
  ])('takes texts of any length over from anywhere in %s', (_name, bytes) => {
    const source = Buffer.from(Array.from({ length: bytes }, (_, i) => 33 + (i % 90)));
    const rows = new RowBinaryBuffer('1', 1024 * 1024);
    const draft = new EventDraft();
    for (let length = 1; length < 270; length++) {
      const from = length % 13;
      draft.begin(KIND.relayed, STATEMENT.delivery, AT, 1);
      draft.bytes(TEXT.messageId, source, from, from + length);
      draft.bytes(TEXT.smtpReply, source, bytes - length, bytes);
      rows.clear();
      rows.append(draft, 1);
      const texts = textsOf(rows.content());
      expect(texts[TEXT.messageId]).toBe(source.toString('latin1', from, from + length));
      expect(texts[TEXT.smtpReply]).toBe(source.toString('latin1', bytes - length));
      expect(texts.filter((text) => text !== '')).toHaveLength(2);
    }
  });
});
