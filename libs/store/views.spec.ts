import { sqlText } from './sql-file';
import { openTemporaryStore, type TemporaryStore } from './temporary-store.fixture';

const TIME = "DateTime64(3, 'UTC')";
const HOUR = "DateTime('UTC')";
const TEXT = 'Nullable(String)';
const CODE = 'LowCardinality(String)';
const CODE_OR_NULL = 'LowCardinality(Nullable(String))';
const MS = 'Nullable(Int64)';

/** The stable views (interfaces.md §3 and §6): users script against these names and types. */
const VIEWS: Record<string, [column: string, type: string][]> = {
  journeys: [
    ['journey_id', 'String'],
    ['message_id', TEXT],
    ['recipient', TEXT],
    ['original_recipient', TEXT],
    ['sender', TEXT],
    ['direction', TEXT],
    ['state', CODE],
    ['via_hes', CODE],
    ['verdict', CODE_OR_NULL],
    ['hes_received_at', `Nullable(${TIME})`],
    ['hes_first_attempt_at', `Nullable(${TIME})`],
    ['hes_released_at', `Nullable(${TIME})`],
    ['released_by', CODE_OR_NULL],
    ['delivered_at', `Nullable(${TIME})`],
    ['hes_ms', MS],
    ['hes_processing_ms', MS],
    ['hes_waiting_ms', MS],
    ['hes_quarantine_ms', MS],
    ['downstream_ms', MS],
    ['total_ms', MS],
    ['upstream_ms', MS],
    ['hop_count', 'UInt32'],
    ['slowest_hop_mta', CODE_OR_NULL],
    ['slowest_hop_ms', MS],
    ['deferrals', 'UInt32'],
    ['clock_correction_ms', MS],
    ['matched_by', CODE_OR_NULL],
    ['first_event_at', TIME],
    ['message_key', 'String'],
    ['recipient_domain', CODE_OR_NULL],
    ['sender_domain', CODE_OR_NULL],
    ['replies', 'Array(String)'],
  ],
  hops: [
    ['journey_id', 'String'],
    ['message_id', TEXT],
    ['recipient', TEXT],
    ['first_event_at', TIME],
    ['position', 'UInt32'],
    ['hop_id', 'String'],
    ['segment', CODE],
    ['mta', CODE],
    ['product', CODE],
    ['queue_id', TEXT],
    ['begun_at', TIME],
    ['received_at', `Nullable(${TIME})`],
    ['relayed_at', `Nullable(${TIME})`],
    ['dwell_ms', MS],
    ['transfer_ms', MS],
    ['deferrals', 'UInt32'],
    ['outcome', CODE],
    ['next_mta', CODE_OR_NULL],
    ['next_queue_id', TEXT],
    ['reported_delay_ms', MS],
    ['before_queue_ms', MS],
    ['in_queue_ms', MS],
    ['connect_ms', MS],
    ['transmit_ms', MS],
    ['smtp_reply', TEXT],
  ],
  trace_events: [
    ['event_id', 'String'],
    ['input_id', 'String'],
    ['file', 'String'],
    ['line', 'UInt32'],
    ['event_time', TIME],
    ['time_resolution_ms', 'UInt32'],
    ['time_basis', 'String'],
    ['kind', 'String'],
    ['statement', 'String'],
    ['mta', CODE],
    ['product', CODE],
    ['peer', TEXT],
    ['peer_address', TEXT],
    ['message_id', TEXT],
    ['queue_id', TEXT],
    ['next_mta', TEXT],
    ['next_address', TEXT],
    ['next_queue_id', TEXT],
    ['sender', TEXT],
    ['recipient', TEXT],
    ['original_recipient', TEXT],
    ['smtp_reply', TEXT],
    ['enhanced_status', CODE_OR_NULL],
    ['size_bytes', MS],
    ['delay_ms', MS],
    ['transaction_id', TEXT],
    ['message_key', 'String'],
  ],
  rejected_records: [
    ['input_id', 'String'],
    ['file', 'String'],
    ['line', 'UInt32'],
    ['source', CODE],
    ['reason', 'String'],
    ['text', 'String'],
    ['rejected_at', TIME],
  ],
  inputs: [
    ['input_id', 'String'],
    ['path', 'String'],
    ['format', 'String'],
    ['options', 'String'],
    ['state', 'String'],
    ['correlated', 'UInt8'],
    ['records', 'UInt64'],
    ['parsed', 'UInt64'],
    ['skipped', 'UInt64'],
    ['rejected', 'UInt64'],
    ['events', 'UInt64'],
    ['problem', TEXT],
    ['ingested_at', TIME],
  ],
  delays_hourly: [
    ['hour', HOUR],
    ['segment', 'String'],
    ['count', 'UInt64'],
    ...['sum_ms', 'mean_ms', 'p50_ms', 'p75_ms', 'p90_ms', 'p95_ms', 'p99_ms', 'p999_ms', 'max_ms'].map(
      (name): [string, string] => [name, 'Int64'],
    ),
    ...['under_1min', 'under_5min', 'under_10min'].map((name): [string, string] => [name, 'UInt64']),
    ...['share_under_1min', 'share_under_5min', 'share_under_10min'].map((name): [string, string] => [name, 'Float64']),
  ],
  clock_offsets: [
    ['hour', HOUR],
    ['from_mta', 'String'],
    ['to_mta', 'String'],
    ['transfers', 'UInt64'],
    ...[
      ...['offset_ms', 'spread_ms', 'min_ms', 'max_ms', 'estimate_ms', 'lower_ms', 'upper_ms'],
      ...['from_resolution_ms', 'to_resolution_ms', 'transmission_ms'],
    ].map((name): [string, string] => [name, 'Int64']),
  ],
  coverage_daily: [
    ['day', 'Date'],
    ...[
      ...['journeys', 'via_hes', 'not_via_hes', 'unknown_origin', 'matched_downstream'],
      ...['with_hes_ms', 'with_downstream_ms', 'with_total_ms'],
      ...['complete', 'relayed', 'in_flight', 'bounced', 'rejected', 'expired', 'quarantined', 'deleted'],
    ].map((name): [string, string] => [name, 'UInt64']),
  ],
};

describe('database hoptime', () => {
  let own: TemporaryStore;
  beforeAll(async () => (own = await openTemporaryStore()));
  afterAll(() => own.close());

  it('holds the documented views and nothing else', async () => {
    const sql = `SELECT name, engine FROM system.tables WHERE database = 'hoptime' ORDER BY name`;
    const views = Object.keys(VIEWS).sort();
    expect(await own.store.rows({ sql })).toEqual(views.map((name) => ({ name, engine: 'View' })));
  });

  it.each(Object.entries(VIEWS))('%s has these columns', async (view, columns) => {
    const described = await own.store.rows<{ name: string; type: string }>({ sql: `DESCRIBE TABLE hoptime.${view}` });
    expect(described.map(({ name, type }) => [name, type])).toEqual(columns);
  });

  it('is read with the rights of its maker, and says what each column means', async () => {
    const views = await own.store.rows<{ name: string; create_table_query: string; comment: string }>({
      sql: `SELECT name, create_table_query, comment FROM system.tables WHERE database = 'hoptime'`,
    });
    const other = views.filter(({ create_table_query }) => !create_table_query.includes('SQL SECURITY DEFINER'));
    expect(other.map(({ name }) => name)).toEqual([]);
    expect(views.filter(({ comment }) => comment.length < 20).map(({ name }) => name)).toEqual([]);
    const silent = `SELECT table, name FROM system.columns WHERE database = 'hoptime' AND length(comment) < 3`;
    expect(await own.store.rows({ sql: silent })).toEqual([]);
  });

  it.each(Object.keys(VIEWS))('%s of an empty store is empty', async (view) => {
    expect(await own.store.rows({ sql: `SELECT * FROM hoptime.${view}` })).toEqual([]);
  });
});

it('hops over corrected rows are the view hops, column by column', () => {
  const columns = (name: string): string => {
    const text = sqlText(name);
    return text.slice(text.indexOf('SELECT\n'), text.indexOf('\n    hops.in_queue_ms'));
  };
  expect(columns('corrected/hops').length).toBeGreaterThan(500);
  expect(columns('corrected/hops')).toBe(columns('migrations/0071_view_hops'));
});
