import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { LogApiStub, stubRecord } from '../../libs/collect/log-api.fixture';
import { CLI, Workplace } from './hoptime.fixture';

/** `collect tmes` as a user runs it: over TLS, through a proxy, killed, and as a part of `serve`. */
const MINUTE = 60_000;
const KEY = 'key/with+signs=';
const place = new Workplace();
let api: LogApiStub;
let proxy: Server;
let tunnels = 0;

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function access(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return place.env({
    TMES_API_URL: api.root,
    TMES_USER: 'collector@corp.example',
    TMES_API_KEY: KEY,
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    NODE_EXTRA_CA_CERTS: join(place.folder, 'cert.pem'),
    ...more,
  });
}
const start = (args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [CLI, ...args], { cwd: place.folder, env });

function ended(child: ChildProcess): Promise<Run> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

beforeAll(async () => {
  const files = ['-keyout', join(place.folder, 'key.pem'), '-out', join(place.folder, 'cert.pem')];
  const subject = ['-subj', '/CN=api.test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '2', ...subject, ...files], { stdio: 'pipe' });
  const pem = (name: string): string => readFileSync(join(place.folder, name), 'utf8');
  api = await LogApiStub.open(Date.now, { key: pem('key.pem'), cert: pem('cert.pem') });
  proxy = createServer().on('connect', (request: IncomingMessage, client: Socket) => {
    tunnels++;
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const now = Date.now();
  for (let n = 0; n < 2300; n++) api.records.push(stubRecord('accepted_traffic', n, now - 150 * MINUTE + n * 2000));
  for (let n = 5000; n < 5020; n++) api.records.push(stubRecord('blocked_traffic', n, now - 40 * MINUTE + n));
});
afterAll(async () => {
  await api.close();
  proxy.closeAllConnections();
  proxy.close();
  place.remove();
});

describe('hoptime collect tmes', () => {
  it('is safe to kill at any moment', async () => {
    api.slowness = 15;
    const from = new Date(Date.now() - 170 * MINUTE).toISOString();
    // While it asks for the third of ten pages; and when it has them all and reads them into the store.
    for (const [requests, after] of [
      [3, 0],
      [10, 200],
    ]) {
      // prettier-ignore
      api.requests.length = 0;
      const child = start(['collect', 'tmes', '--from', from], access());
      const dead = ended(child);
      api.onRequest = (count) => void (count === requests && setTimeout(() => child.kill('SIGKILL'), after));
      const { code } = await dead;
      // With all pages it needs nothing more of this process, and may be done before a busy machine lets this one kill it.
      if (code !== null) expect([code, api.requests.length]).toEqual([0, 10]);
    }
    api.onRequest = () => undefined;
    api.slowness = 0;
    const run = await ended(start(['collect', 'tmes', '--from', from, '--json'], access()));
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(run.stdout) as {
      journeys: { total: number };
      logs: { to: string; problem: unknown }[];
    };
    expect(document.logs.map(({ problem }) => problem)).toEqual([null, null]);
    expect(tunnels).toBeGreaterThan(0);

    const folder = join(place.folder, 'store', 'collected', 'tmes');
    const kept = readdirSync(folder).flatMap(
      (name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { logs: { genTime: string }[] }).logs,
    );
    expect(kept).toHaveLength(2320);
    const sql = `SELECT uniqExact(message_id), countIf(hes_ms = 5000), count() FROM hoptime.journeys WHERE via_hes = 'yes' AND state = 'relayed'`;
    expect(place.run(['sql', sql, '--format', 'TSV']).stdout).toBe('2300\t2300\t2300\n');
  });

  it('goes on where it was, and leads a figure to a line of a kept page', async () => {
    api.records.push(stubRecord('accepted_traffic', 9000, Date.now() - MINUTE));
    const run = await ended(start(['collect', 'tmes'], access()));
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^accepted traffic, .* UTC: \d+ records on \d+ pages, 1 of them new\n/);
    const { stdout } = place.run(['journey', 'm9000@partner.example']);
    expect(stdout).toMatch(/accepted_traffic-\d{8}T\d{6}Z-\d{8}T\d{6}Z-[0-9a-f]{16}\.json:2\n/);
  });

  it('shows the key nowhere', async () => {
    api.faults.push({ status: 401, body: `unknown key ${KEY}` });
    const run = await ended(start(['collect', 'tmes'], access({ DEBUG: '1' })));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('refuses the credentials (401): unknown key …. Check TMES_USER and TMES_API_KEY');
    expect(run.stdout + run.stderr).not.toContain(KEY);
    const secrets = [KEY, Buffer.from(`collector@corp.example:${KEY}`).toString('base64'), 'collector@corp.example'];
    const all = readdirSync(join(place.folder, 'store'), { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    );
    expect(all.length).toBeGreaterThan(10);
    const telling = all.filter((e) => secrets.some((s) => readFileSync(join(e.parentPath, e.name)).includes(s)));
    expect(telling).toEqual([]);
    const none = await ended(start(['collect', 'tmes'], access({ TMES_API_KEY: '', TMES_USER: '', TMES_API_URL: '' })));
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('TMES_API_KEY are not set') as unknown });
  });

  it('is a part of serve', async () => {
    rmSync(join(place.folder, 'store'), { recursive: true });
    const child = start(['serve', '--port', '0'], access());
    const over = ended(child);
    let address: string | undefined;
    child.stdout?.on('data', (data: Buffer) => (address ??= /at (http:\S+)/.exec(data.toString())?.[1]));
    let total = 0;
    const query = 'from=2020-01-01&to=2100-01-01&state=relayed';
    for (const until = Date.now() + 120_000; total < 2301 && Date.now() < until;) {
      await new Promise((done) => setTimeout(done, 500));
      if (address === undefined) continue;
      const answer = (await (await fetch(`${address}/api/v1/coverage?${query}`)).json()) as {
        coverage: { via_hes: number };
      };
      total = answer.coverage.via_hes;
    }
    child.kill('SIGTERM');
    expect((await over).stderr).toBe('');
    expect(total).toBe(2301);
  });
});
