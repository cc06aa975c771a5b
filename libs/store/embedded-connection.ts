import type { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { countedInEdition } from './rollup-edition';

type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;
type Asked<M extends 'query' | 'insert' | 'exec' | 'command'> = Parameters<Connection[M]>[0];
type Answer<M extends 'query' | 'insert' | 'exec' | 'command'> = Awaited<ReturnType<Connection[M]>>;

// The same interface, declared by two copies of the package (chdb brings @clickhouse/client-common of its own).
const open = (path: string): Connection => createChdbConnection({ path }) as unknown as Connection;

/**
 * A connection of @clickhouse/client to the engine in this process: one statement at a time, in the order they were given. A session of chDB on
 * which a statement failed answers the next one with the rows that the failed one had made until then, before its own (storage.md B1.4); so it
 * is closed, and the next statement, which may wait already, gets a new one (0.4 ms).
 */
export class EmbeddedConnection implements Connection {
  private session: Connection;
  private last: Promise<unknown> = Promise.resolve();

  /** @throws Error that says nothing useful where the engine cannot open the store */
  constructor(private readonly path: string) {
    this.session = open(path);
  }

  query(asked: Asked<'query'>): Promise<Answer<'query'>> {
    return this.next((session) => session.query(asked));
  }

  exec(asked: Asked<'exec'>): Promise<Answer<'exec'>> {
    return this.next((session) => countedInEdition(asked.query, () => session.exec(asked)));
  }

  command(asked: Asked<'command'>): Promise<Answer<'command'>> {
    return this.next((session) => countedInEdition(asked.query, () => session.command(asked)));
  }

  insert(asked: Asked<'insert'>): Promise<Answer<'insert'>> {
    return this.next((session) => countedInEdition(asked.query, () => session.insert(asked)));
  }

  ping(asked: Parameters<Connection['ping']>[0]): ReturnType<Connection['ping']> {
    return this.next((session) => session.ping(asked));
  }

  close(): Promise<void> {
    return this.next((session) => session.close());
  }

  private next<T>(work: (session: Connection) => Promise<T>): Promise<T> {
    const done = this.last.then(() => this.run(work));
    this.last = done.catch(() => undefined);
    return done;
  }

  private async run<T>(work: (session: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this.session);
    } catch (error) {
      const failed = this.session;
      // Another one first: the engine ends with its last session.
      this.session = open(this.path);
      await failed.close();
      throw error;
    }
  }
}
