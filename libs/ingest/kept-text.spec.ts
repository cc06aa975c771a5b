import type { RawRecord } from '../sources/source';
import { Pseudonyms } from '../trace/pseudonyms';
import { keptText, type RecordForm } from './kept-text';
import { RecordFields } from '../sources/fields/record-fields';

const record = (text: string, more: Partial<RawRecord> = {}): RawRecord => {
  const bytes = Buffer.from(text);
  return { bytes, from: 0, to: bytes.length, line: 1, ...more };
};
const LINES: RecordForm = { framing: 'lines', hasRows: false };
const kept = (each: RawRecord, form = LINES, pseudonyms?: Pseudonyms): string =>
  Buffer.from(keptText(each, form, pseudonyms)).toString();

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

test('of a mail its header, and of what is no header nothing', () => {
  const form: RecordForm = { framing: 'headers', hasRows: false };
  const mail = 'Received: from a\n\tby b\nSubject: secret\nTo: c@d.example\n\nDear Ann,\n\nthe plan\n';
  expect(kept(record(mail), form)).toBe('Received: from a\n\tby b\nSubject: [subject]\nTo: c@d.example');
  expect(kept(record('Date: today\r\n\r\nDear Ann'), form)).toBe('Date: today\r');
  expect(kept(record('Dear Ann,\nthe plan: x\nNote: y\n'), form)).toBe('[hidden]\n[hidden]\nNote: y\n[hidden]');
});

test('a field of that name, whatever stands for its characters in the file', () => {
  const fields = RecordFields.of(['Sender', 'Message_Subject'], ['a@b.example', 'R&D']);
  const element = '<m><Sender>a@b.example</Sender><Message_Subject>R&amp;D</Message_Subject></m>';
  const form: RecordForm = { framing: 'xml', hasRows: true };
  expect(kept(record(element, { fields }), form)).toBe(
    '<m><Sender>a@b.example</Sender><Message_Subject>[subject]</Message_Subject></m>',
  );
  expect(kept(record('<m><Subject><![CDATA[R<D]]></Sub', { problem: 'cut off' }), form)).toBe('<m><Subject>[subject]');
  const object = '{"MessageSubject":"A \\u0041","Size":1}';
  expect(kept(record(object), { framing: 'json', hasRows: true })).toBe('{"MessageSubject":"[subject]","Size":1}');
});

const ROWS: RecordForm = { framing: 'csv', hasRows: true };

test.each([
  // as many fields as the header has, but shifted by one: what its columns are called says nothing
  ['2026-03-02T06:00:00Z,Secret plan,a@b.example,', '2026-03-02T06:00:00Z,[hidden],a@b.example,'],
  // a quote that is not doubled, and a comma in what was quoted
  [
    '2026-03-02 06:00:00.123,<id@b.example>,"Plan "B, secret",10.1.0.31',
    '2026-03-02 06:00:00.123,<id@b.example>,"[hidden]"[hidden],[hidden]",10.1.0.31',
  ],
  ['2026-03-02T06:00:00+01:00;Kündigung;\t4711', '2026-03-02T06:00:00+01:00;[hidden];\t[hidden]'],
  ['Re: 2026-03-02T06:00:00Z, call a@b.example', '[hidden],[hidden]'],
])('of a row only fields that their form tells: %j', (row, expected) => {
  const fields = RecordFields.of(['Date', 'Sender', 'Subject', 'Size'], row.split(','));
  expect(kept(record(row, { fields }), ROWS)).toBe(expected);
  expect(kept(record(row, { problem: 'row of 3 fields under a header of 4' }), ROWS)).toBe(expected);
  // a line of a log that lost its header
  expect(kept(record(row), { framing: 'lines', hasRows: true })).toBe(expected);
});

test('the subject of a CEF line', () => {
  const line = '<14> tmes: CEF:0|Trend Micro|TMES|1|400101|TRACKING|4|rt=x msg=Secret plan, a=b suser=a@b.example';
  const form: RecordForm = { framing: 'lines', hasRows: true };
  expect(kept(record(line), form)).toBe(line.replace('Secret plan, a=b', '[subject]'));
  // a row whose subject looks like one
  expect(kept(record('4711,CEF:0 secret'), form)).toBe('[hidden],[hidden]');
});

test('with pseudonyms nothing is kept of a record that could not be cut into fields', () => {
  const cut = record('{"x":"secret', { problem: 'a string is not closed' });
  const form: RecordForm = { framing: 'json', hasRows: false };
  expect(kept(cut, form)).toBe('{"x":"secret');
  expect(kept(cut, form, new Pseudonyms('a key of the tests only'))).toBe('(12 bytes, not kept)');
});
