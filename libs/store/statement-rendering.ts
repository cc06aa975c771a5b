import { DEFAULT_DATABASE } from '../config/store-url';

/** The database of the documented views, for the tables of a database: `hoptime` for `hoptime_store`, `x` for `x_store`, else `x_views`. */
export function viewsDatabaseOf(database: string): string {
  return /._store$/.test(database) ? database.slice(0, -'_store'.length) : `${database}_views`;
}

/**
 * Statements name the databases `hoptime_store` and `hoptime`, whatever the store's are called. On a server these names are put in place
 * of them, so that several stores can share one server.
 */
export function withDatabases(sql: string, database: string): string {
  if (database === DEFAULT_DATABASE) return sql;
  return sql
    .replaceAll(/\bhoptime_store\b/g, database)
    .replaceAll(/\bhoptime\b(?=\.| ENGINE| ON CLUSTER)/g, viewsDatabaseOf(database))
    .replaceAll(/\bhoptime_viewer\b/g, `${viewsDatabaseOf(database)}_viewer`);
}

/** Where an `ingest/…` statement takes its rows from: `file({spool:String}, 'RowBinary', STRUCTURE)`. */
const ROWS = /\bfile\(\{spool:String\}, '(\w+)', ('[^']*'|\{\w+:String\})\)/;

/**
 * A statement that reads rows from a spool file, as one that reads them from the body of its HTTP request. So both engines run one text.
 * @throws Error for a statement that reads no rows, or reads them twice
 */
export function readingBody(sql: string): string {
  const found = [...sql.matchAll(new RegExp(ROWS, 'g'))];
  if (found.length !== 1)
    throw new Error(`a statement that reads rows has one file({spool:String}, …), not ${found.length}`);
  const [, format, structure] = found[0];
  return `${sql.replace(ROWS, `input(${structure})`)}\nFORMAT ${format}`;
}

/** Comments before the statement proper say nothing of what it does. */
const bare = (sql: string): string => sql.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');

/** Whether a statement only reads. */
export const isRead = (sql: string): boolean =>
  /^\(*\s*(SELECT|WITH|SHOW|DESC|DESCRIBE|EXISTS|EXPLAIN)\b/i.test(bare(sql));

/** Whether a statement adds rows: such a one gets a token of its own for deduplication. */
export const isInsert = (sql: string): boolean => /^INSERT\b/i.test(bare(sql));

/** Whether a statement makes, changes or drops a table; a mutation changes its rows only. */
export const isSchemaChange = (sql: string): boolean =>
  /^(CREATE TABLE|DROP (?:TABLE|VIEW)|ALTER(?! TABLE [\w.]+\s+(DELETE\s+WHERE|UPDATE)\b))\b/i.test(bare(sql));

/** Tables in which a row that comes twice counts once (`Replacing…`, and correlation's aggregates). */
const COUNTED_ONCE =
  /^INSERT INTO \w+\.(inputs|issued_reports|report_runs|trace_events|rejected_records|live_checkpoints|schema_migrations|group_links|rollup_versions|rollup_marks|lease_\d+)\b/i;
const REPEATABLE =
  /^(TRUNCATE|DELETE FROM|CREATE OR REPLACE|CREATE \w+( VIEW)? IF NOT EXISTS|DROP \w+ IF EXISTS|ALTER TABLE|KILL QUERY|GRANT|USE|SET)\b/i;

/**
 * Whether a statement may be sent again when nobody knows whether it ran: doing it twice is as doing it once. Other statements (an EXCHANGE,
 * rows of a stage) are repeated only with all that went before them.
 */
export function isRepeatable(sql: string): boolean {
  return isRepeatableAnyTime(sql) || REPEATABLE.test(bare(sql));
}

/** Whether a statement does no harm at whatever time it comes: it reads, or adds rows that count once. */
export function isRepeatableAnyTime(sql: string): boolean {
  return isRead(sql) || COUNTED_ONCE.test(bare(sql));
}
