import type { ByteWalk, Walk } from './byte-walk';
import type { NativeType } from './native-type';
import { INCORRECT_DATA, NOT_IMPLEMENTED, WireError } from './wire-error';

/** Version of the only way in which keys of LowCardinality are written (SharedDictionariesWithAdditionalKeys). */
const LOW_CARDINALITY_VERSION = 1n;
/** Flags in the word before the keys: low byte = log2 of the index size. */
const NEEDS_GLOBAL_DICTIONARY = 1n << 8n;
const HAS_KEYS = 1n << 9n;
/** Discriminator of NULL in a Variant. */
const NO_VARIANT = 255;

/** Walks over a column of `rows` (at least one) values: what comes before the values of nested types, then the values. */
export function* walkColumn(bytes: ByteWalk, type: NativeType, rows: number): Walk {
  yield* prefix(bytes, type);
  yield* values(bytes, type, rows);
}

function* prefix(bytes: ByteWalk, type: NativeType): Walk {
  switch (type.kind) {
    case 'lowCardinality': {
      const version = yield* bytes.uint64();
      if (version !== LOW_CARDINALITY_VERSION) throw unknownForm(`LowCardinality of version ${version}`);
      return;
    }
    case 'nullable':
    case 'array':
      return yield* prefix(bytes, type.of);
    case 'variant': {
      const mode = yield* bytes.uint64();
      if (mode !== 0n) throw unknownForm(`Variant of mode ${mode}`);
      for (const of of type.of) yield* prefix(bytes, of);
      return;
    }
    case 'tuple':
      for (const of of type.of) yield* prefix(bytes, of);
  }
}

function* values(bytes: ByteWalk, type: NativeType, rows: number): Walk {
  if (rows === 0) return;
  switch (type.kind) {
    case 'fixed':
      return yield* bytes.skip(rows * type.bytes);
    case 'string':
      return yield* bytes.skipStrings(rows);
    case 'nullable':
      yield* bytes.skip(rows);
      return yield* values(bytes, type.of, rows);
    case 'array':
      // Offsets: where each row's values end, so the last one is their number.
      yield* bytes.skip((rows - 1) * 8);
      return yield* values(bytes, type.of, asCount(yield* bytes.uint64()));
    case 'tuple':
      for (const of of type.of) yield* values(bytes, of, rows);
      return;
    case 'variant': {
      const counts = yield* bytes.countBytes(rows);
      for (const [discriminator, of] of type.of.entries()) yield* values(bytes, of, counts[discriminator]);
      if (counts.subarray(type.of.length, NO_VARIANT).some((count) => count > 0)) throw unknownForm('Variant');
      return;
    }
    case 'lowCardinality':
      return yield* lowCardinality(bytes, type.of, rows);
  }
}

/** Keys, of which the type is never Nullable (the first key stands for NULL), then one index a row. */
function* lowCardinality(bytes: ByteWalk, of: NativeType, rows: number): Walk {
  const word = yield* bytes.uint64();
  const indexSize = word & 0xffn;
  if (indexSize > 3n || (word & NEEDS_GLOBAL_DICTIONARY) !== 0n || (word & HAS_KEYS) === 0n) {
    throw unknownForm('LowCardinality');
  }
  const keys = asCount(yield* bytes.uint64());
  yield* values(bytes, of.kind === 'nullable' ? of.of : of, keys);
  const indexes = asCount(yield* bytes.uint64());
  if (indexes !== rows) throw new WireError(INCORRECT_DATA, `LowCardinality: ${indexes} values where ${rows} belong`);
  yield* bytes.skip(rows * 2 ** Number(indexSize));
}

function asCount(value: bigint): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count)) throw new WireError(INCORRECT_DATA, 'a count in the Native stream is too large');
  return count;
}

function unknownForm(what: string): WireError {
  return new WireError(NOT_IMPLEMENTED, `the engine writes ${what} in a form that is not known here`);
}
