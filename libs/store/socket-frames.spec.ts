import { FrameReader, frameOf, type SocketFrame } from './socket-frames';

const plain = ({ kind, content }: SocketFrame): [string, string] => [kind, content.toString()];

describe('FrameReader', () => {
  const bytes = Buffer.concat([
    frameOf('H'),
    frameOf('Q', '{"ü":1}'),
    frameOf('B', Uint8Array.of(0x61, 0x62)),
    frameOf('Z'),
  ]);

  it('has a letter, a length and the content', () => {
    expect(frameOf('Q', 'ü').toString('hex')).toBe('5100000002c3bc');
  });

  it.each([1, 2, 5, 7, 100])('finds frames, %i bytes at a time', (size) => {
    const reader = new FrameReader();
    const found: [string, string][] = [];
    for (let at = 0; at < bytes.length; at += size)
      found.push(...[...reader.push(bytes.subarray(at, at + size))].map(plain));
    expect(found).toEqual([
      ['H', ''],
      ['Q', '{"ü":1}'],
      ['B', 'ab'],
      ['Z', ''],
    ]);
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n')],
    ['more than is allowed', Buffer.from([0x51, 0x04, 0, 0, 1])],
  ])('refuses %s', (_what, wrong) => {
    expect(() => [...new FrameReader().push(wrong)]).toThrow('no frame of a hoptime store');
  });
});
