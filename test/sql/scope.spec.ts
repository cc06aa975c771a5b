import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JourneyService } from '../../libs/delay/journey.service';
import { IngestService } from '../../libs/ingest/ingest.service';
import { openSession, VIEWER_ROLE } from '../../libs/store/engine-session';
import { QueryPool } from '../../libs/store/query-pool';
import { rowScope, tableFilters } from '../../libs/store/row-scope';
import { SqlPlace } from './endpoint.fixture';

/** Mail to one.example and two.example, and one message to both; a key of one.example must see nothing of who got mail at the other. */
const OTHERS = /secret|two\.example|only-two/i;
const DOMAINS = ['one.example'];
let place: SqlPlace;
let pool: QueryPool;

const message = (queueId: string, id: string, minute: string, recipients: readonly string[]): string =>
  [
    `smtpd[1]: ${queueId}: client=mail.out.example[192.0.2.1]`,
    `cleanup[2]: ${queueId}: message-id=<${id}>`,
    `qmgr[3]: ${queueId}: from=<sender@out.example>, size=1000, nrcpt=${recipients.length} (queue active)`,
    ...recipients.map(
      (to) =>
        `smtp[4]: ${queueId}: to=<${to}>, relay=mx.${to.split('@')[1]}[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 <${to}> Ok)`,
    ),
    `qmgr[3]: ${queueId}: removed`,
  ]
    .map((text, i) => `2026-03-02T10:${minute}:0${i}.000000+00:00 mx1 postfix/${text}\n`)
    .join('');

beforeAll(async () => {
  place = await SqlPlace.open();
  pool = new QueryPool(place.store);
  const log = join(place.folder, 'mail.log');
  writeFileSync(
    log,
    message('4fPkmd592yzmwB', 'only-one@out.example', '01', ['ann@one.example']) +
      message('4fPkmd592yzmwC', 'only-two@out.example', '02', ['secret.bob@two.example']) +
      message('4fPkmd592yzmwD', 'both@out.example', '03', ['ann@one.example', 'secret.carol@two.example']) +
      '2026-03-02T10:04:00.000000+00:00 mx1 postfix/smtp[4]: 4fPkmd592yzmwC: to=<secret.bob@two.example>, status=perhaps\n',
  );
  await new IngestService(place.store).ingest([log]);
});
afterAll(async () => {
  await pool.close();
  await place.close();
});

async function asked(
  text: string,
  settings: Record<string, string> = {},
  domains: readonly string[] = DOMAINS,
): Promise<string> {
  const request = { text, settings, domains, defaultFormat: 'TSV' };
  try {
    const answer = await place.engine.ask(request, new AbortController().signal);
    let all = '';
    for await (const chunk of answer.bytes) all += String(chunk);
    return all;
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

it('shows the mail of its domains, and figures of that mail only', async () => {
  expect(await asked('SELECT message_id, recipient FROM journeys ORDER BY message_id')).toBe(
    'both@out.example\tann@one.example\nonly-one@out.example\tann@one.example\n',
  );
  expect(await asked('SELECT count() FROM journeys')).toBe('2\n');
  expect(await asked('SELECT DISTINCT recipient FROM hops')).toBe('ann@one.example\n');
  expect(await asked('SELECT DISTINCT recipient FROM trace_events WHERE recipient IS NOT NULL')).toBe(
    'ann@one.example\n',
  );
  expect(await asked("SELECT count() FROM trace_events WHERE message_id = 'only-two@out.example'")).toBe('0\n');
  expect(await asked('SELECT count() FROM rejected_records')).toBe('0\n');
  expect(await asked('SELECT sum(journeys) FROM coverage_daily')).toBe('2\n');
  // without a limit there is all of it
  expect(await asked('SELECT count() FROM journeys', {}, [])).toBe('4\n');
  expect(await asked('SELECT count() FROM rejected_records', {}, [])).toBe('1\n');
  expect(await asked('SELECT count() FROM journeys', {}, ['one.example', 'two.example'])).toBe('4\n');
});

const NO_FILTER = 'additional_table_filters = {}';
/** Each shows mail of the other domain where only the gate is missing. */
const UNGATED = [
  `SELECT * FROM (SELECT * FROM journeys SETTINGS ${NO_FILTER})`,
  `SELECT * FROM journeys WHERE recipient IN (SELECT recipient FROM journeys) UNION ALL SELECT * FROM (SELECT * FROM journeys SETTINGS ${NO_FILTER})`,
  `WITH x AS (SELECT * FROM journeys SETTINGS ${NO_FILTER}) SELECT * FROM x`,
  `SELECT (SELECT groupArray(recipient) FROM (SELECT * FROM journeys SETTINGS ${NO_FILTER}))`,
];
const ATTEMPTS = [
  ...UNGATED,
  `SELECT * FROM journeys SETTINGS ${NO_FILTER}`,
  `SELECT * FROM journeys SETTINGS additional_table_filters = {'hoptime_store.journeys': '1'}`,
  `SET ${NO_FILTER}`,
  `SET ${NO_FILTER}; SELECT * FROM journeys`,
  'SET ROLE admin',
  'SELECT * FROM hoptime_store.journeys',
  'SELECT * FROM hoptime_store.trace_events',
  'SELECT * FROM trace_events',
  'SELECT * FROM hops',
  'SELECT * FROM journeys FULL JOIN trace_events USING (message_id)',
  'SELECT * FROM rejected_records',
  'SELECT * FROM journeys FINAL',
  'SELECT * FROM journeys SAMPLE 1',
  'SELECT DISTINCT recipient_domain FROM journeys',
  "SELECT countIf(recipient_domain = 'two.example') AS secret_or_not FROM journeys HAVING secret_or_not > 0",
  'SELECT uniqExact(recipient), any(recipient), max(recipient), groupArray(recipient) FROM journeys',
  "SELECT * FROM merge('hoptime', 'journeys')",
  "SELECT * FROM merge('hoptime_store', '.*')",
  'SELECT * FROM view(SELECT * FROM hoptime_store.journeys)',
  "SELECT * FROM viewIfPermitted(SELECT * FROM hoptime_store.journeys ELSE null('x String'))",
  "SELECT * FROM remote('127.0.0.1', hoptime.journeys)",
  "SELECT * FROM cluster('default', hoptime.journeys)",
  "SELECT * FROM mergeTreeIndex('hoptime_store', 'journeys')",
  "SELECT getSetting('additional_table_filters')",
  'SELECT * FROM system.query_log',
  'SELECT * FROM system.parts',
  'SELECT * FROM system.processes',
  'DESCRIBE (SELECT * FROM hoptime_store.journeys)',
  'EXPLAIN PIPELINE SELECT * FROM hoptime_store.journeys',
  'EXPLAIN SELECT * FROM journeys',
  'SHOW SETTINGS',
  'SELECT * FROM delays_hourly',
  'SELECT * FROM clock_offsets',
  'SELECT * FROM coverage_daily',
];

it.each(UNGATED)('has to be kept from it by the gate: %s', async (sql) => {
  const session = openSession(place.store.path);
  try {
    const filters = tableFilters(DOMAINS).toString().replace(/[\\']/g, '\\$&');
    await session.queryAsync(
      `USE hoptime; SET ROLE ${VIEWER_ROLE}; SET additional_table_filters = '${filters}', readonly = 1`,
    );
    expect((await session.queryAsync(sql, { format: 'TSV' })).text()).toMatch(OTHERS);
  } finally {
    session.close();
  }
});

it.each(ATTEMPTS)('tells nothing of other mail: %s', async (sql) => {
  const answer = await asked(sql);
  // what a refusal repeats of the statement is the client's own
  expect(answer.startsWith('refused: ') ? '' : answer).not.toMatch(OTHERS);
});

/** Conditions that fail on a row of the other domain alone: that they fail, and with which words, would tell what stands there. */
const TRAPS = [
  "SELECT count() FROM trace_events WHERE intDiv(1, toUInt8(event_time != '2026-03-02 10:02:03.000')) = 1",
  "SELECT count() FROM trace_events WHERE intDiv(1, toUInt8(ifNull(recipient, '') != 'secret.bob@two.example')) = 1",
  "SELECT count() FROM trace_events WHERE toUInt64(if(match(ifNull(recipient, ''), 'two'), assumeNotNull(recipient), '1')) = 1",
  "SELECT count() FROM trace_events e JOIN inputs i ON e.input_id = i.input_id AND intDiv(1, toUInt8(e.event_time != '2026-03-02 10:02:03.000')) = 1",
  "SELECT count() FROM (SELECT recipient FROM trace_events WHERE event_time > '2026-03-02 10:00:00') WHERE toUInt64(if(match(ifNull(recipient, ''), 'two'), assumeNotNull(recipient), '1')) = 1",
  "SELECT count() FROM journeys WHERE intDiv(1, toUInt8(first_event_at != '2026-03-02 10:02:00.000')) = 1",
  "SELECT count() FROM journeys WHERE intDiv(1, toUInt8(ifNull(message_id, '') != 'only-two@out.example')) = 1",
  "SELECT count() FROM hops WHERE intDiv(1, toUInt8(ifNull(queue_id, '') != '4fPkmd592yzmwC')) = 1",
];

it.each(TRAPS)('runs no condition of a client over other mail: %s', async (sql) => {
  const ways: Record<string, string>[] = [{}, { short_circuit_function_evaluation: 'disable' }];
  for (const settings of ways) {
    expect(await asked(sql, settings)).toMatch(/^\d+\n$/);
    // where the row is shown, the condition fails
    expect(await asked(sql, settings, [])).toMatch(/^refused: .*(zero|parse)/i);
  }
});

it('takes no filter from the client', async () => {
  const all: Record<string, string>[] = [
    { additional_table_filters: '{}' },
    { additional_result_filter: '1' },
    { readonly: '0' },
    { role: 'admin' },
  ];
  for (const settings of all) expect(await asked('SELECT * FROM journeys', settings)).not.toMatch(OTHERS);
});

it('is the same for questions of the API', async () => {
  const service = new JourneyService(pool);
  const query = { filter: {}, sort: 'time', limit: 100, withHops: true } as const;
  const page = await rowScope.run(DOMAINS, () => service.page(query));
  expect(page.journeys.map(({ recipient }) => recipient)).toEqual(['ann@one.example', 'ann@one.example']);
  expect(await rowScope.run(DOMAINS, () => service.account('only-two@out.example'))).toEqual([]);
  const both = await rowScope.run(DOMAINS, () => service.account('both@out.example'));
  expect(both).toHaveLength(1);
  expect(both[0].events.length).toBeGreaterThan(3);
  expect(JSON.stringify(both)).not.toMatch(/secret|two\.example/);
  expect((await service.page(query)).journeys).toHaveLength(4);
});

it('says something of every table that keeps rows', async () => {
  const tables = await place.store.rows<{ name: string }>({
    sql: `SELECT name FROM system.tables
      WHERE database = 'hoptime_store' AND engine LIKE '%MergeTree' AND NOT startsWith(name, 'stage_') ORDER BY name`,
  });
  const filters = tableFilters(DOMAINS).toString();
  // A key of some domains sees which files were read; stage tables are below no view, and hold a correlation while it runs.
  expect(tables.map(({ name }) => name).filter((name) => !filters.includes(`'hoptime_store.${name}'`))).toEqual([
    'inputs',
    'schema_migrations',
  ]);
});

it('is made of domains only', () => {
  for (const text of ["a' OR 1", 'a\\', '', 'A.example', 'a b', '-', "'"])
    expect(() => tableFilters([text])).toThrow(RangeError);
});
