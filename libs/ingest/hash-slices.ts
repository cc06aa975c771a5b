/** A range of 64-bit hashes, both ends included, as decimal text: typed query parameters {from:UInt64} and {to:UInt64}. */
export interface HashSlice {
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
    from: String(width * BigInt(index)),
    to: String(index === count - 1 ? HASHES - 1n : width * BigInt(index + 1) - 1n),
  }));
}
