import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sqlFolder, sqlText } from './sql-file';
import { isSchemaChange } from './statement-rendering';

describe('a change of the schema', () => {
  it.each([
    ['CREATE TABLE IF NOT EXISTS hoptime_store.inputs (input_id UInt64) ENGINE = Memory', true],
    ['-- why\nALTER TABLE hoptime_store.journeys MODIFY SETTING merge_with_ttl_timeout = 1', true],
    ['ALTER TABLE hoptime_store.inputs ADD COLUMN sha256 String', true],
    ['DROP VIEW IF EXISTS hoptime_store.total_sums', true],
    // Mutations change rows: the stages of a lease need not be made anew after them.
    ['ALTER TABLE hoptime_store.trace_events DELETE WHERE input_id = 1', false],
    ["ALTER TABLE hoptime_store.delay_rollups DELETE\n      WHERE span = 'hour'", false],
    ["ALTER TABLE hoptime_store.inputs UPDATE path = '' WHERE input_id = 1", false],
    ['TRUNCATE TABLE hoptime_store.stage_legs', false],
    ['EXCHANGE TABLES hoptime_store.journeys AND hoptime_store.stage_journeys', false],
    ['INSERT INTO hoptime_store.journeys SELECT * FROM hoptime_store.stage_journeys', false],
  ])('%j: %s', (sql, changes) => expect(isSchemaChange(sql)).toBe(changes));

  it('is in migrations only', () => {
    const folders = readdirSync(sqlFolder()).filter((folder) => folder !== 'migrations');
    const names = folders.flatMap((folder) =>
      readdirSync(join(sqlFolder(), folder)).map((file) => `${folder}/${file.replace(/\.sql$/, '')}`),
    );
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name) => isSchemaChange(sqlText(name)))).toEqual([]);
  });
});
