import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { detect, framingsOf } from './detect';
import { findInputs } from './readers/find-inputs';
import { isInputProblem, type InputFile } from './readers/input-file';
import { inputFile, readAll, temporaryFolder } from './readers/readers.fixture';
import { SOURCES } from './registry';

const folder = temporaryFolder(afterAll);

async function told(content: string | Uint8Array, forced?: string): Promise<string> {
  const detection = await detect(inputFile(folder, 'input', content), forced);
  return 'problem' in detection ? detection.problem : `${detection.source.name} ${detection.framing}`;
}

const POSTFIX_LINE = 'Mar  2 10:00:00 mx1 postfix/qmgr[12]: 4PbMVG6Tmjz3tG3: removed\n';
const CSV = 'Timestamp,Message ID,Sender,Recipient,Direction,Action,Delivery Time\n';

const NAMES = 'trend-email-security, postfix, sendmail, exim, exchange-tracking, m365-trace, trace-headers';

describe('detect', () => {
  const fixtures = SOURCES.flatMap(({ name }) => {
    const files = readdirSync(join(__dirname, 'formats', name, 'fixtures')).filter(
      (file) => !file.endsWith('.expected.json'),
    );
    return files.map((file) => [name, file] as const);
  });

  it.each(fixtures)('knows every fixture: %s/%s', async (name, file) => {
    expect(await told(readFileSync(join(__dirname, 'formats', name, 'fixtures', file)))).toMatch(
      new RegExp(`^${name} `),
    );
  });

  it.each([
    ['lines', POSTFIX_LINE, 'postfix lines'],
    [
      'a log that begins with much else',
      `${'Mar  2 10:00:00 mx1 dovecot: imap-login: hello\n'.repeat(5000)}${POSTFIX_LINE.repeat(5000)}`,
      'postfix lines',
    ],
    [
      'a table',
      `${CSV}2026-03-02 10:00:00,<a@b.example>,s@b.example,r@c.example,in,Delivered,2026-03-02 10:00:05\n`,
      'trend-email-security csv',
    ],
    [
      'a mail larger than the look',
      `Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000\nFrom: a@b.example\n\n${'x'.repeat(200_000)}`,
      'trace-headers headers',
    ],
  ])('looks into %s', async (_name, text, expected) => {
    expect(await told(text)).toBe(expected);
    expect(await told(gzipSync(text))).toBe(expected);
    expect(await told(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(expected);
  });

  it('says why it does not know a file, and what to do', async () => {
    expect(await told('hello world\n')).toBe(
      `looks like none of the known formats (nothing in it is known); name it with --format: ${NAMES}`,
    );
    expect(await told('')).toBe('the file is empty');
    expect(await told(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]))).toBe(
      'is packed with zstd; unpack it first, or pipe it: zstd -dc FILE | hoptime ingest -, or run hoptime with Node.js 22.15 or newer, which reads zstd',
    );
    const gone = await detect({ path: join(folder, 'gone'), display: 'gone', modifiedAt: 0 });
    expect(gone).toMatchObject({ problem: expect.stringMatching(/^no such file or folder; /), empty: false });
    expect(await detect(inputFile(folder, 'empty', ''))).toMatchObject({ empty: true });
  });

  it('takes the format that the user names, and finds how to cut it', async () => {
    expect(await told(CSV, 'trend-email-security')).toBe('trend-email-security csv');
    expect(await told('[]', 'trend-email-security')).toBe('trend-email-security json');
    expect(await told('hello world\n', 'postfix')).toBe('postfix lines');
    expect(await told('hello world\n', 'trace-headers')).toBe('trace-headers headers');
    expect(await told('', 'postfix')).toBe('postfix lines');
    expect(await told(POSTFIX_LINE, 'sendnail')).toBe(`there is no format sendnail; the formats are ${NAMES}`);
  });

  it('leaves standard input to be read from its beginning', async () => {
    const inputs: InputFile[] = [];
    for await (const input of findInputs(['-'], Readable.from([POSTFIX_LINE, POSTFIX_LINE]))) {
      if (!isInputProblem(input)) inputs.push(input);
    }
    const detection = await detect(inputs[0]);
    expect('source' in detection && detection.source.name).toBe('postfix');
    expect((await readAll(inputs[0], 'lines')).records.map((record) => record.line)).toEqual([1, 2]);
  });
});

describe('framingsOf', () => {
  it.each([
    ['<22>1 2026-03-02T10:00:00Z mx1 postfix/smtp 1 - - a: b', ['lines']],
    ['<?xml version="1.0"?>', ['xml', 'lines']],
    ['\n <log>', ['xml', 'lines']],
    ['{"a":1,"b":2}', ['json', 'csv', 'lines']],
    ['[', ['json', 'lines']],
    ['From a@b.example Mon', ['headers', 'lines']],
    ['Received: from a\n', ['headers', 'lines']],
    ['# exported, today\n# x\nTime;Sender\n', ['csv', 'lines']],
    ['#Software: x\n#Fields: a\n', ['csv', 'lines']],
    ['a\tb\n', ['csv', 'lines']],
    ['', ['lines']],
  ])('of %j', (text, framings) => {
    expect(framingsOf(Buffer.from(text))).toEqual(framings);
  });
});
