import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Pseudonyms } from '../trace/pseudonyms';
import { evidenceRecords, type EvidenceOf, type EvidenceRecord } from './evidence-records';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hoptime-evidence-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const ID = 'one.1@sender.example';
const line = (second: number, text: string): string => `2026-03-02T10:00:0${second}.000000+00:00 mx1 postfix/${text}`;
const LOG = [
  line(1, 'smtpd[1]: 7AB12CD001: client=a.example[192.0.2.1]'),
  line(2, `cleanup[2]: 7AB12CD001: message-id=<${ID}>`),
  line(
    3,
    'cleanup[2]: 7AB12CD001: warning: header Subject: Salary of Ann from a.example[192.0.2.1]; from=<x@a.example>',
  ),
  '',
].join('\n');

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const event = (
  path: string,
  at: number,
  queue_id: string | null = null,
  recipient: string | null = null,
): EvidenceOf => ({
  file: path,
  line: at,
  queue_id,
  recipient,
});

/** Without the names of files, which are temporary. */
const shown = (records: readonly EvidenceRecord[]): unknown[] =>
  records.map(({ line: at, text, problem }) => [at, text, problem]);

it('shows lines of a log, plain, gzip or UTF-16, in their order and each once', async () => {
  const lines = LOG.split('\n');
  for (const path of [
    file('mail.log', LOG),
    file('mail.log.gz', gzipSync(LOG)),
    file('utf16.log', Buffer.from(`\ufeff${LOG}`, 'utf16le')),
  ]) {
    const records = await evidenceRecords(
      [event(path, 2, '7AB12CD001'), event(path, 1, '7AB12CD001'), event(path, 2, '7AB12CD001')],
      ID,
    );
    expect(records.map((record) => record.file)).toEqual([path, path]);
    expect(shown(records)).toEqual([
      [1, lines[0], null],
      [2, lines[1], null],
    ]);
  }
});

it('shows no subject', async () => {
  const records = await evidenceRecords([event(file('subject.log', LOG), 3, '7AB12CD001')], ID);
  expect(records[0].text).toContain('header Subject: [subject] from a.example');
  const row = file(
    'tracking.csv',
    [
      'timestamp,message-id,sender,recipient,subject,action,delivered-time',
      `2026-03-02 10:00:00,<${ID}>,a@sender.example,b@corp.example,"Salary, ""new""",Delivered,2026-03-02 10:00:03`,
      '',
    ].join('\n'),
  );
  expect(shown(await evidenceRecords([event(row, 2)], ID))).toEqual([
    [2, `2026-03-02 10:00:00,<${ID}>,a@sender.example,b@corp.example,"[subject]",Delivered,2026-03-02 10:00:03`, null],
  ]);
});

it('shows of a row whose subject nobody can tell only what its form tells', async () => {
  const rows = (header: string): string =>
    `${header}\n2026-03-02 10:00:00,<${ID}>,a@sender.example,b@corp.example,Salary,Delivered,2026-03-02 10:00:03\n`;
  const plain = `2026-03-02 10:00:00,<${ID}>,a@sender.example,b@corp.example,[hidden],[hidden],2026-03-02 10:00:03`;
  // its subject stands under a name of its own; and read with --mapping, a file that is not known without
  for (const [name, header] of [
    ['betreff.csv', 'timestamp,message-id,sender,recipient,betreff,action,delivered-time'],
    ['mapped.csv', 'zeit,kennung,von,an,betreff,was,zugestellt'],
  ])
    expect(shown(await evidenceRecords([event(file(name, rows(header)), 2)], ID))).toEqual([[2, plain, null]]);
});

it('finds the objects of the message where all objects stand on one line', async () => {
  const log = (id: string, action: string): object => ({
    messageID: `<${id}>`,
    recipient: 'b@corp.example',
    action,
    timestamp: '2026-03-02T10:00:00Z',
  });
  const mine = [log(ID, 'Temporary delivery error'), log(ID, 'Delivered')];
  const page = file(
    'page.json',
    JSON.stringify({ logs: [mine[0], log('other@sender.example', 'Delivered'), mine[1]] }),
  );
  const [record] = await evidenceRecords([event(page, 1), event(page, 1)], ID);
  expect((record.text ?? '').split('\n').map((text) => JSON.parse(text) as unknown)).toEqual(mine);
});

it('shows the header of a mail, and no more of it', async () => {
  const mail = file(
    'mail.eml',
    `Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <${ID}>\r\nSubject: Salary\r\n\r\nDear Ann\r\n`,
  );
  const [{ text }] = await evidenceRecords([event(mail, 1)], ID);
  expect(text).toContain(`Message-ID: <${ID}>`);
  expect(text).not.toMatch(/Salary|Dear Ann/);
});

it('does not show a line of a file that was rotated or cut since as evidence, and says why', async () => {
  const rotated = file('rotated.log', LOG.replaceAll('7AB12CD001', '8FF12CD777').replace(ID, 'two@other.example'));
  const cut = file('cut.log', `${LOG.split('\n')[0]}\n`);
  const why = 'the file has changed since it was read';
  expect(shown(await evidenceRecords([event(rotated, 1, '7AB12CD001'), event(rotated, 2, '7AB12CD001')], ID))).toEqual([
    [1, null, why],
    [2, null, why],
  ]);
  expect(shown(await evidenceRecords([event(cut, 2, '7AB12CD001')], ID))).toEqual([[2, null, why]]);
});

it('says why a record cannot be shown', async () => {
  const gone = await evidenceRecords([event(join(folder, 'gone.log'), 1), event('-', 3), event(folder, 4)], ID);
  expect(shown(gone)).toEqual([
    [1, null, 'the file cannot be read any more'],
    [3, null, 'it was read from standard input'],
    [4, null, 'the file cannot be read any more'],
  ]);
});

it('shows pseudonyms where the store has them, and knows the message by them', async () => {
  const pseudonyms = new Pseudonyms('a key of enough characters');
  const path = file('pseudonyms.log', LOG);
  const [{ text }] = await evidenceRecords([event(path, 2)], pseudonyms.inText(ID), pseudonyms);
  expect(text).toBe(pseudonyms.inText(LOG.split('\n')[1]));
  expect(text).not.toContain('one.1');
});
