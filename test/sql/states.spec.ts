import { SqlPlace } from './endpoint.fixture';

/** States of aggregate functions are read from bytes without much ado: whoever could write them would choose what lies in the engine's memory. */
let place: SqlPlace;

beforeAll(async () => {
  place = await SqlPlace.open();
});
afterAll(() => place.close());

it.each([
  "SELECT CAST('x', 'AggregateFunction(uniq, String)')",
  "SELECT CAST('x', 'aggregatefunction(uniq, String)')",
  "SELECT CAST('x', 'AggregateFunction/**/(uniq, String)')",
  "SELECT CAST('x', 'AggregateFunction -- a\n(uniq, String)')",
  "SELECT CAST('x', '`AggregateFunction`(uniq, String)')",
  "SELECT 'x'::`AggregateFunction`(uniq, String)",
  // what follows the first ` (alias ` of a literal is the literal's own
  "SELECT CAST(('a', 'x'), 'Tuple(`a (alias ` String, b AggregateFunction(uniq, String))' AS z)",
  "SELECT CAST(('a', 'x'), 'Tuple(`a (alias ` String, b AggregateFunction(uniq, String))' AS `z (alias z`)",
  "SELECT * FROM values('a AggregateFunction(uniq, String)', 'x')",
  "SELECT * FROM values(concat('a Aggregate', 'Function(uniq, String)'), 'x')",
  "WITH concat('a Aggregate', 'Function(uniq, String)') AS s SELECT * FROM values(s, 'x')",
])('makes no state from a text: %s', async (sql) => {
  const { status, body } = await place.ask(sql);
  expect(`${status} ${body.toString()}`).toMatch(/^403 .*(states of aggregate functions|structure of values)/);
});

it('makes none from a parameter either', async () => {
  for (const type of [
    'AggregateFunction(uniq, String)',
    '`AggregateFunction`(uniq, String)',
    "Tuple(`}` String, `'` AggregateFunction(uniq, String), `'` String)",
  ]) {
    const { status, body } = await place.ask(`SELECT {x:${type}}`, { param_x: 'x' });
    expect(`${status} ${body.toString()}`).toMatch(/^403 .*states of aggregate functions/);
  }
});

it.each([
  ["SELECT name FROM system.columns WHERE type LIKE 'AggregateFunction%'", ''],
  ["SELECT 'x (alias y)' AS `z (alias`", 'x (alias y)\n'],
  ["SELECT * FROM values('a UInt8, b String', (1, 'x'), (2, 'y'))", '1\tx\n2\ty\n'],
  ["SELECT * FROM values((1, 'x'), (-2, 'y'))", '1\tx\n-2\ty\n'],
  ['SELECT * FROM values(-1, 2)', '-1\n2\n'],
  ['SELECT uniqMerge(s) FROM (SELECT uniqState(number) AS s FROM numbers(3))', '3\n'],
])('answers what only looks like it: %s', async (sql, answer) => {
  const { status, body } = await place.ask(sql);
  expect([status, body.toString()]).toEqual([200, answer]);
});
