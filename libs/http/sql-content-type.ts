const TEXT = 'text/plain; charset=UTF-8';
const BINARY = 'application/octet-stream';

const BY_PATTERN: readonly (readonly [RegExp, string])[] = [
  [/^(JSON(Compact)?(Strings)?EachRow.*|JSONLines|NDJSON)$/, 'application/x-ndjson; charset=UTF-8'],
  [/^(Pretty)(JSON|NDJSON)/, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/, 'application/json; charset=UTF-8'],
  [/^CSVWithNames/, 'text/csv; charset=UTF-8; header=present'],
  [/^CSV$/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(TSV|TabSeparated)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^XML$/, 'application/xml; charset=UTF-8'],
  [/^Markdown$/, 'text/markdown; charset=UTF-8'],
  [/^(Arrow|ArrowStream|Avro|BSONEachRow|MsgPack|Native|ORC|Parquet|RowBinary.*)$/, BINARY],
];

/** The media type of an output format, as a ClickHouse server says it. */
export function contentTypeOf(format: string): string {
  return BY_PATTERN.find(([pattern]) => pattern.test(format))?.[1] ?? TEXT;
}
