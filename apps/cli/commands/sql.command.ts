import { Command, Option } from 'nest-commander';
import { examplesText } from '../../../libs/sql/examples';
import type { SqlRequest } from '../../../libs/sql/sql-engine';
import { SqlError } from '../../../libs/sql/sql-error';
import { wholeNumber } from '../command';
import { UsageError } from '../failure';
import { print, printableBytes } from '../output';
import { show } from '../pager';
import { sqlLimits, StoreCommand, type StoreOptions } from '../store.command';

interface SqlOptions extends StoreOptions {
  format?: string;
  pager?: boolean;
  examples?: boolean;
  sqlMaxSeconds?: string;
  sqlMaxMemory?: string;
  sqlMaxResult?: string;
}

const TABLE = 'PrettyCompactNoEscapesMonoBlock';
/** So much of an answer is awaited, so that one that fails is not printed in part. */
const HELD_BYTES = 64 * 1024 * 1024;
const SETTINGS: Readonly<Record<string, string>> = {
  output_format_pretty_row_numbers: '0',
  output_format_pretty_max_rows: '1000000',
  output_format_json_quote_64bit_integers: '1',
};
/** Codes of what is wrong with the statement itself or not allowed: wrong usage. */
const USAGE: readonly number[] = [36, 62, 73, 115, 164, 497];
const HINTS: Readonly<Record<number, string>> = {
  159: ' Raise --sql-max-seconds, or ask for less.',
  241: ' Raise --sql-max-memory, or ask for less.',
};

@Command({
  name: 'sql',
  arguments: '[query]',
  argsDescription: { query: 'one SELECT, WITH, SHOW, DESCRIBE or EXPLAIN statement, in quotes' },
  description: 'Ask the store in SQL, read-only: the views of docs/sql.md, among them journeys, hops, delays_hourly',
})
export class SqlCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime sql "SHOW TABLES"
    hoptime sql "SELECT state, count() FROM journeys GROUP BY state"
    hoptime sql "SELECT * FROM hops LIMIT 5" --format JSONEachRow
    hoptime sql --examples`;

  async run([query]: string[], options: SqlOptions): Promise<void> {
    if (options.examples) return print(examplesText());
    if (query === undefined) throw new UsageError('sql: a statement is missing, or --examples to see some');
    const flags = {
      SQL_MAX_SECONDS: options.sqlMaxSeconds,
      SQL_MAX_MEMORY: options.sqlMaxMemory,
      SQL_MAX_RESULT: options.sqlMaxResult,
    };
    const request: SqlRequest = { text: query, defaultFormat: options.format ?? TABLE, settings: SETTINGS };
    await this.withStore(
      options,
      async (store, config) => {
        const { askStore } = await import('../../../libs/sql/ask-store.js');
        const gone = new AbortController();
        try {
          const bytes = await askStore(store, request, sqlLimits(config), gone.signal);
          const isTable = options.format === undefined;
          await show(held(isTable ? printableBytes(bytes) : bytes), options.pager !== false && isTable);
        } catch (error) {
          throw failureOf(error);
        } finally {
          gone.abort();
        }
      },
      flags,
    );
  }

  @Option({
    flags: '--format <name>',
    description: 'output format of ClickHouse, e.g. CSVWithNames, JSON, Parquet (default: a table)',
  })
  parseFormat(text: string): string {
    if (!/^[A-Za-z]\w*$/.test(text)) throw new UsageError(`--format: ${JSON.stringify(text)} is no name of a format`);
    return text;
  }

  @Option({ flags: '--examples', description: 'print questions with the SQL that answers them, and end' })
  parseExamples(): boolean {
    return true;
  }

  @Option({ flags: '--no-pager', description: 'print the table at once, also on a terminal' })
  parsePager(): boolean {
    return false;
  }

  @Option({ flags: '--sql-max-seconds <n>', description: 'longest run (default: SQL_MAX_SECONDS, else 10)' })
  parseSqlMaxSeconds(text: string): string {
    return String(wholeNumber('--sql-max-seconds', text, 1, 86_400));
  }

  @Option({ flags: '--sql-max-memory <size>', description: 'most memory (default: SQL_MAX_MEMORY, else 2 GiB)' })
  parseSqlMaxMemory(text: string): string {
    return text;
  }

  @Option({ flags: '--sql-max-result <size>', description: 'largest result (default: SQL_MAX_RESULT, else 256 MiB)' })
  parseSqlMaxResult(text: string): string {
    return text;
  }
}

/** The same bytes, the first of which come when all have, or {@link HELD_BYTES}. */
async function* held(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    waiting.push(chunk);
    if (length < HELD_BYTES) continue;
    yield* waiting;
    waiting = [];
  }
  yield* waiting;
}

/** The engine's sentence without what only programs read, and without every token that could have stood there. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof Error) || !/Code: \d+/.test(error.message)) return error;
  const { code, message } = SqlError.of(error);
  const sentence = message
    .replace(/^(Code: \d+\. DB::Exception: )+/, '')
    .replace(/\.?\s*\([A-Z][A-Z0-9_]+\)$/, '')
    .replace(/\.?\s*Expected one of:[\s\S]*$/, '')
    .trim();
  if (USAGE.includes(code)) return new UsageError(sentence);
  return new Error(`${sentence}${HINTS[code] === undefined ? '' : `.${HINTS[code]}`}`, { cause: error });
}
