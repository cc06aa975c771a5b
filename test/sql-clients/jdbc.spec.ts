import { BY_STATE, HARD_TEXT, JOURNEYS, MANY, STATEMENTS, STORIES } from './expected';
import { jdbc } from './installed.fixture';
import { output, SqlServing } from './serving.fixture';

/** What Metabase's driver sets beside user and password (modules/drivers/clickhouse of metabase/metabase). */
const METABASE = new URLSearchParams({
  ssl: 'false',
  use_server_time_zone_for_dates: 'true',
  product_name: 'metabase/v0.56.0',
  remember_last_set_roles: 'true',
  http_connection_provider: 'HTTP_URL_CONNECTION',
  jdbc_ignore_unsupported_values: 'true',
  jdbc_schema_term: 'schema',
  select_sequential_consistency: 'true',
  max_open_connections: '100',
}).toString();

/**
 * Both drivers with their default options (their own LZ4 blocks with checksums): 0.9.4 as tools bundle it, which knows no path, and 0.9.9. The
 * program runs in another zone than the server.
 */
describe('clickhouse-jdbc', () => {
  let serving: SqlServing;
  const answers: Record<string, Record<string, unknown>> = {};

  beforeAll(async () => {
    serving = await SqlServing.over(STORIES);
    const asked = Object.entries({ ...STATEMENTS, text: HARD_TEXT }).map(
      ([name, text]) => `-Dasked.${name.replace(' ', '-')}=${Buffer.from(text).toString('base64')}`,
    );
    const own = `127.0.0.1:${serving.sqlPort}/hoptime`;
    const urls: Record<string, [version: string, url: string]> = {
      '0.9.4': ['0.9.4', `jdbc:clickhouse:http://${own}`],
      '0.9.9': ['0.9.9', `jdbc:clickhouse:http://127.0.0.1:${serving.apiPort}/sql/hoptime`],
      '0.9.4 with the properties of Metabase': ['0.9.4', `jdbc:clickhouse://${own}?${METABASE}`],
    };
    for (const [name, [version, url]] of Object.entries(urls)) {
      const args = [...asked, ...jdbc(version), 'Client', url];
      answers[name] = JSON.parse(output('java', args)) as Record<string, unknown>;
    }
  }, 600_000);
  afterAll(() => serving?.stop());

  const journeys = JOURNEYS.map((row) => row.map((value) => (typeof value === 'number' ? String(value) : value)));
  const typed = JOURNEYS.map(([id, , , hesMs, , deliveredAt, hops]) => [
    id,
    hesMs ?? 'NULL',
    deliveredAt ?? 'NULL',
    hops,
  ]);
  const types = [
    ...['18446744073709551615', '-9223372036854775808', [1, 2, 3], ["it's", 'back\\slash', ''], 'complete', 'mx1'],
    ...[null, null, '2026-03-02T10:00:05.955', ['1', null], [1, 'x'], '12.345'],
    ...['6f1c2b3a-0000-4000-8000-0123456789ab', 0.1, true, '2026-03-02'],
  ];
  const expected: Record<string, unknown> = {
    valid: true,
    journeys,
    typed,
    types: [types],
    empty: [],
    'empty columns': ['message_id', 'hes_ms'],
    'by state': BY_STATE.map(([state, count, longest]) => [state, String(count), String(longest)]),
    bound: [['direct-1@elsewhere.example']],
    echo: [[HARD_TEXT, null, '-9223372036854775808']],
    since: [['4']],
    many: [MANY.rows, MANY.sum],
    'max rows': 2,
    errors: {
      'SELECT * FROM nowhere': 60,
      'SELECT no_column FROM journeys': 47,
      'SELECT 1 +': 62,
      'DROP TABLE journeys': 497,
    },
    product: 'ClickHouse',
    'sees hoptime': true,
    'sees the store': false,
    columns: [
      ['journey_id', 'String', 12],
      ['message_id', 'Nullable(String)', 12],
      ['recipient', 'Nullable(String)', 12],
      ['first_event_at', "DateTime64(3, 'UTC')", 93],
    ],
    'knows types': true,
    'table types': true,
    'primary keys': 0,
    indexes: 0,
    'imported keys': 0,
    functions: 1,
  };

  describe.each(['0.9.4', '0.9.9', '0.9.4 with the properties of Metabase'])('%s', (version) => {
    it.each(Object.entries(expected))('says the right thing of %s', (name, value) => {
      expect(answers[version][name]).toEqual(value);
    });

    it('lists the views', () => {
      expect(answers[version].tables).toEqual(
        expect.arrayContaining(['hops', 'journeys', 'rejected_records', 'trace_events']),
      );
    });
  });
});
