import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { BY_STATE, HARD_TEXT, JOURNEYS, MANY, PARAMETERS, STATEMENTS, STORIES } from './expected';
import { curl } from './installed.fixture';
import { output, SqlServing } from './serving.fixture';

const COUNT = 'SELECT count() FROM journeys';
const asTimes = (row: readonly unknown[]): unknown[] =>
  row.map((value) =>
    typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})$/, '$1T$2') : value,
  );

describe('SQL over HTTP', () => {
  let serving: SqlServing;
  beforeAll(async () => {
    serving = await SqlServing.over(STORIES);
  });
  afterAll(() => serving?.stop());

  describe.each(['/sql of the API', 'a port of its own'])('@clickhouse/client at %s', (where) => {
    let client: ClickHouseClient;
    beforeAll(() => {
      const isOwn = where === 'a port of its own';
      const url = `http://127.0.0.1:${isOwn ? serving.sqlPort : serving.apiPort}`;
      client = createClient({
        url,
        pathname: isOwn ? undefined : '/sql',
        database: 'hoptime',
        compression: { response: true },
        // failures are expected, and looked at
        log: { level: ClickHouseLogLevel.OFF },
      });
    });
    afterAll(() => client.close());

    it('pings', async () => {
      expect(await client.ping()).toEqual({ success: true });
    });

    it.each(['JSONCompactEachRow', 'JSONCompact'] as const)('reads journeys in %s', async (format) => {
      const result = await client.query({ query: STATEMENTS.journeys, format });
      const json = await result.json<unknown[]>();
      const rows = Array.isArray(json) ? json : json.data;
      expect(rows.map(asTimes)).toEqual(JOURNEYS);
    });

    it('reads them as CSV and as objects with types', async () => {
      const csv = await client.query({ query: STATEMENTS['by state'], format: 'CSVWithNames' });
      expect(await csv.text()).toBe('"state","journeys","longest"\n"complete",3,4000\n"in_flight",4,5000\n');
      const json = await client.query({ query: STATEMENTS['by state'], format: 'JSON' });
      const { data, meta, rows } = await json.json<Record<string, unknown>>();
      expect(rows).toBe(2);
      expect(meta).toEqual([
        { name: 'state', type: 'LowCardinality(String)' },
        { name: 'journeys', type: 'UInt64' },
        { name: 'longest', type: 'Nullable(Int64)' },
      ]);
      expect(data.map(({ state, journeys, longest }) => [state, Number(journeys), Number(longest)])).toEqual(BY_STATE);
    });

    it('has every digit of 64-bit integers, and every other type', async () => {
      const settings = { output_format_json_quote_64bit_integers: 1 } as const;
      const result = await client.query({
        query: STATEMENTS.types,
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      expect(await result.json()).toEqual([
        {
          u64: '18446744073709551615',
          i64: '-9223372036854775808',
          numbers: [1, 2, 3],
          texts: ["it's", 'back\\slash', ''],
          state: 'complete',
          mta: 'mx1',
          no_mta: null,
          never: null,
          at: '2026-03-02 10:00:05.955',
          gaps: ['1', null],
          pair: [1, 'x'],
          amount: 12.345,
          id: '6f1c2b3a-0000-4000-8000-0123456789ab',
          tenth: 0.1,
          yes: true,
          day: '2026-03-02',
        },
      ]);
    });

    it('carries parameters with quotes, backslashes, line breaks, NULL and lists', async () => {
      const result = await client.query({ query: STATEMENTS.echo, query_params: PARAMETERS, format: 'JSONEachRow' });
      const [{ text, none, list }] = await result.json<Record<string, unknown>>();
      expect({ text, none, list }).toEqual({ text: HARD_TEXT, none: null, list: PARAMETERS.list });
    });

    it('answers no rows as none', async () => {
      const result = await client.query({ query: STATEMENTS.empty, format: 'JSONEachRow' });
      expect(await result.json()).toEqual([]);
    });

    it('streams', async () => {
      const result = await client.query({ query: STATEMENTS.many, format: 'JSONCompactEachRow' });
      let rows = 0;
      let sum = 0;
      let pieces = 0;
      for await (const batch of result.stream<[number | string, string]>()) {
        pieces++;
        for (const row of batch) {
          const [number, text] = row.json();
          // no expect() for each of so many rows: that takes half a minute
          if (String(number) !== text) throw new Error(`${number} came with ${text}`);
          rows++;
          sum += Number(number);
        }
      }
      expect({ rows, sum }).toEqual(MANY);
      expect(pieces).toBeGreaterThan(1);
    });

    it.each([
      ['SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
      ['SELECT no_column FROM journeys', '47', 'UNKNOWN_IDENTIFIER'],
      ['SELEC 1', '62', 'SYNTAX_ERROR'],
    ])("throws ClickHouse's own error for %s", async (query, code, type) => {
      await expect(client.query({ query })).rejects.toMatchObject({ code, type });
    });

    it('cannot write', async () => {
      await expect(client.command({ query: 'DROP TABLE journeys' })).rejects.toMatchObject({ code: '497' });
      const values = [{ message_id: 'x' }];
      await expect(client.insert({ table: 'journeys', values, format: 'JSONEachRow' })).rejects.toThrow();
      expect(await (await client.query({ query: COUNT, format: 'TabSeparated' })).text()).toBe('7\n');
    });
  });

  describe('curl', () => {
    const ask = (...args: string[]): string => output(curl(), ['-sS', ...args]);
    const url = (query = ''): string => `http://127.0.0.1:${serving.apiPort}/sql${query}`;

    it('asks by the address, by the body, and by both', () => {
      expect(ask('-G', url(), '--data-urlencode', `query=${COUNT}`)).toBe('7\n');
      expect(ask(url(), '-d', COUNT)).toBe('7\n');
      expect(ask(url('?query=SELECT%20count()'), '-d', 'FROM journeys')).toBe('7\n');
      expect(ask(`http://127.0.0.1:${serving.sqlPort}/`, '-d', `${COUNT} FORMAT JSONEachRow`)).toMatch(
        /^\{"count\(\)":"?7"?\}\n$/,
      );
    });

    it('gives parameters, a format and credentials as ClickHouse takes them', () => {
      const where = 'SELECT message_id, hes_ms FROM journeys WHERE hes_ms >= {ms:Int64} ORDER BY message_id';
      expect(ask(url('?param_ms=5000&default_format=CSV'), '-u', 'default:', '-d', where)).toBe(
        '"flight-4@partner.example",5000\n',
      );
      const headers = ['-H', 'X-ClickHouse-User: default', '-H', 'X-ClickHouse-Format: TSVWithNames'];
      expect(ask(url('?param_ms=5000'), ...headers, '-d', where)).toBe(
        'message_id\thes_ms\nflight-4@partner.example\t5000\n',
      );
    });

    it('asks for packed answers and sends packed statements', () => {
      expect(ask('--compressed', url('?enable_http_compression=1'), '-d', COUNT)).toBe('7\n');
      const head = ask(
        '-D',
        '-',
        '-o',
        '/dev/null',
        '-H',
        'Accept-Encoding: gzip',
        url('?enable_http_compression=1'),
        '-d',
        COUNT,
      );
      expect(head).toMatch(/^content-encoding: gzip\r$/im);
    });

    it('is answered what ODBC and the JDBC drivers of 2022 ask', () => {
      const odbc = ask(
        `${url('?database=hoptime&default_format=ODBCDriver2')}`,
        '-d',
        "SELECT 1 AS n, CAST(NULL, 'Nullable(String)') AS t",
      );
      // lengths (Int32, little-endian) and texts: two rows of header, names and types; then the values, −1 is NULL (ODBCDriver2BlockOutputFormat.cpp)
      expect(odbc.slice(0, 26)).toBe('\x02\0\0\0\x03\0\0\0\x04\0\0\0name\x01\0\0\0n\x01\0\0\0t');
      expect(odbc).toContain('\x05\0\0\0UInt8\x10\0\0\0Nullable(String)\x01\0\0\x001');
      const hello = "select currentUser(), timezone(), version(), getSetting('readonly') readonly FORMAT TabSeparated";
      expect(ask(url(), '-d', hello)).toMatch(/^default\tUTC\t[\d.]+\t1\n$/);
      expect(ask(url(), '-d', "SELECT getSetting('max_memory_usage')")).toMatch(/^Code: 497\. DB::Exception: /);
    });

    it('sees nothing of where the views come from', () => {
      const hidden =
        "SELECT groupUniqArray(engine_full), max(length(data_paths)) FROM system.tables WHERE database = 'hoptime'";
      expect(ask(url(), '-d', hidden)).toBe("['']\t0\n");
      expect(ask(url(), '-d', hidden.replace(/ WHERE.*/, ''))).toBe("['']\t0\n");
      expect(ask(url(), '-d', 'SELECT 1 IN system.users')).toMatch(/^Code: 497\. DB::Exception: /);
      expect(ask(url(), '-d', 'SELECT system.users.name FROM system.tables')).toMatch(/^Code: 497\. DB::Exception: /);
    });

    it('sees status, code and sentence of a failure', () => {
      const answer = ask('-D', '-', url(), '-d', 'SELECT * FROM nowhere');
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer).toMatch(/^x-clickhouse-exception-code: 60\r$/im);
      expect(answer).toMatch(/\r\n\r\nCode: 60\. DB::Exception: .*nowhere.*\(UNKNOWN_TABLE\)/s);
    });

    it('is told format, zone and counts', () => {
      const head = ask('-D', '-', '-o', '/dev/null', url(), '-d', STATEMENTS['by state']);
      expect(head).toMatch(/^x-clickhouse-format: TabSeparated\r$/im);
      expect(head).toMatch(/^x-clickhouse-timezone: UTC\r$/im);
      expect(head).toMatch(/^x-clickhouse-summary: .*"result_rows":"2"/im);
    });
  });
});
