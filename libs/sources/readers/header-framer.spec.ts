import { inputFile, readAll, temporaryFolder } from './readers.fixture';

const folder = temporaryFolder(afterAll);
const mails = async (content: string | Uint8Array, chunkBytes?: number) =>
  (await readAll(inputFile(folder, 'mail.eml', content), 'headers', { chunkBytes })).records;

const MBOX = [
  'From alice@partner.example Mon Mar  2 10:00:00 2026',
  'Subject: one',
  ' folded',
  '',
  'From here on it is text, at 10:00 or so.',
  '',
  'From here too, without a date.',
  '',
  '>From bob@partner.example Mon Mar  2 10:00:00 2026',
  '',
  'From MAILER-DAEMON Mon Mar  2 10:00:01 +0000 2026',
  'Subject: two',
  '',
  'From - Mon Mar  2 10:00:02 2026',
  'Subject: three',
  'From bob@partner.example Mon Mar  2 10:00:00 2026',
  '',
  'text',
  '',
  '',
].join('\r\n');
const MBOX_RECORDS = [
  {
    line: 2,
    text: 'Subject: one\n folded\n\nFrom here on it is text, at 10:00 or so.\n\nFrom here too, without a date.\n\n>From bob@partner.example Mon Mar  2 10:00:00 2026\n',
  },
  { line: 12, text: 'Subject: two' },
  { line: 15, text: 'Subject: three\nFrom bob@partner.example Mon Mar  2 10:00:00 2026\n\ntext\n' },
];

describe('headers', () => {
  it('take an EML file for one mail', async () => {
    expect(
      await mails(
        '\r\nReceived: from a\r\n\tby b\r\nFrom: x@a.example\r\n\r\nbody\r\n\r\nFrom c@a.example Mon Mar  2 10:00:00 2026\r\n',
      ),
    ).toEqual([
      {
        line: 2,
        text: 'Received: from a\n\tby b\nFrom: x@a.example\n\nbody\n\nFrom c@a.example Mon Mar  2 10:00:00 2026',
      },
    ]);
  });

  it('take header text without a body or last line end', async () => {
    expect(await mails('A: b\nC: d')).toEqual([{ line: 1, text: 'A: b\nC: d' }]);
  });

  it('split an mbox at its From lines, not at text that looks like them', async () => {
    expect(await mails(MBOX)).toEqual(MBOX_RECORDS);
  });

  it('are the same wherever chunks are cut', async () => {
    for (let chunkBytes = 1; chunkBytes <= MBOX.length; chunkBytes++)
      expect(await mails(MBOX, chunkBytes)).toEqual(MBOX_RECORDS);
  });

  it('keep 64 KiB of a body', async () => {
    const line = `${'y'.repeat(99)}\n`;
    const [mail] = await mails(`A: b\n\n${line.repeat(100_000)}`);
    expect(mail.text).toBe(`A: b\n\n${line.repeat(1000)}`.slice(0, 6 + 65536));
    expect(mail.problem).toBeUndefined();
  });

  it('cut a header over 1 MiB and go on at the next mail', async () => {
    const text = `From a Mon Mar  2 10:00:00 2026\n${'A: bbbbbbbb\n'.repeat(200_000)}\nbody\n\nFrom a Mon Mar  2 10:00:00 2026\nB: c\n`;
    expect((await mails(text)).map(({ text: kept, line, problem }) => [kept.length, line, problem])).toEqual([
      [65536, 2, 'mail header larger than 1 MiB'],
      [4, 200_006, undefined],
    ]);
  });

  it('of an empty or blank file are none', async () => {
    expect(await mails('')).toEqual([]);
    expect(await mails('\n\r\n')).toEqual([]);
  });
});
