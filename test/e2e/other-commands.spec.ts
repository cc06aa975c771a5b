import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitsForInput } from '../support/waits-for-input';
import { CLI, Workplace, type Ingested } from './hoptime.fixture';

/** Commands beside the way from files to a report, and the built program beside others. */
const place = new Workplace();
const { folder } = place;
const hoptime = place.quick.bind(place);
const json: Workplace['json'] = place.json.bind(place);

beforeAll(() => {
  writeFileSync(join(folder, 'mx1.log'), MX1);
  writeFileSync(join(folder, 'junk.bin'), Buffer.from([0, 255, 1, 254, 2, 253]));
});
afterAll(() => place.remove());

const MX1 =
  '2026-03-02T10:20:00.000000+00:00 mx1 postfix/smtpd[101]: 4fPZDN0mgNz8xQ: client=mail.partner.example[192.0.2.9]\n';

describe('commands that need no store', () => {
  const mail = [
    'Received: from mx1.corp.example (mx1.corp.example [198.51.100.11]) by mbx1.corp.example (Postfix) with ESMTP id Q2',
    '\tfor <alice@corp.example>; Mon, 2 Mar 2026 10:00:09 +0000 (UTC)',
    'Received: from client.partner.example (client.partner.example [192.0.2.9]) by mx1.corp.example (Postfix) with ESMTP id Q1',
    '\tfor <alice@corp.example>; Mon, 2 Mar 2026 10:00:04 +0000 (UTC)',
    'Message-ID: <e2e-mail@partner.example>',
    'Subject: x',
    '',
    'body',
    '',
  ].join('\r\n');

  it('inspects a mail from a file and from standard input', () => {
    writeFileSync(join(folder, 'mail.eml'), mail);
    const { files } = json<{ files: { file: string; inspections: Record<string, unknown>[] }[] }>([
      'inspect',
      'mail.eml',
      '--json',
    ]);
    expect(files[0].inspections[0]).toMatchObject({ message_id: 'e2e-mail@partner.example', passed_hes: 'no' });
    expect(place.run(['inspect', '-'], { input: mail })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('e2e-mail@partner.example') as unknown,
    });
    expect(hoptime(['inspect', 'missing.eml'])).toMatchObject({
      status: 1,
      stderr: 'hoptime: missing.eml cannot be read: no such file or directory\n',
    });
  });

  it('lists formats, and says what a file looks like', () => {
    expect(json<{ formats: { name: string }[] }>(['formats', '--json']).formats.map(({ name }) => name)).toEqual([
      'trend-email-security',
      'postfix',
      'sendmail',
      'exim',
      'exchange-tracking',
      'm365-trace',
      'trace-headers',
    ]);
    const { files } = json<{ files: Record<string, unknown>[] }>(['formats', 'mx1.log', '--json']);
    expect(files[0]).toMatchObject({ file: 'mx1.log', format: 'postfix', framing: 'lines' });
    expect(hoptime(['formats', 'junk.bin']).status).toBe(1);
  });

  it('simulates a fleet that ingest understands whole', () => {
    const summary = json<{ messages: number; ingest: { paths: string[]; timeZone: string; mta?: string }[] }>([
      'simulate',
      '--out',
      'fleet',
      '--messages',
      '60',
      '--days',
      '2',
      '--seed',
      '7',
      '--json',
    ]);
    expect(summary.messages).toBe(60);
    const store = ['--store-url', `chdb:${join(folder, 'fleet-store')}`];
    for (const { paths, timeZone, mta } of summary.ingest) {
      const { totals } = json<Ingested>([
        'ingest',
        ...paths.map((path) => join('fleet', path)),
        '--timezone',
        timeZone,
        ...(mta ? ['--mta', mta] : []),
        '--json',
        ...store,
      ]);
      expect(totals.records).toBe(totals.parsed + totals.skipped);
    }
  });

  it('prints the schema without touching it', () => {
    const store = ['--store-url', `chdb:${join(folder, 'schema-store')}`];
    expect(hoptime(['migrate', '--dry-run', ...store]).stdout).toMatch(/^-- 0001_\w+\n/);
    expect(hoptime(['migrate', '--dry-run', ...store]).stdout).toMatch(/^-- 0001_\w+\n/);
    expect(hoptime(['migrate', ...store])).toMatchObject({ status: 0, stdout: '' });
    expect(hoptime(['migrate', '--dry-run', ...store])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'The schema is up to date.\n',
    });
  });
});

describe('beside other programs', () => {
  it('ends quietly when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [CLI, 'sql', 'SELECT number FROM numbers(3000000)', '--format', 'CSV'], {
      cwd: folder,
      env: place.env(),
    });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.once('exit', done));
    expect([code, stderr]).toEqual([0, '']);
  });

  it('says who holds the store', async () => {
    const holder = spawn(process.execPath, [CLI, 'ingest', '-'], { cwd: folder, env: place.env() });
    await waitsForInput(holder);
    const run = hoptime(['report']);
    holder.kill('SIGKILL');
    await new Promise((done) => holder.once('exit', done));
    expect(run).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^hoptime: the store .* is held by process ${holder.pid};`, 'm'),
      ) as unknown,
    });
  });

  it('shows a stack trace only when asked to', () => {
    expect(place.run(['journey', 'x@y.example'], { env: { DEBUG: '1' } }).stderr).toContain('\n    at ');
    expect(place.run(['journey', 'x@y.example']).stderr).not.toContain('\n    at ');
    writeFileSync(join(folder, '.env'), 'DEBUG=1\n');
    expect(place.run(['journey', 'x@y.example']).stderr).toContain('\n    at ');
    rmSync(join(folder, '.env'));
  });
});
