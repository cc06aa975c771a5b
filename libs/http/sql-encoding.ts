import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { compressBlocks } from '../sql-wire/compressed-blocks';
import { nativeForRevision } from '../sql-wire/native-revision';
import type { ContentEncoding, SqlHttpRequest } from './sql-request';

/**
 * A result in the form that a client of ClickHouse expects: Native of the client's protocol, then blocks of ClickHouse's own compression where
 * it asked for them (`compress=1`).
 */
export function encoded(
  bytes: AsyncIterable<Uint8Array>,
  { compressedBlocks, protocolVersion }: SqlHttpRequest,
  format: string,
): AsyncIterable<Uint8Array> {
  const native = format === 'Native' ? nativeForRevision(bytes, protocolVersion) : bytes;
  return compressedBlocks ? compressBlocks(native) : native;
}

/** What packs an answer for HTTP. */
export function contentEncoder(encoding: ContentEncoding): Transform {
  if (encoding === 'gzip') return createGzip({ level: 3 });
  if (encoding === 'deflate') return createDeflate({ level: 3 });
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
}
