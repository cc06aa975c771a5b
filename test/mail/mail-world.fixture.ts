import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { unpacked } from './packages.fixture';
import { ADDRESSES, HOSTS_FILE, USERS, type MailServer } from './servers.fixture';

/** What an actor saw by its own clock. */
export interface Truth {
  readonly at: number;
  readonly who: string;
  readonly what: 'accepted' | 'deferred' | 'refused' | 'sent';
  readonly recipient: string;
  readonly messageId?: string;
  readonly receivedAt?: number;
  readonly attempts?: readonly { at: number; reply: string; ok: boolean }[];
}

/** A busy machine is late with one process now, with another one in a moment. */
const AROUND_MS = 500;
const DEVICES = 'null:3 zero:5 random:8 urandom:9';

/**
 * Real mail servers in namespaces of their own (network, mounts, processes), each in a root of its own that overlays the machine's, so that nothing is
 * installed and all of it ends with the test.
 */
export class MailWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'hoptime-mail-'));
  readonly out = join(this.folder, 'out');
  readonly truths: Truth[] = [];
  /** when the actors were let run later than they were due, and by how much */
  private readonly late: { readonly at: number; readonly ms: number }[] = [];
  private readonly namespace = join(this.folder, 'ns');
  private readonly children: ChildProcess[] = [];
  private holder: ChildProcess | undefined;
  private actors: ChildProcess | undefined;
  private pid = '';

  /** @throws Error, one sentence, where this user may not make namespaces */
  async open(): Promise<void> {
    if (process.getuid?.() !== 0) {
      throw new Error(
        'The trial with real mail servers needs root, for namespaces and port 25: run it as root, as CI does.',
      );
    }
    for (const folder of ['out/logs', 'out/mail', 'ns', 'conf'])
      mkdirSync(join(this.folder, folder), { recursive: true });
    for (const host of Object.keys(ADDRESSES)) mkdirSync(join(this.out, 'dev', host), { recursive: true });
    execFileSync('chmod', ['-R', '777', this.out]);
    const addresses = Object.values(ADDRESSES).map((address) => `ip addr add ${address}/32 dev lo`);
    const script = [
      'set -e',
      `mount -t tmpfs tmpfs ${this.namespace}`,
      'ip link set lo up',
      ...addresses,
      'echo ready',
      'exec cat',
    ];
    const flags = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const holder = spawn('unshare', [...flags, 'sh', '-c', script.join('\n')], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.holder = holder;
    await new Promise<void>((done, fail) => {
      holder.stdout?.once('data', () => done());
      holder.once('exit', (code) =>
        fail(new Error(`namespaces cannot be made (unshare ended with ${code}): run it as root`)),
      );
    });
    this.pid = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim();
  }

  /** Starts a server; it is there when {@link listens} says so. */
  start({ host, product, files, command }: MailServer): void {
    const conf = join(this.folder, 'conf', host);
    const etc = {
      'etc/hosts': HOSTS_FILE,
      'etc/hostname': `${host}\n`,
      'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    };
    for (const [path, text] of Object.entries({ ...etc, ...files })) {
      mkdirSync(dirname(join(conf, path)), { recursive: true });
      writeFileSync(join(conf, path), text);
    }
    for (const [file, form] of [
      ['passwd', (n: string, i: string) => `${n}:x:${i}:${i}::/nonexistent:/usr/sbin/nologin\n`],
      ['group', (n: string, i: string) => `${n}:x:${i}:\n`],
    ] as const) {
      // prettier-ignore
      writeFileSync(join(conf, 'etc', file), readFileSync(join('/etc', file), 'utf8'));
      for (const user of USERS) appendFileSync(join(conf, 'etc', file), form(...(user.split(':') as [string, string])));
    }
    const root = join(this.namespace, host, 'root');
    const script = `set -e
cd ${join(this.namespace)} && mkdir -p ${host}/up ${host}/work ${host}/root
cp -a ${unpacked(product)}/. ${conf}/. ${host}/up/
mount -t overlay overlay -o lowerdir=/,upperdir=${host}/up,workdir=${host}/work ${host}/root
mkdir -p ${root}/out && mount --bind ${this.out} ${root}/out
mount -t proc proc ${root}/proc
mount -t tmpfs tmpfs ${root}/dev
for d in ${DEVICES}; do mknod -m 666 ${root}/dev/\${d%:*} c 1 \${d#*:}; done
ln -s /out/dev/${host}/log ${root}/dev/log
mount -t tmpfs -o mode=755 tmpfs ${root}/run
exec chroot ${root} /bin/sh -c '${command}'`;
    this.children.push(this.inside(['sh', '-c', script], 'inherit'));
  }

  /** Starts the test's own senders and sinks. */
  async act(sinks: readonly object[], policy: object): Promise<void> {
    const actors = this.inside([process.execPath, resolve(__dirname, 'actors.mjs')], 'ipc');
    this.actors = actors;
    const ready = new Promise<void>((done, fail) => {
      actors.on('message', (message: { ready?: boolean; truth?: Truth; late?: { at: number; ms: number } }) => {
        if (message.ready) done();
        if (message.truth) this.truths.push(message.truth);
        if (message.late) this.late.push(message.late);
      });
      actors.once('exit', (code) => fail(new Error(`the actors ended with ${code}`)));
    });
    actors.send({ sinks, policy });
    await ready;
  }

  /** HES gets a mail. */
  send(mail: object): void {
    this.actors?.send({ send: mail });
  }

  /** By how many ms the actors were late at most within so much around a time, epoch ms. */
  heldUpMs(from: number, to: number): number {
    const near = this.late.filter(({ at, ms }) => at + AROUND_MS >= from && at - ms - AROUND_MS <= to);
    return Math.max(0, ...near.map(({ ms }) => ms));
  }

  /** Waits until all addresses take connections. */
  async listens(sockets: readonly (readonly [string, number])[], withinMs: number): Promise<void> {
    const script = `for (const [h, p] of ${JSON.stringify(sockets)}) { for (;;) { try { await new Promise((y, n) => { const s = require('net').connect(p, h, () => { s.end(); y(); }); s.on('error', n); }); break; } catch { await new Promise((r) => setTimeout(r, 50)); } } }`;
    const asking = this.inside([process.execPath, '-e', `(async () => { ${script} })()`], 'inherit');
    const timer = setTimeout(() => asking.kill('SIGKILL'), withinMs);
    const code = await new Promise((done) => asking.once('exit', done));
    clearTimeout(timer);
    if (code !== 0) throw new Error(`not all servers listen after ${withinMs} ms: see ${this.out}/logs`);
  }

  /** Waits until `done()` is true. */
  async until(done: () => boolean, withinMs: number, what: string): Promise<void> {
    for (const end = Date.now() + withinMs; !done();) {
      if (Date.now() > end) throw new Error(`${what}: not within ${withinMs} ms; see ${this.out}`);
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  log(name: string): string {
    const path = join(this.out, 'logs', name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Ends everything that runs in the namespaces. */
  async close(): Promise<void> {
    const { holder } = this;
    if (holder && holder.exitCode === null && holder.signalCode === null) {
      const over = new Promise((done) => holder.once('exit', done));
      holder.kill('SIGKILL');
      await over;
    }
    await Promise.all(
      this.children.map(
        (child) => child.exitCode ?? child.signalCode ?? new Promise((done) => child.once('exit', done)),
      ),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private inside(command: readonly string[], kind: 'inherit' | 'ipc'): ChildProcess {
    const env = { PATH: process.env.PATH, TZ: 'UTC', LANG: 'C' };
    const args = ['-t', this.pid, '-n', '-m', '-p', '--', ...command];
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    return spawn('nsenter', args, { env, stdio: kind === 'ipc' ? [...stdio, 'ipc'] : [...stdio] });
  }
}
