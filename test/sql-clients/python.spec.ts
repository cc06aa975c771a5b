import { join } from 'node:path';
import { BY_STATE, HARD_TEXT, JOURNEYS, MANY, PARAMETERS, STATEMENTS, STORIES } from './expected';
import { python } from './installed.fixture';
import { output, SqlServing } from './serving.fixture';

type Answers = Record<string, unknown>;

let serving: SqlServing;
beforeAll(async () => {
  serving = await SqlServing.over(STORIES);
});
afterAll(() => serving?.stop());

/** Below /sql of the API as the manual says it (`proxy_path`), and at the port of its own. */
describe.each(['at /sql of the API', 'at a port of its own'])(
  'clickhouse-connect, pandas and SQLAlchemy %s',
  (where) => {
    let answers: Answers;

    beforeAll(() => {
      const isOwn = where === 'at a port of its own';
      const args = ['127.0.0.1', String(isOwn ? serving.sqlPort : serving.apiPort), isOwn ? '' : 'sql'];
      // Large integers must come out as they are: JSON of Python has all digits, JSON.parse has not.
      const text = output(python(), [join(__dirname, 'python', 'client.py'), ...args], {
        input: JSON.stringify({ ...STATEMENTS, parameters: PARAMETERS }),
      });
      answers = JSON.parse(text.replace(/(?<=[[ ])-?\d{16,}(?=[,\]])/g, '"$&"')) as Answers;
    }, 600_000);

    const types = [
      ...['18446744073709551615', '-9223372036854775808', [1, 2, 3], ["it's", 'back\\slash', ''], 'complete', 'mx1'],
      ...[null, null, '2026-03-02T10:00:05.955', [1, null], [1, 'x'], '12.345'],
      ...['6f1c2b3a-0000-4000-8000-0123456789ab', 0.1, true, '2026-03-02'],
    ];
    const columns = [
      ['journey_id', 'String'],
      ['message_id', 'Nullable(String)'],
      ['recipient', 'Nullable(String)'],
      ['first_event_at', "DateTime64(3, 'UTC')"],
    ];
    const counts = BY_STATE.map(([state, count]) => [state, count]);

    it.each<[string, unknown]>([
      ['ping', true],
      ['journeys', JOURNEYS],
      ['types', types],
      ['parameters', [HARD_TEXT, null, PARAMETERS.list, PARAMETERS.id]],
      ['empty', []],
      ['command', 7],
      ['describe', columns],
      ['stream', [true, MANY.rows, MANY.sum]],
      ['setting', 'Setting max_block_size is readonly'],
      ['frame', JOURNEYS],
      ['frame of SQL', BY_STATE],
      ['csv', '"state","journeys","longest"\n"complete",3,4000\n"in_flight",4,5000\n'],
      ['alchemy', JOURNEYS],
      ['alchemy bound', [['direct-1@elsewhere.example'], ['plain-1@partner.example']]],
      ['pandas over alchemy', counts],
    ])('says the right thing of %s', (name, value) => {
      expect(answers[name]).toEqual(value);
    });

    it.each([
      ['unknown table', 60],
      ['syntax', 62],
      ['refused', 497],
      ['alchemy error', 60],
    ])("shows ClickHouse's code of a failure: %s", (name, code) => {
      expect(answers[name]).toContain(`code: ${code}, server response: Code: ${code}. DB::Exception: `);
    });

    it('has times and nullable integers in data frames as such', () => {
      expect(answers['frame types']).toMatchObject({
        hes_ms: 'Int64',
        hes_received_at: 'datetime64',
        delivered_at: 'datetime64',
      });
    });

    it('sees the views, and nothing of the tables below', () => {
      const views = expect.arrayContaining(['hops', 'journeys', 'trace_events']) as unknown;
      expect(answers.tables).toEqual(views);
      const { schemas, ...rest } = answers.inspector as { schemas: string[] };
      expect(rest).toEqual({ tables: views, columns });
      expect(schemas).toContain('hoptime');
      expect(schemas).not.toContain('hoptime_store');
    });
  },
);
