import { Command, Option } from 'nest-commander';
import { querySql } from '../../../libs/delay/read-only-sql';
import { wholeNumber } from '../command';
import { UsageError } from '../failure';
import { printBytes } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface SqlOptions extends StoreOptions {
  format?: string;
  sqlMaxSeconds?: string;
  sqlMaxMemory?: string;
  sqlMaxResult?: string;
}

@Command({
  name: 'sql',
  arguments: '<query>',
  argsDescription: { query: 'one SELECT, WITH, SHOW, DESCRIBE or EXPLAIN statement, in quotes' },
  description: 'Ask the store in SQL, read-only: views journeys, hops, trace_events, rejected_records, inputs',
})
export class SqlCommand extends StoreCommand {
  protected readonly examples = `
    hoptime sql "SHOW TABLES"
    hoptime sql "SELECT state, count() FROM journeys GROUP BY state"
    hoptime sql "SELECT * FROM hops LIMIT 5" --format JSONEachRow`;

  async run([query]: string[], options: SqlOptions): Promise<void> {
    const flags = {
      SQL_MAX_SECONDS: options.sqlMaxSeconds,
      SQL_MAX_MEMORY: options.sqlMaxMemory,
      SQL_MAX_RESULT: options.sqlMaxResult,
    };
    await this.withStore(
      options,
      async (store, config) => {
        const answer = await querySql(store, query, {
          format: options.format,
          maxSeconds: config.sqlMaxSeconds,
          maxMemory: config.sqlMaxMemory,
          maxResult: config.sqlMaxResult,
        });
        if ('problem' in answer) throw new UsageError(answer.problem);
        await printBytes(answer.bytes);
      },
      flags,
    );
  }

  @Option({
    flags: '--format <name>',
    description: 'any output format of ClickHouse, e.g. CSVWithNames, JSON, Parquet (default: a table)',
  })
  parseFormat(text: string): string {
    if (!/^[A-Za-z]\w*$/.test(text)) throw new UsageError(`--format: ${JSON.stringify(text)} is no name of a format`);
    return text;
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
