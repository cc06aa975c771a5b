import { crc32C, isFast } from './kafka-checksum';

/** Check values: RFC 3720 §B.4 (32 bytes each), and the one of all catalogues, of the nine digits. */
const KNOWN: readonly (readonly [Buffer, number])[] = [
  [Buffer.alloc(32), 0x8a9136aa],
  [Buffer.alloc(32, 0xff), 0x62a8ab43],
  [Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  [Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
  [Buffer.from('123456789'), 0xe3069283],
  [Buffer.alloc(0), 0],
];

it('is the CRC-32C of RFC 3720, before the fast one is loaded and after', async () => {
  const all = (): number[] => KNOWN.map(([bytes]) => crc32C(bytes));
  const expected = KNOWN.map(([, value]) => value);
  expect(all()).toEqual(expected);
  await isFast;
  expect(all()).toEqual(expected);
});
