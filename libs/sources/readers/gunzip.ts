import { createGunzip } from 'node:zlib';

/** Gzip expands by 1032 at most, and only nonsense comes near it. */
const BOMB_RATIO = 1000;
/** Compressed bytes given to zlib at a time: what comes of them (at most 16 MiB) is in memory at once. */
const SLICE = 16 * 1024;
const OUTPUT = 1024 * 1024;

/** The gzip data expands beyond all reason; `message` says so. */
export class GzipBomb extends Error {}

/**
 * Decompresses gzip data of one or more members (RFC 1952 §2.2). Chunks of about 1 MiB, valid until the next is asked for.
 * Throws zlib's error for broken or truncated data, after all bytes before it were handed on (of broken data all but the last
 * 64 KiB), and {@link GzipBomb} when more than `bombBytes` came out at more than 1000:1.
 */
export async function* gunzipped(
  chunks: AsyncIterable<Buffer>,
  bombBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  let ready: Buffer[] = [];
  let readyBytes = 0;
  let bytesIn = 0;
  let bytesOut = 0;
  let failure: Error | undefined;
  gunzip.on('data', (bytes: Buffer) => {
    ready.push(bytes);
    readyBytes += bytes.length;
    bytesOut += bytes.length;
  });
  // After an error zlib calls back no writer, so closing wakes whoever waits.
  let wake: () => void = () => undefined;
  gunzip.on('error', (error) => (failure = error));
  gunzip.on('close', () => wake());
  const take = (): Buffer => {
    const bytes = ready.length === 1 ? ready[0] : Buffer.concat(ready, readyBytes);
    ready = [];
    readyBytes = 0;
    return bytes;
  };
  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length && !failure; from += SLICE) {
        // zlib works in another thread, and the chunk's buffer is used again only after the next one is asked for.
        const slice = chunk.subarray(from, Math.min(from + SLICE, chunk.length));
        await new Promise<void>((done) => {
          wake = done;
          gunzip.write(slice, () => done());
        });
        bytesIn += slice.length;
        if (readyBytes >= OUTPUT) yield take();
        if (bytesOut > bombBytes && bytesOut > bytesIn * BOMB_RATIO)
          throw new GzipBomb(`gzip data that expands more than ${BOMB_RATIO}:1`);
      }
      if (failure) break;
    }
    if (!failure) {
      await new Promise<void>((done) => {
        wake = done;
        gunzip.end();
      });
    }
    if (readyBytes > 0) yield take();
    if (failure) throw failure;
  } finally {
    gunzip.destroy();
  }
}
