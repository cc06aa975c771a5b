import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { BombGuard, Inflater, SLICE } from './inflater';
import { ZstdFrames } from './zstd-frames';

/** Makes a decompressor of one zstd frame. */
export type ZstdDecompressor = () => Transform;

/** That of this Node.js: from 22.15 and 23.8 on, undefined before. */
export const PLATFORM_ZSTD: ZstdDecompressor | undefined = (zlib as { createZstdDecompress?: ZstdDecompressor })
  .createZstdDecompress;

/** The zstd data is broken, or ends too early; `message` says which. */
export class ZstdProblem extends Error {
  constructor(
    message: string,
    readonly endsEarly: boolean,
  ) {
    super(message);
  }
}

/**
 * Decompresses zstd data of one or more frames (RFC 8878 §3.1). Chunks of about 1 MiB, valid until the next is asked for. Throws ZstdProblem
 * after what came before the damage was handed on, and PackingBomb as gunzip does.
 */
export async function* unzstd(
  chunks: AsyncIterable<Buffer>,
  decompressor: ZstdDecompressor,
  bombBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const frames = new ZstdFrames();
  const guard = new BombGuard('zstd', bombBytes);
  const before = { bytesIn: 0, bytesOut: 0 };
  let inflater: Inflater | undefined;
  try {
    for await (const slice of slices(chunks)) {
      for (const { bytes, ends } of piecesOf(frames, slice)) {
        inflater ??= new Inflater(decompressor());
        await inflater.write(bytes);
        if (ends) await inflater.end();
        const all = { bytesIn: before.bytesIn + inflater.bytesIn, bytesOut: before.bytesOut + inflater.bytesOut };
        if (inflater.hasMuch || (inflater.hasAny && (ends || inflater.failure))) yield inflater.take();
        if (inflater.failure) throw new ZstdProblem(inflater.failure.message, false);
        guard.check(all);
        if (!ends) continue;
        Object.assign(before, all);
        inflater.destroy();
        inflater = undefined;
      }
    }
    if (inflater?.hasAny) yield inflater.take();
    if (!frames.complete) throw new ZstdProblem('zstd data ends too early', true);
  } finally {
    inflater?.destroy();
  }
}

async function* slices(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks)
    for (let from = 0; from < chunk.length; from += SLICE) yield chunk.subarray(from, from + SLICE);
}

function* piecesOf(frames: ZstdFrames, slice: Buffer): Generator<{ bytes: Buffer; ends: boolean }> {
  try {
    yield* frames.cut(slice);
  } catch (error) {
    throw new ZstdProblem(error instanceof Error ? error.message : String(error), false);
  }
}
