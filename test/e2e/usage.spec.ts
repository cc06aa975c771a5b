import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Workplace } from './hoptime.fixture';

/** What the built program says to wrong usage, and its help (interfaces.md §3). */
const place = new Workplace();
const { folder } = place;
const hoptime = place.quick.bind(place);

beforeAll(() => writeFileSync(join(folder, 'junk.bin'), Buffer.from([0, 255, 1, 254, 2, 253])));
afterAll(() => place.remove());

describe('wrong usage ends with 2, in a sentence on stderr and nothing on stdout', () => {
  it.each<[string[], RegExp]>([
    [['nonsense'], /^hoptime: unknown command 'nonsense'\nTry: hoptime --help\n$/],
    [['report', '--nonsense'], /^hoptime: unknown option '--nonsense'\nTry: hoptime report --help\n$/],
    [['report', 'extra'], /too many arguments/],
    [['report', '--from', 'tomorrow'], /^hoptime: --from: "tomorrow" is not a time: write 2026-03-02/],
    [['report', '--from', '2026-03-02', '--to', '2026-03-02'], /^hoptime: --from must lie before --to\n$/],
    [['report', '--tz', 'Mars/Olympus'], /^hoptime: --tz: "Mars\/Olympus" is no IANA time zone/],
    [['report', '--format', 'docx'], /^hoptime: --format: "docx" is none of text, json, csv, html, pdf\n$/],
    [['report', '--format', 'pdf'], /^hoptime: --format pdf: say where to, with -o FILE\n$/],
    [['report', '--month', '2026-13'], /^hoptime: --month: "2026-13" is no month such as 2026-03\n$/],
    [
      ['report', '--sla', 'no-such'],
      /^hoptime: --sla: no-such cannot be read \(ENOENT\); clauses that come with hoptime: one-minute/,
    ],
    [['keys', 'create', '--name', 'x'], /^hoptime: keys create: --name and --role are needed/],
    [
      ['keys', 'create', '--name', 'x', '--role', 'root'],
      /^hoptime: --role: "root" is none of viewer, analyst, operator, auditor\n$/,
    ],
    [['keys', 'revoke'], /^hoptime: keys revoke: name the key by its id/],
    [['report', '--state', 'lost'], /^hoptime: --state: "lost" is none of complete/],
    [['report', '--verdict', 'late'], /^hoptime: --verdict: "late" is none of none/],
    [['journeys', '--limit', '0'], /^hoptime: --limit: "0" is not a whole number from 1/],
    [['journeys', '--all', '--limit', '3'], /^hoptime: --all and --limit exclude each other\n$/],
    [['journey'], /missing required argument 'message-id'/],
    [['journey', '<>'], /^hoptime: "<>" is no Message-ID\n$/],
    [['ingest'], /missing required argument 'path'/],
    [
      ['ingest', 'x', '--format', 'x400'],
      /^hoptime: --format: "x400" is none of trend-email-security, postfix, sendmail, exim, exchange-tracking, m365-trace, trace-headers\n$/,
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
      'hoptime: STORE_URL: must be chdb:PATH, or http(s)://USER:PASSWORD@HOST:8123/DATABASE of a ClickHouse server',
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
