import { cityHash128 } from './city-hash';

/**
 * [size, hash]: computed by clickhouse-cityhash 1.0.2.6 (PyPI, the C++ original) over bytes (i² · 31 + i · 7 + size) mod 256, both halves
 * little-endian, the first half first. Sizes are those at which the algorithm changes its way.
 */
const VECTORS: readonly [number, string][] = [
  [0, '2b9ac064fc9df03d291ee592c340b53c'],
  [1, '6c3f2b804fab035a1ae9318a3c8aa858'],
  [3, 'cbcf8690335ba94edd83b448daed6809'],
  [4, 'bdc59fbb2e1713a59297f99ca438282a'],
  [5, '7805d5a9af27d8276f508f25ab96b050'],
  [7, '49c94bb68b7a7af8ff98c15e512b2dc0'],
  [8, '86079518a79b87e51252d5fb131b2ffc'],
  [9, 'b41d57e778b3dd58aed1d28ed13bd336'],
  [12, '0a83302859cf0881b8949c865c6c277e'],
  [15, '17a8babaf22094483918a027aa7c8e4d'],
  [16, 'c05a00671f266ec7fe4c21f11acbcb77'],
  [17, 'b3fda9130d09e1c3c8985da80597dfeb'],
  [24, '89465badbeda8aa1d61995e0c5273569'],
  [31, 'c22b5e7fb7dd85b28aba67ebab6ebd4a'],
  [32, '7a553bf3f9a0c9e7d2fcb45d9752aadf'],
  [33, 'ae4d45b8bfc0cda73d5e217b82f72931'],
  [47, '156e11186ccc48535ead3509a48fdb6b'],
  [48, 'bb3a3346971e62c52059de5ad0cb77b2'],
  [63, '73bb51e2258cf0bda22f42a8424d01fe'],
  [64, '1e4b00ac36dfa7fbcdd342c51087c058'],
  [65, '6bce77400b7a68808319e8f96c70ab52'],
  [100, '6f2f7ce3adbe2c71bc785c7fbb12791d'],
  [127, 'db20435b4b489ade65bdbace77b74831'],
  [128, '20b96cfcc58c2a15e011605f4c837cd4'],
  [129, '4db2d58968d54dca10af2d4c11b90e67'],
  [143, '622f261bc05c99bda70ff5ec2fe026e1'],
  [144, '2fbff8cc70b976c0545a1b0d663059fd'],
  [145, 'e9f5ee534ba1681c332642b8e86ce589'],
  [159, '328f5a3833915c8d57e956bad358f4fe'],
  [160, 'dcdee070ed9f98979ff9675dea826075'],
  [176, 'b4cc7200ace7101539f52d13b25500ee'],
  [208, '4c18ec212fa7595519cb11016f865ddd'],
  [240, 'db294d94ddcc39dd1fa0fdc18837bc88'],
  [255, '218c132d44071522e265968dc3c7ff1e'],
  [256, 'f08f1a50534b2efd1e1d0abf484da401'],
  [257, 'd7b383bf882129ef799dfe18ee6800d7'],
  [271, 'f96de73f04b60cc41d54869ddef8bb2d'],
  [272, '8868e5b468028f10948ba964516461c6'],
  [300, 'e4485da705576b1413c505c1c47dc811'],
  [1000, '7a4c782ae54d5e41194c1e01e0907014'],
  [4096, 'b8ee718fea82e89a90726fd04757ce89'],
  [65537, 'b16f090fe03dc2017ecd462bc037810c'],
  [300000, 'c08b9824a5b2b181c486e827a79bbb0d'],
];

describe('CityHash128 of version 1.0.2', () => {
  it.each(VECTORS)('of %d bytes', (size, hash) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * i * 31 + i * 7 + size) % 256);
    expect(cityHash128(bytes).toString('hex')).toBe(hash);
  });

  it('reads bytes that begin anywhere in a larger buffer', () => {
    const buffer = Buffer.from([9, 9, 9, ...Array.from({ length: 33 }, (_, i) => (i * i * 31 + i * 7 + 33) % 256), 9]);
    expect(cityHash128(buffer.subarray(3, 36)).toString('hex')).toBe(VECTORS.find(([size]) => size === 33)?.[1]);
  });
});
