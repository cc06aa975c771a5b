import fc from 'fast-check';
import Papa from 'papaparse';
import { RecordFields } from '../fields/record-fields';
import { ByteWords } from './byte-words';
import { readPlainRow } from './plain-row';

/** Reads the row at byte `from` of `text`, as far as `limit`: where it ends, and its fields. */
function read(text: string, count: number, delimiter = ',', from = 0, limit = Buffer.byteLength(text)) {
  const bytes = Buffer.alloc(limit + 8);
  bytes.write(text);
  const words = new ByteWords();
  words.attach(bytes);
  const fields = new RecordFields();
  const end = readPlainRow(fields, bytes, words.words, from, limit, delimiter.charCodeAt(0), count);
  return { end, values: end < 0 ? [] : fields.values };
}

describe('a plain row', () => {
  it('has the fields that another program wrote, wherever it lies in memory', () => {
    const value = fc.oneof(
      fc.string().map((text) => text.replace(/["\r\n]/g, '')),
      fc.array(fc.constantFrom(',', ';', '\t', ' ', 'ä', 'plain text', '')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 70 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.nat(7),
        (values, delimiter, lineEnd, askew) => {
          const row = Papa.unparse([values], { delimiter });
          const text = `${'"'.repeat(askew)}${row}${lineEnd}next${delimiter}row\nlast`;
          const end = askew + Buffer.byteLength(row) + lineEnd.length - 1;
          expect(read(text, values.length, delimiter, askew)).toEqual({ end, values });
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['a,"b"\nnext', 'a,"b"\r\nnext', 'a,b\r\nnext'])('ends with its line, quoted or not: %j', (text) => {
    expect(read(text, 2)).toEqual({ end: text.indexOf('\n'), values: ['a', 'b'] });
  });

  it('keeps a quote within a field that does not begin with one', () => {
    expect(read('a,plain "quoted" text\nnext', 2).values).toEqual(['a', 'plain "quoted" text']);
  });

  it.each([
    ['whose end has not come', 'a,b'],
    ['with a doubled quote', 'a,"b""c"\nnext'],
    ['with a line end in a field', 'a,"b\nc"\nnext'],
    ['with a field that is not closed', 'a,"b'],
    ['with something behind a quoted field', 'a,"b"c\nnext'],
    ['with CR behind a quoted field', '"a"\r,b\nnext'],
    ['of fewer fields', 'a\nnext'],
    ['of more fields', 'a,b,\nnext'],
  ])('is none %s', (_name, text) => {
    expect(read(text, 2).end).toBe(-1);
  });
});
