import { SQL_EXAMPLES } from '../../libs/sql/examples';
import { SqlPlace } from './endpoint.fixture';
import { storeFiveJourneys } from './five-journeys.fixture';

/** What people ask, and clients ask for them, is answered, exactly. */
let place: SqlPlace;
beforeAll(async () => {
  place = await SqlPlace.open();
  await storeFiveJourneys(place.store);
});
afterAll(() => place.close());

async function answer(sql: string, parameters: Record<string, string> = {}): Promise<string> {
  const { status, body } = await place.ask(sql, parameters);
  expect([sql, status, status === 200 ? '' : body.toString()]).toEqual([sql, 200, '']);
  return body.toString();
}

const HOUR = '2026-03-02 10:00:00';

it.each<[sql: string, expected: string, parameters?: Record<string, string>]>([
  ['SELECT count() FROM journeys', '5\n'],
  // A column that is named as a function of the engine is, stays a column.
  [
    "SELECT tuple(file, line), map(file, 1), array(file) FROM (SELECT 'a' AS file, 2 AS line)",
    "('a',2)\t{'a':1}\t['a']\n",
  ],
  ["select count(*) from hoptime.journeys where state = 'complete'", '4\n'],
  ['SELECT state, count() AS n FROM journeys GROUP BY state ORDER BY n DESC, state', 'complete\t4\nin_flight\t1\n'],
  [
    'SELECT message_id FROM journeys WHERE total_ms > 60000 ORDER BY total_ms DESC',
    "o\\'c@two.example\nb@two.example\n",
  ],
  ['SELECT max(total_ms), min(total_ms), sum(total_ms) FROM journeys', '401000\t5000\t471000\n'],
  [
    'SELECT quantileExactWeighted(0.5)(hes_ms, 1), quantileExactWeighted(0.95)(hes_ms, 1) FROM journeys',
    '5000\t400000\n',
  ],
  [
    'SELECT quantilesExact(0.1, 0.9)(assumeNotNull(total_ms)) FROM journeys WHERE total_ms IS NOT NULL',
    '[5000,401000]\n',
  ],
  [
    "SELECT recipient, countIf(via_hes = 'yes') FROM journeys GROUP BY recipient ORDER BY recipient",
    'ann@corp.example\t2\nbob@corp.example\t2\n',
  ],
  // joins
  [
    "SELECT j.message_id, h.mta, h.dwell_ms FROM journeys AS j INNER JOIN hops AS h USING (journey_id) WHERE h.segment = 'downstream' ORDER BY h.dwell_ms",
    "o\\'c@two.example\tmx2\t1050\na@one.example\tmx1\t1900\nb@two.example\tmx1\t59900\n",
  ],
  ['SELECT count() FROM journeys AS j LEFT JOIN hops AS h ON j.journey_id = h.journey_id', '8\n'],
  ['SELECT count() FROM journeys WHERE journey_id NOT IN (SELECT journey_id FROM hops)', '2\n'],
  ['SELECT count() FROM journeys AS a CROSS JOIN journeys AS b', '25\n'],
  [
    'SELECT message_id FROM journeys AS j WHERE EXISTS (SELECT 1 FROM hops WHERE hops.journey_id = j.journey_id AND deferrals = 2)',
    'b@two.example\n',
  ],
  [
    "SELECT count() FROM journeys ANTI LEFT JOIN (SELECT journey_id FROM hops WHERE mta = 'mx1') AS h USING (journey_id)",
    '3\n',
  ],
  // windows
  [
    'SELECT message_id, row_number() OVER (ORDER BY total_ms DESC) AS place FROM journeys WHERE total_ms > 0 ORDER BY place',
    "o\\'c@two.example\t1\nb@two.example\t2\na@one.example\t3\n",
  ],
  [
    'SELECT total_ms, sum(total_ms) OVER (ORDER BY first_event_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM journeys WHERE total_ms > 0 ORDER BY first_event_at',
    '5000\t5000\n65000\t70000\n401000\t471000\n',
  ],
  [
    'SELECT total_ms - lagInFrame(total_ms) OVER w FROM journeys WHERE total_ms > 0 WINDOW w AS (ORDER BY first_event_at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) ORDER BY first_event_at DESC LIMIT 1',
    '336000\n',
  ],
  // CTEs, subqueries, sets
  ['WITH late AS (SELECT * FROM journeys WHERE total_ms >= 60000) SELECT count() FROM late', '2\n'],
  [
    'WITH (SELECT max(total_ms) FROM journeys) AS most SELECT message_id FROM journeys WHERE total_ms = most',
    "o\\'c@two.example\n",
  ],
  ['WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT sum(i) FROM n', '10\n'],
  ["SELECT count() / (SELECT count() FROM journeys) FROM journeys WHERE via_hes = 'no'", '0.2\n'],
  ['SELECT x FROM (SELECT 1 AS x UNION ALL SELECT 2) ORDER BY x', '1\n2\n'],
  ["SELECT recipient FROM journeys INTERSECT SELECT 'ann@corp.example'", 'ann@corp.example\n'],
  ["SELECT DISTINCT recipient FROM journeys EXCEPT SELECT 'ann@corp.example'", 'bob@corp.example\n'],
  // parameters, as ClickHouse's HTTP interface takes them
  [
    'SELECT message_id FROM journeys WHERE total_ms >= {least:Int64} ORDER BY total_ms LIMIT 1',
    'b@two.example\n',
    { param_least: '60000' },
  ],
  ['SELECT count() FROM journeys WHERE message_id = {id:String}', '1\n', { param_id: "o'c@two.example" }],
  [
    'SELECT count() FROM journeys WHERE recipient IN {list:Array(String)}',
    '3\n',
    { param_list: "['ann@corp.example','x']" },
  ],
  [
    'SELECT {nothing:Nullable(String)} IS NULL, {text:String}',
    '1\t\\\\N\n',
    { param_nothing: '\\N', param_text: '\\\\N' },
  ],
  ['SELECT count() FROM {name:Identifier}', '5\n', { param_name: 'journeys' }],
  ['SELECT {day:Date} = toDate(min(first_event_at)) FROM journeys', '1\n', { param_day: '2026-03-02' }],
  // arrays, maps, texts
  ['SELECT arrayMap(x -> x * 2, [1, 2, 3]), arrayFilter(x -> x > 1, [1, 2]), has([1, 2], 2)', '[2,4,6]\t[2]\t1\n'],
  [
    "SELECT groupArray(mta) FROM (SELECT mta FROM hops WHERE segment = 'downstream' ORDER BY first_event_at)",
    "['mx1','mx1','mx2']\n",
  ],
  ['SELECT arrayJoin([1, 2]) AS x, x + 1 ORDER BY x', '1\t2\n2\t3\n'],
  ["SELECT map('a', 1)['a'], splitByChar('@', 'x@y')[2], lower('ÄB'), 'x' || 'y'", '1\ty\tÄb\txy\n'],
  ["SELECT JSONExtractInt('{\"a\": 7}', 'a'), replaceRegexpOne('mx1.corp', '\\\\..*', '')", '7\tmx1\n'],
  ['SELECT file, count() FROM trace_events GROUP BY file', ''],
  // dates
  [
    'SELECT toStartOfHour(first_event_at) AS hour, count() FROM journeys GROUP BY hour ORDER BY hour',
    `${HOUR}\t3\n2026-03-03 09:00:00\t2\n`,
  ],
  [
    "SELECT formatDateTime(min(first_event_at), '%Y/%m/%d'), dateDiff('minute', min(first_event_at), max(first_event_at)) FROM journeys",
    '2026/03/02\t1410\n',
  ],
  ["SELECT toTimeZone(min(first_event_at), 'Europe/Berlin') FROM journeys", '2026-03-02 11:00:00.000\n'],
  [
    "SELECT count() FROM journeys WHERE first_event_at >= toDateTime('2026-03-03 00:00:00', 'UTC') AND first_event_at < toDateTime('2026-03-03 00:00:00', 'UTC') + INTERVAL 1 DAY",
    '2\n',
  ],
  // shapes of results
  [
    'SELECT via_hes, count() FROM journeys GROUP BY via_hes WITH TOTALS ORDER BY via_hes FORMAT JSONCompactEachRow',
    '["no", 1]\n["yes", 4]\n',
  ],
  [
    'SELECT recipient, total_ms FROM journeys WHERE total_ms > 0 ORDER BY total_ms DESC LIMIT 1 BY recipient',
    'ann@corp.example\t401000\nbob@corp.example\t65000\n',
  ],
  ['SELECT number FROM numbers(3) FORMAT CSVWithNames', '"number"\n0\n1\n2\n'],
  ["SELECT * FROM VALUES('a UInt8, b String', (1, 'x'), (2, 'y')) ORDER BY a DESC", '2\ty\n1\tx\n'],
  [
    'SELECT 9007199254740993 AS x FORMAT JSONEachRow',
    '{"x":"9007199254740993"}\n',
    { output_format_json_quote_64bit_integers: '1' },
  ],
  [
    "SELECT CASE WHEN total_ms IS NULL THEN 'unknown' WHEN total_ms < 60000 THEN 'fast' ELSE 'late' END AS c, count() FROM journeys GROUP BY c ORDER BY c",
    'fast\t1\nlate\t2\nunknown\t2\n',
  ],
  // what there is
  [
    'SHOW TABLES',
    'clock_offsets\ncoverage_daily\ndelays_hourly\nhops\ninputs\njourneys\nrejected_records\ntrace_events\n',
  ],
  ['SHOW DATABASES', 'hoptime\n'],
  ["SHOW TABLES FROM hoptime LIKE 'h%'", 'hops\n'],
  ['EXISTS TABLE journeys', '1\n'],
  ['EXISTS hoptime.nothing', '0\n'],
  [
    "SELECT name, type FROM system.columns WHERE database = 'hoptime' AND table = 'coverage_daily' ORDER BY position LIMIT 2",
    'day\tDate\njourneys\tUInt64\n',
  ],
  [
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'hoptime' AND table_name LIKE 'j%'",
    'journeys\n',
  ],
  ["SELECT currentDatabase(), currentUser(), displayName() != ''", 'hoptime\tdefault\t1\n'],
  ["SELECT value FROM system.settings WHERE name = 'readonly'", '1\n'],
  // the views that are computed
  [
    `SELECT count, sum_ms, mean_ms, p50_ms, p95_ms, max_ms, under_1min, under_5min, under_10min, round(share_under_1min, 4) FROM delays_hourly WHERE segment = 'hes'`,
    '3\t408000\t136000\t5000\t400000\t400000\t2\t2\t3\t0.6667\n',
  ],
  [
    `SELECT hour, p50_ms, max_ms, under_1min FROM delays_hourly WHERE segment = 'downstream'`,
    `${HOUR}\t2000\t60000\t2\n`,
  ],
  ['SELECT segment FROM delays_hourly ORDER BY segment', 'downstream\nhes\nhes_processing\nhes_waiting\ntotal\n'],
  [
    // HES's stamps are whole seconds, and it reports no time of transmission: 1 s, and 1 s. 100 − 1000 − 100 and 100 + 1 + 1000 are the bounds at mx1,
    // 100 + (1 − 1000) / 2 the estimate.
    'SELECT * FROM clock_offsets ORDER BY to_mta',
    `${HOUR}\thes\tmx1\t2\t100\t0\t100\t100\t-399\t-1000\t1101\t1000\t1\t1000\n` +
      `${HOUR}\thes\tmx2\t1\t-50\t0\t-50\t-50\t-549\t-1150\t951\t1000\t1\t1000\n`,
  ],
  [
    'SELECT day, journeys, via_hes, not_via_hes, unknown_origin, matched_downstream, with_hes_ms, with_downstream_ms, with_total_ms, complete, in_flight FROM coverage_daily ORDER BY day',
    '2026-03-02\t3\t3\t0\t0\t3\t3\t3\t3\t3\t0\n2026-03-03\t2\t1\t1\t0\t0\t0\t0\t0\t1\t1\n',
  ],
])('%s', async (sql, expected, parameters = {}) => {
  expect(await answer(sql, parameters)).toBe(expected);
});

it('answers every column of every view by its name', async () => {
  const views = (
    await answer(
      "SELECT table, groupArray(name) FROM system.columns WHERE database = 'hoptime' GROUP BY table FORMAT JSONCompact",
    ).then((text) => JSON.parse(text) as { data: [string, string[]][] })
  ).data;
  expect(views.flatMap(([, names]) => names).length).toBeGreaterThan(100);
  for (const [table, names] of views) expect(await answer(`SELECT ${names.join(', ')} FROM ${table} LIMIT 0`)).toBe('');
});

it('explains and describes', async () => {
  expect(await answer('EXPLAIN SELECT count() FROM numbers(10)')).toContain('ReadFromSystemNumbers');
  expect(await answer('EXPLAIN PIPELINE SELECT 1')).toContain('ExpressionTransform');
  expect(await answer('EXPLAIN SYNTAX SELECT 1 + 1')).toContain('SELECT');
  const described = (await answer('DESCRIBE TABLE clock_offsets')).split('\n').map((line) => line.split('\t'));
  expect(described[1].slice(0, 5)).toEqual([
    'from_mta',
    'String',
    '',
    '',
    'MTA that handed the mail over; hes is Trend Micro HES',
  ]);
  expect((await answer('DESCRIBE (SELECT 1 AS x)')).split('\t').slice(0, 2)).toEqual(['x', 'UInt8']);
  expect((await answer('SHOW COLUMNS FROM hops')).split('\n').filter((line) => line !== '')).toHaveLength(25);
  expect(await answer("SHOW SETTINGS LIKE 'max_threads'")).toMatch(/^max_threads\t/);
});

it.each<[question: string, rows: string]>([
  [
    'What is the fleet p95 of each segment, day by day?',
    '2026-03-02\t400000\t60000\t401000\t3\n2026-03-03\t\\N\t\\N\t\\N\t2\n',
  ],
  [
    'Which share of mail passed each segment in under 1, 5 and 10 minutes?',
    'downstream\t3\t0.6667\t1\t1\nhes\t3\t0.6667\t0.6667\t1\nhes_processing\t3\t1\t1\t1\nhes_waiting\t3\t0.6667\t0.6667\t1\ntotal\t3\t0.3333\t0.6667\t1\n',
  ],
  ['Which MTAs after HES are slowest?', 'mx1\t2\t1900\t59900\t59900\t2\nmx2\t1\t1050\t1050\t1050\t0\n'],
  [
    'Which causes have the largest share of all delay?',
    'hes_waiting_on_downstream\t1\t401000\t0.8514\ndownstream:mx1\t1\t65000\t0.138\nnone\t1\t5000\t0.0106\n',
  ],
  [
    'For how much of the mail can figures be computed, day by day?',
    '2026-03-02\t3\t3\t3\t3\t1\t0\n2026-03-03\t2\t1\t0\t0\t0\t1\n',
  ],
  [
    'Which mails took longest, and where did they wait?',
    "o\\'c@two.example\tann@corp.example\t401000\t400000\t1000\t\\N\thes_waiting_on_downstream\nb@two.example\tbob@corp.example\t65000\t5000\t60000\t\\N\tdownstream:mx1\na@one.example\tann@corp.example\t5000\t3000\t2000\t\\N\tnone\n",
  ],
  ['Which replies made HES wait, or an MTA defer?', ''],
  ['Whose clocks differ, and by how much?', 'hes\tmx1\t2\t100\t100\t100\nhes\tmx2\t1\t-50\t-50\t-50\n'],
  ['What was not understood, and in which files?', ''],
])('example: %s', async (question, rows) => {
  const example = SQL_EXAMPLES.find((one) => one.question === question);
  expect(await answer(example?.sql ?? '')).toBe(rows);
});

it('every example has its answer above', () => {
  expect(SQL_EXAMPLES).toHaveLength(9);
});
