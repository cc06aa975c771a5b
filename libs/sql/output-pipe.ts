import { execFile } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** open(2): names a file without opening it, so that a pipe has neither reader nor writer by it. */
const O_PATH = 0o10000000;

/** One use of a pipe: the engine writes to `path`, and what it writes comes out of `bytes`, which ends after `written`. */
export interface PipeUse {
  readonly path: string;
  readonly bytes: Socket;
  /** nothing more will be written */
  written(): void;
  /**
   * Lets go of an engine that opens the pipe when `bytes` is destroyed already: open(2) waits for a reader, for ever, and no KILL QUERY ends
   * that wait. What it then writes fails. Does nothing where the engine has not come to the pipe yet: to be called until it is done.
   */
  release(): void;
}

/**
 * A pipe by which the engine, which runs in this process, hands over a result while it makes it: chDB's own streams keep the whole program
 * waiting while a statement is analysed, which may take as long as a query, and its other answers are held in memory as a whole. A reader
 * that does not read makes the engine wait. The pipe has no name, so nothing is left behind by a killed program. One use at a time.
 */
export class OutputPipe {
  private constructor(private readonly descriptor: number) {}

  /** @throws Error where the system has no mkfifo(1) or no room */
  static async create(): Promise<OutputPipe> {
    const folder = mkdtempSync(join(tmpdir(), 'hoptime-pipe-'));
    try {
      const name = join(folder, 'pipe');
      await promisify(execFile)('mkfifo', ['-m', '600', name]);
      return new OutputPipe(openSync(name, O_PATH));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  open(): PipeUse {
    const path = `/proc/self/fd/${this.descriptor}`;
    const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
    const reader = openSync(path, O_RDONLY | O_NONBLOCK);
    // There is a writer from now on, so the end does not come before the engine has opened the pipe.
    let writer: number | undefined = openSync(path, O_WRONLY | O_NONBLOCK);
    const bytes = new Socket({ fd: reader, readable: true, writable: false });
    const written = (): void => {
      if (writer !== undefined) closeSync(writer);
      writer = undefined;
    };
    // A reader that was there for a moment is enough for open(2): fifo(7) of Linux counts those that came.
    const release = (): void => closeSync(openSync(path, O_RDONLY | O_NONBLOCK));
    return { path, bytes, written, release };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
