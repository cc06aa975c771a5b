import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SyslogFraming } from './syslog-framing';
import type { SyslogSpool } from './syslog-spool';

export interface SyslogLimits {
  /** largest message of a TCP connection, bytes; a UDP datagram cannot be larger */
  readonly messageBytes: number;
  /** TCP connections at a time; more are refused */
  readonly connections: number;
}

export const SYSLOG_LIMITS: SyslogLimits = { messageBytes: 64 * 1024, connections: 512 };

/** While the spool takes nothing, connections are asked again after so long. */
const FULL_RETRY_MS = 500;
const UDP_BUFFER_BYTES = 4 * 2 ** 20;
/** Datagrams are written together: within so many ms, or so many of them. */
const GATHER_MS = 50;
const GATHER_MOST = 1000;

/** What a listener took and did not take since it began. */
export interface ListenerStatus {
  readonly name: string;
  readonly port: number;
  received: number;
  /** messages lost because the spool was full (UDP) or could not be written */
  dropped: number;
  oversized: number;
  /** messages that the end of a connection cut off */
  cutOff: number;
  connections: number;
  refusedConnections: number;
  lastError: string | null;
  /** epoch ms */
  lastReceivedAt: number | null;
}

const newStatus = (name: string, port: number): ListenerStatus => ({
  name,
  port,
  received: 0,
  dropped: 0,
  oversized: 0,
  cutOff: 0,
  connections: 0,
  refusedConnections: 0,
  lastError: null,
  lastReceivedAt: null,
});

/** Makes the spool of a listener when its port is known. */
type SpoolFor = (name: string) => SyslogSpool;

/** Takes syslog datagrams, one message each (RFC 5426). A message counts as received when its line is written. */
export class UdpSyslog {
  status: ListenerStatus | undefined;
  private socket: UdpSocket | undefined;
  private spool: SyslogSpool | undefined;
  private gathered: Buffer[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** Listens; answers the port. @throws what the system says (EADDRINUSE, EACCES) */
  async start(host: string, port: number, spoolFor: SpoolFor): Promise<number> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
    const bound = socket.address().port;
    const status = newStatus(`syslog:udp:${bound}`, bound);
    this.status = status;
    this.spool = spoolFor(status.name);
    this.socket = socket;
    setReceiveBuffer(socket);
    socket.on('error', (error) => (status.lastError = error.message));
    socket.on('message', (message) => {
      if (message.length === 0) return;
      this.gathered.push(message);
      if (this.gathered.length >= GATHER_MOST) this.write();
      else this.timer ??= setTimeout(() => this.write(), GATHER_MS);
    });
    return bound;
  }

  async stop(): Promise<void> {
    const { socket } = this;
    this.socket = undefined;
    if (!socket) return;
    await new Promise<void>((done) => socket.close(() => done()));
    this.write();
    this.spool?.close();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const messages = this.gathered;
    this.gathered = [];
    const { spool, status } = this;
    if (!spool || !status || messages.length === 0) return;
    status.dropped += put(spool, status, messages).length;
  }
}

/** Takes syslog over TCP connections, in both framings of RFC 6587. When the spool is full the senders wait. */
export class TcpSyslog {
  status: ListenerStatus | undefined;
  private server: Server | undefined;
  private spool: SyslogSpool | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly limits: SyslogLimits = SYSLOG_LIMITS) {}

  /** Listens; answers the port. @throws what the system says (EADDRINUSE, EACCES) */
  async start(host: string, port: number, spoolFor: SpoolFor): Promise<number> {
    const server = createServer((socket) => this.accept(socket));
    const listening = once(server, 'listening');
    server.listen(port, host);
    await listening;
    const bound = (server.address() as AddressInfo).port;
    this.status = newStatus(`syslog:tcp:${bound}`, bound);
    this.spool = spoolFor(this.status.name);
    this.server = server;
    return bound;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((done) => server.close(() => done()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.spool?.close();
  }

  private accept(socket: Socket): void {
    const { status, spool } = this;
    if (!status || !spool) return void socket.destroy();
    if (this.sockets.size >= this.limits.connections) {
      status.refusedConnections++;
      return void socket.destroy();
    }
    this.sockets.add(socket);
    status.connections = this.sockets.size;
    socket.setKeepAlive(true, 60_000);
    void this.receive(socket, spool, status).finally(() => {
      socket.destroy();
      this.sockets.delete(socket);
      status.connections = this.sockets.size;
    });
  }

  private async receive(socket: Socket, spool: SyslogSpool, status: ListenerStatus): Promise<void> {
    const framing = new SyslogFraming(this.limits.messageBytes);
    let oversized = 0;
    const deliver = async (messages: Buffer[]): Promise<void> => {
      status.oversized += framing.oversized - oversized;
      oversized = framing.oversized;
      let left = put(spool, status, messages);
      while (left.length > 0 && this.server !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, FULL_RETRY_MS));
        left = put(spool, status, left);
      }
      status.dropped += left.length;
    };
    try {
      for await (const chunk of socket) await deliver(framing.push(chunk as Buffer));
    } catch (error) {
      status.lastError = error instanceof Error ? error.message : String(error);
    }
    await deliver(framing.end());
    status.cutOff += framing.cutOff;
  }
}

/** Writes messages to the spool; answers those that it did not take. */
function put(spool: SyslogSpool, status: ListenerStatus, messages: readonly Buffer[]): readonly Buffer[] {
  try {
    const left = spool.append(messages);
    status.received += messages.length - left.length;
    if (left.length < messages.length) status.lastReceivedAt = Date.now();
    if (left.length > 0) status.lastError = FULL;
    else if (status.lastError === FULL) status.lastError = null;
    return left;
  } catch (error) {
    status.lastError = error instanceof Error ? error.message : String(error);
    return messages;
  }
}

const FULL = 'the spool is full: what was received is not read fast enough';

function setReceiveBuffer(socket: UdpSocket): void {
  try {
    socket.setRecvBufferSize(UDP_BUFFER_BYTES);
  } catch {
    // The system allows less; its default serves.
  }
}
