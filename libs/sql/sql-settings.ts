import { availableParallelism } from 'node:os';
import { SqlError } from './sql-error';

/** Settings of HTTP and of clients that mean nothing here, or that the endpoint itself acts on. */
const IGNORED: ReadonlySet<string> = new Set([
  'async_insert',
  'buffer_size',
  'cancel_http_readonly_queries_on_client_close',
  'close_session',
  'http_connection_timeout',
  'http_headers_progress_interval_ms',
  'http_native_compression_disable_checksumming_on_decompress',
  'http_receive_timeout',
  'http_response_buffer_size',
  'http_response_compression_method',
  'http_send_timeout',
  'http_write_exception_in_output_format',
  'http_zlib_compression_level',
  'insert_deduplicate',
  'log_comment',
  'log_queries',
  'network_compression_method',
  'profile',
  'quota_key',
  'readonly',
  'select_sequential_consistency',
  'send_progress_in_http_headers',
  'session_check',
  'session_id',
  'session_timeout',
  'wait_end_of_query',
]);

/** Settings that reach the engine: how an answer looks, and limits, which can only be made narrower. */
const APPLIED: readonly RegExp[] = [
  /^output_format_(json|csv|tsv|pretty|decimal|native|parquet|arrow|orc|avro|markdown|xml|msgpack|bson|binary|float|values|sql|custom)_(?!.*(file|schema|dictionary_path))\w+$/,
  /^output_format_(always|enable|write|float|trim)_\w+$/,
  /^(date_time|bool_true|bool_false|interval)_(output_format|representation)$/,
  /^format_(csv_delimiter|csv_null_representation|tsv_null_representation|custom_\w+_delimiter|custom_escaping_rule)$/,
  /^extremes$/,
  /^session_timezone$/,
  /^(join_use_nulls|any_join_distinct_right_table_keys|aggregate_functions_null_for_empty|transform_null_in|empty_result_for_aggregation_by_empty_set)$/,
  /^(prefer_column_name_to_alias|enable_positional_arguments|group_by_use_nulls|cast_keep_nullable|union_default_mode|final)$/,
  /^(max_block_size|max_rows_to_read|max_bytes_to_read|max_result_rows|max_result_bytes|max_rows_to_group_by|max_rows_to_sort)$/,
  /^(result_overflow_mode|read_overflow_mode|group_by_overflow_mode|sort_overflow_mode|limit|offset)$/,
  /^(allow_experimental_\w+_type|enable_(json|variant|dynamic|time_time64)_type|use_variant_as_common_type|short_circuit_function_evaluation)$/,
  /^(optimize_read_in_order|optimize_aggregation_in_order|max_bytes_before_external_group_by_ratio|enable_optimize_predicate_expression)$/,
];

/** Threads of one query: half of the processors, so that a heavy one leaves room for those of others. */
const MOST_THREADS = Math.max(1, Math.floor(availableParallelism() / 2));
/** Limits of which a client may ask for less. */
const NARROWED: ReadonlySet<string> = new Set(['max_execution_time', 'max_memory_usage', 'max_threads']);

/** What the configuration grants one query. */
export interface SqlLimits {
  readonly maxSeconds: number;
  /** bytes */
  readonly maxMemory: number;
  /** bytes of a result, as it is handed over */
  readonly maxResult: number;
}

/**
 * Settings of a client as those of the engine. Limits can be made narrower than the configuration's, never wider.
 * @throws SqlError for a setting that is not known here, with what is
 */
export function appliedSettings(given: Readonly<Record<string, string>>, limits: SqlLimits): Record<string, string> {
  const applied: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (NARROWED.has(name) || IGNORED.has(name)) continue;
    if (!APPLIED.some((allowed) => allowed.test(name)))
      throw SqlError.refusal(
        115,
        `Setting ${name} is unknown or not allowed here: only settings of output formats, and limits, can be set`,
      );
    applied[name] = value;
  }
  return {
    max_execution_time: String(narrower(given.max_execution_time, limits.maxSeconds)),
    max_memory_usage: String(narrower(given.max_memory_usage, limits.maxMemory)),
    max_threads: String(narrower(given.max_threads, MOST_THREADS)),
    ...applied,
  };
}

function narrower(asked: string | undefined, most: number): number {
  const number = Number(asked ?? 0);
  return Number.isFinite(number) && number > 0 && number < most ? number : most;
}
