import { Attempts, text, type Attempt, type Effect, type Target } from './attempt.fixture';

/** Attempts to write, to change what there is, and to learn of the machine and the store. */
export function changingAttempts(t: Target): Attempt[] {
  const { all: attempts, add } = new Attempts();
  const shown: Effect = { shows: t.canary };
  const out = text(t.out);
  add(
    'files written',
    { writes: true },
    ...['', ' APPEND', ' TRUNCATE', ' AND STDOUT', " COMPRESSION 'gzip'"].map(
      (how) => `SELECT 1 INTO OUTFILE ${out}${how}`,
    ),
    ...['CSV', 'JSON', 'Native', 'Parquet', 'SQLInsert'].map(
      (format) => `SELECT 1 INTO OUTFILE ${out} FORMAT ${format}`,
    ),
    `SELECT 1 UNION ALL SELECT 2 INTO OUTFILE ${out}`,
    `SHOW TABLES INTO OUTFILE ${out}`,
    `DESCRIBE TABLE journeys INTO OUTFILE ${out}`,
    `EXPLAIN SELECT 1 INTO OUTFILE ${out}`,
    `EXISTS TABLE journeys INTO OUTFILE ${out}`,
    `SHOW DATABASES INTO OUTFILE ${out} FORMAT CSV`,
    `WITH 1 AS x SELECT x INTO OUTFILE ${out} TRUNCATE`,
    `(SELECT 1) INTO OUTFILE ${out}`,
    `INSERT INTO FUNCTION file(${out}, 'LineAsString', 'line String') SELECT 'out'`,
    `INSERT INTO TABLE FUNCTION file(${out}, 'CSV', 'line String') VALUES ('out')`,
  );
  const inTables = "SELECT groupArray(name) FROM system.tables WHERE database = 'vault'";
  const inCanary = 'SELECT groupArray(line) FROM vault.canary';
  add(
    'changes of data',
    { changes: inCanary },
    "INSERT INTO vault.canary VALUES ('more')",
    "INSERT INTO vault.canary SELECT 'more'",
    'INSERT INTO vault.canary FORMAT LineAsString more',
    'TRUNCATE TABLE vault.canary',
    'TRUNCATE ALL TABLES FROM vault',
    'ALTER TABLE vault.canary DELETE WHERE 1 SETTINGS mutations_sync = 1',
    'DELETE FROM vault.canary WHERE 1',
    "ALTER TABLE vault.canary UPDATE line = 'x' WHERE 1 SETTINGS mutations_sync = 1",
    'ALTER TABLE vault.canary DROP PARTITION tuple()',
    'ALTER TABLE vault.canary DETACH PARTITION tuple()',
  );
  add(
    'changes of tables',
    { changes: inTables },
    'CREATE TABLE vault.made (x Int8) ENGINE = Memory',
    'CREATE TABLE vault.made ENGINE = Memory AS SELECT 1 AS x',
    'CREATE OR REPLACE TABLE vault.made (x Int8) ENGINE = Memory',
    'CREATE VIEW vault.made AS SELECT 1 AS x',
    'CREATE MATERIALIZED VIEW vault.made ENGINE = Memory AS SELECT line FROM vault.canary',
    `CREATE TABLE vault.made (line String) ENGINE = File('LineAsString')`,
    'CREATE DICTIONARY vault.made (id UInt64, line String) PRIMARY KEY id SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)',
    'DROP TABLE vault.canary SYNC',
    'DROP TABLE IF EXISTS vault.canary SYNC',
    'RENAME TABLE vault.canary TO vault.gone',
    'DETACH TABLE vault.canary',
  );
  add(
    'changes of tables',
    { changes: "SELECT count() FROM system.columns WHERE database = 'vault' AND table = 'canary'" },
    'ALTER TABLE vault.canary ADD COLUMN y Int8',
    'ALTER TABLE vault.canary ADD COLUMN IF NOT EXISTS y Int8 DEFAULT 1',
  );
  add(
    'changes of the catalogue',
    { changes: 'SELECT groupArray(name) FROM system.databases' },
    'CREATE DATABASE made',
    'CREATE DATABASE IF NOT EXISTS made ENGINE = Memory',
    'DROP DATABASE vault SYNC',
    'DETACH DATABASE vault',
  );
  add(
    'changes of the catalogue',
    { changes: "SELECT count() FROM system.functions WHERE origin = 'SQLUserDefined'" },
    'CREATE FUNCTION made AS (x) -> x + 1',
    'CREATE OR REPLACE FUNCTION made AS x -> file(x)',
  );
  add(
    'changes of the views',
    { changes: "SELECT groupArray(name) FROM system.tables WHERE database = 'hoptime' AND name IN ('made', 'inputs')" },
    'CREATE VIEW hoptime.made AS SELECT * FROM vault.canary',
    'CREATE VIEW made AS SELECT 1 AS x',
    'CREATE TABLE made (x Int8) ENGINE = Memory',
    'CREATE VIEW made DEFINER = default SQL SECURITY DEFINER AS SELECT * FROM vault.canary',
    'DROP VIEW hoptime.inputs',
    'DROP VIEW inputs SYNC',
    'RENAME TABLE hoptime.inputs TO hoptime.made',
  );
  const twice = 'SELECT count() FROM vault.canary';
  add(
    'several statements',
    { changes: twice },
    "SELECT 1; INSERT INTO vault.canary VALUES ('more')",
    "SELECT 1;\n\nINSERT INTO vault.canary SELECT 'more'",
    "SELECT 1 /* ; */ ; INSERT INTO vault.canary VALUES ('more')",
    "EXPLAIN AST SELECT 1; INSERT INTO vault.canary VALUES ('more')",
    'SHOW TABLES; TRUNCATE TABLE vault.canary',
    'SELECT 1; SELECT 2; TRUNCATE TABLE vault.canary',
    'TRUNCATE TABLE vault.canary PARALLEL WITH TRUNCATE TABLE vault.known',
  );
  add(
    'several statements',
    shown,
    'SELECT 1; SELECT line FROM vault.canary',
    `SELECT 1; SELECT file(${text(t.file)})`,
    'USE vault; SELECT * FROM canary',
  );
  add(
    'settings',
    { remembers: "SELECT value FROM system.settings WHERE name = 'max_threads'" },
    'SET max_threads = 77',
    'SET max_threads = 77, readonly = 0',
    "SET max_threads = '77'",
  );
  add(
    'settings',
    { remembers: "SELECT value FROM system.settings WHERE name = 'readonly'" },
    'SET readonly = 1',
    'SET readonly = 2',
  );
  add(
    'settings',
    { remembers: 'SELECT currentDatabase()' },
    'USE vault',
    'USE system',
    'USE DATABASE vault',
    'USE `vault`',
  );
  add(
    'settings',
    { remembers: 'SELECT currentRoles()' },
    'SET ROLE viewer',
    'SET ROLE NONE',
    'SET ROLE admin',
    'SET ROLE ALL EXCEPT admin',
  );
  add('settings', { remembers: 'SELECT {made:String}' }, "SET param_made = 'x'");
  add(
    'settings',
    { remembers: 'SELECT count() FROM made' },
    'CREATE TEMPORARY TABLE made (x Int8)',
    'CREATE TEMPORARY TABLE made AS SELECT 1 AS x',
  );
  add(
    'settings',
    { shows: '77' },
    "SELECT value FROM system.settings WHERE name = 'max_threads' SETTINGS max_threads = 77",
    "SELECT * FROM (SELECT getSetting('max_threads') AS x SETTINGS max_threads = 77)",
    "WITH x AS (SELECT getSetting('max_threads') AS y SETTINGS max_threads = 77) SELECT * FROM x",
    "SELECT getSetting('max_threads') SETTINGS max_threads = 77",
  );
  add(
    'what the machine is',
    { shows: t.host },
    ...['hostName()', 'hostname()', 'FQDN()', 'fullHostName()'].map((call) => `SELECT ${call}`),
  );
  add(
    'where the store lies',
    { shows: t.store },
    "SELECT data_paths FROM system.tables WHERE name = 'canary'",
    "SELECT * FROM system.tables WHERE name = 'journeys' FORMAT Vertical",
    "SELECT t.* FROM system.tables AS t WHERE name = 'journeys' FORMAT Vertical",
    "SELECT COLUMNS('path') FROM system.tables WHERE name = 'canary'",
    "SELECT * EXCEPT(name) FROM system.tables WHERE name = 'journeys' FORMAT Vertical",
    'SELECT * FROM system.databases FORMAT Vertical',
    'SELECT data_path FROM system.databases',
    'SELECT path FROM system.disks',
    "SELECT value FROM system.server_settings WHERE name = 'path'",
    "SELECT path FROM system.parts WHERE database = 'vault'",
    "SELECT getServerSetting('path')",
    "SELECT arrayJoin(data_paths) FROM system.tables WHERE name = 'canary'",
  );
  add(
    'where the store lies',
    { shows: '/journeys.sql' },
    "SELECT metadata_path FROM system.tables WHERE name = 'journeys'",
    "WITH x AS (SELECT * FROM system.tables WHERE name = 'journeys') SELECT metadata_path FROM x",
    "SELECT x FROM (SELECT metadata_path AS x FROM system.tables WHERE name = 'journeys')",
  );
  add(
    'how the store is made',
    { shows: 'hoptime_store' },
    'SHOW CREATE VIEW hoptime.journeys',
    'SHOW CREATE TABLE journeys',
    'SHOW CREATE hoptime.hops',
    "SELECT create_table_query FROM system.tables WHERE name = 'journeys'",
    "SELECT as_select FROM system.tables WHERE name = 'journeys'",
    "SELECT view_definition FROM information_schema.views WHERE table_name = 'journeys'",
    'SELECT * FROM information_schema.views',
    'SELECT * FROM INFORMATION_SCHEMA.VIEWS',
    'SELECT name FROM system.databases',
    'SHOW DATABASES',
    "SELECT database FROM system.tables WHERE name = 'trace_events'",
    'SELECT schema_name FROM information_schema.schemata',
    'SHOW CREATE DATABASE hoptime_store',
  );
  add(
    'tables that are not the clients',
    { shows: 'canary' },
    'SHOW TABLES FROM vault',
    "SHOW TABLES FROM vault LIKE 'can%'",
    "SELECT name FROM system.tables WHERE database = 'vault'",
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'vault'",
    'SHOW FULL TABLES FROM vault',
    "SELECT table FROM system.parts WHERE database = 'vault'",
    "SELECT table FROM system.columns WHERE database = 'vault'",
  );
  add(
    'tables that are not the clients',
    { shows: 'line' },
    'DESCRIBE TABLE vault.canary',
    'DESC vault.canary',
    'SHOW COLUMNS FROM canary FROM vault',
    'DESCRIBE TABLE (SELECT * FROM vault.canary)',
  );
  add(
    'tables that are not the clients',
    { shows: '1' },
    'EXISTS TABLE vault.canary',
    'EXISTS vault.canary',
    "SELECT hasColumnInTable('vault', 'canary', 'line')",
    'EXISTS DATABASE vault',
    `EXISTS TABLE default.\`${t.csv}\``,
  );
  add(
    'other queries',
    { shows: 'of_mine' },
    'SELECT query FROM system.processes -- of_mine',
    "SELECT 'of_mine', query FROM system.processes",
  );
  add(
    'roles',
    { shows: 'admin' },
    'SHOW GRANTS',
    'SHOW ROLES',
    'SHOW ACCESS',
    'SHOW CREATE ROLE admin',
    'SELECT name FROM system.roles',
    'SELECT granted_role_name FROM system.role_grants',
    'SHOW CURRENT ROLES',
    'SHOW ENABLED ROLES',
  );
  add(
    'waiting',
    { waits: true },
    'SELECT sleep(1)',
    'SELECT sleepEachRow(1)',
    'SELECT sleepEachRow(0.5) FROM numbers(2)',
    'WITH sleep(1) AS x SELECT x',
  );
  attempts.push({
    category: 'settings of formats',
    sql: 'SELECT 1 FORMAT Template',
    effect: shown,
    settings: { format_template_resultset: t.file },
  });
  attempts.push({
    category: 'settings beside the query',
    sql: "SELECT value FROM system.settings WHERE name = 'allow_ddl'",
    effect: { shows: '0' },
    settings: { allow_ddl: '0' },
  });
  return attempts;
}
