import { BY_STATE, HARD_TEXT, JOURNEYS, MANY, PARAMETERS, STATEMENTS, STORIES } from './expected';
import { goClient } from './installed.fixture';
import { output, SqlServing } from './serving.fixture';

/** Native of protocol 54460, without compression, with that of HTTP (as Grafana's data source) and in ClickHouse's own blocks. */
const COMPRESSIONS = ['none', 'gzip', 'lz4', 'zstd'];

let serving: SqlServing;
beforeAll(async () => {
  serving = await SqlServing.over(STORIES);
});
afterAll(() => serving?.stop());

describe.each(['/sql of the API', 'a port of its own'])('clickhouse-go over HTTP, by database/sql, at %s', (where) => {
  let answers: Record<string, Record<string, unknown>>;

  beforeAll(() => {
    const isOwn = where === 'a port of its own';
    const address = `127.0.0.1:${isOwn ? serving.sqlPort : serving.apiPort}`;
    const input = JSON.stringify({ ...STATEMENTS, parameters: PARAMETERS });
    const compressions = isOwn ? ['lz4'] : COMPRESSIONS;
    const text = output(goClient(), [address, isOwn ? '' : 'sql', ...compressions], { input });
    answers = JSON.parse(text) as typeof answers;
  }, 600_000);

  const types = [
    ...['18446744073709551615', '-9223372036854775808', [1, 2, 3], ["it's", 'back\\slash', ''], 'complete', 'mx1'],
    ...[null, null, '2026-03-02T10:00:05.955', [1, null], [1, 'x'], '12.345'],
    ...['6f1c2b3a-0000-4000-8000-0123456789ab', 0.1, true, '2026-03-02T00:00:00.000'],
  ];

  it.each<[string, unknown]>([
    ['journeys', JOURNEYS.map((row) => row.map((value, i) => (i === 3 && value !== null ? String(value) : value)))],
    ['types', [types]],
    ['empty', []],
    ['by state', BY_STATE.map((row) => [row[0], String(row[1]), String(row[2])])],
    ['echo', [[HARD_TEXT, null, PARAMETERS.list, PARAMETERS.id]]],
    ['bound', [['direct-1@elsewhere.example']]],
    ['times', [['3']]],
    ['databases', [['hoptime']]],
    ['errors', [60, 62, 47, 497]],
    ['many', [MANY.rows, MANY.sum]],
    [
      'columns',
      [
        ['journey_id', 'String'],
        ['message_id', 'Nullable(String)'],
        ['recipient', 'Nullable(String)'],
        ['first_event_at', "DateTime64(3, 'UTC')"],
      ],
    ],
  ])('says the right thing of %s, however it is packed', (name, value) => {
    const said = Object.entries(answers).map(([compression, answer]) => [compression, answer[name]]);
    expect(said).toEqual(Object.keys(answers).map((compression) => [compression, value]));
  });

  it('fills the lists of a query builder', () => {
    for (const { tables, version, describe: columns } of Object.values(answers)) {
      expect(tables).toEqual(
        expect.arrayContaining([
          ['hoptime', 'hops'],
          ['hoptime', 'journeys'],
        ]),
      );
      expect(version).toEqual([[expect.stringMatching(/^\d+\.\d+\.\d+/)]]);
      expect(columns).toBeGreaterThanOrEqual(31);
    }
  });
});
