import { cityHash128 } from './city-hash';
import { BLOCK_BYTES, compressBlocks, compressedBlock, decompressBlocks } from './compressed-blocks';

/** 12 lines of text in one block each, packed and hashed by python-lz4 4.4.5, zstandard 0.25 and clickhouse-cityhash 1.0.2.6. */
const TEXT = Array.from({ length: 12 }, (_, i) => `row ${i} mx${i % 3}.corp.example\n`).join('');
const BY_PYTHON = {
  lz4: '1a3693bdf41b084734cf37a880f880f6826800000016010000f008726f772030206d78302e636f72702e6578616d706c650a17005e31206d783117005e32206d783217001f334500031f344500031f354500031f364500031f374500031f384500031f394500032f31304600032931314700506d706c650a',
  zstd: 'bafeb1888387ed59e18be07181ecd4f190600000001601000028b52ffd6016006d02000403726f772030206d78302e636f72702e6578616d706c650a726f772031206d783132206d783233343536373839313031310b0054f3f0d4280814061401ca01850145403924280c780fea4d32',
};
/** The first 20 bytes of it, not packed. */
const NONE = 'd6b5c1c9cb7ea437ca8b571af3ce8e30021d00000014000000726f772030206d78302e636f72702e6578616d70';
const LIMIT = { totalBytes: 10_000_000 };

async function* inChunks(bytes: Buffer, size = Math.max(bytes.length, 1)): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const unpacked = (bytes: Buffer, size?: number, limits = LIMIT): Promise<Buffer> =>
  all(decompressBlocks(inChunks(bytes, size), limits));

describe('compressed blocks', () => {
  it.each(Object.entries(BY_PYTHON))('of another writer unpack: %s', async (_, hex) => {
    expect((await unpacked(Buffer.from(hex, 'hex'))).toString()).toBe(TEXT);
    expect((await unpacked(Buffer.from(hex, 'hex'), 1)).toString()).toBe(TEXT);
  });

  it('that are not packed, and several in a row, unpack', async () => {
    const stream = Buffer.from(NONE + BY_PYTHON.zstd + NONE + BY_PYTHON.lz4, 'hex');
    const start = TEXT.slice(0, 20);
    for (const size of [1, 7, 50, stream.length]) {
      expect((await unpacked(stream, size)).toString()).toBe(start + TEXT + start + TEXT);
    }
  });

  it('have the sizes of both forms in their header', () => {
    const block = compressedBlock(Buffer.alloc(100_000, 'a'));
    expect(block[16]).toBe(0x82);
    expect(block.readUInt32LE(17)).toBe(block.length - 16);
    expect(block.readUInt32LE(21)).toBe(100_000);
    expect(block.length).toBeLessThan(1000);
  });

  it('gather small chunks and cut large ones; what comes out is what went in', async () => {
    const bytes = Buffer.alloc(3 * BLOCK_BYTES + 17);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7919) >> 7;
    for (const size of [1000, BLOCK_BYTES, bytes.length]) {
      const blocks: Buffer[] = [];
      for await (const block of compressBlocks(inChunks(bytes, size))) blocks.push(block);
      expect(blocks.map((block) => block.readUInt32LE(21))).toEqual([BLOCK_BYTES, BLOCK_BYTES, BLOCK_BYTES, 17]);
      expect((await unpacked(Buffer.concat(blocks), 4096)).equals(bytes)).toBe(true);
    }
    expect((await all(compressBlocks(inChunks(Buffer.alloc(0))))).length).toBe(0);
  });

  const damaged = (change: (block: Buffer) => Buffer | undefined, hex = BY_PYTHON.lz4): Buffer => {
    const block = Buffer.from(hex, 'hex');
    return change(block) ?? block;
  };
  /** A block whose checksum is right, whatever it holds. */
  const sealed = (method: number, size: number, packed: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from([method]), Buffer.alloc(8), packed]);
    body.writeUInt32LE(body.length, 1);
    body.writeUInt32LE(size, 5);
    return Buffer.concat([cityHash128(body), body]);
  };

  it.each([
    ['a flipped bit', damaged((block) => void (block[40] ^= 1)), 40, 'the checksum of a compressed block is wrong'],
    ['an end within the block', damaged((block) => block.subarray(0, 60)), 33, 'ends within a block'],
    ['an end within the header', damaged((block) => block.subarray(0, 20)), 33, 'ends within a block'],
    ['a size below the header', damaged((block) => void block.writeUInt32LE(3, 17)), 271, 'says that it has 3 bytes'],
    ['an unknown method', sealed(0x91, 5, Buffer.from('abcde')), 89, 'compression method 0x91'],
    ['damaged LZ4', sealed(0x82, 50, Buffer.from([0xf0, 200, 1])), 271, 'does not unpack to the 50 bytes'],
    ['LZ4 that looks back too far', sealed(0x82, 50, Buffer.from([0x04, 99, 0])), 271, 'does not unpack'],
    ['damaged ZSTD', sealed(0x90, 50, Buffer.from('abcde')), 271, 'does not unpack to the 50 bytes'],
    ['too few bytes', sealed(0x02, 6, Buffer.from('abcde')), 271, 'does not unpack to the 6 bytes'],
    ['too many bytes', sealed(0x02, 4, Buffer.from('abcde')), 271, 'does not unpack to the 4 bytes'],
  ])('with %s are refused', async (_, bytes, code, message) => {
    await expect(unpacked(bytes)).rejects.toThrow(message);
    await expect(unpacked(bytes, 1)).rejects.toMatchObject({ code });
  });

  it('are refused before they are gathered where they unpack to more than allowed', async () => {
    const header = compressedBlock(Buffer.alloc(2000)).subarray(0, 25);
    await expect(unpacked(header, 25, { totalBytes: 1999 })).rejects.toMatchObject({
      code: 131,
      message: 'the body unpacks to more than 1999 bytes',
    });
    const three = Buffer.concat([1, 2, 3].map(() => compressedBlock(Buffer.alloc(1000))));
    await expect(unpacked(three, 100, { totalBytes: 2999 })).rejects.toMatchObject({ code: 131 });
    expect((await unpacked(three, 100, { totalBytes: 3000 })).length).toBe(3000);
    const packed = damaged((block) => void block.writeUInt32LE(0xffffffff, 17));
    await expect(unpacked(packed)).rejects.toMatchObject({ code: 131 });
  });

  it('with ZSTD that unpacks to more than it announces are refused', async () => {
    const zstd = Buffer.from(BY_PYTHON.zstd, 'hex').subarray(25);
    await expect(unpacked(sealed(0x90, TEXT.length - 1, zstd))).rejects.toMatchObject({ code: 271 });
    expect((await unpacked(sealed(0x90, TEXT.length, zstd))).toString()).toBe(TEXT);
  });
});
