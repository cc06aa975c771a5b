import { isOfCoordinator, onCluster, stageStatements } from './cluster-statements';

const sent = (sql: string): string => onCluster(sql, 'main');
const MARK = '/* hoptime x lease 7 1 */ ';

it.each([
  [
    'EXCHANGE TABLES hoptime_store.journeys AND hoptime_store.g7_stage_journeys',
    `EXCHANGE TABLES hoptime_store.journeys_local AND hoptime_store.g7_stage_journeys_local ON CLUSTER 'main'`,
  ],
  ['TRUNCATE TABLE hoptime_store.group_links', `TRUNCATE TABLE hoptime_store.group_links_local ON CLUSTER 'main'`],
  [
    'TRUNCATE TABLE hoptime_store.g7_stage_replaced_journeys',
    `TRUNCATE TABLE hoptime_store.g7_stage_replaced_journeys_local ON CLUSTER 'main'`,
  ],
  [
    'OPTIMIZE TABLE hoptime_store.group_links FINAL',
    `OPTIMIZE TABLE hoptime_store.group_links_local ON CLUSTER 'main' FINAL`,
  ],
  [
    '-- why\nDELETE FROM hoptime_store.journeys\nWHERE id IN (SELECT id FROM hoptime_store.g7_stage_replaced_journeys)\nSETTINGS a = 1',
    `-- why\nDELETE FROM hoptime_store.journeys_local ON CLUSTER 'main' WHERE id IN (SELECT id FROM hoptime_store.g7_stage_replaced_journeys_local)\nSETTINGS a = 1`,
  ],
  [
    'ALTER TABLE hoptime_store.delay_rollups DELETE\n WHERE v NOT IN (SELECT v FROM hoptime_store.rollup_versions)',
    `ALTER TABLE hoptime_store.delay_rollups_local ON CLUSTER 'main' DELETE\n WHERE v NOT IN (SELECT v FROM hoptime_store.rollup_versions)`,
  ],
  [
    'ALTER TABLE hoptime_store.journeys DELETE WHERE g IN (SELECT g FROM hoptime_store.expired_groups)',
    `ALTER TABLE hoptime_store.journeys_local ON CLUSTER 'main' DELETE WHERE g IN (SELECT g FROM hoptime_store.expired_groups_local)`,
  ],
  [
    'ALTER TABLE hoptime_store.journeys MODIFY SETTING a = 1',
    `ALTER TABLE hoptime_store.journeys_local ON CLUSTER 'main' MODIFY SETTING a = 1`,
  ],
  [
    `${MARK}ALTER TABLE hoptime_store.trace_events UPDATE a = b WHERE c`,
    `${MARK}ALTER TABLE hoptime_store.trace_events_local ON CLUSTER 'main' UPDATE a = b WHERE c`,
  ],
])('what changes tables as such changes those of all shards: %s', (sql, expected) => {
  expect(sent(sql)).toBe(expected);
  expect(sent(expected)).toBe(expected);
});

it.each([
  'TRUNCATE TABLE hoptime_store.g7_stage_scope',
  'TRUNCATE TABLE hoptime_store.stage_parameters',
  'ALTER TABLE hoptime_store.g7_stage_legs MODIFY SETTING a = 1',
  'INSERT INTO hoptime_store.journeys SELECT * FROM hoptime_store.g7_stage_journeys',
  'RENAME TABLE hoptime_store.g7_stage_legs TO hoptime_store.g8_stage_legs',
  'SELECT 1 WHERE x IN (1, 2)',
  String.raw`SELECT 'a \'b IN (SELECT 1)' -- what doesn't look up IN (SELECT 2)`,
])('the rest stays as it is: %s', (sql) => {
  expect(sent(sql)).toBe(sql);
});

it('is looked up by the server that was asked, wherever it stands', () => {
  expect(
    sent('SELECT a IN (SELECT b FROM c) FROM d PREWHERE (e, f) NOT IN\n (\n SELECT 1) WHERE g GLOBAL IN (SELECT 2)'),
  ).toBe(
    'SELECT a GLOBAL IN (SELECT b FROM c) FROM d PREWHERE (e, f) GLOBAL NOT IN\n (\n SELECT 1) WHERE g GLOBAL IN (SELECT 2)',
  );
  expect(sent("SELECT 'it' -- isn't one\nWHERE a IN (SELECT 1)")).toBe(
    "SELECT 'it' -- isn't one\nWHERE a GLOBAL IN (SELECT 1)",
  );
  expect(sent('SELECT query_id FROM system.processes')).toBe(
    `SELECT query_id FROM clusterAllReplicas('main', system.processes)`,
  );
});

it.each([
  [
    'ALTER TABLE hoptime_store.trace_events DELETE WHERE group_hash IN (SELECT group_hash FROM hoptime_store.g7_stage_scope)',
    'no shard has g7_stage_scope',
  ],
  ['ALTER TABLE hoptime_store.inputs ADD COLUMN a UInt8', 'no rule for a cluster'],
])('refuses what no rule makes right: %s', (sql, why) => {
  expect(() => sent(sql)).toThrow(why);
});

it('makes stages of a generation on the server that is asked, but those that shards look into', () => {
  expect(
    [
      'stage_legs',
      'g12_stage_scope',
      'stage_parameters',
      'stage_journeys',
      'g3_stage_replaced_journeys_local',
      'journeys',
    ].map(isOfCoordinator),
  ).toEqual([true, true, true, false, false, false]);
  const own = {
    create: ['CREATE TABLE IF NOT EXISTS hoptime_store.g7_stage_legs AS hoptime_store.stage_legs'],
    drop: ['DROP TABLE IF EXISTS hoptime_store.g7_stage_legs'],
  };
  expect(stageStatements('stage_legs', 7, undefined)).toEqual(own);
  expect(stageStatements('stage_legs', 7, 'main')).toEqual(own);
  expect(stageStatements('stage_journeys', 7, undefined).create).toEqual([
    'CREATE TABLE IF NOT EXISTS hoptime_store.g7_stage_journeys AS hoptime_store.stage_journeys',
  ]);
  expect(stageStatements('stage_journeys', 7, 'main')).toEqual({
    create: [
      `CREATE TABLE IF NOT EXISTS hoptime_store.g7_stage_journeys_local ON CLUSTER 'main' AS hoptime_store.stage_journeys_local`,
      `CREATE TABLE IF NOT EXISTS hoptime_store.g7_stage_journeys AS hoptime_store.g7_stage_journeys_local ENGINE = Distributed('main', 'hoptime_store', 'g7_stage_journeys_local', journey_id)`,
    ],
    drop: [
      'DROP TABLE IF EXISTS hoptime_store.g7_stage_journeys',
      `DROP TABLE IF EXISTS hoptime_store.g7_stage_journeys_local ON CLUSTER 'main'`,
    ],
  });
});
