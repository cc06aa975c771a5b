import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Pseudonyms } from '../trace/pseudonyms';

/** Lines of a file by number, from 1; `problem` says why some are missing. */
export interface LinesOfFile {
  readonly lines: ReadonlyMap<number, string>;
  readonly problem?: string;
}

/** Reading on for longer is not worth the wait. */
const MOST_MS = 5000;
const MOST_CHARACTERS = 4000;
/** Addresses that stand so far in a line are replaced before it is cut. */
const LOOKED_AT = 65_536;

/** Some lines of an input, plain or gzip, as they stand there. Never throws: a file that is gone or was read from standard input is a problem. */
export async function readLines(
  path: string,
  wanted: ReadonlySet<number>,
  pseudonyms?: Pseudonyms,
): Promise<LinesOfFile> {
  const lines = new Map<number, string>();
  if (path === '-') return { lines, problem: 'it was read from standard input' };
  try {
    if (!(await stat(path)).isFile()) return { lines, problem: 'it is no file any more' };
    const last = Math.max(...wanted);
    const deadline = Date.now() + MOST_MS;
    let number = 0;
    for await (const line of createInterface({ input: await opened(path), crlfDelay: Infinity })) {
      number++;
      if (wanted.has(number))
        lines.set(number, (pseudonyms?.inText(line.slice(0, LOOKED_AT)) ?? line).slice(0, MOST_CHARACTERS));
      if (number >= last) break;
      if (number % 4096 === 0 && Date.now() > deadline)
        return { lines, problem: 'the file is too long to look them up' };
    }
    return { lines };
  } catch {
    return { lines, problem: 'the file cannot be read any more' };
  }
}

async function opened(path: string): Promise<NodeJS.ReadableStream> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  const stream = createReadStream(path);
  if (buffer[0] !== 0x1f || buffer[1] !== 0x8b) return stream;
  const gunzip = createGunzip();
  stream.on('error', (error) => gunzip.destroy(error));
  return stream.pipe(gunzip);
}
