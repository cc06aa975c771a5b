import { createHash } from 'node:crypto';
import { NO_PRINT, StretchPrint } from './fingerprint';

const BYTES = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 31 + (index >> 8)) % 256));
const hash = (from: number, to: number): string =>
  createHash('sha256').update(BYTES.subarray(from, to)).digest('hex').slice(0, 32);
const expected = (position: number) => ({
  headBytes: Math.min(4096, position),
  head: hash(0, Math.min(4096, position)),
  tail: hash(Math.max(0, position - 256), position),
});

describe('StretchPrint', () => {
  it.each([1, 100, 255, 256, 257, 4095, 5000, 10_000])('is the same wherever chunks of %d bytes end', (chunkBytes) => {
    const print = new StretchPrint(0);
    const buffer = Buffer.alloc(chunkBytes);
    for (let at = 0; at < BYTES.length; at += chunkBytes) {
      // One buffer for all chunks, as files are read.
      const length = BYTES.copy(buffer, 0, at, Math.min(at + chunkBytes, BYTES.length));
      print.push(buffer.subarray(0, length));
      for (const position of [at, at + Math.floor(length / 2), at + length])
        expect(print.at(position)).toEqual(expected(position));
    }
  });

  it('goes on from a position', () => {
    for (const position of [0, 10, 256, 4096, 7000]) {
      const print = new StretchPrint(
        position,
        BYTES.subarray(0, Math.min(4096, position)),
        BYTES.subarray(Math.max(0, position - 256), position),
      );
      print.push(BYTES.subarray(position, position + 1500));
      expect(print.at(position)).toEqual(expected(position));
      expect(print.at(position + 700)).toEqual(expected(position + 700));
    }
  });

  it('has none for positions outside the last chunk', () => {
    const print = new StretchPrint(0);
    print.push(BYTES.subarray(0, 1000));
    print.push(BYTES.subarray(1000, 2000));
    expect([print.at(999), print.at(2001)]).toEqual([undefined, undefined]);
  });

  it('of nothing is that of an empty stretch', () => {
    const print = new StretchPrint(0);
    print.push(BYTES);
    expect(print.at(0)).toEqual(NO_PRINT);
  });
});
