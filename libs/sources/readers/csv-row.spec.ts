import fc from 'fast-check';
import Papa from 'papaparse';
import { RecordFields } from '../fields/record-fields';
import { RowSplitter } from './csv-row';

describe('rows', () => {
  it('are split as another program splits what it wrote, wherever they lie in memory', () => {
    const value = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('"', ',', ';', '\t', '\r\n', 'ä', 'plain text', '')).map((parts) => parts.join('')),
    );
    const fields = new RecordFields();
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 70 }),
        fc.constantFrom(',', ';', '\t'),
        fc.nat(7),
        (values, delimiter, askew) => {
          const row = Papa.unparse([values], { delimiter });
          const bytes = Buffer.from(`${'"'.repeat(askew)}${row}${delimiter}next,row`);
          const splitter = new RowSplitter(delimiter.charCodeAt(0));
          splitter.split(fields, bytes, askew, askew + Buffer.byteLength(row), row.includes('"'), row.includes('""'));
          expect(fields.values).toEqual(values);
          expect(Array.from(values, (_, i) => fields.bytes.toString('utf8', fields.from[i], fields.to[i]))).toEqual(
            values,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});
