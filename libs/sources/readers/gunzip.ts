import { createGunzip } from 'node:zlib';
import { BombGuard, Inflater, SLICE } from './inflater';

/**
 * Decompresses gzip data of one or more members (RFC 1952 §2.2). Chunks of about 1 MiB, valid until the next is asked for.
 * Throws zlib's error for broken or truncated data, after all bytes before it were handed on (of broken data all but the last
 * 64 KiB), and PackingBomb when more than `bombBytes` came out at more than 1000:1.
 */
export async function* gunzipped(
  chunks: AsyncIterable<Buffer>,
  bombBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const inflater = new Inflater(createGunzip({ chunkSize: 64 * 1024 }));
  const guard = new BombGuard('gzip', bombBytes);
  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length && !inflater.failure; from += SLICE) {
        await inflater.write(chunk.subarray(from, from + SLICE));
        if (inflater.hasMuch) yield inflater.take();
        guard.check(inflater);
      }
      if (inflater.failure) break;
    }
    await inflater.end();
    if (inflater.hasAny) yield inflater.take();
    if (inflater.failure) throw inflater.failure;
  } finally {
    inflater.destroy();
  }
}
