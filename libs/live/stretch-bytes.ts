import { open, type FileHandle } from 'node:fs/promises';
import { openBytes } from '../sources/readers/open-bytes';
import type { InputFile } from '../sources/readers/input-file';
import type { Progress } from './checkpoint';
import { digest, HEAD_BYTES, StretchPrint, TAIL_BYTES, tailFrom } from './fingerprint';

/** More than a framer ever holds of one record, so that whole chunks always bring it on. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The bytes of a file behind a position, when what is before it is what was read. */
export interface Continuation {
  readonly print: StretchPrint;
  /** a chunk is valid until the next one is asked for */
  readonly chunks: AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** A plain file that continues the stretch of `progress`; undefined when it is shorter or says something else. Throws what the system says. */
export async function continued(path: string, progress: Progress): Promise<Continuation | undefined> {
  const handle = await open(path, 'r');
  try {
    const { position, headBytes } = progress;
    const head = await bytesAt(handle, 0, headBytes);
    const tail = await bytesAt(handle, tailFrom(position), position - tailFrom(position));
    if (head.length < headBytes || digest(head) !== progress.head || digest(tail) !== progress.tail) {
      await handle.close();
      return undefined;
    }
    return {
      print: new StretchPrint(position, head, tail),
      chunks: chunksFrom(handle, position),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The first unpacked bytes of a file, at most HEAD_BYTES. Throws what the system says; of damaged gzip data it gives what comes out. */
export async function headOf(file: InputFile, packed: boolean): Promise<Buffer> {
  if (!packed) {
    const handle = await open(file.path, 'r');
    try {
      return await bytesAt(handle, 0, HEAD_BYTES);
    } finally {
      await handle.close();
    }
  }
  const head: Buffer[] = [];
  let length = 0;
  for await (const chunk of openBytes(file, { raw: true, chunkBytes: 64 * 1024 })) {
    head.push(Buffer.from(chunk.subarray(0, HEAD_BYTES - length)));
    length += head[head.length - 1].length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(head);
}

/** What a gzip file is to a stretch that is known: its whole, a longer one, or another one. `problem`: it cannot be unpacked to its end. */
export async function packedMatch(
  file: InputFile,
  progress: Progress,
): Promise<{ match: 'whole' | 'longer' | 'other'; problem?: string }> {
  const stream = openBytes(file, { raw: true });
  const print = new StretchPrint(0);
  let seen = 0;
  let matches = progress.position === 0;
  for await (const chunk of stream) {
    print.push(chunk);
    if (seen < progress.position && progress.position <= seen + chunk.length) {
      const found = print.at(progress.position);
      matches = found?.head === progress.head && found.tail === progress.tail;
      if (!matches) return { match: 'other' };
    }
    seen += chunk.length;
  }
  const problem = stream.problem && `${stream.problem.reason}; ${stream.problem.advice}`;
  if (!matches) return { match: 'other', problem };
  return { match: seen > progress.position ? 'longer' : 'whole', problem };
}

/** What is behind the position of a gzip file that {@link packedMatch} has found to be longer. */
export function continuedPacked(file: InputFile, progress: Progress): Continuation {
  const print = new StretchPrint(0);
  const behind = async function* (): AsyncGenerator<Buffer, void, undefined> {
    let seen = 0;
    for await (const chunk of openBytes(file, { raw: true })) {
      const from = Math.max(0, Math.min(chunk.length, progress.position - seen));
      if (from > 0) print.push(chunk.subarray(0, from));
      if (from < chunk.length) yield chunk.subarray(from);
      seen += chunk.length;
    }
  };
  return { print, chunks: behind(), close: () => Promise.resolve() };
}

async function bytesAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(buffer, at, length - at, from + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}

async function* chunksFrom(handle: FileHandle, from: number): AsyncGenerator<Buffer, void, undefined> {
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(Math.max(TAIL_BYTES, Math.min(CHUNK_BYTES, size - from)));
  for (let position = from; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
