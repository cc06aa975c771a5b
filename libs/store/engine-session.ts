import { join } from 'node:path';
import { Session } from 'chdb';
import { packageRoot } from '../config/package-root';

/** The role that sees the views of database `hoptime` and nothing else; defined in engine.xml, as is the one that a session begins with. */
export const VIEWER_ROLE = 'viewer';

/**
 * A new session on a store. The first one of a process starts the engine, with the roles of `engine.xml`: without a file of our own it would
 * read `config.xml` of the working directory, whoever put it there.
 * @throws Error that says nothing useful where the engine cannot start
 */
export function openSession(path: string): Session {
  const config = join(packageRoot(), 'libs', 'store', 'engine.xml');
  // A path inside the file would be looked for in the working directory first.
  return new Session(path, { connectionArgs: [`--config-file=${config}`, `--users_config=${config}`] });
}
