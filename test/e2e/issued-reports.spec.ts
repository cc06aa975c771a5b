import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { IssuedJson } from '../../libs/report/issued/figures';
import type { Manifest } from '../../libs/report/issued/manifest';
import type { Verification } from '../../libs/report/issued/verification';
import { reportOfFiles, type GivenReport } from '../../libs/report/issued/given-report';
import { verifyAgainstInputs, verifyAgainstStore } from '../../libs/report/issued/verify.service';
import { findInputs } from '../../libs/sources/readers/find-inputs';
import type { InputFile } from '../../libs/sources/readers/input-file';
import { Store } from '../../libs/store/store';
import { Workplace } from './hoptime.fixture';

/**
 * A report is issued and verified by the built program: against the store, and by the input files alone. What the mail of the stories took is
 * computed by hand in their READMEs.
 */
const STORIES = resolve(__dirname, '../scenarios');
const PERIOD = ['--from', '2026-03-01', '--to', '2026-04-01'];
let place: Workplace;

const path = (...names: string[]): string => join(place.folder, ...names);
const issue = (output: string, ...more: string[]) =>
  place.quick(['report', ...PERIOD, '--format', 'html', '-o', output, '--issue', ...more]);
const manifest = (output: string): Manifest =>
  JSON.parse(readFileSync(path(`${output}.manifest.json`), 'utf8')) as Manifest;

interface Verified {
  equal: boolean;
  differences: string[];
  notes: Verification['notes'];
}

const shown = ({ equal, differences, notes }: Verification): Verified => ({
  equal,
  differences: differences.map(({ what, name, problem }) => `${what} ${name} ${problem}`.replaceAll(place.folder, '.')),
  notes,
});

/** What `hoptime verify` computes, without the start of a program. */
async function verify(report: string, ...inputs: string[]): Promise<Verified> {
  if (inputs.length === 0) {
    const store = await Store.open(`chdb:${path('store')}`);
    try {
      return shown(await verifyAgainstStore((await reportOfFiles(path(report))) as GivenReport, store));
    } finally {
      await store.close();
    }
  }
  const files: InputFile[] = [];
  for await (const file of findInputs(inputs.map((name) => path(name)))) files.push(file as InputFile);
  return shown(await verifyAgainstInputs((await reportOfFiles(path(report))) as GivenReport, files));
}

/** The same by the program. */
function verifyByProgram(...args: string[]): Verified & { status: number | null } {
  const run = place.run(['verify', ...args, '--json']);
  if (run.stdout === '') throw new Error(run.stderr);
  return { status: run.status, ...shown(JSON.parse(run.stdout) as Verification) };
}

/** Another byte in the second half of a file; answers how it was. */
function damage(name: string): Buffer {
  const before = readFileSync(path(name));
  const after = Buffer.from(before);
  // a digit for a digit, where there is one: the file stays one of its kind
  const digit = after.findIndex((byte, i) => i > after.length / 2 && byte >= 0x30 && byte <= 0x38);
  after[digit < 0 ? after.length - 1 : digit] ^= 1;
  writeFileSync(path(name), after);
  return before;
}

beforeAll(() => {
  place = new Workplace();
  mkdirSync(path('logs'));
  for (const host of ['mx1', 'mbx1'])
    cpSync(join(STORIES, 'plain-hes-mx1-mbx1', 'inputs', `${host}.log`), path('logs', `${host}.log`));
  cpSync(join(STORIES, 'plain-hes-mx1-mbx1', 'inputs', 'hes.json'), path('logs', 'hes.json'));
  // of another month: it feeds no figure, and makes this host one of the fleet, which decides what happened to mail handed over to it
  writeFileSync(
    path('june.log'),
    '2026-06-10T09:00:00.000000+00:00 mail.subsidiary.example postfix/smtpd[1]: 4fZZZZ0mgNz8xQ: client=x.partner.example[203.0.113.9]\n',
  );
  mkdirSync(path('late'));
  for (const name of ['hes.json', 'mx1.log'])
    cpSync(join(STORIES, 'relayed-beyond-our-logs', 'inputs', name), path('late', `late-${name}`));
  const key = spawnSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', path('key.pem')], { encoding: 'utf8' });
  if (key.status !== 0) throw new Error(`openssl is needed for this test: ${key.stderr}`);
  writeFileSync(path('.env'), 'REPORT_SIGNING_KEY=key.pem\n');
  expect(place.quick(['ingest', 'logs', 'june.log']).status).toBe(0);
  expect(issue('march.html', '--sla', 'trend-hes-2019')).toMatchObject({ status: 0, stdout: '' });
});
afterAll(() => place.remove());

it('keeps a manifest of what the report rests on, signed for anybody with openssl', () => {
  const { report, inputs, values, previous, documents, figures, statements, versions } = manifest('march.html');
  expect([report.revision, report.sequence, report.changes, previous]).toEqual([1, 1, null, null]);
  const lines = (name: string): number => readFileSync(path('logs', name), 'latin1').split('\n').length - 1;
  const hash = (name: string): string =>
    spawnSync('sha256sum', [path('logs', name)], { encoding: 'utf8' }).stdout.slice(0, 64);
  expect(inputs.map((input) => [input.path, input.sha256, input.lines, input.records, input.events])).toEqual([
    [path('logs', 'hes.json'), hash('hes.json'), lines('hes.json'), 1, 2],
    [path('logs', 'mbx1.log'), hash('mbx1.log'), 7, 7, 5],
    [path('logs', 'mx1.log'), hash('mx1.log'), 7, 7, 5],
  ]);
  expect(values).toMatchObject({
    'segments.hes.p50_ms': 4000,
    'segments.downstream.p50_ms': 1955,
    'segments.total.max_ms': 5955,
    'hops[mx1.corp.example].p50_ms': 1400,
    'hops[mbx1.corp.example].p50_ms': 300,
    'sla[trend-hes-2019-latency 2026-03].value': 4000,
  });
  expect(documents.html?.sha256).toBe(
    spawnSync('sha256sum', [path('march.html')], { encoding: 'utf8' }).stdout.slice(0, 64),
  );
  expect(figures.find(({ part }) => part === 'segments')?.parameters).toMatchObject({
    from: '2026-03-01 00:00:00.000',
  });
  expect(statements['queries/report_segments']).toContain('quantilesExactWeighted(');
  // so that it can stay when an address is erased
  expect(readFileSync(path('march.html.manifest.json'), 'utf8')).not.toMatch(/alice|bob|plain-1/);
  expect(figures.filter(({ part }) => part === 'unknown')).toEqual([]);
  expect(versions.schema.migration).toMatch(/^\d{4}_/);
  writeFileSync(path('public.pem'), place.quick(['reports', 'key']).stdout);
  const signed = ['march.html.manifest.json', 'march.html.manifest.json.sig'].map((name) => path(name));
  const openssl = [
    'pkeyutl',
    '-verify',
    '-pubin',
    '-inkey',
    path('public.pem'),
    '-rawin',
    '-in',
    signed[0],
    '-sigfile',
    signed[1],
  ];
  expect(spawnSync('openssl', openssl, { encoding: 'utf8' }).stdout).toBe('Signature Verified Successfully\n');
});

it('is equal against the store, and by the input files alone wherever they lie', () => {
  expect(verifyByProgram('march.html')).toMatchObject({ status: 0, equal: true, differences: [] });
  cpSync(path('logs'), path('elsewhere', 'copies'), { recursive: true });
  const { status, differences, notes } = verifyByProgram('march.html', '--key', 'public.pem', '--inputs', 'elsewhere');
  expect([status, differences]).toEqual([0, []]);
  expect(notes.input).toEqual(['3 of 3 by their hash']);
  const { values } = manifest('march.html');
  const count = Object.keys(values).length.toLocaleString('en-US');
  expect(notes.figure).toEqual([`${count} of ${count} figures computed again with the same value`]);
});

it('names the input, the report, the signature and the manifest in which a byte is another', async () => {
  const [input, signature, text] = [
    'elsewhere/copies/mx1.log',
    'march.html.manifest.json.sig',
    'march.html.manifest.json',
  ];
  const badSignature = 'signature ./march.html.manifest.json has a signature that is not of this manifest and key';
  const before = [input, 'march.html', signature].map((name) => [name, damage(name)] as const);
  const { equal, differences } = await verify('march.html', 'elsewhere');
  expect([equal, differences.slice(0, 3)]).toEqual([
    false,
    [
      badSignature,
      'report ./march.html is not as it was issued',
      'input ./logs/mx1.log is another file (./elsewhere/copies/mx1.log)',
    ],
  ]);
  for (const [name, bytes] of before) writeFileSync(path(name), bytes);
  const whole = damage(text);
  const ofManifest = (await verify('march.html', 'logs')).differences;
  writeFileSync(path(text), whole);
  expect(ofManifest).toContain(
    'manifest ./march.html.manifest.json is not as it was written: its check sum is another',
  );
  expect(ofManifest).toContain(badSignature);
});

it('late data leaves the issued report as it is, and makes a revision that says what changed', async () => {
  expect(place.quick(['ingest', 'late']).status).toBe(0);
  const before = readFileSync(path('march.html'));
  const late = await verify('march.html');
  expect(late.equal).toBe(false);
  expect(late.differences.slice(0, 2)).toEqual([
    'input ./late/late-hes.json came later',
    'input ./late/late-mx1.log came later',
  ]);
  expect(late.differences).toContain('figure coverage.journeys is another value');

  const second = issue('march-2.html', '--sla', 'trend-hes-2019');
  expect(second.stderr).toMatch(
    /^hoptime: \w{12}-2 is issued and signed: \d+ figures and 2 inputs differ since revision 1\n/,
  );
  const { report, previous } = manifest('march-2.html');
  expect(previous?.id).toBe(manifest('march.html').report.id);
  expect(report.changes?.inputs.map((input) => input.change)).toEqual(['new', 'new']);
  // held by HES: 4 s, and now 4 s and 7 s beside it
  expect(report.changes?.figures).toEqual(
    expect.arrayContaining([
      { figure: 'coverage.journeys', before: 1, after: 3 },
      { figure: 'segments.hes.mean_ms', before: 4000, after: 5000 },
      { figure: 'segments.hes.max_ms', before: 4000, after: 7000 },
    ]),
  );
  expect(readFileSync(path('march-2.html'), 'utf8')).toContain('What changed since revision 1');
  expect(readFileSync(path('march.html'))).toEqual(before);

  expect((await verify('march-2.html', 'logs', 'late')).differences).toEqual([]);
});

it('names what is another in the store: a journey by its figures, a kept document, a report of the chain', async () => {
  const { id } = manifest('march-2.html').report;
  const json = JSON.parse(readKept(id)) as IssuedJson;
  expect(json.issued).toMatchObject({ id, revision: 2 });
  const store = await Store.open(`chdb:${path('store')}`);
  await store.command({
    sql: `ALTER TABLE hoptime_store.journeys UPDATE hes_ms = 7001 WHERE hes_ms = 7000 SETTINGS mutations_sync = 2`,
  });
  const update = 'ALTER TABLE hoptime_store.issued_reports UPDATE';
  await store.command({
    sql: `${update} documents = mapApply((k, v) -> (k, if(k = 'csv', replaceOne(v, '4000', '4001'), v)), documents) WHERE sequence = 2 SETTINGS mutations_sync = 2`,
  });
  await store.command({
    sql: `${update} manifest = replaceOne(manifest, '"revision": 1', '"revision": 7') WHERE sequence = 1 SETTINGS mutations_sync = 2`,
  });
  await store.close();
  const { differences } = await verify('march-2.html');
  const first = manifest('march.html').report.id;
  expect(differences).toEqual(
    expect.arrayContaining([
      'store csv of the store is not as it was issued',
      `chain ${first} has a manifest that is not as it was written: its check sum is another`,
      'figure segments.hes.max_ms is another value',
    ]),
  );
  expect(differences.filter((difference) => !/^(store csv|chain|figure)/.test(difference))).toEqual([]);
});

function readKept(id: string): string {
  expect(place.quick(['reports', 'get', id, '--format', 'json', '-o', 'kept.json']).status).toBe(0);
  return readFileSync(path('kept.json'), 'utf8');
}

it('says what to do where something is missing', () => {
  const said = (...args: string[]): string => {
    const { status, stderr } = place.quick(args);
    return `${status} ${stderr}`;
  };
  expect(said('report', '-o', 'x.html', '--format', 'html', '--issue')).toBe(
    '2 hoptime: --issue: a report is issued for a period: --month, or --from and --to\n',
  );
  expect(said('verify', 'nothing.html', '--inputs', 'logs')).toBe(
    '1 hoptime: nothing.html.manifest.json is not there: a report is verified by the manifest that was issued with it\n',
  );
});
