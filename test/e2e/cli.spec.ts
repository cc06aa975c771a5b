import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The built program as a user runs it: every command, what it prints, and its exit code (interfaces.md §3). */
const CLI = resolve(__dirname, '../../dist/apps/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'hoptime-e2e-'));
const inputs = join(folder, 'inputs');

if (!existsSync(CLI)) throw new Error(`${CLI} is not there: run "npm run build" first`);

// a far zone and an own store: neither the host's zone nor another store may reach the figures
const env = (more: Record<string, string> = {}) => ({
  ...process.env,
  TZ: 'Pacific/Auckland',
  STORE_URL: `chdb:${join(folder, 'store')}`,
  DEBUG: '',
  ...more,
});

type Run = Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>;

function hoptime(args: string[], more: { env?: Record<string, string>; input?: string } = {}): Run {
  const run = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: env(more.env),
    input: more.input ?? '',
    encoding: 'utf8',
    timeout: 55_000,
    maxBuffer: 2 ** 26,
  });
  if (run.error) throw run.error;
  return run;
}

function json<T>(args: string[], status = 0): T {
  const run = hoptime(args);
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status, stderr: '' });
  return JSON.parse(run.stdout) as T;
}

const TRACKING = `${JSON.stringify({
  logs: [
    tracking('2026-03-02T10:00:00Z', '2026-03-02T10:00:10Z', 'Temporary delivery error', '450 4.2.0 Greylisted'),
    tracking('2026-03-02T10:00:00Z', '2026-03-02T10:20:00Z', 'Delivered', '250 2.0.0 Ok: queued as 4fPZDN0mgNz8xQ'),
  ],
})}\n`;

function tracking(timestamp: string, deliveryTime: string, action: string, details: string): Record<string, unknown> {
  return {
    genTime: deliveryTime,
    timestamp,
    deliveryTime,
    sender: 'bob@partner.example',
    direction: 'in',
    messageID: '<e2e-1@partner.example>',
    subject: 'x',
    size: 4096,
    mailID: 'a0b1c2d3-0000-4000-8000-000000000001',
    recipient: 'alice@corp.example',
    action,
    details,
    deliveredTo: 'mx1.corp.example[198.51.100.11]:25',
  };
}

// hand computation: HES 10:00:00 → 10:20:00 (10 s at work, then 19 min 50 s waiting); mx1 takes it at 10:20:00.250 (queue active) and delivers at 10:20:05.650
const MX1 = `2026-03-02T10:20:00.000000+00:00 mx1 postfix/smtpd[101]: 4fPZDN0mgNz8xQ: client=repost01.tmes.trendmicro.eu[18.185.115.10]
2026-03-02T10:20:00.100000+00:00 mx1 postfix/cleanup[102]: 4fPZDN0mgNz8xQ: message-id=<e2e-1@partner.example>
2026-03-02T10:20:00.250000+00:00 mx1 postfix/qmgr[103]: 4fPZDN0mgNz8xQ: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)
2026-03-02T10:20:05.650000+00:00 mx1 postfix/local[104]: 4fPZDN0mgNz8xQ: to=<alice@corp.example>, relay=local, delay=5.7, delays=0.25/0.01/0/5.4, dsn=2.0.0, status=sent (delivered to mailbox)
2026-03-02T10:20:05.660000+00:00 mx1 postfix/qmgr[103]: 4fPZDN0mgNz8xQ: removed
`;
const BROKEN = `${MX1.replace(/4fPZDN0mgNz8xQ/g, '4fPZDN0mgNz8xR').replace(/e2e-1/g, 'e2e-2')}2026-03-02T10:21:00.000000+00:00 mx1 postfix/smtp[105]: 4fPZDN0mgNz8xS: to=<al
`;

beforeAll(() => {
  mkdirSync(inputs);
  writeFileSync(join(inputs, 'tracking.json'), TRACKING);
  writeFileSync(join(inputs, 'mx1.log'), MX1);
  writeFileSync(join(folder, 'broken.log'), BROKEN);
  writeFileSync(join(folder, 'junk.bin'), Buffer.from([0, 255, 1, 254, 2, 253]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('wrong usage ends with 2, in a sentence on stderr and nothing on stdout', () => {
  it.each<[string[], RegExp]>([
    [['nonsense'], /^hoptime: unknown command 'nonsense'\nTry: hoptime --help\n$/],
    [['report', '--nonsense'], /^hoptime: unknown option '--nonsense'\nTry: hoptime report --help\n$/],
    [['report', 'extra'], /too many arguments/],
    [['report', '--from', 'tomorrow'], /^hoptime: --from: "tomorrow" is not a time: write 2026-03-02/],
    [['report', '--from', '2026-03-02', '--to', '2026-03-02'], /^hoptime: --from must lie before --to\n$/],
    [['report', '--tz', 'Mars/Olympus'], /^hoptime: --tz: "Mars\/Olympus" is no IANA time zone/],
    [['report', '--format', 'html'], /^hoptime: --format: "html" is none of text, json, csv\n$/],
    [['report', '--state', 'lost'], /^hoptime: --state: "lost" is none of complete/],
    [['report', '--verdict', 'late'], /^hoptime: --verdict: "late" is none of none/],
    [['journeys', '--limit', '0'], /^hoptime: --limit: "0" is not a whole number from 1/],
    [['journeys', '--all', '--limit', '3'], /^hoptime: --all and --limit exclude each other\n$/],
    [['journey'], /missing required argument 'message-id'/],
    [['journey', '<>'], /^hoptime: "<>" is no Message-ID\n$/],
    [['ingest'], /missing required argument 'path'/],
    [
      ['ingest', 'x', '--format', 'x400'],
      /^hoptime: --format: "x400" is none of trend-email-security, postfix, trace-headers\n$/,
    ],
    [['ingest', 'x', '--timezone', 'CET/CEST'], /^hoptime: --timezone: "CET\/CEST" is no time zone/],
    [['ingest', 'x', '--year', '26'], /^hoptime: --year: "26" is not a whole number/],
    [['ingest', 'x', '--mapping', 'junk.bin'], /^hoptime: --mapping: junk.bin cannot be read as JSON/],
    [['sql', 'SELECT 1; SELECT 2'], /^hoptime: Syntax error \(Multi-statements are not allowed\)/],
    [['sql', 'DROP TABLE hoptime_store.journeys'], /^hoptime: only SELECT/],
    [['sql', "SELECT 1 INTO OUTFILE 'x.csv'"], /^hoptime: INTO OUTFILE writes a file/],
    [['sql', 'SELECT 1', '--format', 'Nonsense'], /^hoptime: Unknown format Nonsense/],
    [['simulate'], /required option '--out <folder>' not specified/],
  ])('hoptime %j', (args, message) => {
    const run = hoptime(args);
    expect(run.stderr).toMatch(message);
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('names all bad values of the configuration at once', () => {
    const run = hoptime(['report'], { env: { STORE_URL: 'mysql://x', VERDICT_THRESHOLD_MS: 'soon' } });
    expect(run.status).toBe(2);
    expect(run.stderr.split('\n')).toEqual([
      'hoptime: STORE_URL: must be chdb:PATH, for example chdb:./hoptime-data',
      expect.stringMatching(/^hoptime: VERDICT_THRESHOLD_MS: must be a whole number .*"soon"/),
      '',
    ]);
  });
});

describe('help', () => {
  const names = [
    'demo',
    'ingest',
    'report',
    'journeys',
    'journey',
    'inspect',
    'formats',
    'rejected',
    'replay',
    'forget',
    'sql',
    'simulate',
    'migrate',
  ];

  it('lists every command', () => {
    const { status, stdout } = hoptime(['--help']);
    expect(status).toBe(0);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name}( |$)`, 'm'));
  });

  it.each(names)('of %s ends with examples', (name) => {
    const { status, stdout, stderr } = hoptime([name, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`\nExamples:\n  .*hoptime ${name}`));
  });

  it('stands on stderr, with 2, when no command is given', () => {
    expect(hoptime([])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: hoptime') as unknown,
    });
  });

  it('knows the version of the package', () => {
    const { version } = JSON.parse(readFileSync(resolve(__dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect(hoptime(['--version']).stdout).toBe(`${version}\n`);
  });
});

interface Ingested {
  files: Record<string, unknown>[];
  totals: Record<string, number>;
  journeys: Record<string, number>;
}

describe('from files to a report, down to file and line', () => {
  it('says what to do when there is nothing yet', () => {
    const { status, stdout } = hoptime(['report']);
    expect([status, stdout]).toEqual([
      0,
      'No journey is in the store.\nRead your files first: npx hoptime ingest PATH…   or see made-up mail: npx hoptime demo\n',
    ]);
  });

  it('ingests a folder and keeps its books', () => {
    const { files, totals, journeys } = json<Ingested>(['ingest', 'inputs', '--json']);
    expect(files.map(({ path, format, rejected, problem }) => [path, format, rejected, problem])).toEqual([
      ['inputs/mx1.log', 'postfix', 0, null],
      ['inputs/tracking.json', 'trend-email-security', 0, null],
    ]);
    expect(totals).toMatchObject({ files: 2, records: 7, rejected: 0 });
    expect(totals.records).toBe(totals.parsed + totals.skipped);
    expect(journeys).toEqual({ total: 1, complete: 1 });
  });

  it('reports what was computed by hand', () => {
    const report = json<{ segments: Record<string, Record<string, unknown>>; hops: unknown[]; verdicts: unknown }>([
      'report',
      '--json',
    ]);
    expect(report.segments.hes).toMatchObject({
      count: 1,
      mean_ms: 1_200_000,
      p50_ms: 1_200_000,
      share_under: { '600000': 0 },
    });
    expect(report.segments.hes_processing).toMatchObject({ p50_ms: 10_000 });
    expect(report.segments.hes_waiting).toMatchObject({ p50_ms: 1_190_000 });
    expect(report.segments.downstream).toMatchObject({ p50_ms: 5650 });
    expect(report.segments.total).toMatchObject({ p50_ms: 1_205_650 });
    expect(report.hops).toEqual([
      {
        mta: 'mx1',
        product: 'postfix',
        count: 1,
        p50_ms: 5400,
        p95_ms: 5400,
        p99_ms: 5400,
        deferrals: 0,
        share_of_downstream: 1,
      },
    ]);
    expect(report.verdicts).toEqual({ hes_waiting_on_downstream: 1 });
  });

  it('has exactly the fields of the contract, and more', () => {
    const report = json<Record<string, unknown>>(['report', '--format', 'json']);
    for (const name of 'from to tz clock generated_at version coverage segments hops verdicts slowest timeline sla'.split(
      ' ',
    ))
      expect(report).toHaveProperty(name);
    expect([report.tz, report.clock, report.sla]).toEqual(['UTC', 'raw', []]);
    expect(report.timeline).toContainEqual({
      at: '2026-03-02T10:00:00.000Z',
      segment: 'hes',
      count: 1,
      p50_ms: 1_200_000,
      p95_ms: 1_200_000,
      max_ms: 1_200_000,
    });
  });

  it('suggests commands that lead to the line', () => {
    const { stdout } = hoptime(['report']);
    expect(stdout).toContain('HES held the mail 20 min 0 s (median)');
    const [list, one] = [...stdout.matchAll(/^ {2}npx hoptime (.*)$/gm)].map(([, words]) => words.split(' '));
    expect(hoptime(list).stdout).toContain('e2e-1@partner.example');
    const account = hoptime(one).stdout;
    expect(account).toContain('mx1 refused or deferred the mail: "450 4.2.0 Greylisted"');
    expect(account).toContain(`${join(inputs, 'mx1.log')}:4\n`);
    expect(account).toContain('step 2 of the KB');
  });

  it('writes the report to a file', () => {
    expect(hoptime(['report', '--format', 'csv', '-o', 'report.csv'])).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(join(folder, 'report.csv'), 'utf8')).toContain('segments,hes,,p50_ms,1200000\r\n');
  });

  it('lists journeys as CSV in the order of the contract, and as JSON with hops', () => {
    const { stdout } = hoptime(['journeys', '--format', 'csv']);
    expect(stdout.split('\r\n')[0]).toMatch(
      /^message_id,recipient,original_recipient,sender,direction,state,via_hes,verdict,.*,clock_correction_ms,matched_by$/,
    );
    const [journey] = json<{ message_id: string; hops: Record<string, unknown>[] }[]>(['journeys', '--json']);
    expect(journey.message_id).toBe('e2e-1@partner.example');
    expect(journey.hops).toEqual([
      expect.objectContaining({ mta: 'mx1', dwell_ms: 5400, transfer_ms: 250, queue_id: '4fPZDN0mgNz8xQ' }),
    ]);
  });

  it('filters', () => {
    expect(json(['journeys', '--json', '--from', '2026-03-02T10:00:00.001Z'])).toEqual([]);
    expect(
      json<unknown[]>([
        'journeys',
        '--json',
        '--from',
        '2026-03-02',
        '--to',
        '2026-03-03',
        '--mta',
        'mx1',
        '--state',
        'complete',
      ]).length,
    ).toBe(1);
    expect(json(['journeys', '--json', '--recipient-domain', 'other.example'])).toEqual([]);
  });

  it('accounts for one message as JSON, every event with file and line', () => {
    const { message_id, journeys } = json<{
      message_id: string;
      journeys: { events: Record<string, unknown>[]; explanation: unknown }[];
    }>(['journey', '<e2e-1@partner.example>', '--json']);
    expect([message_id, journeys.length]).toEqual(['e2e-1@partner.example', 1]);
    expect(journeys[0].explanation).toMatchObject({ kb_step: 2 });
    expect(journeys[0].events).toContainEqual(
      expect.objectContaining({
        event_time: '2026-03-02T10:20:05.650Z',
        kind: 'delivered',
        mta: 'mx1',
        file: join(inputs, 'mx1.log'),
        line: 4,
      }),
    );
  });

  it('does not know another message, and says so', () => {
    expect(hoptime(['journey', 'nobody@knows.example'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^hoptime: no journey has the Message-ID nobody@knows.example/) as unknown,
    });
  });

  it('answers SQL in any format', () => {
    expect(
      hoptime(['sql', 'SELECT state, count() AS n FROM journeys GROUP BY state', '--format', 'CSVWithNames']).stdout,
    ).toBe('"state","n"\n"complete",1\n');
    expect(hoptime(['sql', 'SELECT state FROM journeys']).stdout).toBe('┌─state────┐\n│ complete │\n└──────────┘\n');
    expect(hoptime(['sql', 'SELECT nonsense FROM journeys'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^hoptime: Unknown expression identifier `nonsense`/) as unknown,
    });
  });

  it('changes nothing when a file is read twice', () => {
    expect(json<Ingested>(['ingest', 'inputs/mx1.log', '--json']).journeys).toEqual({ total: 1, complete: 1 });
    expect(
      json<{ segments: { downstream: { p50_ms: number } } }>(['report', '--json']).segments.downstream.p50_ms,
    ).toBe(5650);
  });
});

describe('what cannot be read or understood', () => {
  it('ends with 1 when a file cannot be read, and ingests the others', () => {
    const { files, journeys } = json<Ingested>(['ingest', 'junk.bin', 'missing.log', 'inputs/mx1.log', '--json'], 1);
    expect(files.map(({ path, problem }) => [path, problem !== null])).toEqual([
      ['junk.bin', true],
      ['missing.log', true],
      ['inputs/mx1.log', false],
    ]);
    expect(journeys.total).toBe(1);
  });

  it('ends with 3 when records were rejected, and lists them', () => {
    const { status, stdout } = hoptime(['ingest', 'broken.log']);
    expect(status).toBe(3);
    expect(stdout).toContain('REJECTED broken.log:6: ');
    const reasons = json<Record<string, unknown>[]>(['rejected', '--json']);
    expect(reasons).toEqual([expect.objectContaining({ source: 'postfix', count: 1, first_line: 6 })]);
    expect(hoptime(['rejected', '--file', 'other.log']).stdout).toBe('Every record of the inputs was understood.\n');
  });

  it('replays what was rejected after a fix of the file', () => {
    expect(hoptime(['replay'])).toMatchObject({ status: 3 });
    writeFileSync(join(folder, 'broken.log'), BROKEN.slice(0, BROKEN.lastIndexOf('2026')));
    expect(hoptime(['replay'])).toMatchObject({ status: 0 });
    expect(json(['rejected', '--json'])).toEqual([]);
  });

  it('forgets a file by its path, and says when there is nothing to forget', () => {
    const { inputs: forgotten, journeys } = json<{ inputs: { path: string; input_id: string }[]; journeys: unknown }>([
      'forget',
      'broken.log',
      '--json',
    ]);
    expect(forgotten.every(({ path }) => path === join(folder, 'broken.log'))).toBe(true);
    expect(forgotten.length).toBeGreaterThan(0);
    expect(journeys).toEqual({ total: 1, complete: 1 });
    expect(hoptime(['forget', 'never-read.log'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing was read from never-read.log') as unknown,
    });
  });
});

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
    expect(hoptime(['inspect', '-'], { input: mail })).toMatchObject({
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
      'trace-headers',
    ]);
    const { files } = json<{ files: Record<string, unknown>[] }>(['formats', 'inputs/mx1.log', '--json']);
    expect(files[0]).toMatchObject({ file: 'inputs/mx1.log', format: 'postfix', framing: 'lines' });
    expect(hoptime(['formats', 'junk.bin']).status).toBe(1);
  });

  it('simulates a fleet that ingest understands whole', () => {
    const summary = json<{ messages: number; ingest: { paths: string[]; timeZone: string }[] }>([
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
    for (const { paths, timeZone } of summary.ingest) {
      const { totals } = json<Ingested>([
        'ingest',
        ...paths.map((path) => join('fleet', path)),
        '--timezone',
        timeZone,
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
      env: env(),
    });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.once('exit', done));
    expect([code, stderr]).toEqual([0, '']);
  });

  it('says who holds the store', async () => {
    const holder = spawn(process.execPath, [CLI, 'sql', 'SELECT sleep(3), sleep(3) FROM numbers(1)'], {
      cwd: folder,
      env: env(),
    });
    await new Promise((done) => setTimeout(done, 2000));
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
    expect(hoptime(['journey', 'x@y.example'], { env: { DEBUG: '1' } }).stderr).toContain('\n    at ');
    expect(hoptime(['journey', 'x@y.example']).stderr).not.toContain('\n    at ');
  });
});
