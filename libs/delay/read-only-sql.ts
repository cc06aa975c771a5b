import { buffer } from 'node:stream/consumers';
import { type DataFormat } from '@clickhouse/client';
import { type Store } from '../store/store';

export interface SqlLimits {
  /** output format of ClickHouse; undefined = an aligned table */
  format?: string;
  maxSeconds: number;
  /** bytes */
  maxMemory: number;
  /** bytes */
  maxResult: number;
}

const TABLE = 'PrettyCompactNoEscapesMonoBlock';
const UNKNOWN_FORMAT = '73';
const HINTS: Readonly<Record<string, string>> = {
  159: ' Raise --sql-max-seconds, or ask for less.',
  241: ' Raise --sql-max-memory, or ask for less.',
  396: ' Raise --sql-max-result, or add a LIMIT.',
};
const ALLOWED = /^\(*\s*(SELECT|WITH|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS)\b/i;

/**
 * Runs one statement that only reads, with database `hoptime` as default. What is no such statement is answered as a problem; an
 * error of the engine is thrown. The session stays read-only and limited, so the store must not be used for anything else afterwards.
 * A guard against mistakes, not against the user, who may read every file of the store anyway; a service needs more (sql-endpoint.md §4).
 */
export async function querySql(
  store: Store,
  sql: string,
  limits: SqlLimits,
): Promise<{ bytes: Uint8Array } | { problem: string }> {
  // the engine's own parser says whether this is one statement; what it prints is what is run (sql-endpoint.md §3)
  const [{ text, problem }] = await formatted(store, sql);
  if (problem !== undefined) return { problem };
  const bare = text.replace(/'(?:[^'\\]|\\.|'')*'|`[^`]*`|"(?:[^"\\]|\\.)*"/g, "''");
  if (!ALLOWED.test(bare))
    return { problem: 'only SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS statements: the store is read-only here' };
  if (/\bINTO\s+OUTFILE\b/i.test(bare)) return { problem: 'INTO OUTFILE writes a file: redirect the output instead' };
  await store.command({ sql: 'USE hoptime' });
  await store.command({
    sql: `SET max_execution_time = ${limits.maxSeconds}, max_memory_usage = ${limits.maxMemory}, max_result_bytes = ${limits.maxResult},
      result_overflow_mode = 'throw', output_format_pretty_row_numbers = 0, output_format_pretty_max_rows = 1000000,
      output_format_json_quote_64bit_integers = 1, readonly = 1`,
  });
  let bytes: Uint8Array;
  try {
    // the client's type names the formats it can decode; the engine has more
    const format = (limits.format ?? TABLE) as DataFormat;
    const result = await store.client.exec({ query: text, clickhouse_settings: { default_format: format } });
    bytes = await buffer(result.stream);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const sentence = firstSentence(error);
    if (code === UNKNOWN_FORMAT) return { problem: sentence };
    throw new Error(`${sentence}${HINTS[code] ?? ''}`, { cause: error });
  }
  // the engine checks max_result_bytes per block only
  if (bytes.length > limits.maxResult) {
    throw new Error(
      `the result has ${bytes.length} bytes, more than SQL_MAX_RESULT allows (${limits.maxResult}): add a LIMIT or raise it`,
    );
  }
  return { bytes };
}

async function formatted(store: Store, sql: string): Promise<{ text: string; problem?: string }[]> {
  try {
    return await store.rows<{ text: string }>({ sql: 'SELECT formatQuerySingleLine({sql:String}) AS text' }, { sql });
  } catch (error) {
    return [{ text: '', problem: firstSentence(error) }];
  }
}

// the engine adds every token that could have stood there, and our own statement around the user's
const firstSentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/\.?\s*(: In scope SELECT formatQuerySingleLine|Expected one of:)[\s\S]*$/, '')
    .trim();
