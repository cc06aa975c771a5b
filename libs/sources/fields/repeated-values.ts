import type { RecordFields } from './record-fields';

const SLOTS = 1024;
/** A longer value is not likely to come again. */
const LONGEST = 64;

interface Seen<T> {
  readonly bytes: Uint8Array;
  readonly meaning: T;
}

/**
 * What values mean that a file repeats time and again (host names, event ids, states): found by their bytes, so that only a value that has not been
 * seen becomes a string. Bounded: a value takes the place of another with the same hash.
 */
export class RepeatedValues<T> {
  private readonly slots = new Array<Seen<T> | undefined>(SLOTS).fill(undefined);
  /** what was asked for last: most columns say the same for many records */
  private latest: Seen<T> | undefined;

  /** @param meaningOf must depend on its text alone */
  constructor(private readonly meaningOf: (text: string) => T) {}

  /** What the value of a field means; that of '' where there is no such field. */
  of(fields: RecordFields, index: number): T {
    const none = index < 0 || index >= fields.count;
    return this.ofBytes(fields.bytes, none ? 0 : fields.from[index], none ? 0 : fields.to[index]);
  }

  /** What bytes [from, to) mean. */
  ofBytes(bytes: Buffer, from: number, to: number): T {
    const length = to - from;
    const { latest } = this;
    if (latest !== undefined && isSame(latest.bytes, bytes, from, length)) return latest.meaning;
    if (length > LONGEST) return this.meaningOf(bytes.toString('utf8', from, to));
    let hash = length;
    for (let i = from; i < to; i++) hash = (hash * 31 + bytes[i]) | 0;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const seen = this.slots[slot];
    if (seen !== undefined && isSame(seen.bytes, bytes, from, length)) {
      this.latest = seen;
      return seen.meaning;
    }
    const meaning = this.meaningOf(bytes.toString('utf8', from, to));
    this.latest = this.slots[slot] = { bytes: Uint8Array.from(bytes.subarray(from, to)), meaning };
    return meaning;
  }
}

function isSame(seen: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (seen.length !== length) return false;
  for (let i = 0; i < length; i++) if (seen[i] !== bytes[from + i]) return false;
  return true;
}
