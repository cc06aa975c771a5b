import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { IngestService } from '../../libs/ingest/ingest.service';
import { IssuedReportRepository } from '../../libs/report/issued/issued-report.repository';
import { reportOfStore, type GivenReport } from '../../libs/report/issued/given-report';
import type { Manifest } from '../../libs/report/issued/manifest';
import { ReportIssuer } from '../../libs/report/issued/report-issuer';
import { Findings, type Verification } from '../../libs/report/issued/verification';
import { verifyAgainstInputs, verifyAgainstStore } from '../../libs/report/issued/verify.service';
import { lookAtInputs } from '../../libs/report/issued/verify-inputs';
import { findInputs } from '../../libs/sources/readers/find-inputs';
import type { InputFile } from '../../libs/sources/readers/input-file';
import { Store } from '../../libs/store/store';
import { LivePlace, mails } from './live.fixture';

/**
 * A report of files that are followed while they grow: its manifest has the hash of what was read of them, and it is verified by that much of
 * the files, whatever has come behind it and wherever rotation has put them. Hashes are those of head and sha256sum.
 */
const HES = resolve(__dirname, '../scenarios/plain-hes-mx1-mbx1/inputs/hes.json');
const MARCH = mails(40);
const HALF = 17;
/** 100 days later: of another month */
const JUNE = mails(5, 100 * 86_400);
const NOT_UNDERSTOOD = '2026-06-10T12:00:00.000Z mx1.corp.example postfix/smtpd[700]: \u0000\n';
const QUESTION = {
  filter: { from: Date.parse('2026-03-01'), to: Date.parse('2026-04-01') },
  timeZone: 'UTC',
  clauses: [],
};
let place: LivePlace;
let id: string;
let report: GivenReport;

const text = (from: number, to: number): string => MARCH.slice(from, to).join('');
const hashOf = (command: string): string =>
  spawnSync('sh', ['-c', `${command} | sha256sum`], { encoding: 'utf8' }).stdout.slice(0, 64);

async function issue(): Promise<{ id: string; isNew: boolean }> {
  const { store, turn } = place;
  const options = { version: '0.0.0-test', verdictThresholdMs: 60_000 };
  const issuer = new ReportIssuer({ store, turn, ingest: new IngestService(store), options, path: '' });
  const { head, isNew } = await issuer.issue(QUESTION);
  return { id: head.id, isNew };
}

const given = async (): Promise<GivenReport> =>
  (await reportOfStore(new IssuedReportRepository(place.store), id)) as GivenReport;
const manifest = async (): Promise<Manifest> => JSON.parse((await given()).manifest) as Manifest;

const shown = ({ differences, notes }: Verification): { differences: string[]; notes: string[] } => ({
  differences: differences.map(({ what, name, problem }) => `${what} ${name} ${problem}`.replaceAll(place.logs, '.')),
  notes: (notes.input ?? []).map((note) => note.replaceAll(place.logs, '.')),
});
const byStore = async () => shown(await place.turn.run(async () => verifyAgainstStore(await given(), place.store)));

/** The files alone, without the figures. */
async function look() {
  const findings = new Findings('store');
  const { inputs } = JSON.parse(report.manifest) as Manifest;
  await lookAtInputs(findings, inputs, inputs, place.store);
  return shown(findings.verification(null));
}

/** In a process without the store: two engines of one process are one. */
async function byInputs(report: GivenReport, folder: string) {
  const files: InputFile[] = [];
  for await (const file of findInputs([folder])) files.push(file as InputFile);
  return shown(await verifyAgainstInputs(report, files));
}

/** Another digit in the middle of what was read of the log. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf('client=inpost02', text(0, 80).length) + 'client=inpost0'.length;
  bytes[at] ^= 1;
  writeFileSync(file, bytes);
}

beforeAll(async () => {
  place = new LivePlace();
  writeFileSync(place.path('mail.log'), text(0, 90));
  cpSync(HES, place.path('hes.json'));
  await place.start();
  await place.untilRecords(91);
  await place.stop();
  appendFileSync(place.path('mail.log'), text(90, 120) + MARCH[120].slice(0, HALF));
  await place.start();
  await place.untilRecords(121, HALF);
  ({ id } = await issue());
});
afterAll(async () => {
  await place.stop();
  await place.remove();
});

it('names what was read of a growing file, over a restart and up to the last whole line, and of a document all of it', async () => {
  const { inputs } = await manifest();
  const size = Buffer.byteLength(text(0, 120));
  expect(
    inputs.map(({ path, sha256, size_bytes, lines, followed, events }) => [
      path,
      sha256,
      size_bytes,
      lines,
      followed,
      events,
    ]),
  ).toEqual([
    [
      place.path('hes.json'),
      hashOf(`cat ${HES}`),
      readFileSync(HES).length,
      readFileSync(HES, 'latin1').split('\n').length - 1,
      undefined,
      2,
    ],
    [place.path('mail.log'), hashOf(`head -c ${size} ${place.path('mail.log')}`), size, 120, true, 120],
  ]);
});

it('is equal when the file has grown since, and growth alone makes no revision', async () => {
  const log = place.path('mail.log');
  appendFileSync(log, MARCH[120].slice(HALF) + JUNE.join(''));
  await place.untilRecords(122 + JUNE.length);
  expect(await issue()).toEqual({ id, isNew: false });
  appendFileSync(log, NOT_UNDERSTOOD);
  await place.untilRecords(123 + JUNE.length);
  expect((await place.books()).rejected).toBe(1);
  expect(await byStore()).toEqual({
    differences: [],
    notes: [
      '2 inputs fed the period',
      'have grown since: ./mail.log',
      'the files of 2 of 2 inputs have the bytes that were read',
    ],
  });
});

it('finds a log that was rotated and packed, and says what is gone or another', async () => {
  const [log, rotated, packed] = ['mail.log', 'mail.log.1', 'mail.log.2.gz'].map((name) => place.path(name));
  report = await given();
  await place.stop();
  renameSync(log, rotated);
  expect(spawnSync('sh', ['-c', `gzip -c ${rotated} > ${packed}`]).status).toBe(0);
  cpSync(rotated, join(place.folder, 'kept.log'));
  rmSync(rotated);
  place.store = await Store.open(`chdb:${join(place.folder, 'store')}`);
  expect((await look()).notes).toEqual([
    'the files of 1 of 2 inputs have the bytes that were read',
    'rotated, with the bytes that were read: ./mail.log is ./mail.log.2.gz now',
  ]);
  const bytes = readFileSync(packed);
  rmSync(packed);
  expect(await look()).toMatchObject({
    differences: [],
    notes: expect.arrayContaining(['not there any more, so their bytes were not compared: ./mail.log']) as string[],
  });
  cpSync(join(place.folder, 'kept.log'), log);
  damage(log);
  const size = Buffer.byteLength(text(0, 120)).toLocaleString('en-US');
  expect((await look()).differences).toEqual([`input ./mail.log is another in its first ${size} bytes (./mail.log)`]);
  writeFileSync(log, text(0, 80));
  expect((await look()).differences).toEqual([
    `input ./mail.log is shorter than the ${size} bytes that were read of it (./mail.log)`,
  ]);
  writeFileSync(log, JUNE.join(''));
  expect(await look()).toMatchObject({
    differences: [],
    notes: expect.arrayContaining([
      'other logs have their names now, or their beginnings were changed: ./mail.log',
    ]) as string[],
  });
  rmSync(log);
  writeFileSync(packed, bytes);
  await place.store.close();
});

it('is verified by the files alone, read up to where they had been read, plain or packed; one byte changed is named', async () => {
  const kept = join(place.folder, 'kept');
  mkdirSync(kept);
  cpSync(HES, join(kept, 'hes.json'));
  cpSync(place.path('mail.log.2.gz'), join(kept, 'any-name.gz'));
  const grown = 'read up to where they were read for this report, since they have grown:';
  expect(await byInputs(report, kept)).toEqual({
    differences: [],
    notes: ['2 of 2 by their hash', `${grown} ${join(kept, 'any-name.gz')}`],
  });
  rmSync(join(kept, 'any-name.gz'));
  const log = join(kept, 'mail.log');
  cpSync(join(place.folder, 'kept.log'), log);
  damage(log);
  const { differences } = await byInputs(report, kept);
  const size = Buffer.byteLength(text(0, 120)).toLocaleString('en-US');
  expect(differences[0]).toBe(`input ./mail.log is another in its first ${size} bytes (${log})`);
});
