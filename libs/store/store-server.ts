import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { ChdbConnection } from 'chdb/connection';
import { FrameReader, frameOf, PIECE_BYTES, type SocketFrame } from './socket-frames';
import { programIdentity, withSocketName, type RemoteFailure, type RemoteQuery } from './store-socket';
import type { WriteTurn } from './write-turn';

/** A command has three at most; one too many is told who holds the store. */
const MOST_CONNECTIONS = 64;

/**
 * Lets other commands of the same user work on the store that this process holds, through a socket file in its folder. Each connection has a
 * session of its own and runs one statement at a time. A command may have several, and may take the turn of those who write, which it loses
 * when it goes.
 */
export class StoreServer {
  private readonly sockets = new Map<Socket, Promise<void>>();

  private constructor(
    private readonly server: Server,
    private readonly path: string,
    turn: WriteTurn,
  ) {
    server.maxConnections = MOST_CONNECTIONS;
    const commands = new Map<string, Set<Promise<void>>>();
    server.on('connection', (socket) => {
      const ended = new ServedConnection(socket, path, turn, commands).run();
      this.sockets.set(socket, ended);
      void ended.finally(() => this.sockets.delete(socket));
    });
  }

  /** @param path the folder of the store, which this process has open */
  static async listen(path: string, turn: WriteTurn): Promise<StoreServer> {
    const server = createServer();
    const shared = new StoreServer(server, path, turn);
    const listening = once(server, 'listening');
    withSocketName(path, (name) => {
      // What a killed process left; this one holds the store.
      rmSync(name, { force: true });
      const before = process.umask(0o177);
      try {
        server.listen(name);
      } finally {
        process.umask(before);
      }
    });
    await listening;
    return shared;
  }

  /** Takes no more commands, cuts off those at work after their statement, and waits for that. */
  async close(): Promise<void> {
    withSocketName(this.path, (name) => rmSync(name, { force: true }));
    this.server.close();
    for (const socket of this.sockets.keys()) socket.destroy();
    await Promise.all(this.sockets.values());
  }
}

class ServedConnection {
  private readonly frames: SocketFrame[] = [];
  private wake: () => void = () => undefined;
  private gone = false;
  private endTurn: (orderly: boolean) => void = () => undefined;
  private siblings = new Set<Promise<void>>();

  constructor(
    private readonly socket: Socket,
    private readonly path: string,
    private readonly turn: WriteTurn,
    private readonly commands: Map<string, Set<Promise<void>>>,
  ) {
    const reader = new FrameReader();
    socket.on('data', (bytes) => {
      try {
        this.frames.push(...reader.push(bytes));
        this.wake();
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.gone = true;
      this.wake();
    });
  }

  /** Resolves when nothing runs on the connection any more. Never throws. */
  async run(): Promise<void> {
    let connection: ChdbConnection | undefined;
    let ended: () => void = () => undefined;
    const end = new Promise<void>((done) => (ended = done));
    try {
      connection = new ChdbConnection({ path: this.path });
      await this.send(frameOf('H', programIdentity()));
      for (let frame = await this.next(); frame; frame = await this.next()) {
        if (frame.kind === 'H') this.join(frame.content.toString(), end);
        else if (frame.kind === 'T') await this.take();
        else if (frame.kind === 'E') this.endTurn(true);
        else if (frame.kind === 'Q') await this.answer(connection, JSON.parse(frame.content.toString()) as RemoteQuery);
        else break;
      }
    } catch {
      // What is wrong with one connection is no matter of others.
    } finally {
      this.socket.destroy();
      await connection?.close();
      ended();
      this.endTurn(false);
    }
  }

  /** Counts this connection among those of a command. */
  private join(command: string, end: Promise<void>): void {
    const siblings = this.commands.get(command) ?? new Set();
    this.siblings = siblings;
    this.commands.set(command, siblings.add(end));
    void end.then(() => {
      siblings.delete(end);
      if (siblings.size === 0) this.commands.delete(command);
    });
  }

  private async next(): Promise<SocketFrame | undefined> {
    while (this.frames.length === 0 && !this.gone) await new Promise<void>((wake) => (this.wake = wake));
    return this.gone ? undefined : this.frames.shift();
  }

  /** Waits for the turn, which is then this command's until it says so, or until its last statement when it has gone without a word. */
  private async take(): Promise<void> {
    await new Promise<void>((granted) => {
      void this.turn.run(async () => {
        granted();
        if (this.gone) return;
        const orderly = await new Promise<boolean>((end) => (this.endTurn = end));
        if (!orderly) await Promise.all(this.siblings);
      });
    });
    await this.send(frameOf('Z'));
  }

  private async answer(connection: ChdbConnection, query: RemoteQuery): Promise<void> {
    try {
      const { method, ...parameters } = query;
      const result = await connection[method](parameters as never);
      const { stream, ...head } = { stream: undefined, ...result };
      const bytes = stream === undefined ? Buffer.alloc(0) : await buffer(stream);
      await this.send(frameOf('A', JSON.stringify(head)));
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        await this.send(frameOf('B', bytes.subarray(at, at + PIECE_BYTES)));
      await this.send(frameOf('Z'));
    } catch (error) {
      await this.send(frameOf('X', JSON.stringify(failureOf(error))));
    }
  }

  /** Waits until a slow reader has taken it. */
  private async send(bytes: Buffer): Promise<void> {
    if (this.gone || this.socket.write(bytes)) return;
    await new Promise<void>((done) => {
      this.socket.once('drain', done);
      this.socket.once('close', done);
    });
  }
}

function failureOf(error: unknown): RemoteFailure {
  const { code, type } = error as { code?: unknown; type?: unknown };
  return {
    message: error instanceof Error ? error.message : String(error),
    ...(code === undefined ? {} : { code: String(code) }),
    ...(typeof type === 'string' ? { type } : {}),
  };
}
