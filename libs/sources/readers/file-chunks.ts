import { closeSync, open, read } from 'node:fs';
import { promisify } from 'node:util';
import type { InputFile } from './input-file';

const openFile = promisify(open);
const readAt = promisify(read);

/** The first bytes of a file, as they are on disk; at most `length` of them. Throws what the system says. */
export async function firstBytes(file: InputFile, length: number): Promise<Buffer> {
  const fd = file.fd ?? (await openFile(file.path, 'r'));
  try {
    const { bytesRead, buffer } = await readAt(fd, Buffer.allocUnsafe(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    if (file.fd === undefined) closeSync(fd);
  }
}

/**
 * The bytes of a file from its beginning, in chunks of `chunkBytes`. A chunk is valid only until the next one is asked for: two
 * buffers take turns, the next chunk is read while the consumer works on this one. Throws what the system says.
 */
export async function* fileChunks(file: InputFile, chunkBytes: number): AsyncGenerator<Buffer, void, undefined> {
  const fd = file.fd ?? (await openFile(file.path, 'r'));
  let current = Buffer.allocUnsafe(chunkBytes);
  let next = Buffer.allocUnsafe(chunkBytes);
  let position = 0;
  let pending = readAt(fd, current, 0, chunkBytes, position);
  try {
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return;
      position += bytesRead;
      pending = readAt(fd, next, 0, chunkBytes, position);
      // The failure is reported when this read's turn comes, not while the consumer works.
      pending.catch(() => undefined);
      yield current.subarray(0, bytesRead);
      [current, next] = [next, current];
    }
  } finally {
    await pending.catch(() => undefined);
    if (file.fd === undefined) closeSync(fd);
  }
}
