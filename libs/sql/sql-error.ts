/** ClickHouse's codes of what this program refuses itself, with the names that it gives them. */
const NAMES = {
  36: 'BAD_ARGUMENTS',
  46: 'UNKNOWN_FUNCTION',
  62: 'SYNTAX_ERROR',
  73: 'UNKNOWN_FORMAT',
  81: 'UNKNOWN_DATABASE',
  115: 'UNKNOWN_SETTING',
  159: 'TIMEOUT_EXCEEDED',
  164: 'READONLY',
  202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  394: 'QUERY_WAS_CANCELLED',
  396: 'TOO_MANY_ROWS_OR_BYTES',
  497: 'ACCESS_DENIED',
} as const;

export type RefusalCode = keyof typeof NAMES;

/** A failure of a SQL query in ClickHouse's shape: `Code: N. DB::Exception: sentence. (NAME)`. */
export class SqlError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'SqlError';
  }

  /** What this program refuses itself; the sentence says what is allowed. */
  static refusal(code: RefusalCode, sentence: string): SqlError {
    return new SqlError(code, `Code: ${code}. DB::Exception: ${sentence.replace(/\.$/, '')}. (${NAMES[code]})`);
  }

  /** An error of the engine, without the parts that speak of statements of this program around the client's. */
  static of(error: unknown): SqlError {
    if (error instanceof SqlError) return error;
    const text = error instanceof Error ? error.message : String(error);
    const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? 1001);
    const name = /\(([A-Z][A-Z0-9_]+)\)\s*$/.exec(text)?.[0].trim() ?? '';
    // The engine wraps some errors twice.
    const [, once] =
      /^(?:Code: \d+\. DB::Exception: )(Code: [\s\S]*) \(version [^)]*\)\. \([A-Z_]+\)$/.exec(text.trim()) ?? [];
    if (once !== undefined) return new SqlError(code, once);
    const cut = text.replace(/\.?\s*:? In scope SELECT formatQuerySingleLine[\s\S]*$/, '').trim();
    if (!/Code: \d+/.test(cut)) return new SqlError(code, `Code: ${code}. DB::Exception: ${cut}. (STD_EXCEPTION)`);
    return new SqlError(code, cut === text.trim() ? cut : `${cut}. ${name}`.trim());
  }
}

const BAD_REQUEST = [
  6, 7, 23, 25, 26, 27, 36, 38, 41, 43, 44, 53, 62, 69, 72, 117, 167, 168, 190, 321, 376, 427, 441, 675, 676,
];
const NOT_FOUND = [16, 46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 511];
const STATUS: Readonly<Record<number, number>> = {
  ...Object.fromEntries(BAD_REQUEST.map((code) => [code, 400])),
  ...Object.fromEntries(NOT_FOUND.map((code) => [code, 404])),
  48: 501,
  159: 408,
  192: 403,
  193: 403,
  194: 401,
  202: 503,
  223: 413,
  497: 403,
  512: 403,
  516: 403,
};

/** The HTTP status that a ClickHouse server gives an exception of this code; 503 instead of 500 for 202, so that clients try again. */
export function httpStatusOf(code: number): number {
  return STATUS[code] ?? 500;
}
