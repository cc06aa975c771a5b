import { spawn } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Diagnosis, Finding } from '../../libs/diagnose/doctor/diagnosis';
import { NameServer } from '../../libs/diagnose/doctor/name-server.fixture';
import { ServedStore } from './api.fixture';
import { CLI, Workplace } from './hoptime.fixture';

/** `doctor` as a user runs it, against a name server of the test's own and the store of a story. */
const STORY = resolve(__dirname, '../scenarios/greylisted-noqueue-only/inputs');
const HES_HOST = 'corp.in.tmes.trendmicro.eu';
const place = new Workplace();
let server: NameServer;

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Unlike a Workplace's run, this leaves the name server time to answer. */
function hoptime(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: place.folder,
    env: place.env({ RESOLVER: server.address }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

const said = ({ findings }: Pick<Diagnosis, 'findings'>, check: Finding['check']): [string, string][] =>
  findings.filter((finding) => finding.check === check).map(({ severity, finding }) => [severity, finding]);

beforeAll(async () => {
  server = await NameServer.open({
    'corp.example': { mx: [[10, HES_HOST]] },
    'broken.example': { rcode: 'SERVFAIL' },
    [HES_HOST]: { a: ['203.0.113.20'] },
  });
  cpSync(STORY, join(place.folder, 'story'), { recursive: true });
  // TMES in EMEA is 18.185.115.0/25, 18.185.115.128/26, 34.253.238.128/26, 34.253.238.192/26; 18.185.115.12 is the client of the story.
  writeFileSync(
    join(place.folder, 'firewall.txt'),
    '18.185.115.16/28\n18.185.115.128/26\n34.253.238.128/25\nnonsense\n',
  );
});
afterAll(async () => {
  await server.close();
  place.remove();
});

describe('hoptime doctor', () => {
  it('needs no store, and makes none', async () => {
    const run = await hoptime('doctor', 'Corp.Example', '--json');
    expect({ ...run, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
    const diagnosis = JSON.parse(run.stdout) as Diagnosis;
    expect(diagnosis).toMatchObject({
      domain: 'corp.example',
      resolver: server.address,
      ok: true,
      mx: { status: 'hes', records: [{ preference: 10, exchange: HES_HOST, service: 'tmes', region: 'EMEA' }] },
      allow_lists: [],
      seen_addresses: null,
      refusals: null,
    });
    expect(existsSync(join(place.folder, 'store'))).toBe(false);
  });

  it('says in words what it found and what to do', async () => {
    const run = await hoptime('doctor', 'missing.example');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('missing.example: there is something to do.\n');
    expect(run.stdout).toContain('  PROBLEM  missing.example does not exist (NXDOMAIN): no mail can be delivered');
    expect(run.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('fails with the next step when nobody can tell, and for wrong usage', async () => {
    const [broken, address, resolver, list] = await Promise.all([
      hoptime('doctor', 'broken.example', '--json'),
      hoptime('doctor', 'alice@corp.example'),
      hoptime('doctor', 'corp.example', '--resolver', 'ns.example'),
      hoptime('doctor', 'corp.example', '--acl', 'nowhere.txt'),
    ]);
    expect(broken).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(broken.stdout)).toMatchObject({ ok: null, mx: { status: 'servfail' } });
    expect(address).toMatchObject({
      code: 2,
      stderr: 'hoptime: "alice@corp.example" is no mail domain: write the part behind the @, as in corp.example\n',
    });
    expect(resolver).toMatchObject({ code: 2, stdout: '' });
    expect(list).toMatchObject({
      code: 1,
      stderr: 'hoptime: nowhere.txt cannot be read: no such file or directory\n',
    });
  });

  it('holds the allow-list and the logs against HES', async () => {
    expect((await hoptime('ingest', 'story')).code).toBe(0);
    const run = await hoptime('doctor', 'corp.example', '--acl', 'firewall.txt', '--json');
    expect({ ...run, stdout: '' }).toEqual({
      code: 3,
      stdout: '',
      stderr: 'hoptime: firewall.txt:4: "nonsense" is no address, CIDR or address range\n',
    });
    const diagnosis = JSON.parse(run.stdout) as Diagnosis;
    const [{ regions, covers_needed }] = diagnosis.allow_lists;
    expect(covers_needed).toBe(false);
    expect(regions.filter(({ needed }) => needed)).toEqual([
      {
        service: 'tmes',
        region: 'EMEA',
        needed: true,
        published: ['18.185.115.0/25', '18.185.115.128/26', '34.253.238.128/26', '34.253.238.192/26'],
        missing: ['18.185.115.0/28', '18.185.115.32/27', '18.185.115.64/26'],
        denied: [],
      },
    ]);
    expect(said(diagnosis, 'seen_addresses')).toEqual([
      [
        'problem',
        '1 address from which HES came is not let in by firewall.txt: 18.185.115.12 (inpost02.tmes.trendmicro.eu).',
      ],
    ]);
    // Five refusals of HES's client by the log; of the one mail that waited, 10:00:03.210 was the first (the story's README).
    expect(diagnosis.refusals).toEqual([
      {
        told_by: 'mta',
        mta: 'mx1',
        kind: 'greylisted',
        reply:
          '450 4.2.0 <…>: Recipient address rejected: Greylisted, see http://postgrey.example/help/corp.example.html',
        refusals: 5,
        addresses: ['18.185.115.12'],
        first_at: '2026-03-02T09:59:50.000Z',
        last_at: '2026-03-02T10:02:03.300Z',
        journeys: 1,
        waiting_ms: 304_790,
      },
    ]);
  });

  it('asks the logs for a range of time', async () => {
    // The first of the five refusals is at 09:59:50, the one mail that waited was refused from 10:00:03.210 on.
    const early = await hoptime(
      'doctor',
      'corp.example',
      '--to',
      '2026-03-02T11:00',
      '--tz',
      'Europe/Berlin',
      '--json',
    );
    const none = await hoptime('doctor', 'corp.example', '--from', '2026-03-03');
    const wrong = await hoptime('doctor', 'corp.example', '--from', '2026-03-03', '--to', '2026-03-02');
    const diagnosis = JSON.parse(early.stdout) as Diagnosis;
    expect(diagnosis).toMatchObject({ from: null, to: '2026-03-02T10:00:00.000Z' });
    expect(diagnosis.refusals).toMatchObject([{ refusals: 1, last_at: '2026-03-02T09:59:50.000Z', journeys: 0 }]);
    expect(diagnosis.seen_addresses).toMatchObject([{ address: '18.185.115.12', last_at: '2026-03-02T09:59:50.000Z' }]);
    expect(none.stdout).toContain('Of the logs: from 2026-03-03T00:00:00.000Z.');
    expect(none.stdout).toContain('The logs in the store tell of no client of HES that was turned away.');
    expect(wrong).toMatchObject({ code: 2, stderr: 'hoptime: --from must lie before --to\n' });
  });

  it('answers the same over HTTP, and holds an allow-list that is sent against HES', async () => {
    const served = await ServedStore.open(undefined, server.address);
    try {
      await served.ingest.ingest([STORY]);
      const diagnosis = await served.ask<Diagnosis>('doctor/corp.example');
      expect(diagnosis).toMatchObject({ domain: 'corp.example', ok: false, mx: { status: 'hes' }, allow_lists: [] });
      expect(diagnosis.refusals).toMatchObject([{ kind: 'greylisted', refusals: 5, waiting_ms: 304_790 }]);
      expect(diagnosis.seen_addresses).toMatchObject([{ address: '18.185.115.12', published: true, mtas: ['mx1'] }]);
      expect(await served.get('doctor/alice%40corp.example')).toMatchObject({
        status: 400,
        body: { parameter: 'domain', status: 400 },
      });
      expect(await served.get('doctor/corp.example?from=2026-03-03&to=2026-03-02')).toMatchObject({
        status: 400,
        body: { parameter: 'to' },
      });
      const later = await served.ask<Diagnosis>('doctor/corp.example?from=2026-03-03');
      expect(later).toMatchObject({ from: '2026-03-03T00:00:00.000Z', refusals: [], seen_addresses: [] });

      const send = async (name: string, body: string): Promise<Response> =>
        fetch(`${served.address}/api/v1/doctor/corp.example?name=${name}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'text/plain' },
        });
      const sent = (await (await send('firewall.txt', '18.185.115.0/24\n34.253.238.128/26\n')).json()) as Diagnosis;
      expect(sent.allow_lists).toMatchObject([{ file: 'firewall.txt', covers_needed: false }]);
      expect(sent.allow_lists[0].regions.flatMap(({ needed, missing }) => (needed ? missing : []))).toEqual([
        '34.253.238.192/26',
      ]);
      // No file of the server is read, whatever the list names.
      const table = join(place.folder, 'secret-table');
      writeFileSync(table, '192.0.2.1 OK\nsecret content\n');
      const answer = await (await send('main.cf', `mynetworks = 192.0.2.0/24, cidr:${table}\n`)).text();
      expect(JSON.parse(answer)).toMatchObject({
        allow_lists: [{ file: 'main.cf', name: 'mynetworks', entries: 1 }],
        allow_list_problems: [
          {
            file: 'main.cf',
            reason: `cidr:${table} is not here, so its rules do not count: send it as a list of its own`,
          },
        ],
      });
      expect(answer).not.toContain('secret content');
      expect((await send('x', '')).status).toBe(400);
    } finally {
      await served.close();
    }
  });
});
