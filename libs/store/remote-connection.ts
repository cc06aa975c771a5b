import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ClickHouseError, type createClient } from '@clickhouse/client';
import { FrameReader, frameOf, type SocketFrame } from './socket-frames';
import { withSocketName, type RemoteFailure, type RemoteQuery } from './store-socket';

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;
type Parameters_<M extends 'query' | 'insert' | 'exec' | 'command'> = Parameters<Connection[M]>[0];
type Answer<M extends 'query' | 'insert' | 'exec' | 'command'> = ReturnType<Connection[M]>;

/** The process that holds the store ended in the middle of a command. */
export class StoreServerGone extends Error {
  constructor(path: string) {
    super(`the process that held the store ${path} has ended: run the same command again (reading twice is safe)`);
  }
}

/** All connections of this process, by which the server knows what belongs together. */
const COMMAND = randomUUID();

/**
 * A connection of @clickhouse/client to a store that another process of this machine holds and shares ({@link StoreServer}). One statement at
 * a time, in the order given.
 */
export class RemoteConnection implements Connection {
  private readonly reader = new FrameReader();
  private readonly frames: SocketFrame[] = [];
  private wake: () => void = () => undefined;
  private gone = false;
  private last: Promise<unknown> = Promise.resolve();
  /** what the server is: see programIdentity() */
  server = '';

  private constructor(
    private readonly socket: Socket,
    private readonly path: string,
  ) {
    socket.on('data', (bytes) => {
      this.frames.push(...this.reader.push(bytes));
      this.wake();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.gone = true;
      this.wake();
    });
  }

  /**
   * @param command what the connection belongs to; default: this process
   * @throws the system's error where nobody listens or may not be asked; StoreServerGone
   */
  static async open(path: string, command: string = COMMAND): Promise<RemoteConnection> {
    const socket = withSocketName(path, (name) => connect(name));
    await once(socket, 'connect');
    const connection = new RemoteConnection(socket, path);
    connection.server = (await connection.next()).content.toString();
    socket.write(frameOf('H', command));
    return connection;
  }

  /** Runs `work` when nobody else writes to the store; nobody will until it is done. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.having('T', work);
  }

  /** Runs `work` when nobody reads; nobody will until it is done. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.having('G', work);
  }

  private async having<T>(kind: 'T' | 'G', work: () => Promise<T>): Promise<T> {
    await this.inOrder(async () => {
      this.socket.write(frameOf(kind));
      await this.next();
    });
    try {
      return await work();
    } finally {
      this.socket.write(frameOf('E'));
    }
  }

  async query(parameters: Parameters_<'query'>): Promise<Awaited<Answer<'query'>>> {
    return this.ask('query', parameters) as Answer<'query'>;
  }

  async exec(parameters: Parameters_<'exec'>): Promise<Awaited<Answer<'exec'>>> {
    return this.ask('exec', parameters) as Answer<'exec'>;
  }

  async command(parameters: Parameters_<'command'>): Promise<Awaited<Answer<'command'>>> {
    return this.ask('command', parameters) as Answer<'command'>;
  }

  async insert(parameters: Parameters_<'insert'>): Promise<Awaited<Answer<'insert'>>> {
    return this.ask('insert', parameters) as Answer<'insert'>;
  }

  async ping(): Promise<{ success: true } | { success: false; error: Error }> {
    try {
      await this.ask('query', { query: 'SELECT 1' });
      return { success: true };
    } catch (error) {
      return { success: false, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  close(): Promise<void> {
    this.socket.destroy();
    return Promise.resolve();
  }

  /** The answer to read-only SQL of a user, as the other process makes it. @throws Error with what that process says */
  async *sql(asked: string): AsyncGenerator<Buffer> {
    this.socket.write(frameOf('S', asked));
    for (let frame = await this.next(); frame.kind !== 'Z'; frame = await this.next()) {
      if (frame.kind === 'X') throw new Error((JSON.parse(frame.content.toString()) as RemoteFailure).message);
      if (frame.kind === 'B') yield frame.content;
    }
  }

  private async ask(
    method: RemoteQuery['method'],
    { query, query_params, clickhouse_settings, ...rest }: Partial<Parameters_<'insert'>> & { query: string },
  ): Promise<unknown> {
    const values = rest.values === undefined || typeof rest.values === 'string' ? rest.values : await text(rest.values);
    const asked: RemoteQuery = { method, query, values, query_params, clickhouse_settings };
    return this.inOrder(async () => {
      this.socket.write(frameOf('Q', JSON.stringify(asked)));
      const head = await this.next();
      if (head.kind === 'X') throw failed(JSON.parse(head.content.toString()) as RemoteFailure);
      const pieces: Buffer[] = [];
      for (let frame = await this.next(); frame.kind === 'B'; frame = await this.next()) pieces.push(frame.content);
      return {
        ...(JSON.parse(head.content.toString()) as object),
        stream: Readable.from(pieces, { objectMode: false }),
      };
    });
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async next(): Promise<SocketFrame> {
    while (this.frames.length === 0 && !this.gone) await new Promise<void>((wake) => (this.wake = wake));
    const frame = this.frames.shift();
    if (!frame) throw new StoreServerGone(this.path);
    return frame;
  }
}

function failed({ message, code, type }: RemoteFailure): Error {
  return code === undefined ? new Error(message) : new ClickHouseError({ message, code, type });
}
