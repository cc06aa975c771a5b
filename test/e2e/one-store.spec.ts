import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommandLine } from '../support/command-lines';
import { waitsForInput } from '../support/waits-for-input';
import { CLI, Workplace } from './hoptime.fixture';

/** While one process holds the store and shares it, every command answers as it does alone (interfaces.md §4). */
const place = new Workplace();
const { folder } = place;
const serving: ChildProcess[] = [];
afterAll(async () => {
  for (const child of serving) await killed(child);
  place.remove();
});

const lines = (id: string, message: string): string =>
  `2026-03-02T10:20:00.000000+00:00 mx1 postfix/smtpd[101]: ${id}: client=repost01.tmes.trendmicro.eu[18.185.115.10]
2026-03-02T10:20:00.100000+00:00 mx1 postfix/cleanup[102]: ${id}: message-id=<${message}@partner.example>
2026-03-02T10:20:00.250000+00:00 mx1 postfix/qmgr[103]: ${id}: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)
2026-03-02T10:20:05.650000+00:00 mx1 postfix/local[104]: ${id}: to=<alice@corp.example>, relay=local, delay=5.7, delays=0.25/0.01/0/5.4, dsn=2.0.0, status=sent (delivered to mailbox)
2026-03-02T10:20:05.660000+00:00 mx1 postfix/qmgr[103]: ${id}: removed
`;
const HES = JSON.stringify({
  logs: [1, 2].map((n) => ({
    genTime: '2026-03-02T10:20:00Z',
    timestamp: '2026-03-02T10:00:00Z',
    deliveryTime: '2026-03-02T10:20:00Z',
    sender: 'bob@partner.example',
    direction: 'in',
    messageID: `<shared-${n}@partner.example>`,
    mailID: `a0b1c2d3-0000-4000-8000-00000000000${n}`,
    recipient: 'alice@corp.example',
    action: 'Delivered',
    details: `250 2.0.0 Ok: queued as 4fPZDN0mgNz8x${n}`,
    deliveredTo: 'mx1[198.51.100.11]:25',
  })),
});
writeFileSync(join(folder, 'mx1.log'), `${lines('4fPZDN0mgNz8x1', 'shared-1')}${lines('4fPZDN0mgNz8x2', 'shared-2')}`);
writeFileSync(join(folder, 'hes.json'), HES);
writeFileSync(join(folder, 'packed.log.gz'), gzipSync(lines('4fPZDN0mgNz8x3', 'shared-3')));
writeFileSync(
  join(folder, 'broken.log'),
  `${lines('4fPZDN0mgNz8x4', 'shared-4')}2026-03-02T10:21:00.000000+00:00 mx1 postfix/smtp[105]: 4fPZDN0mgNz8xS: to=<al\n`,
);

const url = (name: string): string => `chdb:${join(folder, name)}`;
const server = { address: '' };

async function serve(store: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0'], {
    cwd: folder,
    env: place.env({ STORE_URL: url(store) }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  serving.push(child);
  let said = '';
  await new Promise<void>((ready, failed) => {
    child.once('exit', (code) => failed(new Error(`serve ended with ${code}`)));
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes('Ctrl-C')) ready();
    });
  });
  server.address = /at (\S+)/.exec(said)?.[1] ?? '';
  return child;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended(child);
}

/** Starts a command that reads standard input, which stays open. */
function start(store: string, args: string[]): { child: ChildProcess; stderr: () => string } {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: place.env({ STORE_URL: url(store) }) });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  return { child, stderr: () => stderr };
}

const COMMANDS: readonly (readonly [string[], string?])[] = [
  [['report']],
  [['ingest', 'hes.json', 'mx1.log', '--json']],
  [['ingest', 'mx1.log', 'packed.log.gz', 'missing.log', 'broken.log']],
  [['ingest', '-', '--json'], lines('4fPZDN0mgNz8x5', 'shared-5')],
  [['report', '--json']],
  [['report', '--format', 'csv', '--from', '2026-03-02', '--to', '2026-03-03', '--tz', 'Europe/Berlin']],
  [['journeys']],
  [['journeys', '--all', '--format', 'csv']],
  [['journeys', '--json', '--verdict', 'hes_processing']],
  [['journey', '<shared-1@partner.example>']],
  [['journey', 'shared-2@partner.example', '--json']],
  [['sql', "SELECT 'ü' AS text, 18446744073709551615 AS big, NULL AS nothing", '--format', 'JSONEachRow']],
  [['sql', 'SELECT number FROM numbers(300000)', '--format', 'RowBinary']],
  [['sql', 'SELECT nonsense FROM journeys']],
  [['sql', 'DROP TABLE hoptime_store.journeys']],
  [['sql', 'SELECT * FROM numbers(10000000)', '--sql-max-result', '1 MiB']],
  [['rejected']],
  [['rejected', '--json']],
  [['replay']],
  [['migrate', '--dry-run']],
  [['migrate']],
  [['forget', 'broken.log', '--json']],
  [['forget', 'never-read.log']],
  [['journeys', '--all', '--format', 'csv']],
  [['sql', 'SELECT path, format, state, correlated, records, events FROM inputs ORDER BY path', '--format', 'TSV']],
];

/** A report says when it was made. */
const untimed = (text: string): string => text.replace(/("generated_at": ?|generated_at,)"?[^",\r\n]+"?/, '$1TIME');

it('every command says the same, byte for byte, as without a server', async () => {
  const run = (store: string, args: string[], input?: string) => {
    const env = place.env({ STORE_URL: url(store) });
    const { status, stdout, stderr } =
      input === undefined
        ? runCommandLine(args, env, folder)
        : spawnSync(process.execPath, [CLI, ...args], { cwd: folder, env, input });
    return { args, status, stdout: untimed(stdout.toString('latin1')), stderr: stderr.toString('latin1') };
  };
  const alone = COMMANDS.map(([args, input]) => run('alone', args, input));
  const holder = await serve('shared');
  for (const [i, [args, input]] of COMMANDS.entries()) expect(run('shared', args, input)).toEqual(alone[i]);
  // All kinds of answers were among them.
  expect([...new Set(alone.map(({ status }) => status))].sort()).toEqual([0, 1, 2, 3]);
  const health = await fetch(
    `${server.address}/api/v1/coverage?from=2026-03-02T00:00:00.000Z&to=2026-03-03T00:00:00.000Z`,
  );
  expect(await health.json()).toMatchObject({ coverage: { journeys: 4 } });
  await killed(holder);
});

describe('while one process holds a store', () => {
  let holder: ChildProcess;
  beforeAll(async () => (holder = await serve('beside')));
  afterAll(() => killed(holder));

  it('commands beside each other all get their answer', async () => {
    const runs = [
      ['ingest', 'hes.json', 'mx1.log', '--json'],
      ['ingest', 'packed.log.gz', '--json'],
      ['ingest', 'mx1.log', '--json'],
      ['report'],
      ['journeys', '--all'],
      ['sql', 'SELECT count() FROM journeys'],
      ['sql', 'SELECT sum(number) FROM numbers(20000000)'],
    ].map(async (args) => {
      const run = start('beside', args);
      run.child.stdin?.end();
      return [args.join(' '), await ended(run.child), run.stderr()];
    });
    for (const [args, code, stderr] of await Promise.all(runs)) expect([args, code, stderr]).toEqual([args, 0, '']);
    const { stdout } = place.run(['sql', 'SELECT count() AS n FROM journeys', '--format', 'TSV'], {
      env: { STORE_URL: url('beside') },
    });
    expect(stdout).toBe('3\n');
  });

  it('one that waits for standard input keeps nobody waiting, and comes to its turn', async () => {
    const first = start('beside', ['ingest', '-']);
    const gone = start('beside', ['ingest', '-']);
    for (const { child, stderr } of [first, gone]) await waitsForInput(child, stderr);
    const second = start('beside', ['ingest', 'hes.json', 'mx1.log']);
    expect(await ended(second.child)).toBe(0);
    expect([first.child.exitCode, gone.child.exitCode]).toEqual([null, null]);
    gone.child.kill('SIGINT');
    await ended(gone.child);
    first.child.stdin?.end(lines('4fPZDN0mgNz8x5', 'shared-5'));
    expect(await ended(first.child)).toBe(0);
    const { status, stdout, stderr } = place.run(['report'], { env: { STORE_URL: url('beside') } });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('4 journeys');
  });

  it('it is not started twice', () => {
    const { status, stdout, stderr } = place.run(['serve', '--port', '0'], { env: { STORE_URL: url('beside') } });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `hoptime: the store ${join(folder, 'beside')} is held by process ${holder.pid}; wait until it is done, or stop it\n`,
    );
  });

  it('it works for its own user only', () => {
    const socket = join(folder, 'beside', 'hoptime-socket');
    // Root may do everything but is asked as nobody; anybody else is kept out by the mode.
    const root = process.getuid?.() === 0;
    chmodSync(folder, 0o755);
    const words = [process.execPath, CLI, 'report'];
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', ...words];
    const [command, ...args] = root ? ['setpriv', ...asNobody] : words;
    const env = place.env({ STORE_URL: url('beside') });
    const asked = (): unknown => {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: '/', env, encoding: 'utf8' });
      return { status, stdout, stderr };
    };
    const store = join(folder, 'beside');
    const refused = (why: string): unknown => ({
      status: 1,
      stdout: '',
      stderr: `hoptime: the store ${store} ${why}\n`,
    });
    // as it is made
    if (root)
      expect(asked()).toEqual(refused("is another user's, and closed to this one: run the command as that user"));
    // opened to all by somebody, the socket still works for its user only
    if (root) chmodSync(store, 0o777);
    else chmodSync(socket, 0);
    expect(asked()).toEqual(
      refused(
        `is held by process ${holder.pid} of another user, which works for that user only; wait until it is done, or stop it`,
      ),
    );
    chmodSync(store, 0o700);
  });
});

describe('the process that holds the store', () => {
  it('is killed in the middle of a command: that says so, and the next one works without it', async () => {
    const child = await serve('killed');
    const run = start('killed', ['ingest', '-']);
    await waitsForInput(run.child, run.stderr);
    child.kill('SIGKILL');
    await ended(child);
    run.child.stdin?.end(lines('4fPZDN0mgNz8x1', 'shared-1'));
    expect(await ended(run.child)).toBe(1);
    expect(run.stderr()).toBe(
      `hoptime: the process that held the store ${join(folder, 'killed')} has ended: run the same command again (reading twice is safe)\n`,
    );
    expect(existsSync(join(folder, 'killed', 'hoptime-socket'))).toBe(true);
    const again = place.run(['ingest', 'mx1.log', '--json'], { env: { STORE_URL: url('killed') } });
    expect({ status: again.status, stderr: again.stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is stopped in the middle of a command: it does not wait for it', async () => {
    const child = await serve('stopped');
    const run = start('stopped', ['ingest', '-']);
    await waitsForInput(run.child, run.stderr);
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
    run.child.stdin?.end(lines('4fPZDN0mgNz8x1', 'shared-1'));
    expect(await ended(run.child)).toBe(1);
    expect(run.stderr()).toContain('has ended: run the same command again');
    expect(existsSync(join(folder, 'stopped', 'hoptime-socket'))).toBe(false);
  });

  it('is of another version: it is named', async () => {
    place.run(['migrate'], { env: { STORE_URL: url('older') } });
    writeFileSync(join(folder, 'older', 'hoptime-holder'), `process ${process.pid}\n`);
    const old = createServer((socket) => {
      const hello = Buffer.from('H\0\0\0\x0dhoptime 0.0.1', 'latin1');
      socket.on('error', () => undefined).write(hello);
    }).listen(join(folder, 'older', 'hoptime-socket'));
    await once(old, 'listening');
    const run = start('older', ['report']);
    expect(await ended(run.child)).toBe(1);
    expect(run.stderr()).toContain(
      `is held by process ${process.pid}, which is another version of hoptime; wait until it is done, or stop it`,
    );
    old.close();
    rmSync(join(folder, 'older'), { recursive: true });
  });
});
