import { filteredStatement } from './rollup-filter';
import { sqlText } from './sql-file';

const STATEMENTS = ['queries/rollup_figures', 'queries/rollup_histogram', 'queries/rollup_journeys'];
const FILTERS = ['direction', 'state', 'via_hes', 'verdict'] as const;
const used = (sql: string): string[] => FILTERS.filter((name) => sql.includes(`{${name}:`));
const conditionsOf = (name: string): string[] =>
  sqlText(name)
    .replace(/^.*?\n *AND \(begins, version\) IN/s, 'AND (begins, version) IN')
    .replace(/\n *GROUP BY (?!begins).*$/s, '')
    // What the span is says each statement itself.
    .replace('{span:String}', "'hour'")
    .split('\n')
    .map((line) => line.trim());

describe('the statements over rollups per hour and state', () => {
  it.each(STATEMENTS)('%s has the condition of a filter where that is used, and no other', (name) => {
    expect(used(sqlText(name))).toEqual([...FILTERS]);
    expect(used(filteredStatement(name, {}).sql)).toEqual([]);
    for (const filter of FILTERS) expect(used(filteredStatement(name, { [filter]: ['x'] }).sql)).toEqual([filter]);
    const all = Object.fromEntries(FILTERS.map((filter) => [filter, ['x']]));
    expect(filteredStatement(name, all).sql).toBe(`${sqlText(name)}\nSETTINGS max_threads = 1`);
  });

  it('have the same conditions, of versions and of filters', () => {
    const [first, ...others] = STATEMENTS.map(conditionsOf);
    expect(first.length).toBe(14);
    expect(others).toEqual([first, first]);
  });

  it('are refused where they have no condition to leave out', () => {
    expect(() => filteredStatement('queries/rollup_largest', {})).toThrow('no condition for the filter by direction');
  });
});
