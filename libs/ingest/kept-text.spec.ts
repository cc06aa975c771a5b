import type { RawRecord } from '../sources/source';
import { Pseudonyms } from '../trace/pseudonyms';
import { keptText } from './kept-text';
import { RecordFields } from '../sources/fields/record-fields';

const record = (text: string, more: Partial<RawRecord> = {}): RawRecord => {
  const bytes = Buffer.from(text);
  return { bytes, from: 0, to: bytes.length, line: 1, ...more };
};
const kept = (each: RawRecord, pseudonyms?: Pseudonyms): string => Buffer.from(keptText(each, pseudonyms)).toString();

test.each([
  [
    '{"sender":"a@b.example","subject":"A \\"secret\\" plan","size":1}',
    '{"sender":"a@b.example","subject":"[subject]","size":1}',
  ],
  [
    'postfix/cleanup[1]: 4A1: warning: header Subject: secret plan from mx.b.example[192.0.2.1]; from=<a@b.example>',
    'postfix/cleanup[1]: 4A1: warning: header Subject: [subject] from mx.b.example[192.0.2.1]; from=<a@b.example>',
  ],
  [
    'From: a@b.example\r\nSubject: secret\r\n plan\r\nTo: c@d.example',
    'From: a@b.example\r\nSubject: [subject]\r\nTo: c@d.example',
  ],
  [
    '1aB <= a@b.example S=400 T="secret \\"plan\\"" for c@d.example',
    '1aB <= a@b.example S=400 T="[subject]" for c@d.example',
  ],
  [
    'CEF:0|Trend|x|1|1|y|1|subject=secret plan suser=a@b.example',
    'CEF:0|Trend|x|1|1|y|1|subject=[subject] suser=a@b.example',
  ],
  ['nothing of that kind', 'nothing of that kind'],
])('without its subject: %s', (text, expected) => {
  expect(kept(record(text))).toBe(expected);
});

test('a column of that name', () => {
  const fields = RecordFields.of(['Sender', 'Message Subject'], ['a@b.example', 'secret "plan"']);
  expect(kept(record('a@b.example;"secret ""plan"""', { fields }))).toBe('a@b.example;"[subject]"');
});

test('with pseudonyms nothing is kept of a record that could not be cut into fields', () => {
  const cut = record('x;"secret', { problem: 'a quote is not closed' });
  expect(kept(cut)).toBe('x;"secret');
  expect(kept(cut, new Pseudonyms('a key of the tests only'))).toBe('(9 bytes, not kept)');
});
