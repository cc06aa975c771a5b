import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Session, type ChdbResult } from 'chdb';
import { packageRoot } from '../config/package-root';

/** The role that sees the views of database `hoptime` and nothing else; defined in engine.xml, as is the one that a session begins with. */
export const VIEWER_ROLE = 'viewer';

/** What chDB's JavaScript calls: its own `close` goes through it too. */
interface NativeEngine {
  CloseConnection(connection: unknown): void;
}

/** chDB loads it once for the process; the package names no way to it but the file. */
export function nativeEngine(): NativeEngine {
  const load = createRequire(__filename);
  const loader = load(join(dirname(load.resolve('chdb')), 'dist', 'loader.js')) as { loadNative(): NativeEngine };
  return loader.loadNative();
}

/**
 * A session on a store, for statements one after the other. chDB's own `close` gives a connection up when *no* statement of the process runs any
 * more, and each session closed meanwhile waits for all that waited before it: beside one statement of a minute, 2,400 short ones took 800 MB.
 * Only a statement of its own must be over before a connection goes.
 */
export class EngineSession {
  private running = 0;

  constructor(private readonly session: Session) {}

  /** @throws Error of the engine, `Code: N. DB::Exception: …` */
  async queryAsync(sql: string, options?: { format: string }): Promise<ChdbResult> {
    this.running++;
    try {
      return await this.session.queryAsync(sql, options);
    } finally {
      this.running--;
    }
  }

  /** Gives the connection up, once its statement has ended where one runs. The last session of a process ends the engine. */
  close(): void {
    const { connection } = this.session;
    if (this.running === 0 && connection) {
      this.session.connection = null;
      nativeEngine().CloseConnection(connection);
    }
    this.session.close();
  }
}

/**
 * A new session on a store. The first one of a process starts the engine, with the roles of `engine.xml`: without a file of our own it would
 * read `config.xml` of the working directory, whoever put it there.
 * @throws Error that says nothing useful where the engine cannot start
 */
export function openSession(path: string): EngineSession {
  const config = join(packageRoot(), 'libs', 'store', 'engine.xml');
  // A path inside the file would be looked for in the working directory first.
  const connectionArgs = [`--config-file=${config}`, `--users_config=${config}`];
  return new EngineSession(new Session(path, { connectionArgs }));
}
