/** Characters that mean something to one of the framings or formats. */
const SPECIAL = Buffer.from('\n\r\0"\'<>&;,|=\\{}[]:/-+()% \t#\ufeff\u2028é€', 'utf8');
const WORDS = [
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '<![CDATA[',
  '-->',
  '\\u0000',
  '\\ud800',
  '99999999999999999999',
  '-1',
  '1e309',
  'null',
  'From ',
  '""',
  '0000-00-00T00:00:00Z',
];

/** The bytes with one to twelve random damages, as storage, transfer and careless tools do them: same `random`, same damage. */
export function mutated(original: Buffer, random: () => number): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let left = 1 + Math.floor(random() * random() * 12); left > 0 && bytes.length > 0; left--)
    bytes = DAMAGES[Math.floor(random() * DAMAGES.length)](bytes, random);
  return bytes;
}

type Damage = (bytes: Buffer, random: () => number) => Buffer;
const below = (random: () => number, limit: number): number => Math.floor(random() * limit);

const DAMAGES: readonly Damage[] = [
  (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  (bytes, random) => bytes.subarray(below(random, bytes.length)),
  (bytes, random) => {
    bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  (bytes, random) => {
    bytes[below(random, bytes.length)] = SPECIAL[below(random, SPECIAL.length)];
    return bytes;
  },
  (bytes, random) =>
    insert(bytes, below(random, bytes.length), SPECIAL.subarray(below(random, SPECIAL.length)).subarray(0, 2)),
  (bytes, random) => insert(bytes, below(random, bytes.length), Buffer.from(WORDS[below(random, WORDS.length)])),
  (bytes, random) =>
    insert(
      bytes,
      below(random, bytes.length),
      Buffer.alloc(below(random, 70_000), SPECIAL[below(random, SPECIAL.length)]),
    ),
  (bytes, random) => {
    const from = below(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + below(random, 60))]);
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    return insert(bytes, below(random, bytes.length), bytes.subarray(from, from + below(random, 300)));
  },
];

function insert(bytes: Buffer, at: number, piece: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}
