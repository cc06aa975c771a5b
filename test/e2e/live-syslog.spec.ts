import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { Correlator } from '../../libs/ingest/correlator';
import { LiveService } from '../../libs/live/live.service';
import { StoreTarget } from '../../libs/live/live-target';
import { UdpSyslog, type ListenerStatus } from '../../libs/live/syslog-listener';
import type { Answer } from '../support/answer';
import { LivePlace, mails, plainAnswer } from './live.fixture';

/** Syslog over real sockets: the journeys are those of a plain `ingest` of the same lines, and each line has a file and a number. */
const LINES = mails(40).map((line) => `<22>${line.trimEnd()}`);
const RFC5424 = LINES.map((line) =>
  line.replace(/^<22>(\S+) (\S+) (postfix\/\S+)\[700\]: /, '<22>1 $1 $2 $3 700 - - '),
);

let whole: Answer;
beforeAll(async () => {
  whole = await plainAnswer([LINES.join('\n')]);
  expect(whole.journeys.length).toBe(40);
  expect(await plainAnswer([RFC5424.join('\n')])).toEqual(whole);
});

let place: LivePlace;
beforeEach(() => (place = new LivePlace()));
afterEach(async () => {
  await place.stop();
  await place.remove();
});

const listener = (protocol: 'udp' | 'tcp'): ListenerStatus => {
  const status = place.live.status().syslog.find(({ name }) => name.startsWith(`syslog:${protocol}:`));
  if (!status) throw new Error(`no ${protocol} listener`);
  return status;
};
const spoolFiles = (): string[] => readdirSync(join(place.folder, 'store/syslog')).sort();

async function sendTcp(bytes: Buffer, pieceBytes: number): Promise<void> {
  const socket: Socket = connect(listener('tcp').port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    socket.write(bytes.subarray(at, at + pieceBytes));
    if (at % (pieceBytes * 16) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await once(socket, 'close');
}

async function sendUdp(messages: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const [index, message] of messages.entries()) {
    await new Promise<void>((sent, failed) =>
      socket.send(message, listener('udp').port, '127.0.0.1', (error) => (error ? failed(error) : sent())),
    );
    if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.close();
}

/** So many messages and the heading of each spool file. */
const untilReceived = (messages: number, files = 1): Promise<void> => place.untilRecords(messages + files);

it('takes datagrams, each a line of the spool with its name', async () => {
  await place.start({ watch: [], syslogPort: 0 });
  const { port } = listener('udp');
  await sendUdp(LINES);
  await untilReceived(LINES.length);
  expect(await place.answer()).toEqual(whole);
  const name = `syslog:udp:${port}`;
  const file = place.live.status().files.find(({ name: own }) => own === name);
  expect(file).toMatchObject({
    state: 'following',
    format: 'postfix',
    records: 201,
    parsed: 200,
    skipped: 1,
    rejected: 0,
    lag: 0,
  });
  expect(listener('udp')).toMatchObject({ received: 200, dropped: 0, oversized: 0, lastError: null });
  expect(await place.evidence()).toEqual(LINES.map((_, index) => `${name}.000001.log:${index + 2}`).sort());
});

it.each([
  ['counted', LINES, (line: string) => `${Buffer.byteLength(line)} ${line}`, 37],
  ['ended by LF', RFC5424, (line: string) => `${line}\n`, 41],
])('takes TCP messages %s, cut anywhere', async (_name, lines, framed, pieceBytes) => {
  await place.start({ watch: [], syslogPort: 0 });
  await sendTcp(Buffer.from(lines.map(framed).join('')), pieceBytes);
  await untilReceived(lines.length);
  expect(await place.answer()).toEqual(whole);
  await place.until(() => listener('tcp').connections === 0);
  expect(listener('tcp')).toMatchObject({ received: 200, dropped: 0, oversized: 0, cutOff: 0 });
});

it('asks for another port where the one that UDP was given is taken for TCP', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const taken = (other.address() as AddressInfo).port;
  // The first time the system gives that one.
  const start = UdpSyslog.prototype.start;
  const spy = jest.spyOn(UdpSyslog.prototype, 'start').mockImplementationOnce(function (
    this: UdpSyslog,
    host,
    _port,
    spoolFor,
  ) {
    return start.call(this, host, taken, spoolFor);
  });
  await place.start({ watch: [], syslogPort: 0 });
  expect(spy).toHaveBeenCalledTimes(2);
  spy.mockRestore();
  expect(listener('tcp').port).toBe(listener('udp').port);
  expect(listener('udp').port).not.toBe(taken);
  await sendTcp(Buffer.from(`${LINES.join('\n')}\n`), 1000);
  await untilReceived(200);
  expect(await place.answer()).toEqual(whole);
  await place.stop();
  await new Promise((done) => other.close(done));
  // A port that was asked for is not replaced.
  const again = createServer().listen(taken, '127.0.0.1');
  await once(again, 'listening');
  await expect(place.start({ watch: [], syslogPort: taken })).rejects.toThrow(
    `syslog cannot be taken at 127.0.0.1:${taken} (EADDRINUSE)`,
  );
  await new Promise((done) => again.close(done));
});

it('counts what it does not take, and goes on', async () => {
  await place.start({ watch: [], syslogPort: 0 });
  const huge = `<22>${'x'.repeat(70_000)}`;
  await sendTcp(Buffer.from(`${LINES.slice(0, 100).join('\n')}\n${huge}\n${huge.length} ${huge}90 cut off`), 50_000);
  await place.until(() => listener('tcp').connections === 0 && listener('tcp').received === 100);
  expect(listener('tcp')).toMatchObject({ received: 100, oversized: 2, cutOff: 1 });
  await sendTcp(Buffer.from(`${LINES.slice(100).join('\n')}`), 1000);
  await untilReceived(200);
  expect(await place.answer()).toEqual(whole);
});

it('keeps what it received through a restart before it was read', async () => {
  await place.start({ watch: [], syslogPort: 0 });
  // Somebody else writes to the store all the while.
  let release: (() => void) | undefined;
  const held = place.turn.run(() => new Promise<void>((resolve) => (release = resolve)));
  await place.until(() => release !== undefined);
  await sendTcp(Buffer.from(`${LINES.join('\n')}\n`), 4000);
  await place.until(() => listener('tcp').received === 200);
  const stopped = place.stop();
  release?.();
  await Promise.all([held, stopped]);
  expect(spoolFiles().length).toBe(1);
  await place.start({ watch: [] });
  await untilReceived(200);
  expect(await place.answer()).toEqual(whole);
});

it('names a port that is taken, and runs nothing then', async () => {
  await place.start({ watch: [], syslogPort: 0 });
  const { port } = listener('tcp');
  const { live, store } = place;
  const other = new LiveService(new StoreTarget(store, new Correlator(store)), place.turn);
  await expect(other.start({ syslogPort: port })).rejects.toThrow(`127.0.0.1:${port} (EADDRINUSE)`);
  expect(other.status()).toMatchObject({ running: false, syslog: [] });
  expect(live.status().running).toBe(true);
});
