import { Decompress as ZstdDecompress } from 'fzstd';
import { compress as lz4Compress, decompress as lz4Decompress } from 'lz4-wasm-nodejs';
import { cityHash128 } from './city-hash';
import {
  CANNOT_DECOMPRESS,
  CANNOT_READ_ALL_DATA,
  CHECKSUM_DOESNT_MATCH,
  TOO_LARGE_SIZE_COMPRESSED,
  UNKNOWN_COMPRESSION_METHOD,
  WireError,
} from './wire-error';

/*
 * ClickHouse's compressed stream (`compress=1`, `decompress=1`; docs: "Compressed Data Format" of the native protocol) is a row of blocks:
 * checksum (16 bytes, CityHash128 of all that follows), method (1 byte), size of these 9 bytes and the packed ones (UInt32),
 * size of what they unpack to (UInt32), packed bytes. Integers are little-endian.
 */
const CHECKSUM = 16;
const HEADER = 9;
const NONE = 0x02;
const LZ4 = 0x82;
const ZSTD = 0x90;

/** Bytes of a stream that are packed together: enough to compress well, little enough to hold nobody up (1 ms). */
export const BLOCK_BYTES = 256 * 1024;

export interface DecompressionLimits {
  /** most bytes that a whole stream may unpack to */
  readonly totalBytes: number;
}

/** One block, packed by LZ4. */
export function compressedBlock(bytes: Uint8Array): Buffer {
  // The library puts the size of the unpacked bytes (UInt32) before the packed ones, as the header does.
  const packed = lz4Compress(bytes);
  const block = Buffer.allocUnsafe(CHECKSUM + 5 + packed.length);
  block[CHECKSUM] = LZ4;
  block.writeUInt32LE(5 + packed.length, CHECKSUM + 1);
  block.set(packed, CHECKSUM + 5);
  block.set(cityHash128(block.subarray(CHECKSUM)), 0);
  return block;
}

/** A stream in compressed blocks of at most BLOCK_BYTES; an empty stream stays empty. */
export async function* compressBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    let left = chunk;
    while (size + left.length >= BLOCK_BYTES) {
      const part = left.subarray(0, BLOCK_BYTES - size);
      yield compressedBlock(Buffer.concat([...waiting, part]));
      left = left.subarray(part.length);
      waiting = [];
      size = 0;
    }
    if (left.length > 0) waiting.push(left);
    size += left.length;
  }
  if (size > 0) yield compressedBlock(Buffer.concat(waiting));
}

/**
 * What a stream of compressed blocks (LZ4, ZSTD or NONE) unpacks to, block by block. No more than the limit is ever held in memory: sizes are
 * checked before a block is gathered.
 * @throws WireError for a wrong checksum, an unknown method, damaged or missing bytes, and more bytes than the limit allows
 */
export async function* decompressBlocks(
  source: AsyncIterable<Uint8Array>,
  limits: DecompressionLimits,
): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let total = 0;
  for await (const chunk of source) {
    held = held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
    for (let end; (end = blockEnd(held, limits.totalBytes - total, limits.totalBytes)) !== undefined;) {
      if (held.length < end) break;
      const bytes = decompressedBlock(held.subarray(0, end));
      total += bytes.length;
      held = held.subarray(end);
      yield bytes;
    }
  }
  if (held.length > 0) throw new WireError(CANNOT_READ_ALL_DATA, 'the compressed body ends within a block');
}

/** Where the first block ends; undefined before its header is there. @throws WireError */
function blockEnd(bytes: Buffer, allowed: number, limit: number): number | undefined {
  if (bytes.length < CHECKSUM + HEADER) return undefined;
  const packed = bytes.readUInt32LE(CHECKSUM + 1);
  const unpacked = bytes.readUInt32LE(CHECKSUM + 5);
  if (packed < HEADER) throw new WireError(CANNOT_DECOMPRESS, `a compressed block says that it has ${packed} bytes`);
  // What grows when it is packed grows by less than this (LZ4: 1 byte in 255, ZSTD less).
  if (unpacked > allowed || packed > HEADER + limit + limit / 128 + 64) {
    throw new WireError(TOO_LARGE_SIZE_COMPRESSED, `the body unpacks to more than ${limit} bytes`);
  }
  return CHECKSUM + packed;
}

function decompressedBlock(block: Buffer): Buffer {
  if (!cityHash128(block.subarray(CHECKSUM)).equals(block.subarray(0, CHECKSUM))) {
    throw new WireError(CHECKSUM_DOESNT_MATCH, 'the checksum of a compressed block is wrong: damaged on its way');
  }
  const method = block[CHECKSUM];
  const size = block.readUInt32LE(CHECKSUM + 5);
  const bytes = unpack(method, block.subarray(CHECKSUM + 5), size);
  if (bytes?.length !== size) {
    throw new WireError(CANNOT_DECOMPRESS, `a compressed block does not unpack to the ${size} bytes that it announces`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The bytes after the size in `sized`; undefined where they are damaged. @throws WireError for an unknown method */
function unpack(method: number, sized: Buffer, size: number): Uint8Array | undefined {
  const packed = sized.subarray(4);
  if (method === NONE) return packed;
  try {
    if (method === LZ4) return lz4Decompress(sized);
    if (method === ZSTD) return unpackZstd(packed, size);
  } catch {
    return undefined;
  }
  const name = `0x${method.toString(16).padStart(2, '0')}`;
  throw new WireError(UNKNOWN_COMPRESSION_METHOD, `compression method ${name}: LZ4, ZSTD and NONE can be read`);
}

/** Piece by piece, so that it ends where there are more bytes than announced. @throws Error for those, and for damaged ones */
function unpackZstd(packed: Buffer, size: number): Buffer {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new ZstdDecompress((piece) => {
    length += piece.length;
    if (length > size) throw new Error('more bytes than announced');
    // The library uses its buffer again.
    pieces.push(piece.slice());
  });
  stream.push(packed, true);
  return Buffer.concat(pieces);
}
