import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ChdbConnection } from 'chdb/connection';
import { FrameReader, frameOf, PIECE_BYTES, type SocketFrame } from './socket-frames';
import { countedInEdition } from './rollup-edition';
import { programIdentity, withSocketName, type RemoteFailure, type RemoteQuery } from './store-socket';
import type { Store } from './store';
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
    shared: SharedStore,
  ) {
    server.maxConnections = MOST_CONNECTIONS;
    const commands = new Map<string, ServedCommand>();
    server.on('connection', (socket) => {
      const ended = new ServedConnection(socket, shared, commands).run();
      this.sockets.set(socket, ended);
      void ended.finally(() => this.sockets.delete(socket));
    });
  }

  /** @param store what this process has open; @param turn that of everything in this process that writes to it; @param sql answers SQL of users */
  static async listen(
    { path, gate }: Pick<Store, 'path' | 'gate'>,
    turn: WriteTurn,
    sql?: AnswerSql,
  ): Promise<StoreServer> {
    const server = createServer();
    const shared = new StoreServer(server, path, { path, gate, turn, sql });
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

interface SharedStore extends Pick<Store, 'path' | 'gate'> {
  readonly turn: WriteTurn;
  readonly sql: AnswerSql | undefined;
}

/** Answers read-only SQL of a user, whose text is in `asked`; `gone` says that nobody waits for it any more. */
export type AnswerSql = (asked: string, gone: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** What belongs to one process at the other end. */
interface ServedCommand {
  /** resolve when nothing runs on its connections any more */
  readonly ends: Set<Promise<void>>;
  /** it changes the store in several statements that no reader shall see half of */
  alone: boolean;
}

class ServedConnection {
  private readonly frames: SocketFrame[] = [];
  private wake: () => void = () => undefined;
  private gone = false;
  /** what was taken and is to be given back, the last first */
  private readonly taken: ((orderly: boolean) => void)[] = [];
  private command: ServedCommand = { ends: new Set(), alone: false };

  constructor(
    private readonly socket: Socket,
    private readonly shared: SharedStore,
    private readonly commands: Map<string, ServedCommand>,
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
      connection = new ChdbConnection({ path: this.shared.path });
      await this.send(frameOf('H', programIdentity()));
      for (let frame = await this.next(); frame; frame = await this.next()) {
        if (frame.kind === 'H') this.join(frame.content.toString(), end);
        else if (frame.kind === 'T') await this.take((work) => this.shared.turn.run(work));
        else if (frame.kind === 'G') await this.take((work) => this.alone(work));
        else if (frame.kind === 'E') this.taken.pop()?.(true);
        else if (frame.kind === 'Q') await this.answer(connection, JSON.parse(frame.content.toString()) as RemoteQuery);
        else if (frame.kind === 'S') await this.answerSql(frame.content.toString());
        else break;
      }
    } catch {
      // What is wrong with one connection is no matter of others.
    } finally {
      this.socket.destroy();
      await connection?.close();
      ended();
      for (let end = this.taken.pop(); end; end = this.taken.pop()) end(false);
    }
  }

  /** Counts this connection among those of a command. */
  private join(name: string, end: Promise<void>): void {
    const command = this.commands.get(name) ?? this.command;
    this.command = command;
    this.commands.set(name, command);
    command.ends.add(end);
    void end.then(() => {
      command.ends.delete(end);
      if (command.ends.size === 0) this.commands.delete(name);
    });
  }

  private async next(): Promise<SocketFrame | undefined> {
    while (this.frames.length === 0 && !this.gone) await new Promise<void>((wake) => (this.wake = wake));
    return this.gone ? undefined : this.frames.shift();
  }

  /** Takes what `within` gives, until the command says so, or until its last statement when it has gone without a word. */
  private async take(within: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    await new Promise<void>((granted) => {
      void within(async () => {
        granted();
        if (this.gone) return;
        const orderly = await new Promise<boolean>((end) => this.taken.push(end));
        if (!orderly) await Promise.all(this.command.ends);
      });
    });
    await this.send(frameOf('Z'));
  }

  private alone(work: () => Promise<void>): Promise<void> {
    return this.shared.gate.alone(async () => {
      this.command.alone = true;
      try {
        await work();
      } finally {
        this.command.alone = false;
      }
    });
  }

  private async answerSql(asked: string): Promise<void> {
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    this.socket.once('close', leave);
    try {
      if (!this.shared.sql) throw new Error('the process that holds the store does not answer SQL');
      const bytes = await this.shared.sql(asked, gone.signal);
      await this.send(frameOf('A', '{}'));
      for await (const chunk of bytes)
        for (let at = 0; at < chunk.length; at += PIECE_BYTES)
          await this.send(frameOf('B', chunk.subarray(at, at + PIECE_BYTES)));
      await this.send(frameOf('Z'));
    } catch (error) {
      await this.send(frameOf('X', JSON.stringify(failureOf(error))));
    } finally {
      this.socket.off('close', leave);
    }
  }

  private async answer(connection: ChdbConnection, query: RemoteQuery): Promise<void> {
    try {
      const { method, ...parameters } = query;
      const ask = async (): Promise<{ query_id: string; stream?: Readable }> => {
        const run = async (): Promise<{ query_id: string; stream?: Readable }> =>
          connection[method](parameters as never);
        return method === 'query' ? run() : countedInEdition(parameters.query, run);
      };
      const reads = (method === 'query' || method === 'exec') && !this.command.alone;
      const result = await (reads ? this.shared.gate.read(ask) : ask());
      const { stream, ...head } = result;
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
