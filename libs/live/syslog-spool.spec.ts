import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyslogSpool, spoolFile, spoolFolder } from './syslog-spool';

const NAME = 'syslog:udp:5514';
let store: string;
let written: string[];
beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'hoptime-spool-'));
  written = [];
});
afterEach(() => rmSync(store, { recursive: true, force: true }));

const spool = (
  limits?: { fileBytes: number; totalBytes: number },
  isRead: (path: string, size: number) => boolean = () => false,
) => new SyslogSpool(store, NAME, isRead, (path) => written.push(path), limits);
const buffers = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));
const names = (): string[] => readdirSync(spoolFolder(store)).sort();
const lines = (name: string): string[] => readFileSync(join(spoolFolder(store), name), 'latin1').split('\n');

it('is a folder for its own user alone, also beside a store on a server', () => {
  spool().close();
  expect((statSync(spoolFolder(store)).mode & 0o777).toString(8)).toBe('700');
});

it('writes each message as one line under a heading of 256 bytes', () => {
  const one = spool();
  expect(one.append(buffers('<22>a', '<22>b\n', '<22>c\r\nd\0', '<22>\xfc'))).toEqual([]);
  expect(one.append(buffers('<22>e'))).toEqual([]);
  one.close();
  expect(names()).toEqual([`${NAME}.000001.log`]);
  const [heading, ...rest] = lines(`${NAME}.000001.log`);
  expect(heading).toMatch(/^# syslog:udp:5514 received by hoptime from \d{4}-/);
  expect(heading.length).toBe(256);
  expect(rest).toEqual(['<22>a', '<22>b', '<22>c#015#012d', '<22>\xfc', '<22>e', '']);
  expect(written).toEqual(Array(2).fill(join(spoolFolder(store), `${NAME}.000001.log`)));
});

it('keeps the CEF messages of Trend apart from the lines of MTAs, and knows its files by name', () => {
  const one = spool();
  one.append(buffers('<22>a', '<134>Mar 2 10:00:00 x CEF:0|Trend Micro|TMES|1|400101|TRACKING|3|'));
  one.close();
  expect(names()).toEqual([`${NAME}.000001.log`, `${NAME}:cef.000001.log`]);
  expect(names().map((name) => spoolFile(store, join(spoolFolder(store), name)))).toEqual([
    { name: NAME, format: 'postfix' },
    { name: `${NAME}:cef`, format: 'trend-email-security' },
  ]);
  expect(spoolFile(store, join(store, 'elsewhere', names()[0]))).toBeUndefined();
  expect(spoolFile(store, join(spoolFolder(store), 'mail.log'))).toBeUndefined();
});

it('goes on in the newest file after a restart, behind half a line that a kill left', () => {
  const one = spool();
  one.append(buffers('<22>a'));
  one.close();
  appendFileSync(join(spoolFolder(store), `${NAME}.000001.log`), '<22>half');
  const two = spool();
  two.append(buffers('<22>b'));
  two.close();
  expect(lines(`${NAME}.000001.log`).slice(1)).toEqual(['<22>a', '<22>half', '<22>b', '']);
});

it('begins a new file when one is full; takes nothing more when all are full and unread; makes room by what was read', () => {
  const read = new Set<string>();
  const one = spool({ fileBytes: 300, totalBytes: 1000 }, (path) => read.has(path));
  const line = `<22>${'x'.repeat(60)}`;
  for (let i = 0; i < 3; i++) expect(one.append(buffers(line))).toEqual([]);
  expect(names()).toEqual(['000001', '000002', '000003'].map((n) => `${NAME}.${n}.log`));
  const refused = buffers(line, line);
  expect(one.append(refused)).toEqual(refused);
  read.add(join(spoolFolder(store), `${NAME}.000001.log`));
  expect(one.append(refused)).toEqual([]);
  one.close();
  expect(names()).toEqual(['000002', '000003', '000004'].map((n) => `${NAME}.${n}.log`));
});
