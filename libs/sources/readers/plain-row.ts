import type { RecordFields } from '../fields/record-fields';
import { fourTimes, NO_WORDS } from './byte-words';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HIGHEST_BITS = fourTimes(0x80);
const LOWER_BITS = fourTimes(0x7f);

/**
 * Reads the row that begins at `from` into `fields` on the way to its end, if it is a plain one: its line end lies before `limit`, its quoted fields hold
 * neither quotes nor line ends, and it has `count` fields. Answers where its LF is; −1 for any other row, which RowCutter and RowSplitter
 * understand or refuse. `words` are those of `bytes`.
 */
export function readPlainRow(
  fields: RecordFields,
  bytes: Buffer,
  words: Int32Array,
  from: number,
  limit: number,
  delimiter: number,
  count: number,
): number {
  fields.begin(bytes);
  fields.makeRoom(count);
  const starts = fields.from;
  const ends = fields.to;
  // Bytes above both mean nothing here. Of four bytes at a time those that may mean something have their highest bit set in `found`.
  const highest = fourTimes(0x80 + Math.max(delimiter, QUOTE));
  const last = count - 1;
  const wordsEnd = words === NO_WORDS ? 0 : limit >> 2;
  let field = 0;
  let start = from;
  let wanted = -1 << ((from & 3) << 3);
  for (let word = from >> 2; word < wordsEnd; word++) {
    let four = words[word];
    let found = (highest - (four & LOWER_BITS)) & ~four & HIGHEST_BITS & wanted;
    wanted = -1;
    // Most words hold nothing, and a field is some words long: two at a time.
    while (found === 0 && ++word < wordsEnd) {
      four = words[word];
      found = (highest - (four & LOWER_BITS)) & ~four & HIGHEST_BITS;
      if (found !== 0 || word + 1 >= wordsEnd) continue;
      four = words[++word];
      found = (highest - (four & LOWER_BITS)) & ~four & HIGHEST_BITS;
    }
    while (found !== 0) {
      let at = (word << 2) + ((31 - Math.clz32(found & -found)) >> 3);
      found &= found - 1;
      const byte = bytes[at];
      if (byte === delimiter) {
        if (field === last) return -1;
        starts[field] = start;
        ends[field++] = at;
        start = at + 1;
      } else if (byte === LF) {
        if (field !== last) return -1;
        starts[field] = start;
        ends[field] = at > start && bytes[at - 1] === CR ? at - 1 : at;
        fields.count = count;
        return at;
      } else if (byte === QUOTE && at === start) {
        at = quoteEnd(bytes, at + 1, limit);
        starts[field] = start + 1;
        ends[field] = at++;
        if (field === last) {
          if (bytes[at] === CR) at++;
          fields.count = count;
          return at < limit && bytes[at] === LF ? at : -1;
        }
        if (at >= limit || bytes[at] !== delimiter) return -1;
        field++;
        start = at + 1;
        word = (start >> 2) - 1;
        wanted = -1 << ((start & 3) << 3);
        break;
      }
    }
  }
  return -1;
}

/** Where in [from, limit) the next quote stands on this line; `limit` where none does. */
function quoteEnd(bytes: Buffer, from: number, limit: number): number {
  let at = from;
  while (at < limit && bytes[at] !== QUOTE) if (bytes[at++] === LF) return limit;
  return at;
}
