import { NOT_IMPLEMENTED, WireError } from './wire-error';

/** How the values of a type lie in a column of the Native format. */
export type NativeType =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'nullable' | 'array' | 'lowCardinality'; readonly of: NativeType }
  | { readonly kind: 'tuple' | 'variant'; readonly of: readonly NativeType[] };

const FIXED: Readonly<Record<string, number>> = {
  ...{ UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, UInt128: 16, UInt256: 32 },
  ...{ Int8: 1, Int16: 2, Int32: 4, Int64: 8, Int128: 16, Int256: 32 },
  ...{ Float32: 4, Float64: 8, BFloat16: 2, Bool: 1, Nothing: 1 },
  ...{ Date: 2, Date32: 4, DateTime: 4, DateTime64: 8, Time: 4, Time64: 8 },
  ...{ Enum8: 1, Enum16: 2, UUID: 16, IPv4: 4, IPv6: 16, Decimal32: 4, Decimal64: 8, Decimal128: 16, Decimal256: 32 },
};

/** Types that are another name of a composed one. */
const SYNONYMS: Readonly<Record<string, string>> = {
  Point: 'Tuple(Float64, Float64)',
  Ring: 'Array(Point)',
  LineString: 'Array(Point)',
  MultiLineString: 'Array(LineString)',
  Polygon: 'Array(Ring)',
  MultiPolygon: 'Array(Polygon)',
};

const STRING: NativeType = { kind: 'string' };
const fixed = (bytes: number): NativeType => ({ kind: 'fixed', bytes });
const arrayOf = (of: NativeType): NativeType => ({ kind: 'array', of });
const tupleOf = (of: readonly NativeType[]): NativeType => ({ kind: 'tuple', of });

/**
 * Reads the name of a type as ClickHouse prints it, e.g. `Array(Tuple(mta LowCardinality(String), at Nullable(DateTime64(3, 'UTC'))))`.
 * @throws WireError for a type whose bytes are not known here
 */
export function nativeType(name: string): NativeType {
  return parse(name.trim(), name);
}

function parse(name: string, whole: string): NativeType {
  const match = /^(\w+)(?:\(([\s\S]*)\))?$/.exec(name);
  const base = match?.[1] ?? '';
  const parts = match?.[2] === undefined ? [] : splitArguments(match[2]);
  const first = (): NativeType => parse(parts[0], whole);
  if (Object.hasOwn(FIXED, base)) return fixed(FIXED[base]);
  if (base.startsWith('Interval')) return fixed(8);
  if (Object.hasOwn(SYNONYMS, base)) return parse(SYNONYMS[base], whole);
  switch (base) {
    case 'String':
      return STRING;
    case 'FixedString':
      return fixed(Number(parts[0]));
    case 'Decimal':
      return fixed(decimalBytes(Number(parts[0])));
    case 'Nullable':
      return { kind: 'nullable', of: first() };
    case 'Array':
      return arrayOf(first());
    case 'LowCardinality':
      return { kind: 'lowCardinality', of: first() };
    case 'Map':
      return arrayOf(tupleOf(parts.map((part) => parse(part, whole))));
    case 'Nested':
      return arrayOf(tupleOf(parts.map((part) => parse(withoutName(part), whole))));
    case 'Tuple':
      // A tuple without elements is a byte a row.
      return parts.length === 0 ? fixed(1) : tupleOf(parts.map((part) => parse(withoutName(part), whole)));
    case 'Variant':
      return { kind: 'variant', of: parts.map((part) => parse(part, whole)) };
    case 'SimpleAggregateFunction':
      return parse(parts[parts.length - 1], whole);
    default:
      throw new WireError(
        NOT_IMPLEMENTED,
        `a column of type ${whole} cannot be sent in the Native format of this client's protocol: select it as text, e.g. by toString()`,
      );
  }
}

/** By the precision, as ClickHouse stores it. */
function decimalBytes(precision: number): number {
  if (precision <= 9) return 4;
  if (precision <= 18) return 8;
  return precision <= 38 ? 16 : 32;
}

/** Cuts at commas outside of brackets, quotes and backticks. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const token of text.matchAll(/'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|[(),]/gs)) {
    if (token[0] === '(') depth++;
    else if (token[0] === ')') depth--;
    else if (token[0] === ',' && depth === 0) {
      parts.push(text.slice(from, token.index).trim());
      from = token.index + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' ? parts : [...parts, last];
}

/** An element of a tuple is a type, or a name and a type. */
function withoutName(element: string): string {
  const named = /^(?:`(?:[^`\\]|\\.)*`|\w+)\s+(?=\w)([\s\S]+)$/.exec(element);
  return named ? named[1] : element;
}
