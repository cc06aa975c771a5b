/** A range of 64-bit hashes, both ends included, as decimal text: the parameters {from:UInt64} and {to:UInt64} of correlate/*.sql. */
export interface HashSlice {
  /** its number, from 0: {slice:UInt32} */
  readonly slice: number;
  readonly from: string;
  readonly to: string;
}

const HASHES = 1n << 64n;

/** How many slices keep each at about `perSlice` rows. */
export function sliceCount(rows: number, perSlice: number): number {
  return Math.max(1, Math.ceil(rows / perSlice));
}

/** The whole range of 64-bit hashes in `count` equal parts: a range, so that the primary index serves it. */
export function hashSlices(count: number): HashSlice[] {
  const width = HASHES / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    slice: index,
    from: String(width * BigInt(index)),
    to: String(index === count - 1 ? HASHES - 1n : width * BigInt(index + 1) - 1n),
  }));
}
