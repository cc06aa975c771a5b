import { Attempts, text, type Attempt, type Effect, type Target } from './attempt.fixture';

/** Forms that a reading expression `source` (what stands after FROM) can be put into: all of them show what it reads. */
const READS: readonly ((source: string) => string)[] = [
  (s) => `SELECT * FROM ${s}`,
  (s) => `SELECT * FROM (SELECT * FROM ${s} SETTINGS readonly = 0)`,
  (s) => `WITH x AS (SELECT * FROM ${s} SETTINGS readonly = 0) SELECT * FROM x`,
  (s) => `SELECT (SELECT any(line) FROM ${s})`,
  (s) => `SELECT line FROM (SELECT 1 AS one) AS a CROSS JOIN ${s} AS b`,
  (s) => `SELECT line FROM ${s} WHERE line IN (SELECT line FROM ${s})`,
  (s) => `SELECT '' AS line WHERE 0 UNION ALL SELECT line FROM ${s}`,
  (s) => `SELECT line FROM ${s} INTERSECT SELECT line FROM ${s}`,
  (s) => `/* honest */ SELECT/**/*/**/FROM/**/${s} -- comment`,
  (s) => `SELECT * FROM view(SELECT * FROM ${s})`,
  (s) => `SELECT arrayJoin(groupArray(line)) FROM ${s}`,
  (s) => `SELECT line AS \`a\nFunction count (children 1)\` FROM ${s}`,
];

/** Forms that a scalar expression `e` can be put into: all of them show its value. */
const SHOWS: readonly ((e: string) => string)[] = [
  (e) => `SELECT ${e}`,
  (e) => `SELECT toString(${e}) AS x, 1`,
  (e) => `SELECT x FROM (SELECT ${e} AS x)`,
  (e) => `WITH ${e} AS x SELECT x`,
  (e) => `SELECT arrayMap(i -> ${e}, [1])`,
  (e) => `SELECT if(1, ${e}, '')`,
  (e) => `SELECT (SELECT ${e})`,
  (e) => `SELECT max(${e})`,
  (e) => `SELECT 1 ORDER BY 1 LIMIT 1 UNION ALL SELECT ${e}`.replace('SELECT 1 ORDER BY 1 LIMIT 1', "SELECT ''"),
  (e) => `SELECT number AS n, ${e} OVER_IT FROM numbers(1)`,
  (e) => `SELECT any(x) OVER () FROM (SELECT ${e} AS x)`,
];

/** Attempts to read files and other databases, and to connect. */
export function readingAttempts(t: Target): Attempt[] {
  const { all: attempts, add } = new Attempts();
  const shown: Effect = { shows: t.canary };
  const file = `file(${text(t.file)}, 'LineAsString')`;
  const reading = (source: string, forms = READS): string[] => forms.map((form) => form(source));

  add('files by table function', shown, ...reading(file));
  add(
    'files by table function',
    shown,
    ...reading(`FILE(${text(t.file)}, LineAsString, 'line String')`.replace('FILE', 'file')),
  );
  add('files by table function', shown, ...reading(`loop(${file})`, READS.slice(0, 1)).map((sql) => `${sql} LIMIT 1`));
  add('files by table function', shown, `SELECT content FROM filesystem(${text(t.folder)}) WHERE name = 'canary.txt'`);
  add(
    'files by table function',
    { shows: 'canary.txt' },
    `SELECT name FROM filesystem(${text(t.folder)}) ORDER BY name`,
  );
  add(
    'files by the database over the file system',
    shown,
    ...[`default.${'`'}${t.csv}${'`'}`, `"default".${'`'}${t.csv}${'`'}`].flatMap((table) => [
      `SELECT * FROM ${table}`,
      `SELECT * FROM (SELECT * FROM ${table})`,
      `WITH x AS (SELECT * FROM ${table}) SELECT * FROM x`,
      `SELECT * FROM (SELECT 1) AS a CROSS JOIN ${table} AS b`,
    ]),
  );
  attempts.push({
    category: 'files by the database over the file system',
    sql: 'SELECT * FROM {d:Identifier}.{t:Identifier}',
    effect: shown,
    parameters: { d: 'default', t: t.csv },
  });
  add('files by function', shown, ...SHOWS.map((form) => form(`file(${text(t.file)})`)));
  add(
    'files by function',
    shown,
    `SELECT arrayMap(file, [${text(t.file)}])`,
    `SELECT arrayJoin(arrayMap(\`file\`, [${text(t.file)}]))`,
    `SELECT arrayMap(x -> file(x), [${text(t.file)}])`,
    `WITH x -> file(x) AS f SELECT f(${text(t.file)})`,
    `WITH x -> file(x) AS f SELECT arrayMap(f, [${text(t.file)}])`,
    `SELECT * APPLY(file) FROM (SELECT ${text(t.file)})`,
    `SELECT * APPLY(x -> file(x)) FROM (SELECT ${text(t.file)})`,
    `SELECT COLUMNS('x') APPLY(file) FROM (SELECT ${text(t.file)} AS x)`,
    `SELECT * REPLACE(file(x) AS x) FROM (SELECT ${text(t.file)} AS x)`,
    `SELECT arrayFilter(x -> notEmpty(x), [file(${text(t.file)})])`,
    `SELECT mapApply((k, v) -> (k, file(v)), map('a', ${text(t.file)}))`,
    `SELECT number FROM numbers(1) WHERE throwIf(notEmpty(file(${text(t.file)})), file(${text(t.file)}))`,
    `SELECT file(concat(${text(t.folder)}, '/canary.txt'))`,
  );
  attempts.push({
    category: 'files by function',
    sql: 'SELECT file({f:String})',
    effect: shown,
    parameters: { f: t.file },
  });
  add(
    'connections',
    { connects: true },
    ...READS.map((form) => form(`url(${text(t.url)}, 'LineAsString', 'line String')`)),
  );
  add(
    'connections',
    { connects: true },
    `SELECT * FROM s3(${text(`${t.url}/bucket/key`)}, NOSIGN, 'LineAsString', 'line String')`,
    `SELECT * FROM s3(${text(`${t.url}/bucket/key`)}, 'a', 'b', 'LineAsString', 'line String')`,
    `DESCRIBE TABLE url(${text(t.url)}, 'CSV')`,
  );
  const tables = ['vault.canary', '`vault`.`canary`', '"vault"."canary"', 'vault . canary'];
  add('other databases', shown, ...tables.flatMap((table) => reading(table)).filter((sql) => !sql.includes('view(')));
  add(
    'other databases',
    shown,
    'SELECT line FROM vault.canary FINAL',
    "SELECT * FROM merge('vault', '^canary$')",
    "SELECT * FROM remote('localhost', vault.canary)",
    "SELECT * FROM remote('127.0.0.1', 'vault', 'canary')",
    'SELECT * FROM loop(vault.canary) LIMIT 1',
    "SELECT * FROM viewIfPermitted(SELECT line FROM vault.canary ELSE null('line String'))",
    'SELECT * FROM view(SELECT * FROM vault.canary)',
    `SELECT ${text(t.canary)} WHERE ${text(t.canary)} IN vault.canary`,
    'WITH RECURSIVE r AS (SELECT line FROM vault.canary UNION ALL SELECT line FROM r WHERE 0) SELECT * FROM r',
  );
  attempts.push(
    {
      category: 'other databases',
      sql: 'SELECT * FROM {d:Identifier}.canary',
      effect: shown,
      parameters: { d: 'vault' },
    },
    {
      category: 'other databases',
      sql: 'SELECT * FROM {d:Identifier}.{t:Identifier}',
      effect: shown,
      parameters: { d: 'vault', t: 'canary' },
    },
  );
  return attempts;
}
