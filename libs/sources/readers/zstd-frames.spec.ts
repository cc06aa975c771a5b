import { ZstdFrames } from './zstd-frames';

/** RFC 8878 by hand: single segment, content size in one byte, one raw block, no checksum. */
const raw = (text: string): Buffer =>
  Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length]),
    Buffer.from([1 | ((text.length << 3) & 0xff), text.length >> 5, 0]),
    Buffer.from(text),
  ]);
/** Window descriptor, checksum; an RLE block of five bytes, then an empty last one. */
const checked = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x2a, 0, 0, 0x61, 0x01, 0, 0, 9, 9, 9, 9]);
/** Dictionary id of two bytes, content size of four, an empty last block. */
const wide = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x82, 0, 7, 7, 0, 0, 0, 0, 1, 0, 0]);
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 8, 8]);

function framesIn(bytes: Buffer, chunk: number): { frames: string[]; rest: string; complete: boolean } {
  const cutter = new ZstdFrames();
  const frames: string[] = [];
  let rest = '';
  for (let at = 0; at < bytes.length; at += chunk) {
    for (const piece of cutter.cut(bytes.subarray(at, at + chunk))) {
      rest += piece.bytes.toString('hex');
      if (!piece.ends) continue;
      frames.push(rest);
      rest = '';
    }
  }
  return { frames, rest, complete: cutter.complete };
}

describe('ZstdFrames', () => {
  const all = [raw('one\n'), checked, skippable, wide, raw('')];
  const bytes = Buffer.concat(all);

  it.each([1, 2, 3, 5, 7, 16, 1000])('finds where frames end, %i bytes at a time', (chunk) => {
    expect(framesIn(bytes, chunk)).toEqual({
      frames: all.map((frame) => frame.toString('hex')),
      rest: '',
      complete: true,
    });
  });

  it('knows at each byte whether something is missing', () => {
    const ends = all.map((_frame, i) => Buffer.concat(all.slice(0, i + 1)).length);
    for (let length = 1; length <= bytes.length; length++)
      expect([length, framesIn(bytes.subarray(0, length), 4).complete]).toEqual([length, ends.includes(length)]);
  });

  it('refuses what is none', () => {
    expect(() => framesIn(Buffer.concat([raw('x'), Buffer.from('junk')]), 100)).toThrow('no zstd frame begins here');
    expect(() => framesIn(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 7, 0, 0]), 100)).toThrow('unknown kind');
  });
});
